//! Documents that are had with a person's token: one for all, by whoever asks first, or one for each person.
//!
//! People mostly get the same document. It is known by its digest, and parsed once for all who get it.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{sync::Semaphore, time::Instant};

use super::{
    Current,
    keeper::REREAD,
    place::{Asker, Digest},
    reader::{ReadError, Reader, Version},
};
use crate::server::{request::RequestContext, session::token::UserKey};

/// People whose document is kept. Each of them costs less than a kilobyte.
const MOST_PEOPLE: usize = 10_000;
/// Different documents that are kept.
const MOST_DOCUMENTS: usize = 16;
/// Documents that are being fetched at the same time, each of which may be large.
const MOST_AT_ONCE: usize = 4;
/// How long to wait before somebody tries again what has failed.
const RETRY: std::time::Duration = std::time::Duration::from_secs(5);

/// Whose document it is; everybody's, when there is one for all.
type Owner = Option<UserKey>;

#[derive(Debug)]
pub(super) struct People {
    held: Mutex<HashMap<Owner, Arc<Held>>>,
    versions: Mutex<HashMap<Digest, Weak<Version>>>,
    /// Goes up when everything is to be read again.
    generation: AtomicU64,
    fetching: Semaphore,
    /// Held while a document is parsed, so that those who get the same one wait for it.
    parsing: tokio::sync::Mutex<()>,
}

/// The document of one person.
#[derive(Debug, Default)]
struct Held {
    now: Mutex<Now>,
    /// Held while it is read, so that it is read once.
    reading: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Clone, Default)]
struct Now {
    current: Current,
    version: Option<Arc<Version>>,
    /// Until when, and in which generation, nobody has to read it again.
    good: Option<(Instant, u64)>,
    used: Option<Instant>,
}

impl Default for People {
    fn default() -> Self {
        Self {
            held: Mutex::default(),
            versions: Mutex::default(),
            generation: AtomicU64::default(),
            fetching: Semaphore::new(MOST_AT_ONCE),
            parsing: tokio::sync::Mutex::default(),
        }
    }
}

impl People {
    /// Has every document read again by whoever asks for it next.
    pub(super) fn expire(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }

    /// The document of `owner`. When it is time it is read again with the token of this request, and nobody waits for
    /// that but those who have had none yet.
    pub(super) async fn current(&self, reader: &Reader, owner: Owner, request: &RequestContext) -> Current {
        let held = self.held_by(owner);
        if let Some(current) = self.good(&held) {
            return current;
        }
        let was_read = lock(&held.now).good.is_some();
        if !was_read {
            let _alone = held.reading.lock().await;
            if self.good(&held).is_none() {
                self.read_again(reader, &held, request).await;
            }
        } else if let Ok(alone) = held.reading.clone().try_lock_owned() {
            let (held, request) = (held.clone(), request.clone());
            tokio::spawn(async move {
                let documents = request.state().document();
                documents.people.read_again(&documents.reader, &held, &request).await;
                drop(alone);
            });
        }
        lock(&held.now).current.clone()
    }

    /// What is held of a person, be it good or not.
    pub(super) fn last(&self, user: UserKey) -> Current {
        let held = lock(&self.held).get(&Some(user)).cloned();
        held.map(|held| lock(&held.now).current.clone()).unwrap_or_default()
    }

    async fn read_again(&self, reader: &Reader, held: &Held, request: &RequestContext) {
        let generation = self.generation.load(Ordering::Relaxed);
        let last = lock(&held.now).version.clone();
        let result = self.read(reader, Asker::Person(request.clone()), last).await;
        if matches!(result, Err(ReadError::SessionEnded)) {
            return;
        }
        let mut now = lock(&held.now);
        now.current = now.current.after(result.as_ref());
        let is_whole = result.as_ref().is_ok_and(|version| version.is_whole());
        let pause = if is_whole { REREAD } else { RETRY };
        now.good = Some((Instant::now() + pause, generation));
        if let Ok(version) = result {
            now.version = Some(version);
        }
    }

    async fn read(
        &self,
        reader: &Reader,
        asker: Asker,
        last: Option<Arc<Version>>,
    ) -> Result<Arc<Version>, ReadError> {
        let _room = self.fetching.acquire().await;
        let look = reader.look(&asker, last.as_deref()).await?;
        let _alone = self.parsing.lock().await;
        let find = |digest: &Digest| lock(&self.versions).get(digest).and_then(Weak::upgrade);
        let version = reader.settle(&asker, look, last, find).await?;
        self.keep(&version);
        Ok(version)
    }

    /// What is held and need not be read again.
    fn good(&self, held: &Held) -> Option<Current> {
        let mut now = lock(&held.now);
        now.used = Some(Instant::now());
        let (until, generation) = now.good?;
        let is_good = Instant::now() < until && generation == self.generation.load(Ordering::Relaxed);
        is_good.then(|| now.current.clone())
    }

    fn held_by(&self, owner: Owner) -> Arc<Held> {
        let mut people = lock(&self.held);
        if people.len() >= MOST_PEOPLE && !people.contains_key(&owner) {
            let longest_unused =
                people.iter().min_by_key(|(_, held)| lock(&held.now).used).map(|(owner, _)| *owner);
            longest_unused.map(|owner| people.remove(&owner));
        }
        people.entry(owner).or_default().clone()
    }

    /// Keeps a version for the next who get the same, and lets go of the one that was not used for longest.
    fn keep(&self, version: &Arc<Version>) {
        let Some(digest) = version.digest() else { return };
        let mut versions = lock(&self.versions);
        versions.retain(|_, version| version.strong_count() > 0);
        versions.insert(digest, Arc::downgrade(version));
        if versions.len() > MOST_DOCUMENTS {
            self.forget_one(version);
        }
    }

    fn forget_one(&self, newest: &Arc<Version>) {
        let mut people = lock(&self.held);
        let mut last_used: HashMap<Digest, Option<Instant>> = HashMap::new();
        for held in people.values() {
            let now = lock(&held.now);
            let digest = now.version.as_ref().filter(|version| !Arc::ptr_eq(version, newest));
            if let Some(digest) = digest.and_then(|version| version.digest()) {
                let used = last_used.entry(digest).or_default();
                *used = (*used).max(now.used);
            }
        }
        let oldest = last_used.into_iter().min_by_key(|(_, used)| *used).map(|(digest, _)| digest);
        people.retain(|_, held| {
            let digest = lock(&held.now).version.as_ref().and_then(|version| version.digest());
            digest.is_none() || digest != oldest
        });
    }
}

/// Takes a lock even when somebody panicked while they held it: each change is made in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
