//! The store for one machine: a `SQLite` file, which several processes may share.
//!
//! **Reads** run straight on the calling task. A look-up by key takes microseconds, less than handing it to another
//! thread and back, and in WAL mode no reader ever waits for the writer. Only the count, which walks an index, goes
//! to the blocking pool.
//!
//! **Writes** go to one thread that gathers what is waiting into one transaction (`writer`). `synchronous=FULL`
//! makes each commit durable before anybody is told of it: a sign-out survives `kill -9` and the loss of power alike,
//! and so does a refresh token that the issuer will accept only once.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;
use tokio::task;

use self::readers::Readers;
use self::writer::Writer;
use super::super::private_file;
use super::super::timestamp::Timestamp;
use super::super::token::{RecordKey, UserKey};
use super::{Ending, Found, NewRecord, Notice, Purged, Reason, Record, SessionStore, StoreError, Updated};

mod columns;
mod leases;
mod notices;
mod readers;
mod schema;
mod statements;
mod writer;

/// How many records one transaction of a purge takes, so that it never holds up sign-ins for long.
const PURGE_BATCH: u32 = 500;

/// Sessions in one `SQLite` file.
///
/// Dropping it waits for the last commit and closes the file.
pub struct SqliteStore {
    // Before the writer: whoever closes the file last tidies up its write-ahead log, and readers cannot.
    readers: Arc<Readers>,
    writer: Writer,
}

/// Why a file could not be opened as a session store.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its directory could not be created.
    #[error("cannot create {}: {source}", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// `SQLite` refuses it: not a database, not ours to write, locked for too long, or without the shared memory that
    /// a write-ahead log needs (as on most network file systems).
    #[error("cannot use {} as session store: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What `SQLite` said.
        source: rusqlite::Error,
    },
    /// A newer version of this program has changed the file.
    #[error("{} has schema {found}, this program knows up to {known}: use the newer program", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema found.
        found: u32,
        /// The newest schema known.
        known: u32,
    },
    /// The writer's thread could not be started.
    #[error("cannot start the thread that writes sessions: {0}")]
    Thread(#[source] io::Error),
}

impl SqliteStore {
    /// Opens the file, creating it (mode 0600) and its directory if need be, and brings its schema up to date.
    ///
    /// # Errors
    /// [`OpenError`], with the path.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        create_file(path).map_err(|source| OpenError::Create { path: path.to_owned(), source })?;
        let failed = |source| OpenError::Database { path: path.to_owned(), source };
        let mut connection = schema::open_writer(path).map_err(failed)?;
        let found = schema::migrate(&mut connection).map_err(failed)?;
        if found > schema::VERSION {
            return Err(OpenError::Newer { path: path.to_owned(), found, known: schema::VERSION });
        }
        let readers = Arc::new(Readers::open(path).map_err(failed)?);
        let writer = Writer::start(connection).map_err(OpenError::Thread)?;
        Ok(Self { readers, writer })
    }
}

/// `SQLite` would create the file by itself, but readable to others.
fn create_file(path: &Path) -> io::Result<()> {
    private_file::create_parent(path)?;
    match private_file::create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn create(&self, record: NewRecord) -> Result<(), StoreError> {
        let created = self.writer.run(move |tx| statements::create(tx, &record)).await?;
        if created { Ok(()) } else { Err(StoreError::Collision) }
    }

    async fn load(&self, key: RecordKey, now: Timestamp) -> Result<Found, StoreError> {
        Ok(self.readers.point(|db| statements::load(db, key, now))?)
    }

    async fn update(
        &self,
        key: RecordKey,
        expected: u64,
        sealed: Vec<u8>,
        now: Timestamp,
    ) -> Result<Updated, StoreError> {
        self.writer.run(move |tx| statements::update(tx, key, expected, &sealed, now)).await
    }

    async fn touch(&self, key: RecordKey, now: Timestamp) -> Result<bool, StoreError> {
        self.writer.run(move |tx| statements::touch(tx, key, now)).await
    }

    async fn end(&self, key: RecordKey, reason: Reason, now: Timestamp) -> Result<Ending, StoreError> {
        self.writer.run(move |tx| statements::end(tx, key, reason, now)).await
    }

    async fn end_user(
        &self,
        user: UserKey,
        except: Option<RecordKey>,
        reason: Reason,
        now: Timestamp,
    ) -> Result<Vec<RecordKey>, StoreError> {
        self.writer.run(move |tx| statements::end_user(tx, user, except, reason, now)).await
    }

    async fn list_by_user(&self, user: UserKey, now: Timestamp) -> Result<Vec<Record>, StoreError> {
        Ok(self.readers.point(|db| statements::list_by_user(db, user, now))?)
    }

    async fn count_live(&self, now: Timestamp) -> Result<u64, StoreError> {
        let readers = Arc::clone(&self.readers);
        let counted = task::spawn_blocking(move || readers.scan(|db| statements::count_live(db, now)));
        Ok(counted.await.map_err(StoreError::unavailable)??)
    }

    async fn purge(&self, now: Timestamp) -> Result<Purged, StoreError> {
        let mut purged = Purged::default();
        loop {
            let batch = self.writer.run(move |tx| statements::purge(tx, now, PURGE_BATCH)).await?;
            if batch == Purged::default() {
                return Ok(purged);
            }
            purged += batch;
        }
    }

    fn ended(&self) -> BoxStream<'static, Notice> {
        notices::stream(Arc::clone(&self.readers))
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.readers.point(statements::ping)?;
        self.writer.run(|tx| statements::ping(tx)).await
    }
}

#[cfg(test)]
mod tests;
