//! Every session that has begun is told of, and counted, when it ends: whoever, or whatever, has ended it.

use std::{path::Path, sync::Arc, time::Duration};

use http::StatusCode;
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::{
    app::{App, Browser},
    redis_server::{RedisServer, location},
    upstream::Reply,
};
use crate::server::{
    config::StoreLocation,
    logout::undo_in_doubt,
    session::{About, Secret, SessionData, SessionError, Tokens, Uncounted, timestamp::Timestamp},
    start::see_to_ends,
    state::Apis,
};

/// An API of this name, by which its measurements are told from those of other tests.
async fn start(api: &str) -> App {
    App::start_with(|settings| settings.upstream.name = Some(api.into())).await
}

/// The same with its sessions in a file.
async fn start_on_disk(api: &str, file: &Path) -> App {
    App::start_with(|settings| {
        settings.upstream.name = Some(api.into());
        settings.session.store = StoreLocation::Sqlite(file.into());
    })
    .await
}

/// The same with its sessions in Redis, at a master and a replica that has to confirm each write.
async fn start_replicated(api: &str) -> (RedisServer, RedisServer, App) {
    let master = RedisServer::start();
    master.ask(&["CONFIG", "SET", "repl-diskless-sync-delay", "0"]);
    let replica = RedisServer::start_with(&["--replicaof", "127.0.0.1", &master.port.to_string()]);
    while !master.ask(&["INFO", "replication"]).contains("state=online") {
        sleep(Duration::from_millis(50)).await;
    }
    let app = App::start_with(|settings| {
        settings.upstream.name = Some(api.into());
        settings.session.store = StoreLocation::Redis(Box::new(location(&master.address())));
        settings.session.secret = Some("00".repeat(32).into());
        settings.session.replicas = 1;
    })
    .await;
    (master, replica, app)
}

fn apis(app: &App) -> Apis {
    Apis { default: app.state.clone(), others: Arc::new([]) }
}

async fn ended(browser: &Browser<'_>, api: &str, reason: &str) -> u64 {
    metric(browser, &format!("ended_total{{api=\"{api}\",reason=\"{reason}\"}}")).await
}

/// Waits until one has ended so.
async fn one_ends(app: &App, api: &str, reason: &str) {
    for _ in 0..50 {
        if ended(&app.browser(), api, reason).await > 0 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(ended(&app.browser(), api, reason).await, 1);
}

async fn started(app: &App, api: &str) -> u64 {
    metric(&app.browser(), &format!("started_total{{api=\"{api}\"}}")).await
}

async fn live(app: &App) -> u64 {
    app.state.sessions().store().count_live(Timestamp::now()).await.unwrap()
}

/// How many sessions' tokens the API was told are done with: once it was told of any, some time after that.
async fn revoked(app: &App) -> usize {
    let count = || app.upstream.seen("/auth/logout").len();
    for _ in 0..50 {
        if count() > 0 {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    sleep(Duration::from_millis(300)).await;
    count()
}

async fn metric(browser: &Browser<'_>, series: &str) -> u64 {
    let (metrics, series) = (browser.open("/metrics").await.body, format!("vestibule_sessions_{series} "));
    metrics.lines().find_map(|line| line.strip_prefix(&series)?.parse().ok()).unwrap_or_default()
}

#[tokio::test]
async fn what_ends_by_a_deadline_is_counted_where_it_was() {
    let app = start("by-deadline").await;
    let (_, _, browser) = (app.signed_in().await, app.signed_in().await, app.browser());
    let later = |time: Duration| Timestamp::now() + time;
    see_to_ends(&apis(&app), later(Duration::from_mins(29))).await.unwrap();
    assert_eq!(ended(&browser, "by-deadline", "idle-timeout").await, 0);
    for _ in 0..2 {
        see_to_ends(&apis(&app), later(Duration::from_mins(31))).await.unwrap();
        assert_eq!(ended(&browser, "by-deadline", "idle-timeout").await, 2);
    }
    app.signed_in().await;
    see_to_ends(&apis(&app), later(Duration::from_hours(13))).await.unwrap();
    assert_eq!(ended(&browser, "by-deadline", "absolute-timeout").await, 1);
}

#[tokio::test]
async fn what_an_operator_has_ended_is_counted_by_one_node() {
    let app = start("by-operator").await;
    let uncounted = Uncounted::new(app.state.items().clone());
    uncounted.leave("by-operator", 3).await;
    uncounted.leave("by-operator", 4).await;
    let apis = apis(&app);
    let nodes = (0..5).map(|_| see_to_ends(&apis, Timestamp::now()));
    for seen in futures::future::join_all(nodes).await {
        seen.unwrap();
    }
    assert_eq!(ended(&app.browser(), "by-operator", "revoked").await, 7);
}

#[tokio::test]
async fn an_end_that_replicas_have_not_confirmed_is_counted_and_its_tokens_revoked() {
    let (_master, replica, app) = start_replicated("replicated").await;
    app.signed_in().await;
    let other =
        app.state.sessions().store().scan(None, Timestamp::now()).await.unwrap().records.remove(0).key;
    let mut browser = app.signed_in().await;
    drop(replica);
    for _ in 0..2 {
        let answer = browser.submit("/account", &[("end", &other.to_text())]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "nobody is told: {answer:?}");
        assert_eq!(ended(&browser, "replicated", "revoked").await, 1);
    }
    for _ in 0..2 {
        let answer = browser.submit("/api/logout", &[]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "nobody is told: {answer:?}");
        assert_eq!(ended(&browser, "replicated", "signed-out").await, 1);
    }
    assert_eq!(revoked(&app).await, 1);
}

#[tokio::test]
async fn a_beginning_that_replicas_have_not_confirmed_is_counted_at_both_ends() {
    let (_master, replica, app) = start_replicated("in-doubt").await;
    drop(replica);
    let tokens = Tokens { access: Secret::new("access".into()), refresh: None, access_expires_at: None };
    let data = SessionData { username: "ada".into(), name: None, oidc: None, tokens };
    let about = About::new("ada", b"Firefox", [127, 0, 0, 1].into());
    let begun = app.state.sessions().begin(data, &about).await;
    let Err(SessionError::InDoubt { session, .. }) = &begun else { panic!("{begun:?}") };
    assert_eq!((started(&app, "in-doubt").await, live(&app).await), (0, 1), "nobody holds it");
    undo_in_doubt(&app.state, session);
    one_ends(&app, "in-doubt", "signed-out").await;
    assert_eq!((started(&app, "in-doubt").await, live(&app).await), (1, 0));
    assert_eq!(revoked(&app).await, 1);
}

#[tokio::test]
async fn what_the_store_refuses_has_neither_begun_nor_ended() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sessions.db");
    let app = start_on_disk("refused", &file).await;
    let raw = rusqlite::Connection::open(&file).unwrap();
    let refuse = "CREATE TRIGGER kept_out BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'out'); END";
    raw.execute_batch(refuse).unwrap();
    let mut browser = app.browser();
    let answer = browser.sign_in("ada", "right", "/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
    assert_eq!(revoked(&app).await, 1);
    let counted = (started(&app, "refused").await, ended(&browser, "refused", "signed-out").await);
    assert_eq!(counted, (0, 0));
}

#[tokio::test]
async fn what_has_begun_for_nobody_is_counted_at_both_ends() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sessions.db");
    let app = start_on_disk("half-begun", &file).await;
    let mut browser = app.signed_in().await;
    let raw = rusqlite::Connection::open(&file).unwrap();
    let refuse =
        "CREATE TRIGGER kept BEFORE UPDATE OF reason ON session BEGIN SELECT RAISE(ABORT, 'kept'); END";
    raw.execute_batch(refuse).unwrap();
    let answer = browser.sign_in("ada", "right", "/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "the older one cannot be ended: {answer:?}");
    raw.execute_batch("DROP TRIGGER kept").unwrap();
    one_ends(&app, "half-begun", "signed-out").await;
    assert_eq!((started(&app, "half-begun").await, live(&app).await), (2, 1));
}

#[tokio::test]
async fn a_browser_that_leaves_takes_nothing_along_of_what_follows_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("sessions.db");
    let app = start_on_disk("left", &file).await;
    let mut browser = app.signed_in().await;
    let raw = rusqlite::Connection::open(&file).unwrap();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    let left = timeout(Duration::from_secs(1), browser.submit("/api/logout", &[])).await;
    assert!(left.is_err(), "the store waits for its turn: {left:?}");
    sleep(Duration::from_millis(200)).await;
    raw.execute_batch("ROLLBACK").unwrap();
    one_ends(&app, "left", "signed-out").await;
    assert_eq!(revoked(&app).await, 1);
}

#[tokio::test]
async fn a_browser_that_leaves_before_it_is_signed_in_leaves_no_session_behind() {
    let app = App::start_with(|settings| {
        settings.upstream.name = Some("left-early".into());
        settings.sign_in.attempts_per_account.limit = 1;
    })
    .await;
    let mut browser = app.browser();
    let name = Reply::Json(200, json!({"data": {"name": "Ada"}}));
    app.upstream.script("/me", [Reply::Late(Duration::from_millis(500), Box::new(name))]);
    let until_it_has_tokens = async {
        while app.upstream.seen("/me").is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        answer = browser.sign_in("ada", "right", "/") => panic!("{answer:?}"),
        () = until_it_has_tokens => {}
    }
    one_ends(&app, "left-early", "signed-out").await;
    assert_eq!((started(&app, "left-early").await, live(&app).await, revoked(&app).await), (1, 0, 1));
    let answer = browser.sign_in("ada", "right", "/").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "it has not failed before: {answer:?}");
}
