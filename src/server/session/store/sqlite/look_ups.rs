//! What has been looked up, for as long as nobody writes to the file.
//!
//! `SQLite` keeps an index of its write-ahead log in the file `-shm`, and each commit, of whichever process, changes the
//! header of that index before anybody is told of it (<https://sqlite.org/walformat.html>, 2.1). To read the header is one
//! call of the system; a look-up locks the log, walks two trees and unlocks it, in six times as long.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::mem::ManuallyDrop;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::super::super::token::RecordKey;
use super::super::record::Kept;

/// So many are kept at most: what is asked for again is asked for within a moment, by a page and all that its scripts call.
const MOST: usize = 64;

/// The header of the index, which is there twice: while it changes, they differ.
type Header = [[u8; 48]; 2];

/// Live records that have been looked up since the last commit.
pub struct LookUps {
    /// Never closed: with a file, all locks that this process has on it are given up (POSIX, `fcntl`), and `SQLite` would
    /// not know.
    index: Option<ManuallyDrop<File>>,
    latest: Mutex<Latest>,
}

/// What was found while the header was this one.
struct Latest {
    header: Header,
    found: HashMap<RecordKey, Kept>,
}

impl LookUps {
    /// Those in the file at `path`, which is open. Without an index to be read, nothing is kept.
    pub fn beside(path: Option<PathBuf>) -> Self {
        let index = path.and_then(|path| File::open(index_of(path)).ok());
        let latest = Latest { header: [[0; 48]; 2], found: HashMap::new() };
        Self { index: index.map(ManuallyDrop::new), latest: Mutex::new(latest) }
    }

    /// What lies under `key`, which `read` looks up if somebody has written since it was read last.
    pub fn get_or_read<E>(
        &self,
        key: RecordKey,
        read: impl FnOnce() -> Result<Option<Kept>, E>,
    ) -> Result<Option<Kept>, E> {
        // Before anything is read: of a commit that comes between, the next look-up has to hear.
        let Some(header) = self.header() else { return read() };
        if let Some(known) = self.with(|latest| latest.get(&header, key)) {
            return Ok(Some(known));
        }
        let kept = read()?;
        if let Some(live @ Kept::Live(_)) = &kept {
            self.with(|latest| latest.put(header, key, live.clone()));
        }
        Ok(kept)
    }

    /// None while it is being changed.
    fn header(&self) -> Option<Header> {
        let mut header: Header = [[0; 48]; 2];
        self.index.as_ref()?.read_exact_at(header.as_flattened_mut(), 0).ok()?;
        (header[0] == header[1]).then_some(header)
    }

    fn with<T>(&self, what: impl FnOnce(&mut Latest) -> T) -> T {
        what(&mut self.latest.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn index_of(path: PathBuf) -> OsString {
    let mut name = OsString::from(path);
    name.push("-shm");
    name
}

impl Latest {
    fn get(&self, header: &Header, key: RecordKey) -> Option<Kept> {
        if self.header == *header { self.found.get(&key).cloned() } else { None }
    }

    fn put(&mut self, header: Header, key: RecordKey, kept: Kept) {
        if self.header != header || self.found.len() >= MOST {
            self.found.clear();
            self.header = header;
        }
        self.found.insert(key, kept);
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::path::Path;

    use rusqlite::Connection;

    use super::super::super::{Reason, conformance::record_of, conformance::user};
    use super::*;

    /// Whether it has to be read.
    fn is_read(look_ups: &LookUps, kept: &Kept) -> bool {
        let mut is_read = false;
        let read = || {
            is_read = true;
            Ok::<_, Infallible>(Some(kept.clone()))
        };
        assert!(look_ups.get_or_read(kept.key(), read).unwrap().is_some());
        is_read
    }

    fn live() -> Kept {
        Kept::Live(record_of(user("ann")).into_record())
    }

    fn database(directory: &Path) -> (Connection, LookUps) {
        let file = directory.join("test.db");
        let connection = Connection::open(&file).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.execute_batch("CREATE TABLE t (n)").unwrap();
        let look_ups = LookUps::beside(Some(file));
        (connection, look_ups)
    }

    #[test]
    fn a_record_is_read_again_after_each_commit() {
        let directory = tempfile::tempdir().unwrap();
        let (connection, look_ups) = database(directory.path());
        let (one, other) = (live(), live());
        for _ in 0..3 {
            assert!(is_read(&look_ups, &one) && is_read(&look_ups, &other));
            assert!(!is_read(&look_ups, &one) && !is_read(&look_ups, &other));
            connection.execute_batch("INSERT INTO t VALUES (1)").unwrap();
        }
    }

    #[test]
    fn what_is_committed_during_a_look_up_is_seen_by_the_next() {
        let directory = tempfile::tempdir().unwrap();
        let (connection, look_ups) = database(directory.path());
        let record = live();
        let read = || connection.execute_batch("INSERT INTO t VALUES (1)").map(|()| Some(record.clone()));
        assert!(look_ups.get_or_read(record.key(), read).unwrap().is_some());
        assert!(is_read(&look_ups, &record));
    }

    #[test]
    fn a_checkpoint_that_begins_the_log_anew_is_seen() {
        let directory = tempfile::tempdir().unwrap();
        let (connection, look_ups) = database(directory.path());
        let record = live();
        for _ in 0..3 {
            assert!(is_read(&look_ups, &record));
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
            connection.execute_batch("INSERT INTO t VALUES (1)").unwrap();
        }
    }

    #[test]
    fn what_has_ended_is_not_kept() {
        let directory = tempfile::tempdir().unwrap();
        let (_connection, look_ups) = database(directory.path());
        let record = record_of(user("ann")).into_record();
        let ended = Kept::Ended(record.tombstone(Reason::SignedOut, record.created_at));
        assert!(is_read(&look_ups, &ended) && is_read(&look_ups, &ended));
    }

    #[test]
    fn their_number_is_bounded() {
        let directory = tempfile::tempdir().unwrap();
        let (_connection, look_ups) = database(directory.path());
        for _ in 0..2 * MOST {
            assert!(is_read(&look_ups, &live()));
        }
        assert!(look_ups.with(|latest| latest.found.len()) <= MOST);
    }

    #[test]
    fn without_an_index_everything_is_read() {
        let (look_ups, record) = (LookUps::beside(None), live());
        assert!(is_read(&look_ups, &record) && is_read(&look_ups, &record));
    }
}
