//! The file: how it is opened, and what is in it.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

/// How the schema came to be what it is. A step that has been released never changes: what is new is a new step.
const STEPS: [&str; 3] = [SESSIONS, ENDED_AND_LEASES, ITEMS];

/// The newest schema this program knows, kept in the file as `user_version`: how many steps have been taken.
#[expect(clippy::cast_possible_truncation, reason = "there are only a few")]
pub const VERSION: u32 = STEPS.len() as u32;

/// Tells the file from those of other programs: `vest`, in ASCII.
pub const APPLICATION_ID: i32 = 0x7665_7374;

/// How long a writer waits for another process to finish its transaction.
const WRITER_PATIENCE: Duration = Duration::from_secs(2);
/// How long a reader waits. In WAL mode it has to only while another process recovers the log after a crash.
const READER_PATIENCE: Duration = Duration::from_millis(250);

/// In bytes, of a file that is new. A record is one and a half KiB: of SQLite's own 4 KiB, each page would leave a
/// quarter empty, and a tree of a million records would be a level higher.
const PAGE: i64 = 8 * 1024;

/// In KiB. Keys are random, so each write lands on another page of their index: this holds the index of half a
/// million records, beyond which a purge slows down. Only what is used is allocated.
const WRITER_CACHE: i32 = 32 * 1024;

/// In bytes. Readers look into the file where the system keeps it, rather than copy pages of it one by one: among a
/// million records that halves a look-up. Only addresses are set aside; SQLite itself takes no more than 2 GiB.
const READER_MAP: i64 = 1 << 33;

/// `due_at` is when a purge has something to do: for a live record, when it ends if nobody uses it again; for a
/// tombstone, when it is forgotten. The checks make the database itself refuse a tombstone with data in it.
const SESSIONS: &str = "
    CREATE TABLE session (
        key          BLOB    NOT NULL PRIMARY KEY CHECK (length(key) = 32),
        user         BLOB    NOT NULL CHECK (length(user) = 32),
        version      INTEGER NOT NULL,
        created_at   INTEGER NOT NULL,
        seen_at      INTEGER NOT NULL,
        idle_timeout INTEGER NOT NULL,
        expires_at   INTEGER NOT NULL,
        due_at       INTEGER NOT NULL,
        ended_at     INTEGER,
        reason       TEXT,
        sealed       BLOB,
        about        BLOB,
        CHECK ((ended_at IS NULL) = (reason IS NULL)),
        CHECK ((ended_at IS NULL) = (sealed IS NOT NULL)),
        CHECK ((ended_at IS NULL) = (about IS NOT NULL))
    ) STRICT;
    CREATE INDEX session_by_user ON session (user) WHERE ended_at IS NULL;
    CREATE INDEX session_by_due ON session (due_at, ended_at);
";

/// `ended` numbers the latest ends, so that every process learns of them in order, whatever the clocks say. Numbers
/// are never used twice: whoever finds one missing knows that it has missed something.
const ENDED_AND_LEASES: &str = "
    CREATE TABLE ended (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        key    BLOB    NOT NULL
    ) STRICT;
    CREATE TRIGGER session_ended AFTER UPDATE OF reason ON session
    WHEN OLD.reason IS NULL AND NEW.reason <> 'idle-timeout'
    BEGIN
        INSERT INTO ended (key) VALUES (NEW.key);
        DELETE FROM ended WHERE number <= (SELECT max(number) FROM ended) - 10000;
    END;
    CREATE TABLE lease (
        key    BLOB    NOT NULL PRIMARY KEY,
        holder BLOB    NOT NULL,
        until  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX lease_by_until ON lease (until);
";

const ITEMS: &str = "
    CREATE TABLE item (
        owner      BLOB    NOT NULL CHECK (length(owner) = 32),
        id         BLOB    NOT NULL CHECK (length(id) = 32),
        stored_at  INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        sealed     BLOB    NOT NULL,
        PRIMARY KEY (owner, id)
    ) STRICT;
    CREATE INDEX item_by_age ON item (owner, stored_at, id);
    CREATE INDEX item_by_expiry ON item (expires_at);
    CREATE TABLE counter (
        key     BLOB    NOT NULL PRIMARY KEY CHECK (length(key) = 32),
        count   INTEGER NOT NULL,
        ends_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX counter_by_end ON counter (ends_at);
";

/// Opens the connection that writes.
pub fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, WRITER_PATIENCE)?;
    connection.pragma_update(None, "page_size", PAGE)?;
    patiently(|| write_ahead(&connection))?;
    connection.pragma_update(None, "synchronous", "full")?;
    // What is deleted is overwritten, not only unlinked.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE)?;
    Ok(connection)
}

fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |row| {
        // On a file system that cannot do it, SQLite stays in the old mode and says so here.
        let mode: String = row.get(0)?;
        if mode == "wal" { Ok(()) } else { Err(rusqlite::Error::InvalidQuery) }
    })
}

/// SQLite does not wait by itself when two processes change a new file's journal mode at once.
#[expect(clippy::disallowed_methods, reason = "this runs once, before anything is served")]
fn patiently(attempt: impl Fn() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let deadline = Instant::now() + WRITER_PATIENCE;
    loop {
        match attempt() {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(5));
            }
            result => return result,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Opens a connection that only reads, from a file that a writer has prepared.
pub fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, READER_PATIENCE)?;
    connection.pragma_update_and_check(None, "mmap_size", READER_MAP, |_| Ok(()))?;
    Ok(connection)
}

fn open(path: &Path, access: OpenFlags, patience: Duration) -> rusqlite::Result<Connection> {
    // An absolute path is never taken for a URI, nor for SQLite's `:memory:`.
    let path = std::path::absolute(path).map_err(|_| rusqlite::Error::InvalidPath(path.to_owned()))?;
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(patience)?;
    Ok(connection)
}

/// Brings the schema up to [`VERSION`] and answers the version it has then, which is higher if a newer program has
/// been here. Several processes may do this at once.
pub fn migrate(connection: &mut Connection) -> rusqlite::Result<u32> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in STEPS.iter().skip(found as usize) {
        tx.execute_batch(step)?;
    }
    if found < VERSION {
        tx.pragma_update(None, "user_version", VERSION)?;
    }
    tx.commit()?;
    Ok(found.max(VERSION))
}
