use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use super::Connection;

/// How long a connection that nobody uses is kept. Shorter than most servers keep it.
const IDLE: Duration = Duration::from_secs(30);

/// How many are kept.
const MOST: usize = 256;

/// The connections of one thread that have been used, and can be used again.
#[derive(Default)]
pub struct Pool(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Each with the moment at which it was used last, which is before that of the next.
    connections: Vec<(Connection, Instant)>,
    /// Whether a task looks for those that nobody uses.
    is_swept: bool,
}

impl Pool {
    /// The one that was used last.
    pub fn take(&self) -> Option<Connection> {
        let (connection, used) = self.kept().connections.pop()?;
        (used.elapsed() < IDLE).then_some(connection)
    }

    /// Keeps `connection`, if it can be used again.
    pub fn put(self: &Arc<Self>, connection: Connection) {
        if !connection.is_free() {
            return;
        }
        let mut kept = self.kept();
        if kept.connections.len() >= MOST {
            kept.connections.remove(0);
        }
        kept.connections.push((connection, Instant::now()));
        if !kept.is_swept {
            kept.is_swept = true;
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// Closes what nobody has used for so long. Whether anything is left to be looked at again.
    pub fn sweep(&self, idle: Duration) -> bool {
        let mut kept = self.kept();
        kept.connections.retain(|(_, used)| used.elapsed() < idle);
        kept.is_swept = !kept.connections.is_empty();
        kept.is_swept
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sweeps until nothing is left. Whatever the API has closed is closed here by then, if it has not been tried meanwhile.
async fn sweep(pool: Weak<Pool>) {
    loop {
        tokio::time::sleep(IDLE).await;
        if !pool.upgrade().is_some_and(|pool| pool.sweep(IDLE)) {
            return;
        }
    }
}
