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
use crate::server::upstream::Upload;

/// An answer whose head is here. Its body comes as it is asked for, and its connection is kept after that.
pub struct Passing {
    pub response: Response<Incoming>,
    /// None once the rest comes without being asked for, or is here.
    connection: Option<(Connection, Arc<Pool>)>,
    /// What may still be on its way to the API.
    upload: Option<Upload>,
}

impl Passing {
    pub fn new(
        response: Response<Incoming>,
        connection: Connection,
        pool: Arc<Pool>,
        upload: Option<&Upload>,
    ) -> Self {
        Self { response, connection: Some((connection, pool)), upload: upload.cloned() }
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
        let upload = self.upload.take();
        tokio::spawn(async move {
            if is_finished(&mut connection, upload).await {
                pool.put(connection);
            }
        });
    }
}

/// Drives a connection to its end, unless the API takes nothing of the upload on it for too long, or the session is over.
async fn is_finished(connection: &mut Connection, upload: Option<Upload>) -> bool {
    let Some(upload) = upload else {
        connection.finish().await;
        return true;
    };
    tokio::select! {
        () = connection.finish() => true,
        () = upload.stalled() => false,
        () = upload.over() => false,
    }
}

impl fmt::Debug for Passing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passing").field("response", &self.response).finish_non_exhaustive()
    }
}
