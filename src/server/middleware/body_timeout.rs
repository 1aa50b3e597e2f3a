//! Browsers that stop sending.
//!
//! A head has its time, and so has an answer that nobody takes. In between, a body of which nothing more comes would hold
//! a connection and whoever reads it for good, and anybody can begin one.

use std::{error::Error, time::Duration};

use axum::{
    body::{Body, HttpBody},
    extract::Request,
};
use http_body_util::LengthLimitError;
use tower::util::MapRequestLayer;
use tower_http::timeout::TimeoutBody;

/// Lets the body of a request break off when somebody has waited for more of it for `longest`.
pub fn layer(longest: Duration) -> MapRequestLayer<impl FnMut(Request) -> Request + Clone> {
    MapRequestLayer::new(move |request: Request| timed(request, longest))
}

fn timed(request: Request, longest: Duration) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    request.map(|body| Body::new(TimeoutBody::new(longest, body)))
}

/// Whether the body that could not be read has broken off; else there is too much of it.
pub fn has_broken_off(error: &axum::Error) -> bool {
    !error.source().is_some_and(<dyn Error>::is::<LengthLimitError>)
}

#[cfg(test)]
mod tests {
    use std::io;

    use axum::body::{Bytes, to_bytes};
    use futures::{StreamExt, stream};
    use tokio::time::{sleep, timeout};

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
        let slow = stream::iter(["a", "b", "c", "d", "e", "f", "g", "h"]).then(async |part| {
            sleep(LONGEST / 4).await;
            Ok::<_, io::Error>(part)
        });
        assert_eq!(read(Body::from_stream(slow)).await.unwrap(), "abcdefgh");
    }
}
