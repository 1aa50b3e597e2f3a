//! A request as it would be sent, for people and in the languages they write.

use super::{
    servers::Route,
    snippet::{self, Content, Request},
};
use crate::{
    openapi::{Piece, RequestParts, Upload},
    server::{
        state::AppState,
        upstream::{ACCEPT, join},
    },
    types::Preview,
};

/// What stands in place of the token.
const BEARER: &str = "Bearer $TOKEN";

/// The request in full. `None` when its path would leave the API.
pub(super) fn of(
    state: &AppState,
    route: &Route,
    parts: RequestParts,
    uploads: &[Upload],
) -> Option<Preview> {
    let url = join(route.base(state), &parts.path_and_query).ok()?.to_string();
    let body = parts.body.as_ref().map(|body| text(&body.pieces, uploads));
    let request = Request {
        headers: headers(&parts, route.carries_token()),
        content: Content::of(&parts, uploads),
        url,
        method: parts.method,
    };
    let snippets = snippet::all(&request);
    Some(Preview { method: request.method, url: request.url, headers: request.headers, body, snippets })
}

fn headers(parts: &RequestParts, with_token: bool) -> Vec<(String, String)> {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut headers = parts.headers.clone();
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept")) {
        headers.insert(0, header("Accept", ACCEPT));
    }
    if with_token {
        headers.push(header("Authorization", BEARER));
    }
    headers.extend(parts.cookie().map(|cookie| header("Cookie", &cookie)));
    headers.extend(parts.body.as_ref().map(|body| header("Content-Type", &body.media_type)));
    headers
}

fn text(pieces: &[Piece], uploads: &[Upload]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Piece::File(number) => {
            format!("<{}>", uploads.get(*number).map_or("a file", |upload| upload.file_name.as_str()))
        }
    };
    pieces.iter().map(piece).collect()
}
