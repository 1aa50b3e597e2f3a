use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use axum::body::Body;
use http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::{TrySendError, http1::SendRequest},
};

/// What reads and writes on a connection, until that is closed or speaks another protocol.
type Driver = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;

/// A connection to the API. It does nothing by itself: whoever waits for something from it has to [`drive`](Self::drive)
/// it.
pub struct Connection {
    sender: SendRequest<Body>,
    /// None once the connection is over.
    driver: Option<Driver>,
}

impl Connection {
    pub fn new(
        sender: SendRequest<Body>,
        driver: impl Future<Output = hyper::Result<()>> + Send + 'static,
    ) -> Self {
        Self { sender, driver: Some(Box::pin(driver)) }
    }

    /// Sends `request` and reads the head of the answer.
    ///
    /// # Errors
    /// What keeps the head from arriving, with the request if nothing of it has been sent.
    pub async fn send(
        &mut self,
        request: Request<Body>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Body>>> {
        let mut response = pin!(self.sender.try_send_request(request));
        poll_fn(|cx| {
            self.drive(cx);
            response.as_mut().poll(&mut unwoken())
        })
        .await
    }

    /// Reads and writes what can be read and written. The task of `cx` is woken when there is more of it.
    pub fn drive(&mut self, cx: &mut Context<'_>) {
        let Some(Poll::Ready(ended)) = self.driver.as_mut().map(|driver| driver.as_mut().poll(cx)) else {
            return;
        };
        self.driver = None;
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection to the upstream broke");
        }
    }

    /// Whether it could send a request now.
    pub fn is_free(&self) -> bool {
        self.sender.is_ready()
    }

    /// Drives until it is free, or over.
    pub async fn finish(&mut self) {
        poll_fn(|cx| {
            self.drive(cx);
            if self.is_free() || self.driver.is_none() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// For what a connection brings to a task that has just driven it: nothing more comes until it is driven again, and of
/// what comes then the task need not be told.
pub fn unwoken() -> Context<'static> {
    Context::from_waker(Waker::noop())
}
