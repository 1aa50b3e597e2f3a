//! The ends of sessions, told to whoever is still answering for them: open streams, sockets and pages.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use futures::StreamExt;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    store::{Found, Notice, Reason, SessionStore},
    timestamp::Timestamp,
    token::RecordKey,
};

/// How many notices somebody may be behind before they look for themselves.
const CAPACITY: usize = 1024;
/// How often a session is looked up: its deadlines pass unannounced.
const LOOK: Duration = Duration::from_mins(1);
/// How long to wait before listening to a store that has stopped telling.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);
/// How many pages may listen for the end of one session on one node. A browser needs one, whatever its number of tabs.
const MOST_PAGES: usize = 8;

/// Listens to the store, once for the whole process, as soon as anybody wants to know.
#[derive(Clone)]
pub struct Endings(Arc<Inner>);

struct Inner {
    store: Arc<dyn SessionStore>,
    notices: OnceLock<broadcast::Sender<Notice>>,
    pages: Mutex<HashMap<RecordKey, usize>>,
    stopping: CancellationToken,
}

/// An open page that listens for the end of its session. Whoever drops it makes room for another.
pub struct Listener {
    endings: Endings,
    session: RecordKey,
}

impl Endings {
    pub fn of(store: Arc<dyn SessionStore>) -> Self {
        Self(Arc::new(Inner {
            store,
            notices: OnceLock::new(),
            pages: Mutex::default(),
            stopping: CancellationToken::new(),
        }))
    }

    /// Returns when the session is over, and why: within a second of its end, by whichever process, or as a deadline
    /// passes. A store that does not answer ends nothing.
    pub async fn over(&self, session: RecordKey) -> Reason {
        let mut notices = self.subscribe();
        loop {
            match self.reason(session).await {
                Ok(reason) => return reason,
                Err(pause) => drop(timeout(pause, word_of(session, &mut notices)).await),
            }
        }
    }

    /// Lets a page listen. `None`: so many listen to this session already.
    pub fn listen(&self, session: RecordKey) -> Option<Listener> {
        let mut pages = self.pages();
        let count = pages.entry(session).or_default();
        (*count < MOST_PAGES).then(|| {
            *count += 1;
            Listener { endings: self.clone(), session }
        })
    }

    /// The server stops, and waits for no page that only listens.
    pub fn stop(&self) {
        self.0.stopping.cancel();
    }

    fn pages(&self) -> MutexGuard<'_, HashMap<RecordKey, usize>> {
        self.0.pages.lock().unwrap_or_else(PoisonError::into_inner)
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
    async fn reason(&self, session: RecordKey) -> Result<Reason, Duration> {
        let now = Timestamp::now();
        match self.0.store.load(session, now).await {
            Ok(Found::Live(record)) => Err(record.due_at().since(now).min(LOOK)),
            Ok(Found::Ended(tombstone)) => Ok(tombstone.reason),
            Ok(Found::Missing) => Ok(Reason::AbsoluteTimeout),
            Err(_) => Err(LISTEN_AGAIN),
        }
    }
}

impl Listener {
    /// As [`Endings::over`]. `None`: the server stops, and nothing is known.
    pub async fn over(&self) -> Option<Reason> {
        tokio::select! {
            reason = self.endings.over(self.session) => Some(reason),
            () = self.endings.0.stopping.cancelled() => None,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Entry::Occupied(mut count) = self.endings.pages().entry(self.session) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// Until there is a reason to look the session up.
async fn word_of(session: RecordKey, notices: &mut broadcast::Receiver<Notice>) {
    loop {
        match notices.recv().await {
            Ok(Notice::Ended(ended)) if ended != session => {}
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

    use super::super::{
        server_key::ServerKey,
        store::{NewRecord, memory::MemoryStore},
        token::UserKey,
    };
    use super::*;

    fn store() -> Arc<MemoryStore> {
        Arc::new(MemoryStore::new(NonZeroUsize::new(8).unwrap()))
    }

    async fn begin(store: &MemoryStore, number: u8) -> RecordKey {
        let (key, now) = (RecordKey::from_bytes([number; 32]), Timestamp::now());
        let record = NewRecord {
            key,
            user: UserKey::derive(&ServerKey::generate().unwrap(), "ann"),
            created_at: now,
            idle_timeout: Duration::from_mins(30),
            expires_at: now + Duration::from_hours(1),
            sealed: Vec::new(),
            about: Vec::new(),
        };
        store.create(record).await.unwrap();
        key
    }

    #[tokio::test]
    async fn an_end_is_told_to_those_whom_it_concerns() {
        let store = store();
        let endings = Endings::of(store.clone());
        let (hers, his) = (begin(&store, 1).await, begin(&store, 2).await);
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

    #[tokio::test]
    async fn few_pages_listen_to_one_session_and_those_that_leave_make_room() {
        let (endings, session) = (Endings::of(store()), RecordKey::from_bytes([1; 32]));
        let mut listening: Vec<_> = (0..MOST_PAGES).map(|_| endings.listen(session).unwrap()).collect();
        assert!(endings.listen(session).is_none());
        assert!(endings.listen(RecordKey::from_bytes([2; 32])).is_some());
        listening.pop();
        assert!(endings.listen(session).is_some());
        listening.clear();
        assert!(endings.pages().is_empty());
    }
}
