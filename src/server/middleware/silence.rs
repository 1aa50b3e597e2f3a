//! Browsers that stop sending.
//!
//! A head has its time, and so has an answer that nobody takes. In between, a body of which nothing more comes would hold
//! a connection and whoever reads it for good, and anybody can begin one.

use std::{
    error::Error,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
};
use http_body_util::LengthLimitError;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};
use tower::util::MapRequestLayer;

/// Lets the body of a request break off once nothing of it has come for `longest`.
pub fn layer(longest: Duration) -> MapRequestLayer<impl FnMut(Request) -> Request + Clone> {
    MapRequestLayer::new(move |request: Request| timed(request, longest))
}

fn timed(request: Request, longest: Duration) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    request.map(|body| Body::new(Timed { body, longest, deadline: None }))
}

/// Whether the body that could not be read has broken off; else there is too much of it.
pub fn has_broken_off(error: &axum::Error) -> bool {
    !error.source().is_some_and(<dyn Error>::is::<LengthLimitError>)
}

/// A body that must not stand still for too long.
struct Timed {
    body: Body,
    longest: Duration,
    /// There while somebody waits for more of it.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if frame.is_ready() {
            self.deadline = None;
            return frame;
        }
        let longest = self.longest;
        ready!(self.deadline.get_or_insert_with(|| Box::pin(sleep(longest))).as_mut().poll(cx));
        Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::TimedOut)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use futures::{StreamExt, stream};
    use tokio::time::timeout;

    use super::*;

    const LONGEST: Duration = Duration::from_millis(200);

    async fn read(body: Body) -> Result<Bytes, axum::Error> {
        let body = timed(Request::new(body), LONGEST).into_body();
        timeout(LONGEST * 10, to_bytes(body, 8)).await.expect("it waits on")
    }

    #[tokio::test]
    async fn a_body_that_stands_still_breaks_off() {
        let begun = stream::once(async { Ok::<_, io::Error>("one") });
        let broken = read(Body::from_stream(begun.chain(stream::pending()))).await.unwrap_err();
        assert!(has_broken_off(&broken), "{broken}");
        let too_long = read(Body::from("123456789")).await.unwrap_err();
        assert!(!has_broken_off(&too_long), "{too_long}");
    }

    #[tokio::test]
    async fn a_slow_body_is_read_whole() {
        let slow = stream::iter(["a", "b", "c", "d"]).then(async |part| {
            sleep(LONGEST / 2).await;
            Ok::<_, io::Error>(part)
        });
        assert_eq!(read(Body::from_stream(slow)).await.unwrap(), "abcd");
    }
}
