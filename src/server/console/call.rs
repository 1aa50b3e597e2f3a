//! From a request to the call of the upstream.

use crate::{
    openapi::{Operation, Piece, RequestBody, RequestParts},
    server::{
        posted::PostedFile,
        upstream::{Access, Call, Chunk, Payload},
    },
};

/// The call of `operation`, with the files that its body takes by their number.
///
/// # Errors
/// When HTTP cannot carry a part of it.
pub(super) fn call(
    operation: &Operation,
    parts: RequestParts,
    files: &[PostedFile],
) -> Result<Call, http::Error> {
    let method = http::Method::from_bytes(parts.method.as_bytes())?;
    let cookie = parts.cookie();
    let mut call = Call::new(method, parts.path_and_query, Access::Session);
    call.operation = Some(operation.summary.address.clone());
    for (name, value) in parts.headers {
        call = call.header(http::HeaderName::try_from(name)?, http::HeaderValue::try_from(value)?);
    }
    if let Some(cookie) = cookie {
        call = call.header(http::header::COOKIE, http::HeaderValue::try_from(cookie)?);
    }
    if let Some(body) = parts.body {
        let media_type = http::HeaderValue::try_from(body.media_type.as_str())?;
        call = call.header(http::header::CONTENT_TYPE, media_type).payload(payload(body, files));
    }
    Ok(call)
}

fn payload(body: RequestBody, files: &[PostedFile]) -> Payload {
    let chunk = |piece| match piece {
        Piece::Bytes(bytes) => Some(Chunk::Bytes(bytes.into())),
        Piece::File(number) => {
            let file = files.get(number)?;
            Some(Chunk::File { path: file.path.clone(), size: file.size })
        }
    };
    body.pieces.into_iter().filter_map(chunk).collect()
}
