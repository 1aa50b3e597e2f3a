//! A handful of connections that read.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;

use rusqlite::Connection;

use super::schema;

/// Connections for look-ups, and one for whatever takes longer.
pub struct Readers {
    first: Mutex<Connection>,
    more: Vec<Mutex<Connection>>,
    scan: Mutex<Connection>,
}

impl Readers {
    /// As many connections as the machine runs threads, within reason.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let open = || schema::open_reader(path).map(Mutex::new);
        let threads = thread::available_parallelism().map_or(1, usize::from).clamp(1, 16);
        Ok(Self {
            first: open()?,
            more: (1..threads).map(|_| open()).collect::<Result<_, _>>()?,
            scan: open()?,
        })
    }

    /// Runs a look-up on the calling thread. It must not take longer than some microseconds.
    pub fn point<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        read(&self.free())
    }

    /// Runs something longer. To be called where blocking is allowed.
    pub fn scan<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        read(&lock(&self.scan))
    }

    /// The first connection nobody uses. Always trying in the same order keeps the caches of a few warm.
    fn free(&self) -> MutexGuard<'_, Connection> {
        for connection in std::iter::once(&self.first).chain(&self.more) {
            match connection.try_lock() {
                Ok(free) => return free,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        lock(&self.first)
    }
}

/// A panic while reading leaves a connection as good as it was.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
