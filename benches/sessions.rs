//! What sessions cost, in a file and in Redis on this machine: per request, among a thousand and a million, and all of
//! one person's. `SESSIONS=10000` makes the million less.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use futures::StreamExt;
use http::{HeaderMap, header};
use rand::random;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use vestibule::server::config::StoreLocation;
use vestibule::server::items::memory::MemoryItems;
use vestibule::server::session::cookie::SessionCookie;
use vestibule::server::session::server_key::ServerKey;
use vestibule::server::session::store::redis::{Link, RedisStore};
use vestibule::server::session::store::sqlite::SqliteStore;
use vestibule::server::session::store::{NewRecord, SessionStore};
use vestibule::server::session::timestamp::Timestamp;
use vestibule::server::session::token::{RecordKey, UserKey};
use vestibule::server::session::{About, SessionData, Sessions};

const FEW: usize = 1_000;
const DAY: Duration = Duration::from_hours(24);
/// How many sessions one person has at a time.
const OF_ONE_PERSON: usize = 10;

fn sessions(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let (file, redis) = (tempfile::tempdir().unwrap(), Redis::start());
    let sqlite: Arc<dyn SessionStore> =
        Arc::new(SqliteStore::open(&file.path().join("sessions.db")).unwrap());
    measure(criterion, &runtime, "sqlite", &sqlite);
    measure(criterion, &runtime, "redis", &redis.store());
}

fn measure(criterion: &mut Criterion, runtime: &Runtime, name: &str, store: &Arc<dyn SessionStore>) {
    let mut keys = Vec::new();
    for count in [FEW, many()] {
        runtime.block_on(fill(store.as_ref(), &mut keys, count));
        per_request(criterion, runtime, &format!("{name}, {count} sessions"), store);
        look_up(criterion, runtime, &format!("{name}, {count} sessions: one look-up"), store, &keys);
        of_one_person(criterion, runtime, &format!("{name}, {count} sessions: one person's"), store);
    }
}

/// The cookie is read, the record found and opened, if it is the first request in a while.
fn per_request(criterion: &mut Criterion, runtime: &Runtime, name: &str, store: &Arc<dyn SessionStore>) {
    let cookie = SessionCookie::new(false, DAY);
    let (items, key) = (Arc::new(MemoryItems::new(0)), ServerKey::generate().unwrap());
    let sessions = Sessions::new(store.clone(), items, key, cookie, DAY, DAY).unwrap();
    let data: SessionData = serde_json::from_value(json!({
        "username": "ada",
        "name": "Ada Lovelace",
        "tokens": { "access": "a".repeat(900), "refresh": "r".repeat(100), "access_expires_at": null },
    }))
    .unwrap();
    let about = About::new("ada", b"Firefox", [127, 0, 0, 1].into());
    let (_, set_cookie) = runtime.block_on(sessions.begin(data, &about)).unwrap();
    let pair = set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
    let headers = HeaderMap::from_iter([(header::COOKIE, pair.parse().unwrap())]);
    criterion.bench_function(&format!("{name}: a first request"), |bencher| {
        bencher.to_async(runtime).iter(async || {
            sessions.forget_opened();
            sessions.forget_opened();
            sessions.load(&headers, Timestamp::now()).await.unwrap()
        });
    });
    criterion.bench_function(&format!("{name}: one more request"), |bencher| {
        bencher.to_async(runtime).iter(async || sessions.load(&headers, Timestamp::now()).await.unwrap());
    });
}

fn look_up(
    criterion: &mut Criterion,
    runtime: &Runtime,
    name: &str,
    store: &Arc<dyn SessionStore>,
    keys: &[RecordKey],
) {
    criterion.bench_function(name, |bencher| {
        bencher.to_async(runtime).iter(async || {
            let key = keys[random::<u32>() as usize % keys.len()];
            store.load(key, Timestamp::now()).await.unwrap()
        });
    });
}

fn of_one_person(criterion: &mut Criterion, runtime: &Runtime, name: &str, store: &Arc<dyn SessionStore>) {
    let user = UserKey::from_bytes(random());
    runtime.block_on(async {
        for _ in 0..OF_ONE_PERSON {
            store.create(record(user)).await.unwrap();
        }
    });
    criterion.bench_function(name, |bencher| {
        bencher.to_async(runtime).iter(async || store.list_by_user(user, Timestamp::now()).await.unwrap());
    });
}

/// Many at once, as the stores share commits and round trips.
async fn fill(store: &dyn SessionStore, keys: &mut Vec<RecordKey>, count: usize) {
    let missing = count.saturating_sub(keys.len());
    let created = futures::stream::iter(0..missing).map(async |_| {
        let record = record(UserKey::from_bytes(random()));
        let key = record.key;
        store.create(record).await.unwrap();
        key
    });
    keys.extend(created.buffer_unordered(256).collect::<Vec<_>>().await);
}

fn record(user: UserKey) -> NewRecord {
    let now = Timestamp::now();
    let key = RecordKey::from_bytes(random());
    let (sealed, about) = (vec![7; 1_200], vec![7; 200]);
    NewRecord { key, user, created_at: now, idle_timeout: DAY, expires_at: now + DAY, sealed, about }
}

fn many() -> usize {
    #[expect(clippy::disallowed_methods, reason = "this is no setting of the server")]
    std::env::var("SESSIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000)
}

/// A Redis of its own.
struct Redis {
    port: u16,
    process: Child,
    _directory: TempDir,
}

impl Redis {
    fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let directory = tempfile::tempdir().unwrap();
        let process = spawn(port, directory.path());
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::yield_now();
        }
        Self { port, process, _directory: directory }
    }

    fn store(&self) -> Arc<dyn SessionStore> {
        let location = StoreLocation::try_from(format!("redis://127.0.0.1:{}", self.port)).unwrap();
        let StoreLocation::Redis(location) = location else { unreachable!("this is an address of Redis") };
        Arc::new(RedisStore::new(Arc::new(Link::new(&location, 0).unwrap())))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(port: u16, directory: &Path) -> Child {
    Command::new("redis-server")
        .args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "yes",
            "--dir",
        ])
        .arg(directory)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).sample_size(50);
    targets = sessions
}
criterion_main!(benches);
