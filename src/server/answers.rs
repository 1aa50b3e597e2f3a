//! Answers of the API, kept for a while so that they can be read in parts: the next rows of a long list, the same rows
//! sorted, the events that have come since.
//!
//! A short answer lies in memory, a longer one in a file that has no name, so that nothing of it outlives the process.
//! While it comes, its beginning can be read already; where its rows begin is noted on the way ([`Outline`]). Memory
//! stays the same however long it is. An answer belongs to the session that asked for it, and goes with it.

mod kept;
mod rows;
mod spool;
mod storage;
mod window;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

pub use kept::{About, Ending, Kept, Progress, Reader};
pub use window::{Range, Room, window};

use super::{
    config::ConsoleSettings,
    session::{Session, token::RecordKey},
    upstream::Incoming,
};
#[cfg(doc)]
use crate::reading::Outline;

/// Answers that are kept for one person; the oldest go first.
const MOST_PER_PERSON: usize = 30;
/// Open files in all.
const MOST_FILES: usize = 256;
/// Bytes of short answers in all.
const MOST_IN_MEMORY: u64 = 64 << 20;

/// The answers of everybody, oldest first.
#[derive(Debug, Clone)]
pub struct Answers(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: ConsoleSettings,
    kept: Mutex<Vec<Arc<Kept>>>,
}

impl Answers {
    pub fn new(settings: ConsoleSettings) -> Self {
        Self(Arc::new(Inner { settings, kept: Mutex::default() }))
    }

    /// Keeps an answer for the person of this session, and goes on reading it.
    ///
    /// # Errors
    /// When no file can be made for a long answer.
    pub fn keep(&self, session: &Session, about: About, incoming: Incoming) -> io::Result<Arc<Kept>> {
        let kept = Arc::new(Kept::begin(session, about, &incoming)?);
        self.make_room(&kept, 0);
        self.all().push(kept.clone());
        if !incoming.is_whole() {
            tokio::spawn(spool::read(self.clone(), Arc::downgrade(&kept), incoming));
        }
        Ok(kept)
    }

    /// The answer of this id, if this session asked for it.
    pub fn find(&self, session: RecordKey, id: &str) -> Option<Arc<Kept>> {
        self.all().iter().find(|kept| kept.session == session && kept.id == id).cloned()
    }

    /// Lets go of all answers of a session.
    pub fn forget(&self, session: RecordKey) {
        self.drop_where(|kept| kept.session == session);
    }

    /// Lets go of what nobody has looked at for long enough.
    pub fn purge(&self, now: Instant) {
        self.drop_where(|kept| kept.unseen_for(now) > self.0.settings.keep_for);
    }

    /// Makes room for so many bytes more of `growing`: its person's oldest answers go first, then anybody's.
    fn make_room(&self, growing: &Kept, more: u64) {
        let settings = &self.0.settings;
        let mut kept = self.all();
        let mut dropped = Vec::new();
        loop {
            let own = || kept.iter().filter(|other| other.user == growing.user);
            let of_person =
                own().count() >= MOST_PER_PERSON || sum(own()) + more > settings.keep_per_person as u64;
            let files = kept.iter().filter(|kept| kept.is_file()).count() >= MOST_FILES;
            let in_memory = sum(kept.iter().filter(|kept| !kept.is_file())) > MOST_IN_MEMORY;
            let in_all = sum(kept.iter()) + more > settings.keep_in_all as u64;
            let oldest = kept.iter().position(|other| {
                other.id != growing.id
                    && ((of_person && other.user == growing.user)
                        || in_all
                        || (files && other.is_file())
                        || (in_memory && !other.is_file()))
            });
            match oldest {
                Some(oldest) => dropped.push(kept.remove(oldest)),
                None => break,
            }
        }
        drop(kept);
        close(&dropped);
    }

    fn drop_where(&self, gone: impl Fn(&Kept) -> bool) {
        let dropped: Vec<_> = self.all().extract_if(.., |kept| gone(kept)).collect();
        close(&dropped);
    }

    /// The one that was kept last.
    #[cfg(test)]
    pub fn newest(&self) -> Option<Arc<Kept>> {
        self.all().last().cloned()
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<Kept>>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn close(dropped: &[Arc<Kept>]) {
    for kept in dropped {
        kept.close();
    }
}

fn sum<'a>(kept: impl Iterator<Item = &'a Arc<Kept>>) -> u64 {
    kept.map(|kept| kept.progress().bytes).sum()
}
