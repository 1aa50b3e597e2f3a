//! Items in the `SQLite` file of the sessions, through the same connections.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Item, ItemId, ItemStore, Owner, Tally};
use crate::server::session::store::StoreError;
use crate::server::session::store::sqlite::Database;
use crate::server::session::timestamp::Timestamp;

/// How many items one transaction of a purge takes, so that it never holds up sign-ins for long.
const PURGE_BATCH: u32 = 500;

const INSERT: &str = "
    INSERT INTO item (owner, id, stored_at, expires_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (owner, id) DO UPDATE SET
        stored_at = excluded.stored_at, expires_at = excluded.expires_at, sealed = excluded.sealed
    WHERE expires_at <= excluded.stored_at";

const PUT: &str = "
    INSERT INTO item (owner, id, stored_at, expires_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (owner, id) DO UPDATE SET
        stored_at = excluded.stored_at, expires_at = excluded.expires_at, sealed = excluded.sealed";

const GET: &str = "
    SELECT id, stored_at, expires_at, sealed FROM item WHERE owner = ?1 AND id = ?2 AND expires_at > ?3";

const TAKE: &str = "
    DELETE FROM item WHERE owner = ?1 AND id = ?2 AND expires_at > ?3
    RETURNING id, stored_at, expires_at, sealed";

const LIST: &str = "
    SELECT id, stored_at, expires_at, sealed FROM item WHERE owner = ?1 AND expires_at > ?3
    ORDER BY stored_at DESC, id DESC LIMIT ?2";

const REMOVE: &str = "DELETE FROM item WHERE owner = ?1 AND id = ?2";

const TRIM: &str = "
    DELETE FROM item WHERE owner = ?1 AND id NOT IN (
        SELECT id FROM item WHERE owner = ?1 AND expires_at > ?3 ORDER BY stored_at DESC, id DESC LIMIT ?2)";

/// The expressions see the row as it was.
const INCREMENT: &str = "
    INSERT INTO counter (key, count, ends_at) VALUES (?1, 1, ?3)
    ON CONFLICT (key) DO UPDATE SET
        count = iif(ends_at > ?2, count + 1, 1),
        ends_at = iif(ends_at > ?2, ends_at, ?3)
    RETURNING count, ends_at";

/// What has only counted once is forgotten, anything else goes down by one.
const TAKE_BACK: [&str; 2] = [
    "DELETE FROM counter WHERE key = ?1 AND ends_at > ?2 AND count <= 1",
    "UPDATE counter SET count = count - 1 WHERE key = ?1 AND ends_at > ?2",
];

const RESET: &str = "DELETE FROM counter WHERE key = ?1";

const PURGE: [&str; 2] = [
    "DELETE FROM item WHERE rowid IN (SELECT rowid FROM item WHERE expires_at <= ?1 LIMIT ?2)",
    "DELETE FROM counter WHERE rowid IN (SELECT rowid FROM counter WHERE ends_at <= ?1 LIMIT ?2)",
];

/// Items and counts in one `SQLite` file.
pub struct SqliteItems {
    database: Arc<Database>,
}

impl SqliteItems {
    /// The items in an open file.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        Self { database }
    }

    async fn store(&self, statement: &'static str, owner: Owner, item: Item) -> Result<bool, StoreError> {
        let Item { id, stored_at, expires_at, sealed } = item;
        let stored = self.database.write(move |tx| {
            tx.prepare_cached(statement)?.execute(params![owner, id, stored_at, expires_at, sealed])
        });
        Ok(stored.await? == 1)
    }
}

#[async_trait]
impl ItemStore for SqliteItems {
    async fn insert(&self, owner: Owner, item: Item) -> Result<bool, StoreError> {
        self.store(INSERT, owner, item).await
    }

    async fn put(&self, owner: Owner, item: Item) -> Result<(), StoreError> {
        self.store(PUT, owner, item).await.map(|_| ())
    }

    async fn get(&self, owner: Owner, id: ItemId, now: Timestamp) -> Result<Option<Item>, StoreError> {
        let get =
            |db: &Connection| db.prepare_cached(GET)?.query_row(params![owner, id, now], item).optional();
        Ok(self.database.point(get)?)
    }

    async fn take(&self, owner: Owner, id: ItemId, now: Timestamp) -> Result<Option<Item>, StoreError> {
        self.database
            .write(move |tx| tx.prepare_cached(TAKE)?.query_row(params![owner, id, now], item).optional())
            .await
    }

    async fn list(&self, owner: Owner, limit: u32, now: Timestamp) -> Result<Vec<Item>, StoreError> {
        let list = move |db: &Connection| {
            db.prepare_cached(LIST)?.query_map(params![owner, limit, now], item)?.collect()
        };
        self.database.scan(list).await
    }

    async fn remove(&self, owner: Owner, id: ItemId) -> Result<(), StoreError> {
        self.database
            .write(move |tx| tx.prepare_cached(REMOVE)?.execute(params![owner, id]))
            .await
            .map(|_| ())
    }

    async fn trim(&self, owner: Owner, keep: u32, now: Timestamp) -> Result<(), StoreError> {
        let trimmed =
            self.database.write(move |tx| tx.prepare_cached(TRIM)?.execute(params![owner, keep, now]));
        trimmed.await.map(|_| ())
    }

    async fn increment(&self, key: ItemId, window: Duration, now: Timestamp) -> Result<Tally, StoreError> {
        self.database
            .write(move |tx| tx.prepare_cached(INCREMENT)?.query_row(params![key, now, now + window], tally))
            .await
    }

    async fn take_back(&self, key: ItemId, now: Timestamp) -> Result<(), StoreError> {
        let [forget, lower] = TAKE_BACK;
        let taken =
            self.database.write(move |tx| match tx.prepare_cached(forget)?.execute(params![key, now])? {
                0 => tx.prepare_cached(lower)?.execute(params![key, now]),
                forgotten => Ok(forgotten),
            });
        taken.await.map(|_| ())
    }

    async fn reset(&self, key: ItemId) -> Result<(), StoreError> {
        self.database.write(move |tx| tx.prepare_cached(RESET)?.execute([key])).await.map(|_| ())
    }

    async fn purge(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut purged = 0;
        for statement in PURGE {
            loop {
                let some = self
                    .database
                    .write(move |tx| tx.prepare_cached(statement)?.execute(params![now, PURGE_BATCH]));
                match some.await? {
                    0 => break,
                    some => purged += some as u64,
                }
            }
        }
        Ok(purged)
    }
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: row.get("id")?,
        stored_at: row.get("stored_at")?,
        expires_at: row.get("expires_at")?,
        sealed: row.get("sealed")?,
    })
}

fn tally(row: &Row<'_>) -> rusqlite::Result<Tally> {
    Ok(Tally { count: row.get::<_, i64>("count")?.unsigned_abs(), ends_at: row.get("ends_at")? })
}

impl ToSql for Owner {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_bytes().as_slice().into())
    }
}

impl ToSql for ItemId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_bytes().as_slice().into())
    }
}

impl FromSql for ItemId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        FromSql::column_result(value).map(Self::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::params_from_iter;
    use rusqlite::types::Null;
    use tempfile::TempDir;

    use super::super::conformance::{self, START, Shared, at_once, item, owner};
    use super::*;

    fn open_file(directory: &TempDir) -> SqliteItems {
        SqliteItems::new(Arc::new(Database::open(&directory.path().join("vestibule.db")).unwrap()))
    }

    #[expect(clippy::unused_async, reason = "what the suite expects")]
    async fn open() -> (TempDir, Shared) {
        let directory = tempfile::tempdir().unwrap();
        let store = open_file(&directory);
        (directory, Arc::new(store))
    }

    conformance::suite!(open);

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn two_handles_on_one_file_share_items_and_counts() {
        let directory = tempfile::tempdir().unwrap();
        let handles = [Arc::new(open_file(&directory)), Arc::new(open_file(&directory))];
        let kept = item();
        let answers = at_once(40, |caller| {
            let (store, kept) = (handles[usize::from(caller % 2)].clone(), kept.clone());
            async move {
                let first = store.insert(owner("ann"), kept.clone()).await.unwrap();
                let tally = store.increment(kept.id, Duration::from_mins(1), START).await.unwrap();
                (first, tally.count)
            }
        })
        .await;
        assert_eq!(answers.iter().filter(|(first, _)| *first).count(), 1);
        let mut counts: Vec<u64> = answers.into_iter().map(|(_, count)| count).collect();
        counts.sort_unstable();
        assert_eq!(counts, (1..=40).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn what_was_stored_survives_the_process() {
        let directory = tempfile::tempdir().unwrap();
        let kept = item();
        open_file(&directory).put(owner("ann"), kept.clone()).await.unwrap();
        let found = open_file(&directory).get(owner("ann"), kept.id, START).await.unwrap();
        assert_eq!(found, Some(kept));
    }

    #[tokio::test]
    async fn every_statement_finds_its_rows_by_an_index() {
        let directory = tempfile::tempdir().unwrap();
        let _store = open_file(&directory);
        let raw = Connection::open(directory.path().join("vestibule.db")).unwrap();
        let [purge_items, purge_counts] = PURGE;
        for (statement, index) in [
            (GET, "sqlite_autoindex_item_1"),
            (TAKE, "sqlite_autoindex_item_1"),
            (REMOVE, "sqlite_autoindex_item_1"),
            (LIST, "item_by_age"),
            (TRIM, "item_by_age"),
            (TAKE_BACK[0], "sqlite_autoindex_counter_1"),
            (TAKE_BACK[1], "sqlite_autoindex_counter_1"),
            (RESET, "sqlite_autoindex_counter_1"),
            (purge_items, "COVERING INDEX item_by_expiry"),
            (purge_counts, "COVERING INDEX counter_by_end"),
        ] {
            let mut plan = raw.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
            let unbound = params_from_iter(vec![Null; plan.parameter_count()]);
            let plan: Vec<String> =
                plan.query_map(unbound, |row| row.get(3)).unwrap().map(Result::unwrap).collect();
            assert!(plan.iter().any(|step| step.contains(index)), "{statement}: {plan:?}");
            let careless = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(careless), "{statement}: {plan:?}");
        }
    }
}
