//! A handful of connections that read.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

use rusqlite::Connection;

use super::schema;

/// Connections for look-ups, and one for whatever takes longer.
pub struct Readers {
    look_up: Vec<Mutex<Connection>>,
    scan: Mutex<Connection>,
}

thread_local! {
    /// Which connection this thread tries first: one that no other thread does, as far as there are enough.
    static OWN: usize = {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        THREADS.fetch_add(1, Ordering::Relaxed)
    };
}

impl Readers {
    /// As many connections as the machine runs threads, within reason.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let open = || schema::open_reader(path).map(Mutex::new);
        let threads = thread::available_parallelism().map_or(1, usize::from).clamp(1, 16);
        Ok(Self { look_up: (0..threads).map(|_| open()).collect::<Result<_, _>>()?, scan: open()? })
    }

    /// Runs a look-up on the calling thread. It must not take longer than some microseconds.
    pub fn point<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        read(&self.free())
    }

    /// Runs something longer. To be called where blocking is allowed.
    pub fn scan<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        read(&lock(&self.scan))
    }

    /// Where the file lies, as `SQLite` has found it.
    pub fn path(&self) -> Option<PathBuf> {
        lock(&self.scan).path().map(PathBuf::from)
    }

    /// A connection that nobody uses. A thread keeps to its own as long as that is free: what the connection has in
    /// memory is near then.
    fn free(&self) -> MutexGuard<'_, Connection> {
        let (before, from_own) = self.look_up.split_at(OWN.with(|own| own % self.look_up.len()));
        for connection in from_own.iter().chain(before) {
            match connection.try_lock() {
                Ok(free) => return free,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        lock(from_own.first().unwrap_or(&self.scan))
    }
}

/// A panic while reading leaves a connection as good as it was.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
