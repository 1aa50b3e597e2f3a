use std::{
    io,
    ops::Deref,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode, header};
use rand::{TryRng, rngs::SysRng};
use tokio::sync::watch;

use super::storage::Storage;
use crate::{
    error::Transient,
    openapi::OperationSummary,
    reading::Outline,
    server::{
        session::{
            Session,
            token::{RecordKey, UserKey},
        },
        upstream::{Answer, Incoming, Pace},
    },
};

/// A page shows what has come by then, if that is something.
const SOON: Duration = Duration::from_millis(250);
/// A page waits no longer than this.
const LATE: Duration = Duration::from_secs(2);
/// Rows with which a page is worth showing.
const ENOUGH_ROWS: u64 = 100;
/// An endless answer is read no further when nobody has looked at it for this long.
const NEGLECT: Duration = Duration::from_mins(2);

/// What an answer is the answer to.
#[derive(Debug, Clone)]
pub struct About {
    pub operation: OperationSummary,
    /// What the document says about its status.
    pub meaning: Option<String>,
    /// Whether the document says that it is JSON.
    pub json_promised: bool,
}

/// An answer that is kept, or still coming.
#[derive(Debug)]
pub struct Kept {
    /// Cannot be guessed, though nobody else could do anything with it.
    pub id: String,
    pub session: RecordKey,
    pub user: UserKey,
    pub about: About,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Lower case, without parameters.
    pub media_type: String,
    /// Until its first part had come.
    pub elapsed: Duration,
    pub pace: Pace,
    /// When somebody has last looked at it.
    seen: Mutex<Instant>,
    /// How many are reading it as it comes.
    readers: AtomicUsize,
    storage: Storage,
    outline: Mutex<Outline>,
    progress: watch::Sender<Progress>,
}

/// How far an answer has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    pub bytes: u64,
    /// How it ended; none while it is coming.
    pub ending: Option<Ending>,
}

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    Whole,
    Broken(Transient),
    /// Nobody was reading any more.
    Neglected,
    /// It is kept no longer.
    Gone,
}

impl Kept {
    pub(super) fn begin(session: &Session, about: About, incoming: &Incoming) -> io::Result<Self> {
        let Answer { status, headers, body, elapsed } = incoming.beginning.clone();
        let mut outline = Outline::default();
        outline.feed(&body);
        let ending = incoming.is_whole().then_some(Ending::Whole);
        Ok(Self {
            id: random_id()?,
            session: session.key(),
            user: session.user,
            about,
            media_type: incoming.beginning.media_type(),
            pace: incoming.pace(),
            seen: Mutex::new(Instant::now()),
            readers: AtomicUsize::new(0),
            storage: Storage::begin(&body, incoming.is_whole())?,
            outline: Mutex::new(outline),
            progress: watch::Sender::new(Progress { bytes: body.len() as u64, ending }),
            status,
            headers,
            elapsed,
        })
    }

    pub fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Tells how far it has come, whenever it has come further.
    pub fn watch(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// The lists in it, as far as it has come.
    pub fn outline(&self) -> MutexGuard<'_, Outline> {
        self.outline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn content_type(&self) -> String {
        let value =
            self.headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
        value.unwrap_or_default().into_owned()
    }

    pub fn is_file(&self) -> bool {
        matches!(self.storage, Storage::File(_))
    }

    /// The bytes from `from`, at most so many; fewer where no more have come. Blocks.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(&self, from: u64, length: usize) -> io::Result<Vec<u8>> {
        self.touch();
        let come = self.progress.borrow().bytes.saturating_sub(from);
        self.storage.read(from, length.min(usize::try_from(come).unwrap_or(usize::MAX)))
    }

    /// Takes the next part. Blocks.
    pub(super) fn append(&self, part: &[u8]) -> io::Result<()> {
        let at = self.progress.borrow().bytes;
        self.storage.write(at, part)?;
        self.outline().feed(part);
        self.progress.send_modify(|progress| progress.bytes += part.len() as u64);
        Ok(())
    }

    /// Notes how it ended. The first word counts.
    pub(super) fn end(&self, ending: Ending) {
        self.progress.send_if_modified(|progress| {
            let first = progress.ending.is_none();
            progress.ending.get_or_insert(ending);
            first
        });
    }

    /// Nobody is to read it any more; who is reading stops.
    pub(super) fn close(&self) {
        self.progress.send_modify(|progress| progress.ending = Some(Ending::Gone));
    }

    /// Whether it may never end, and nobody wants to know how it goes on.
    pub fn is_neglected(&self, now: Instant) -> bool {
        self.pace != Pace::Steady && self.unseen_for(now) > NEGLECT
    }

    /// How long nobody has looked at it; no time while somebody reads it as it comes.
    pub(super) fn unseen_for(&self, now: Instant) -> Duration {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_read = self.readers.load(Ordering::Relaxed) > 0;
        if is_read { Duration::ZERO } else { now.saturating_duration_since(seen) }
    }

    fn touch(&self) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Until there is enough of it for a page: all of it, or what has come in a while.
    pub async fn ready(&self) {
        let mut progress = self.watch();
        let started = Instant::now();
        let all = tokio::time::timeout(SOON, progress.wait_for(|progress| progress.ending.is_some()));
        if all.await.is_ok() || self.pace != Pace::Steady {
            return;
        }
        let enough = |_: &Progress| self.rows() >= ENOUGH_ROWS || started.elapsed() > LATE;
        let _ = tokio::time::timeout(LATE, progress.wait_for(|p| p.ending.is_some() || enough(p))).await;
    }

    fn rows(&self) -> u64 {
        self.outline().longest().map_or(0, |list| list.rows.count())
    }
}

/// Somebody who reads an answer as it comes, however long it is silent.
#[derive(Debug)]
pub struct Reader(Arc<Kept>);

impl Reader {
    pub fn of(kept: Arc<Kept>) -> Self {
        kept.readers.fetch_add(1, Ordering::Relaxed);
        Self(kept)
    }
}

impl Deref for Reader {
    type Target = Arc<Kept>;

    fn deref(&self) -> &Arc<Kept> {
        &self.0
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.touch();
        self.0.readers.fetch_sub(1, Ordering::Relaxed);
    }
}

fn random_id() -> io::Result<String> {
    let mut bytes = [0; 16];
    SysRng.try_fill_bytes(&mut bytes).map_err(io::Error::other)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
