//! Answers that arrive although the browser was still sending.
//!
//! A connection that is closed while something arrives on it takes along the answer that has just been sent (RFC 9112,
//! 9.6): instead of the page that says what was too large, people would see that the connection broke.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use http::{Request, header};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use tokio::{runtime::Handle, time::timeout};

/// How long a browser may go on sending what nobody wants.
const LONGEST: Duration = Duration::from_secs(30);

/// How long it may pause meanwhile. Whoever has stopped sending loses nothing when the connection is closed.
const PAUSE: Duration = Duration::from_secs(5);

/// A body of which the rest is read and thrown away when nobody wants it any more.
pub struct Lingering(Option<Incoming>);

/// A request whose body lingers. Whoever waits to be told to go on before sending a body (`Expect`) is not told to, so
/// nothing is under way.
pub fn request(request: Request<Incoming>) -> Request<axum::body::Body> {
    if request.headers().contains_key(header::EXPECT) || request.body().is_end_stream() {
        return request.map(axum::body::Body::new);
    }
    request.map(|body| axum::body::Body::new(Lingering(Some(body))))
}

impl Body for Lingering {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut self.0 {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let rest = self.0.take().filter(|body| !body.is_end_stream());
        if let (Some(rest), Ok(runtime)) = (rest, Handle::try_current()) {
            runtime.spawn(timeout(LONGEST, read_off(rest)));
        }
    }
}

async fn read_off(mut body: Incoming) {
    while let Ok(Some(Ok(_))) = timeout(PAUSE, body.frame()).await {}
}
