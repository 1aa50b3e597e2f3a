//! Bodies, in both directions.

use std::io;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use futures::{Stream, stream};
use tokio::time::timeout;

use crate::server::{
    request::RequestContext,
    upstream::{Incoming, Payload, Upload},
};

/// A body of up to so many bytes is kept, so that the call can be repeated.
const KEPT: u64 = 64 << 10;

/// The body of a request, as it is sent on: none, kept, or passed on as it comes. `None` when it breaks off, or stands
/// still, before that is decided.
pub async fn payload(context: &RequestContext, body: Body) -> Option<Option<Payload>> {
    let idle = context.state().settings().proxy.idle_timeout;
    match body.size_hint().exact() {
        _ if body.is_end_stream() => Some(None),
        Some(length) if length <= KEPT => {
            let kept = timeout(idle, to_bytes(body, usize::MAX)).await.ok()?.ok()?;
            Some(Some(kept.into()))
        }
        _ => Some(Some(Upload::of(body, idle, context.over()).into())),
    }
}

/// The body of an answer. It breaks off where the upstream's does, and when the session ends.
pub fn of(context: &RequestContext, mut incoming: Incoming) -> Body {
    if incoming.is_whole() {
        return std::mem::take(&mut incoming.beginning.body).into();
    }
    Body::from_stream(passed_on(context, incoming))
}

fn passed_on(
    context: &RequestContext,
    incoming: Incoming,
) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let over = Box::pin(context.over());
    let open = Open::new("stream");
    stream::unfold(Some((incoming, over, open)), async |state| {
        let (mut incoming, mut over, open) = state?;
        let part = tokio::select! {
            biased;
            () = &mut over => Err(io::Error::other("the session has ended")),
            part = incoming.part() => part.map_err(|broken| io::Error::other(broken.label())),
        };
        match part {
            Ok(None) => None,
            Ok(Some(part)) => Some((Ok(part), Some((incoming, over, open)))),
            Err(error) => Some((Err(error), None)),
        }
    })
}

/// Something that is open for as long as this is held, in the measurements.
pub struct Open(metrics::Gauge);

impl Open {
    pub fn new(kind: &'static str) -> Self {
        let gauge = metrics::gauge!("vestibule_proxy_open", "kind" => kind);
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
