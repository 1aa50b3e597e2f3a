//! The ends of sessions, told to whoever is still answering for them: open streams, sockets and pages.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures::StreamExt;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{sleep, timeout},
};

use super::super::{timestamp::Timestamp, token::RecordKey};
use super::{Found, Notice, Reason, SessionStore};

/// How many notices a listener may be behind before it looks for itself.
const CAPACITY: usize = 1024;
/// How often a session is looked up: its deadlines pass unannounced.
const LOOK: Duration = Duration::from_mins(1);
/// How long to wait before listening to a store that has stopped telling.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// Listens to the store, once for the whole process, as soon as anybody wants to know.
#[derive(Clone)]
pub struct Endings(Arc<Inner>);

struct Inner {
    store: Arc<dyn SessionStore>,
    notices: OnceLock<broadcast::Sender<Notice>>,
}

impl Endings {
    pub fn of(store: Arc<dyn SessionStore>) -> Self {
        Self(Arc::new(Inner { store, notices: OnceLock::new() }))
    }

    /// Returns when the session is over, and why: within a second of its end, by whichever process, or as a deadline
    /// passes. A store that does not answer ends nothing.
    pub async fn over(&self, key: RecordKey) -> Reason {
        let mut notices = self.subscribe();
        loop {
            match self.reason(key).await {
                Ok(reason) => return reason,
                Err(pause) => drop(timeout(pause, word_of(key, &mut notices)).await),
            }
        }
    }

    fn subscribe(&self) -> broadcast::Receiver<Notice> {
        let notices = self.0.notices.get_or_init(|| {
            let (notices, _) = broadcast::channel(CAPACITY);
            tokio::spawn(pass_on(self.0.store.clone(), notices.clone()));
            notices
        });
        notices.subscribe()
    }

    /// Why the session is over, or how long to wait before looking again.
    async fn reason(&self, key: RecordKey) -> Result<Reason, Duration> {
        let now = Timestamp::now();
        match self.0.store.load(key, now).await {
            Ok(Found::Live(record)) => Err(record.due_at().since(now).min(LOOK)),
            Ok(Found::Ended(tombstone)) => Ok(tombstone.reason),
            Ok(Found::Missing) => Ok(Reason::AbsoluteTimeout),
            Err(_) => Err(LISTEN_AGAIN),
        }
    }
}

/// Until there is a reason to look the session up.
async fn word_of(key: RecordKey, notices: &mut broadcast::Receiver<Notice>) {
    loop {
        match notices.recv().await {
            Ok(Notice::Ended(ended)) if ended != key => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return sleep(LISTEN_AGAIN).await,
        }
    }
}

async fn pass_on(store: Arc<dyn SessionStore>, notices: broadcast::Sender<Notice>) {
    loop {
        let mut ended = store.ended();
        while let Some(notice) = ended.next().await {
            // It fails when nobody listens.
            let _ = notices.send(notice);
        }
        sleep(LISTEN_AGAIN).await;
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::super::conformance::{record_of, user};
    use super::super::{NewRecord, memory::MemoryStore};
    use super::*;

    fn record_of_today(name: &str) -> NewRecord {
        let now = Timestamp::now();
        NewRecord { created_at: now, expires_at: now + Duration::from_hours(1), ..record_of(user(name)) }
    }

    #[tokio::test]
    async fn an_end_is_told_to_those_whom_it_concerns() {
        let store = Arc::new(MemoryStore::new(NonZeroUsize::new(8).unwrap()));
        let endings = Endings::of(store.clone());
        let (ann, bob) = (record_of_today("ann"), record_of_today("bob"));
        let (hers, his) = (ann.key, bob.key);
        store.create(ann).await.unwrap();
        store.create(bob).await.unwrap();
        let mut over = tokio::spawn({
            let endings = endings.clone();
            async move { endings.over(hers).await }
        });
        sleep(Duration::from_millis(50)).await;
        store.end(his, Reason::SignedOut, Timestamp::now()).await.unwrap();
        assert!(timeout(Duration::from_millis(200), &mut over).await.is_err(), "her session lives");
        store.end(hers, Reason::Revoked, Timestamp::now()).await.unwrap();
        assert_eq!(timeout(Duration::from_secs(1), over).await.unwrap().unwrap(), Reason::Revoked);
        timeout(Duration::from_secs(1), endings.over(his)).await.expect("what has ended before is looked up");
    }
}
