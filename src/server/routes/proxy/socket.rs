//! Web sockets (RFC 6455). After the handshake both connections are copied byte by byte: whatever protocol and
//! extensions the two ends agree on, nothing here has to know.

use std::{io, time::Duration};

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    sync::watch,
    time::timeout,
};

use super::{body, call, failure, pass_on, refusal};
use crate::server::{
    request::RequestContext,
    upstream::{Incoming, relay},
};

const PROTOCOL: HeaderValue = HeaderValue::from_static("websocket");
const UPGRADE: HeaderValue = HeaderValue::from_static("upgrade");
/// The part of the handshake that both sides have to see.
const HANDSHAKE: &str = "sec-websocket-";
/// In bytes, in each direction.
const BUFFER: usize = 16 << 10;

/// Whether a request begins a web socket.
pub fn is_asked_for(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::UPGRADE)
        .is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Whether a page of this site asks. Browsers let any page open a socket to anywhere, with cookies and without asking,
/// and no page can add a header of its own: the `Origin` is what there is.
pub fn is_ours(context: &RequestContext, parts: &Parts) -> bool {
    let origin = context.state().origin().as_str();
    parts.headers.get(header::ORIGIN).is_some_and(|sender| sender == origin)
}

/// Asks the upstream for a socket, with the token of the session, and connects the two.
pub async fn open(context: &RequestContext, mut parts: Parts) -> Response {
    let Some(browser) = parts.extensions.remove::<OnUpgrade>() else {
        return refusal(
            StatusCode::UPGRADE_REQUIRED,
            "upgrade",
            "This connection cannot become a WebSocket.",
        );
    };
    let mut call = call(context, &parts, None);
    call.headers.extend(handshake(&parts.headers));
    let path = call.path.clone();
    match relay(context, call).await {
        Ok(incoming) if incoming.beginning.status == StatusCode::SWITCHING_PROTOCOLS => {
            let response = agreed(&incoming.beginning.headers);
            tokio::spawn(connect(context.clone(), browser, incoming));
            response
        }
        Ok(incoming) => pass_on(context, &path, incoming),
        Err(broken) => failure(&broken),
    }
}

fn agreed(headers: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    response.headers_mut().extend(handshake(headers));
    response
}

fn handshake(headers: &HeaderMap) -> HeaderMap {
    let seen = headers.iter().filter(|(name, _)| name.as_str().starts_with(HANDSHAKE));
    let mut headers: HeaderMap = seen.map(|(name, value)| (name.clone(), value.clone())).collect();
    headers.insert(header::CONNECTION, UPGRADE);
    headers.insert(header::UPGRADE, PROTOCOL);
    headers
}

/// Until one side has gone, nothing has moved for too long, or the session has ended. Where a message ends nobody here
/// knows, so the connection is cut, and browsers report it as such (1006).
async fn connect(context: RequestContext, browser: OnUpgrade, incoming: Incoming) {
    let (Ok(browser), Some(upstream)) = tokio::join!(browser, incoming.upgraded()) else { return };
    let _open = body::Open::new("socket");
    let (from_browser, to_browser) = split(TokioIo::new(browser));
    let (from_upstream, to_upstream) = split(upstream);
    let (moved, movement) = watch::channel(());
    tokio::select! {
        _ = copy(from_browser, to_upstream, &moved) => {}
        _ = copy(from_upstream, to_browser, &moved) => {}
        () = still(movement, context.state().settings().proxy.idle_timeout) => {}
        () = context.over() => {}
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    moved: &watch::Sender<()>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = from.read(&mut buffer).await?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            return to.shutdown().await;
        };
        to.write_all(part).await?;
        to.flush().await?;
        moved.send_replace(());
    }
}

/// Returns when nothing has moved for so long.
async fn still(mut movement: watch::Receiver<()>, idle: Duration) {
    while let Ok(Ok(())) = timeout(idle, movement.changed()).await {}
}
