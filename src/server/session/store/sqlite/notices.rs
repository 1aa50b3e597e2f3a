//! Which sessions end, read from the file: another process may have ended them.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use rusqlite::Connection;

use super::super::super::token::RecordKey;
use super::super::Notice;
use super::readers::Readers;

/// How often the file is looked at while somebody listens.
const INTERVAL: Duration = Duration::from_millis(300);

const LATEST: &str = "SELECT coalesce(max(number), 0) FROM ended";

const SINCE: &str = "SELECT number, key FROM ended WHERE number > ?1 ORDER BY number";

/// Where one listener stands.
struct Tail {
    readers: Arc<Readers>,
    /// The number of the last end that is known. None: the file could not be read yet.
    last: Option<i64>,
}

pub fn stream(readers: Arc<Readers>) -> BoxStream<'static, Notice> {
    let last = readers.point(latest).ok();
    let batches = stream::unfold(Tail { readers, last }, |mut tail| async {
        tokio::time::sleep(INTERVAL).await;
        Some((tail.read(), tail))
    });
    stream::iter([Notice::Listening]).chain(batches.flat_map(stream::iter)).boxed()
}

impl Tail {
    fn read(&mut self) -> Vec<Notice> {
        let read = match self.last {
            Some(last) => self.readers.point(|db| since(db, last)).map(|ends| self.go_on(last, &ends)),
            None => self.readers.point(latest).map(|last| {
                self.last = Some(last);
                vec![Notice::Listening]
            }),
        };
        read.unwrap_or_else(|error| {
            tracing::warn!(%error, "the session file cannot be read for ended sessions");
            Vec::new()
        })
    }

    fn go_on(&mut self, last: i64, ends: &[(i64, RecordKey)]) -> Vec<Notice> {
        let gap = ends.first().filter(|(number, _)| *number > last + 1).map(|_| Notice::Listening);
        self.last = Some(ends.last().map_or(last, |(number, _)| *number));
        gap.into_iter().chain(ends.iter().map(|(_, key)| Notice::Ended(*key))).collect()
    }
}

fn latest(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached(LATEST)?.query_row([], |row| row.get(0))
}

fn since(db: &Connection, last: i64) -> rusqlite::Result<Vec<(i64, RecordKey)>> {
    db.prepare_cached(SINCE)?.query_map([last], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
