//! A body that is passed on as it comes from the browser. Nothing of it is kept, so it cannot be sent a second time.

use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

type Parts = BoxStream<'static, io::Result<Bytes>>;

/// The body of a request, on its way to the upstream.
#[derive(Clone)]
pub struct Upload(Arc<Inner>);

struct Inner {
    parts: Mutex<Option<Parts>>,
    length: Option<u64>,
    /// Changes with every part that is passed on; closed after the last one.
    progress: watch::Receiver<()>,
}

impl Upload {
    pub fn of(body: Body) -> Self {
        let length = body.size_hint().exact();
        let (passed_on, progress) = watch::channel(());
        let parts = body.into_data_stream().map_err(io::Error::other);
        let parts = parts.inspect(move |_| passed_on.send_replace(()));
        Self(Arc::new(Inner { parts: Mutex::new(Some(parts.boxed())), length, progress }))
    }

    /// In bytes, if the browser has told.
    pub fn length(&self) -> Option<u64> {
        self.0.length
    }

    /// Returns when an answer should have come: the browser has sent nothing for `idle`, or it has sent all of it
    /// and the upstream has had `patience` since.
    pub(super) async fn overdue(&self, idle: Duration, patience: Duration) {
        let mut progress = self.0.progress.clone();
        loop {
            match timeout(idle, progress.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return sleep(patience).await,
                Err(_) => return,
            }
        }
    }

    /// All of it, the first time.
    pub(super) fn take(&self) -> Parts {
        let parts = self.0.parts.lock().unwrap_or_else(PoisonError::into_inner).take();
        parts.unwrap_or_else(|| stream::iter([Err(io::Error::other("this body has been sent"))]).boxed())
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("length", &self.0.length).finish_non_exhaustive()
    }
}
