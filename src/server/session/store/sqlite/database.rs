use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, Transaction};
use tokio::task;

use super::super::super::private_file;
use super::super::StoreError;
use super::readers::Readers;
use super::schema;
use super::writer::Writer;

/// One open `SQLite` file. Dropping it waits for the last commit and closes the file.
pub struct Database {
    // Before the writer: whoever closes the file last tidies up its write-ahead log, and readers cannot.
    readers: Arc<Readers>,
    writer: Writer,
}

/// Why a file could not be opened as a store.
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

impl Database {
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

    /// Runs `work` in a transaction, see `Writer::run`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        self.writer.run(work).await
    }

    /// Runs a look-up on the calling thread. It must not take longer than some microseconds.
    ///
    /// # Errors
    /// What `SQLite` says.
    pub fn point<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        self.readers.point(read)
    }

    /// Runs something longer on the blocking pool.
    ///
    /// # Errors
    /// As the look-up's.
    pub async fn scan<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let read = task::spawn_blocking(move || readers.scan(read));
        Ok(read.await.map_err(StoreError::unavailable)??)
    }

    /// Where the file lies, as `SQLite` has found it: links are followed.
    pub(super) fn path(&self) -> Option<PathBuf> {
        self.readers.path()
    }

    /// The connections that read, for what may go on listening when the file is closed.
    pub(super) fn readers(&self) -> Arc<Readers> {
        Arc::clone(&self.readers)
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
