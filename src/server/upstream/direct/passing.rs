use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::body::Bytes;
use http::Response;
use hyper::body::{Body, Frame, Incoming};

use super::{
    Pool,
    connection::{Connection, unwoken},
};

/// An answer whose head is here. Its body comes as it is asked for, and its connection is kept after that.
pub struct Passing {
    pub response: Response<Incoming>,
    /// None once the rest comes without being asked for, or is here.
    connection: Option<(Connection, Arc<Pool>)>,
}

impl Passing {
    pub fn new(response: Response<Incoming>, connection: Connection, pool: Arc<Pool>) -> Self {
        Self { response, connection: Some((connection, pool)) }
    }

    /// The next part of the body; none at its end.
    ///
    /// # Errors
    /// When the body breaks off.
    pub async fn part(&mut self) -> hyper::Result<Option<Bytes>> {
        while let Some(frame) = poll_fn(|cx| self.poll_frame(cx)).await {
            // Whatever is no data is a trailer, which concerns the connection.
            if let Ok(part) = frame?.into_data() {
                return Ok(Some(part));
            }
        }
        self.let_go();
        Ok(None)
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        let body = Pin::new(self.response.body_mut());
        match &mut self.connection {
            Some((connection, _)) => {
                connection.drive(cx);
                body.poll_frame(&mut unwoken())
            }
            None => body.poll_frame(cx),
        }
    }

    /// From now on the connection has a task of its own: both sides may take their time, and one must not wait for the
    /// other. Where there is nothing left to do, it is kept at once.
    pub fn let_go(&mut self) {
        let Some((mut connection, pool)) = self.connection.take() else { return };
        if connection.is_free() {
            return pool.put(connection);
        }
        tokio::spawn(async move {
            connection.finish().await;
            pool.put(connection);
        });
    }
}

impl fmt::Debug for Passing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passing").field("response", &self.response).finish_non_exhaustive()
    }
}
