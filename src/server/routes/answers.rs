//! What is fetched of an answer besides its page: all of it, a picture, a page without scripts, events as they come.

use std::{convert::Infallible, io, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{Path, Query},
    response::{IntoResponse, Response, sse::Event},
};
use futures::{Stream, StreamExt, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    query::{Pairs, first},
    sse,
};
use crate::{
    components::answer::event_html,
    reading::{Sniffed, charset, sniff},
    server::{
        answers::{Ending, Kept, Progress, Reader},
        console,
        middleware::guard::SignedIn,
        request::RequestContext,
    },
    types::reading::EventsView,
};

const BLOCK: usize = 256 << 10;
const HEAD: usize = 1024;

/// Nothing runs, nothing loads, and the origin is nobody's: for what the API sends and a browser might believe.
const INERT: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
                     base-uri 'none'; frame-ancestors 'self'";
/// Browsers show a PDF only outside a sandbox; their viewers run nothing of it in our origin.
const PDF: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// `GET /answers/{id}/body`: the whole, to be stored. Also while it is coming.
pub async fn body(SignedIn(context): SignedIn, Path(id): Path<String>) -> Response {
    let Some(kept) = console::kept(&context, &id) else { return not_found() };
    let mut response = Response::new(Body::from_stream(bytes(&context, kept.clone())));
    let headers = response.headers_mut();
    let media_type = HeaderValue::try_from(kept.content_type()).ok().filter(|value| !value.is_empty());
    headers.insert(
        header::CONTENT_TYPE,
        media_type.unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(INERT));
    let progress = kept.progress();
    if progress.ending == Some(Ending::Whole) {
        headers.insert(header::CONTENT_LENGTH, progress.bytes.into());
    }
    if let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{}\"", file_name(&kept))) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// `GET /answers/{id}/file`: a picture or a PDF, by its bytes and not by what the API calls it.
pub async fn file(SignedIn(context): SignedIn, Path(id): Path<String>) -> Response {
    let Some(kept) = console::kept(&context, &id) else { return not_found() };
    let Ok(head) = read(kept.clone(), 0, HEAD).await else { return unreadable() };
    let (media_type, policy) = match sniff(&head, &kept.media_type) {
        Sniffed::Picture(media_type) => (media_type, INERT),
        Sniffed::Pdf => ("application/pdf", PDF),
        _ => return not_found(),
    };
    framed(media_type, policy, Body::from_stream(bytes(&context, kept)))
}

/// `GET /answers/{id}/page`: an HTML answer as a page in which nothing runs.
pub async fn page(SignedIn(context): SignedIn, Path(id): Path<String>) -> Response {
    let Some(kept) = console::kept(&context, &id) else { return not_found() };
    let Ok(head) = read(kept.clone(), 0, HEAD).await else { return unreadable() };
    if sniff(&head, &kept.media_type) != Sniffed::Html {
        return not_found();
    }
    framed(&html_type(&kept.content_type(), &head), INERT, Body::from_stream(bytes(&context, kept)))
}

/// With the encoding that the API names. A page that names its own is left to the browser.
fn html_type(content_type: &str, head: &[u8]) -> String {
    let names_its_own = head.to_ascii_lowercase().windows(8).any(|bytes| bytes == b"charset=");
    match charset(content_type) {
        Some(encoding) => format!("text/html; charset={}", encoding.name()),
        None if names_its_own || head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") => {
            "text/html".into()
        }
        None => "text/html; charset=utf-8".into(),
    }
}

/// `GET /answers/{id}/events?from=…`: what comes from a place on, as server-sent events of rendered HTML.
pub async fn events(
    SignedIn(context): SignedIn,
    Path(id): Path<String>,
    query: Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    let Some(kept) = console::kept(&context, &id) else { return not_found() };
    // A browser whose connection broke says what it has had.
    let had = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let from = had.or_else(|| first(&query, "from")).and_then(|from| from.parse().ok());
    sse::response(live(&context, kept, from.unwrap_or_default()))
}

fn framed(media_type: &str, policy: &'static str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    (headers, body).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "This answer is not kept any longer.").into_response()
}

fn unreadable() -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Letters and digits of the operation's name, and the ending that its media type asks for.
fn file_name(kept: &Kept) -> String {
    let name = kept.about.operation.address.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let ending = match kept.media_type.as_str() {
        "text/plain" => "txt",
        "text/event-stream" => "events.txt",
        "image/svg+xml" => "svg",
        "image/jpeg" => "jpg",
        media_type if media_type.ends_with("+json") => "json",
        media_type if media_type.ends_with("+xml") => "xml",
        media_type => media_type.rsplit('/').next().filter(|ending| is_ending(ending)).unwrap_or("bin"),
    };
    format!("{}.{ending}", name.trim_matches('-'))
}

fn is_ending(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// All bytes of an answer, also those that are still coming, for as long as the session lives.
fn bytes(context: &RequestContext, kept: Arc<Kept>) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let over = Box::pin(context.over());
    stream::try_unfold((Reader::of(kept), 0, over), async |(kept, at, mut over)| {
        let progress = tokio::select! {
            biased;
            () = &mut over => return Err(io::Error::other("the session has ended")),
            progress = until(&kept, at) => progress,
        };
        if progress.bytes > at {
            let part = read(kept.clone(), at, BLOCK).await?;
            let next = at + part.len() as u64;
            return Ok(Some((Bytes::from(part), (kept, next, over))));
        }
        match progress.ending {
            Some(Ending::Broken(_) | Ending::Gone) => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(None),
        }
    })
}

/// Each part with the place after it as its id, and `end` when nothing more comes. Nothing after the session's end.
fn live(
    context: &RequestContext,
    kept: Arc<Kept>,
    from: u64,
) -> impl Stream<Item = Result<Event, Infallible>> + Send + use<> {
    let events = stream::unfold(Some((Reader::of(kept), from)), async |state| {
        let (kept, mut at) = state?;
        let mut seen = at;
        loop {
            let progress = until(&kept, seen).await;
            let view = part(kept.clone(), at).await;
            at = view.next;
            if !view.events.is_empty() {
                let html: String = view.events.iter().map(event_html).collect();
                return Some((Ok(Event::default().id(at.to_string()).data(html)), Some((kept, at))));
            }
            if progress.ending.is_some() {
                // An event without data is none to a browser.
                return Some((Ok(Event::default().event("end").data("end")), None));
            }
            seen = progress.bytes;
        }
    });
    events.take_until(context.over())
}

async fn part(kept: Arc<Kept>, from: u64) -> EventsView {
    let read = tokio::task::spawn_blocking(move || console::events(&kept, from)).await;
    read.ok().and_then(Result::ok).unwrap_or(EventsView { next: from, ..EventsView::default() })
}

/// Until more than `at` bytes are there, or no more will come.
async fn until(kept: &Kept, at: u64) -> Progress {
    let mut progress = kept.watch();
    let further = progress.wait_for(|progress| progress.bytes > at || progress.ending.is_some()).await;
    further.map(|progress| progress.clone()).unwrap_or_default()
}

async fn read(kept: Arc<Kept>, from: u64, length: usize) -> io::Result<Vec<u8>> {
    tokio::task::spawn_blocking(move || kept.read(from, length)).await.map_err(io::Error::other)?
}
