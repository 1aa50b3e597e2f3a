use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::token::RecordKey;

/// How many may listen for the end of one session on one node. A browser needs one, whatever its number of tabs.
const MOST: usize = 8;

/// The open pages on this node that listen for the end of their session.
#[derive(Default)]
pub struct Listeners {
    places: Mutex<HashMap<RecordKey, Arc<Semaphore>>>,
    stopping: CancellationToken,
}

impl Listeners {
    /// A place among those who listen, free again when it is dropped. `None`: there are too many.
    pub fn admit(&self, session: RecordKey) -> Option<OwnedSemaphorePermit> {
        let mut places = self.places();
        let places = places.entry(session).or_insert_with(|| Arc::new(Semaphore::new(MOST)));
        places.clone().try_acquire_owned().ok()
    }

    /// Forgets sessions that nobody listens for any longer.
    pub fn purge(&self) {
        self.places().retain(|_, places| places.available_permits() < MOST);
    }

    /// The server stops, and waits for nobody who only listens.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Until [`stop`](Self::stop) is called.
    pub async fn stopped(&self) {
        self.stopping.cancelled().await;
    }

    fn places(&self) -> MutexGuard<'_, HashMap<RecordKey, Arc<Semaphore>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_listen_for_one_session_and_those_who_leave_make_room() {
        let (listeners, session) = (Listeners::default(), RecordKey::from_bytes([1; 32]));
        let mut listening: Vec<_> = (0..MOST).map(|_| listeners.admit(session).unwrap()).collect();
        assert!(listeners.admit(session).is_none());
        assert!(listeners.admit(RecordKey::from_bytes([2; 32])).is_some());
        listeners.purge();
        listening.pop();
        assert!(listeners.admit(session).is_some());
        listening.clear();
        listeners.purge();
        assert!(listeners.places().is_empty());
    }
}
