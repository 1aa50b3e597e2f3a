//! A body that is passed on as it comes from the browser. Nothing of it is kept, so it cannot be sent a second time.
//!
//! It may go on after its answer, when nobody waits for it any more. So it breaks off by itself: when the browser has sent
//! nothing for too long, and when the session is over. Where it is the API that takes nothing, a body is not asked for
//! more, and cannot break off: whoever holds the connection looks for that. (Behind a proxy that the environment names, nobody does.)

use std::{
    fmt,
    future::pending,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use futures::{
    FutureExt, Stream, StreamExt, TryStreamExt,
    future::{BoxFuture, Shared},
    stream::{self, BoxStream},
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

type Parts = BoxStream<'static, io::Result<Bytes>>;
/// Done when its session is over.
type Over = Shared<BoxFuture<'static, ()>>;

/// The body of a request, on its way to the upstream.
#[derive(Clone)]
pub struct Upload(Arc<Inner>);

struct Inner {
    parts: Mutex<Option<Parts>>,
    length: Option<u64>,
    /// How long it may stand still.
    idle: Duration,
    over: Over,
    /// Changes with every part that is passed on; closed after the last one.
    progress: watch::Receiver<()>,
}

impl Upload {
    /// A body that may stand still for `idle`, and goes on until `over` at most.
    pub fn of(body: Body, idle: Duration, over: impl Future<Output = ()> + Send + 'static) -> Self {
        let length = body.size_hint().exact();
        let over = over.boxed().shared();
        let (passed_on, progress) = watch::channel(());
        let parts = limited(body.into_data_stream().map_err(io::Error::other), idle, over.clone());
        let parts = parts.inspect(move |_| passed_on.send_replace(()));
        Self(Arc::new(Inner { parts: Mutex::new(Some(parts.boxed())), length, idle, over, progress }))
    }

    /// In bytes, if the browser has told.
    pub fn length(&self) -> Option<u64> {
        self.0.length
    }

    /// Returns when its session is over.
    pub fn over(&self) -> impl Future<Output = ()> + Send + use<> {
        self.0.over.clone()
    }

    /// Whether it has broken off because its session is over.
    pub fn is_over(&self) -> bool {
        self.0.over.peek().is_some()
    }

    /// Returns when an answer should have come: nothing has been passed on for too long, or all of it has been, and the
    /// upstream has had `patience` since.
    pub(super) async fn overdue(&self, patience: Duration) {
        if self.is_passed_on().await {
            sleep(patience).await;
        }
    }

    /// Returns when it stands still: nothing has been passed on for too long, and not all of it has been.
    pub(super) async fn stalled(&self) {
        if self.is_passed_on().await {
            pending::<()>().await;
        }
    }

    /// Whether all of it has been passed on in the end, or nothing for too long.
    async fn is_passed_on(&self) -> bool {
        let mut progress = self.0.progress.clone();
        loop {
            match timeout(self.0.idle, progress.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return true,
                Err(_) => return false,
            }
        }
    }

    /// All of it, the first time.
    pub(super) fn take(&self) -> Parts {
        let parts = self.0.parts.lock().unwrap_or_else(PoisonError::into_inner).take();
        parts.unwrap_or_else(|| stream::iter([Err(io::Error::other("this body has been sent"))]).boxed())
    }
}

/// The same parts, until nothing comes for `idle`, or it is `over`.
fn limited(
    parts: impl Stream<Item = io::Result<Bytes>> + Send + Unpin + 'static,
    idle: Duration,
    over: Over,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((parts, over), move |(mut parts, mut over)| async move {
        let part = tokio::select! {
            biased;
            () = &mut over => return Err(io::Error::other("the session has ended")),
            part = timeout(idle, parts.try_next()) => part,
        };
        Ok(part??.map(|part| (part, (parts, over))))
    })
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("length", &self.0.length).finish_non_exhaustive()
    }
}
