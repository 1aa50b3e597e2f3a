use std::collections::HashMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use futures::StreamExt;
use rusqlite::types::Null;
use rusqlite::{Connection, params_from_iter};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::super::conformance::{self, Shared, record_of, user};
use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn path(directory: &TempDir) -> PathBuf {
    directory.path().join("data/vestibule.db")
}

fn open_store() -> (TempDir, SqliteStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&path(&directory)).unwrap();
    (directory, store)
}

#[expect(clippy::unused_async, reason = "what the suite expects")]
async fn open() -> (TempDir, Shared) {
    let (directory, store) = open_store();
    (directory, Arc::new(store))
}

conformance::suite!(open);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_handles_on_one_file_see_each_other() {
    let (directory, first) = open_store();
    let second = SqliteStore::open(&path(&directory)).unwrap();
    let record = record_of(user("ann"));
    first.create(record.clone()).await.unwrap();
    assert!(matches!(second.load(record.key, NOW).await.unwrap(), Found::Live(_)));
    assert!(matches!(second.create(record.clone()).await, Err(StoreError::Collision)));
    assert_eq!(second.update(record.key, 1, vec![7], NOW).await.unwrap(), Updated::Done(2));
    assert_eq!(first.update(record.key, 1, vec![8], NOW).await.unwrap(), Updated::Stale);
    for _ in 0..2 {
        assert!(
            matches!(second.load(record.key, NOW).await.unwrap(), Found::Live(live) if live.sealed == [7])
        );
    }
    assert_eq!(first.end(record.key, Reason::Revoked, NOW).await.unwrap(), Ending::First);
    assert!(matches!(second.load(record.key, NOW).await.unwrap(), Found::Ended(_)));
    assert_eq!(second.update(record.key, 2, vec![9], NOW).await.unwrap(), Updated::Ended);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_end_is_first_across_two_handles() {
    let (directory, first) = open_store();
    let handles = [Arc::new(first), Arc::new(SqliteStore::open(&path(&directory)).unwrap())];
    for _ in 0..20 {
        let record = record_of(user("ann"));
        let key = record.key;
        handles[0].create(record).await.unwrap();
        let mut updates = JoinSet::new();
        let mut ends = JoinSet::new();
        for store in handles.iter().cycle().take(50) {
            let (store, other) = (store.clone(), store.clone());
            updates.spawn(async move { other.update(key, 1, vec![1], NOW).await.unwrap() });
            ends.spawn(async move { store.end(key, Reason::Expired, NOW).await.unwrap() });
        }
        let updates = updates.join_all().await;
        let ends = ends.join_all().await;
        assert!(updates.iter().filter(|updated| matches!(updated, Updated::Done(_))).count() <= 1);
        assert_eq!(ends.iter().filter(|ending| **ending == Ending::First).count(), 1);
    }
}

#[tokio::test]
async fn a_tombstone_row_has_no_data() {
    let (directory, store) = open_store();
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    store.end(record.key, Reason::SignedOut, NOW).await.unwrap();
    let raw = Connection::open(path(&directory)).unwrap();
    let empty: bool =
        raw.query_row("SELECT sealed IS NULL AND about IS NULL FROM session", [], |row| row.get(0)).unwrap();
    assert!(empty);
    let refused = raw.execute("UPDATE session SET sealed = x'00'", []);
    assert!(refused.is_err(), "the database itself refuses a tombstone with data");
}

#[tokio::test]
async fn ended_data_is_overwritten_in_the_file() {
    let (directory, store) = open_store();
    let sealed = b"needle in the file ".repeat(400);
    let record = NewRecord { sealed: sealed.clone(), ..record_of(user("ann")) };
    store.create(record.clone()).await.unwrap();
    checkpoint(&directory);
    assert!(fs::read(path(&directory)).unwrap().windows(6).any(|bytes| bytes == b"needle"));
    store.end(record.key, Reason::SignedOut, NOW).await.unwrap();
    drop(store);
    for file in fs::read_dir(path(&directory).parent().unwrap()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|bytes| bytes == b"needle"));
    }
}

fn checkpoint(directory: &TempDir) {
    let raw = Connection::open(path(directory)).unwrap();
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

#[tokio::test]
async fn every_file_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let (directory, store) = open_store();
    store.create(record_of(user("ann"))).await.unwrap();
    let mut names = Vec::new();
    for file in fs::read_dir(path(&directory).parent().unwrap()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
        names.push(file.file_name());
    }
    names.sort();
    assert_eq!(names, ["vestibule.db", "vestibule.db-shm", "vestibule.db-wal"]);
}

#[test]
fn many_may_open_a_new_file_at_once() {
    for _ in 0..10 {
        let directory = tempfile::tempdir().unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| SqliteStore::open(&path(&directory)).unwrap());
            }
        });
    }
}

#[test]
fn a_newer_schema_is_refused() {
    let (directory, store) = open_store();
    drop(store);
    let raw = Connection::open(path(&directory)).unwrap();
    raw.pragma_update(None, "user_version", schema::VERSION + 1).unwrap();
    drop(raw);
    let refused = SqliteStore::open(&path(&directory)).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { found, known, .. } if found == known + 1), "{refused}");
}

#[tokio::test]
async fn a_file_of_the_first_version_is_brought_up_to_date() {
    let (directory, store) = open_store();
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    drop(store);
    let raw = Connection::open(path(&directory)).unwrap();
    raw.execute_batch(
        "DROP TABLE ended; DROP TRIGGER session_ended; DROP TABLE lease; DROP TABLE item; DROP TABLE counter",
    )
    .unwrap();
    raw.pragma_update(None, "user_version", 1).unwrap();
    drop(raw);
    let store = SqliteStore::open(&path(&directory)).unwrap();
    let mut ended = store.ended().skip(1);
    assert_eq!(store.end(record.key, Reason::SignedOut, NOW).await.unwrap(), Ending::First);
    assert_eq!(ended.next().await, Some(Notice::Ended(record.key)));
}

#[tokio::test]
async fn another_process_learns_of_ends_in_order_and_of_a_gap() {
    let (directory, first) = open_store();
    let second = SqliteStore::open(&path(&directory)).unwrap();
    let mut ended = second.ended().skip(1);
    let records = [record_of(user("ann")), record_of(user("ann")), record_of(user("ann"))];
    let keys = records.clone().map(|record| record.key);
    for record in records {
        first.create(record).await.unwrap();
    }
    for key in [keys[1], keys[0]] {
        first.end(key, Reason::Revoked, NOW).await.unwrap();
        assert_eq!(ended.next().await, Some(Notice::Ended(key)));
    }
    let raw = Connection::open(path(&directory)).unwrap();
    raw.execute("INSERT INTO ended (number, key) VALUES (50000, zeroblob(32))", []).unwrap();
    first.end(keys[2], Reason::Revoked, NOW).await.unwrap();
    assert_eq!(ended.next().await, Some(Notice::Listening), "49,997 are missing");
    assert_eq!(raw.query_row("SELECT count(*) FROM ended", [], |row| row.get(0)), Ok(2), "the oldest go");
}

#[test]
fn what_is_no_database_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("notes.txt");
    let notes = "not a database, but long enough to be taken for one".repeat(100);
    fs::write(&file, &notes).unwrap();
    assert!(matches!(SqliteStore::open(&file), Err(OpenError::Database { .. })));
    assert_eq!(fs::read_to_string(&file).unwrap(), notes);
    assert!(SqliteStore::open(directory.path()).is_err());
    assert!(matches!(SqliteStore::open(&file.join("below")), Err(OpenError::Create { .. })));
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_nothing_else() {
    let (_directory, store) = open_store();
    let kept = record_of(user("ann"));
    store.create(kept.clone()).await.unwrap();
    store.database.write(|tx| tx.pragma_update(None, "max_page_count", 1)).await.unwrap();
    let mut refused = None;
    for _ in 0..1000 {
        refused = store.create(record_of(user("ann"))).await.err();
        if refused.is_some() {
            break;
        }
    }
    let refused = refused.unwrap();
    assert!(
        matches!(refused, StoreError::Unavailable(_)) && refused.to_string().contains("full"),
        "{refused}"
    );
    assert!(matches!(store.load(kept.key, NOW).await.unwrap(), Found::Live(_)));
    assert_eq!(store.end(kept.key, Reason::SignedOut, NOW).await.unwrap(), Ending::First);
    store.database.write(|tx| tx.pragma_update(None, "max_page_count", 10_000)).await.unwrap();
    store.create(record_of(user("ann"))).await.unwrap();
}

#[tokio::test]
async fn readers_do_not_wait_for_a_writer() {
    let (directory, store) = open_store();
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    let other = Connection::open(path(&directory)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE; UPDATE session SET seen_at = seen_at + 1").unwrap();
    assert_eq!(store.load(record.key, NOW).await.unwrap(), Found::Live(record.into_record()));
    other.execute_batch("ROLLBACK").unwrap();
}

#[tokio::test]
async fn a_damaged_record_is_corrupt_and_not_missing() {
    let (directory, store) = open_store();
    let record = record_of(user("ann"));
    store.create(record.clone()).await.unwrap();
    let raw = Connection::open(path(&directory)).unwrap();
    raw.execute("UPDATE session SET seen_at = -1", []).unwrap();
    assert!(matches!(store.load(record.key, NOW).await, Err(StoreError::Corrupt(_))));
    raw.execute("UPDATE session SET ended_at = 1, reason = 'why', sealed = NULL, about = NULL", []).unwrap();
    assert!(matches!(store.load(record.key, NOW).await, Err(StoreError::Corrupt(_))));
}

#[tokio::test]
async fn every_statement_finds_its_rows_by_an_index() {
    let (directory, _store) = open_store();
    let raw = Connection::open(path(&directory)).unwrap();
    for (statement, index) in statements::INDEXES {
        let mut plan = raw.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        let unbound = params_from_iter(vec![Null; plan.parameter_count()]);
        let plan: Vec<String> =
            plan.query_map(unbound, |row| row.get(3)).unwrap().map(Result::unwrap).collect();
        assert!(plan.iter().any(|step| step.contains(index)), "{statement}: {plan:?}");
        assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{statement}: {plan:?}");
    }
}

#[tokio::test]
async fn every_commit_reaches_the_disk() {
    let (_directory, store) = open_store();
    let setting = |name: &'static str| {
        store.database.write(move |tx| tx.pragma_query_value(None, name, |row| row.get(0)))
    };
    let (synchronous, secure_delete): (u32, u32) =
        tokio::try_join!(setting("synchronous"), setting("secure_delete")).unwrap();
    assert_eq!((synchronous, secure_delete), (2, 1), "FULL, ON");
}

/// Not a test of its own: the process that the next test kills.
#[tokio::test]
#[ignore = "runs until it is killed"]
async fn write_until_killed() {
    let Some(file) = env::var_os("SESSION_FILE") else { return };
    let store = SqliteStore::open(Path::new(&file)).unwrap();
    loop {
        let (live, ended) = (record_of(user("ann")), record_of(user("ann")));
        store.create(live.clone()).await.unwrap();
        println!("live {}", live.key.to_text());
        store.create(ended.clone()).await.unwrap();
        store.end(ended.key, Reason::SignedOut, NOW).await.unwrap();
        println!("ended {}", ended.key.to_text());
    }
}

#[tokio::test]
async fn what_was_answered_survives_kill_9() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--nocapture", "write_until_killed"])
        .env("SESSION_FILE", path(&directory))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut told: Vec<String> = lines.by_ref().take(200).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    told.extend(lines);

    let store = SqliteStore::open(&path(&directory)).unwrap();
    let mut count = HashMap::from([("live", 0), ("ended", 0)]);
    for (word, key) in told.iter().filter_map(|line| line.split_once(' ')) {
        let (Some(count), Ok(key)) = (count.get_mut(word), key.parse()) else { continue };
        let found = store.load(key, NOW).await.unwrap();
        assert_eq!(matches!(found, Found::Live(_)), word == "live", "{found:?}");
        assert_eq!(matches!(found, Found::Ended(_)), word == "ended", "{found:?}");
        *count += 1;
    }
    assert!(count.values().all(|count| *count > 50), "{count:?}");
}
