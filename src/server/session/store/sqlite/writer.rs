//! One thread that writes, several writes to a commit.
//!
//! A commit waits for the disk, and while it waits, more writes arrive. They all go into the next commit: under load
//! the cost of the disk is shared, and without load nobody waits for company. Nobody is answered before the commit.

use std::io;
use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::super::StoreError;

/// The most writes in one commit.
const BATCH: usize = 256;

/// A handle on the writing thread, which ends when this is dropped.
pub struct Writer {
    queue: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn start(connection: Connection) -> io::Result<Self> {
        let (queue, jobs) = mpsc::channel();
        let thread =
            thread::Builder::new().name("session-writer".into()).spawn(move || serve(connection, &jobs))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Runs `work` inside a transaction and answers once that is committed. If the commit fails, everything in it
    /// is undone, and every caller that had a part in it gets the error.
    pub async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let stopped = || StoreError::unavailable("the thread that writes sessions has stopped");
        let (caller, answer) = oneshot::channel();
        let write = Box::new(Write { work: Some(work), result: None, caller });
        self.queue.as_ref().and_then(|queue| queue.send(write).ok()).ok_or_else(stopped)?;
        answer.await.map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // It can only fail if a write has panicked, and its caller has been told.
            let _ = thread.join();
        }
    }
}

fn serve(mut connection: Connection, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let mut batch: Vec<_> = iter::once(first).chain(jobs.try_iter().take(BATCH - 1)).collect();
        let committed = commit(&mut connection, &mut batch).map_err(Arc::new);
        for job in batch {
            job.answer(committed.clone());
        }
    }
}

fn commit(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in batch {
        job.run(&tx)?;
    }
    tx.commit()
}

/// A write of whatever type, in the queue.
trait Job: Send {
    fn run(&mut self, tx: &Transaction<'_>) -> rusqlite::Result<()>;
    fn answer(self: Box<Self>, committed: Result<(), Arc<rusqlite::Error>>);
}

struct Write<T, F> {
    work: Option<F>,
    result: Option<T>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        self.result = self.work.take().map(|work| work(tx)).transpose()?;
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), Arc<rusqlite::Error>>) {
        let answer = match (committed, self.result) {
            (Ok(()), Some(result)) => Ok(result),
            (Ok(()), None) => return,
            (Err(error), _) => Err(StoreError::unavailable(error)),
        };
        // A caller that has gone away does not need to know.
        let _ = self.caller.send(answer);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn writer() -> Arc<Writer> {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE word (text TEXT UNIQUE)").unwrap();
        Arc::new(Writer::start(connection).unwrap())
    }

    fn insert(tx: &Transaction<'_>, word: &str) -> rusqlite::Result<usize> {
        tx.execute("INSERT INTO word VALUES (?1)", [word])
    }

    fn count(tx: &Transaction<'_>) -> rusqlite::Result<u32> {
        tx.query_row("SELECT count(*) FROM word", [], |row| row.get(0))
    }

    /// Keeps the thread busy until the answer is sent or dropped, so that what comes next shares one commit.
    async fn hold(writer: &Arc<Writer>) -> Sender<()> {
        let (release, held) = mpsc::channel();
        let (started, running) = oneshot::channel();
        let writer = Arc::clone(writer);
        tokio::spawn(async move {
            let work = move |_: &Transaction<'_>| {
                let _ = started.send(());
                let _ = held.recv();
                Ok(())
            };
            writer.run(work).await
        });
        running.await.unwrap();
        release
    }

    #[tokio::test]
    async fn writes_that_wait_share_one_commit_and_one_fate() {
        let writer = writer();
        let release = hold(&writer).await;
        let good = writer.run(|tx| insert(tx, "good"));
        let bad = writer.run(|tx| tx.execute("INSERT INTO nowhere VALUES (1)", []));
        let (good, bad, ()) = tokio::join!(good, bad, async move { drop(release) });
        assert!(matches!(good, Err(StoreError::Unavailable(_))));
        assert!(bad.unwrap_err().to_string().contains("nowhere"));
        assert_eq!(writer.run(count).await.unwrap(), 0, "nobody who got an error has written");
        assert_eq!(writer.run(|tx| insert(tx, "good")).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_cancels_nothing() {
        let writer = writer();
        let release = hold(&writer).await;
        let abandoned = tokio::time::timeout(Duration::ZERO, writer.run(|tx| insert(tx, "abandoned"))).await;
        drop(release);
        assert!(abandoned.is_err());
        assert_eq!(writer.run(count).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_from_then_on() {
        let writer = writer();
        let broken: Result<(), _> = writer.run(|_| panic!("a bug")).await;
        assert!(matches!(broken, Err(StoreError::Unavailable(_))));
        assert!(matches!(writer.run(count).await, Err(StoreError::Unavailable(_))));
    }

    #[tokio::test]
    async fn a_lock_that_stays_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let connection = Connection::open(&path).unwrap();
        connection.busy_timeout(Duration::ZERO).unwrap();
        let writer = Writer::start(connection).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let locked = writer.run(|_| Ok(())).await.unwrap_err();
        assert!(locked.to_string().contains("locked"), "{locked}");
        other.execute_batch("ROLLBACK").unwrap();
        writer.run(|_| Ok(())).await.unwrap();
    }
}
