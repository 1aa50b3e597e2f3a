//! From an answer's body to data and message: with an envelope, without one, and for refusals of many shapes.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Answer, Failure, Refusal, Success, Transient};
use crate::server::config::EnvelopeKind;

/// Where the APIs in wide use put the words of a refusal, best first. RFC 9457 has `detail` and `title`, RFC 6749
/// `error_description` and `error`.
const MESSAGES: [&str; 9] = [
    "/message",
    "/msg",
    "/detail",
    "/error/message",
    "/error_description",
    "/errors/0/message",
    "/title",
    "/error",
    "/errors/0",
];

/// What an envelope has beside its data without saying anything of it.
const PLAIN: [&str; 7] = ["data", "message", "status", "statusCode", "success", "code", "timestamp"];
/// The member of an envelope that tells of its data.
const META: &str = "meta";

/// Reads an answer as the caller's types.
pub(super) fn read<T, E>(answer: &Answer, kind: EnvelopeKind) -> Result<Success<T>, Failure<E>>
where
    T: DeserializeOwned,
    E: DeserializeOwned,
{
    if !answer.status.is_success() {
        return Err(refusal(answer));
    }
    let body = answer.json().map_err(|error| {
        tracing::warn!(%error, media_type = answer.media_type(), "the upstream's answer is no JSON");
        Failure::Transient(Transient::NotJson)
    })?;
    let Opened { data, message, .. } = open(body, kind);
    let data = serde_json::from_value(data).map_err(|error| {
        tracing::warn!(%error, "the upstream's answer has another shape than expected");
        Failure::Transient(Transient::Unexpected)
    })?;
    Ok(Success { status: answer.status, data, message })
}

/// A successful body, out of its envelope.
#[derive(Debug)]
pub struct Opened {
    pub data: Value,
    /// The API's own words about it.
    pub message: Option<String>,
    /// What the envelope says of the data, such as which page it is and where the next one is.
    pub about: Map<String, Value>,
    /// Where the data stands in the body (JSON Pointer).
    pub base: &'static str,
}

/// What is in a successful body, which may be an envelope.
pub fn open(body: Value, kind: EnvelopeKind) -> Opened {
    if !encloses(&body, kind) {
        return Opened { data: body, message: None, about: Map::new(), base: "" };
    }
    let mut members = if let Value::Object(members) = body { members } else { Map::new() };
    let message = members.get("message").and_then(Value::as_str).map(str::to_owned);
    let data = members.get_mut("data").map(Value::take).unwrap_or_default();
    members.retain(|name, _| !PLAIN.contains(&name.as_str()));
    Opened { data, message, about: members, base: "/data" }
}

/// Whether a successful body is an envelope around its data.
fn encloses(body: &Value, kind: EnvelopeKind) -> bool {
    match kind {
        EnvelopeKind::Bare => false,
        EnvelopeKind::DataMessage => true,
        EnvelopeKind::Auto => is_envelope(body),
    }
}

/// `{data}` or `{message}` with nothing beside them but what envelopes carry.
fn is_envelope(body: &Value) -> bool {
    body.as_object().is_some_and(|fields| {
        (fields.contains_key("data") || fields.contains_key("message"))
            && fields.keys().all(|key| key == META || PLAIN.contains(&key.as_str()))
    })
}

fn refusal<E: DeserializeOwned>(answer: &Answer) -> Failure<E> {
    let body = answer.json().unwrap_or_default();
    let message = message(&body).unwrap_or_else(|| status_text(answer));
    // A redirect that is not followed is no refusal either: nobody here can go where it leads.
    if !answer.status.is_client_error() {
        let status = answer.status.as_u16();
        tracing::warn!(status, message, "the upstream neither did what it was asked nor refused it");
        return Failure::Transient(Transient::Failed { status, message });
    }
    let error_data = error_data(body).and_then(|data| serde_json::from_value(data).ok());
    Failure::Refused(Refusal { status: answer.status, message, error_data })
}

/// The words of a refusal, when its body has any.
pub fn message(body: &Value) -> Option<String> {
    let texts = MESSAGES.iter().filter_map(|pointer| body.pointer(pointer)?.as_str());
    texts.map(str::trim).find(|text| !text.is_empty()).map(str::to_owned)
}

/// `data`, or else `errors`, or else a whole problem document or OAuth error.
fn error_data(mut body: Value) -> Option<Value> {
    for key in ["data", "errors"] {
        match body.get_mut(key).map(Value::take) {
            None | Some(Value::Null) => {}
            found => return found,
        }
    }
    ["type", "title", "detail", "error"].iter().any(|key| body.get(key).is_some()).then_some(body)
}

fn status_text(answer: &Answer) -> String {
    answer.status.canonical_reason().unwrap_or("Unknown error").to_owned()
}
