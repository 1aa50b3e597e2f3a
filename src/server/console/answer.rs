use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::Value;

use crate::{
    error::Transient,
    openapi::{Operation, Response},
    server::{
        state::AppState,
        upstream::{Answer, envelope},
    },
    types::{AnswerBody, AnswerView},
};

/// A picture up to this size is put into the page itself.
const LARGEST_IMAGE: usize = 2 << 20;

/// Headers that concern the connection or the browser, and say nothing about the answer.
const HIDDEN: [&str; 4] = ["set-cookie", "connection", "keep-alive", "transfer-encoding"];

/// What a person is shown of an answer.
pub(super) fn view(state: &AppState, operation: &Operation, answer: &Answer) -> AnswerView {
    let media_type = answer.media_type();
    let documented = response(operation, answer.status);
    let json = answer.json().ok();
    let problem = (is_json_promised(documented) && json.is_none()).then_some(Transient::NotJson);
    let (body, message) = body(state, answer, &media_type, json);
    AnswerView {
        status: answer.status.as_u16(),
        reason: answer.status.canonical_reason().unwrap_or("").to_owned(),
        elapsed_ms: u32::try_from(answer.elapsed.as_millis()).unwrap_or(u32::MAX),
        size: answer.body.len() as u64,
        media_type,
        headers: headers(answer),
        message,
        meaning: documented.and_then(|response| response.description.clone()),
        problem,
        body,
    }
}

fn body(
    state: &AppState,
    answer: &Answer,
    media_type: &str,
    json: Option<Value>,
) -> (AnswerBody, Option<String>) {
    if answer.body.is_empty() {
        return (AnswerBody::Empty, None);
    }
    if media_type.starts_with("image/") && answer.body.len() <= LARGEST_IMAGE {
        return (
            AnswerBody::Image(format!("data:{media_type};base64,{}", STANDARD.encode(&answer.body))),
            None,
        );
    }
    if let Some(json) = json {
        return json_body(state, answer.status, json);
    }
    match std::str::from_utf8(&answer.body) {
        Ok(text) if !text.contains('\0') => (AnswerBody::Text(text.to_owned()), None),
        _ => (AnswerBody::Binary, None),
    }
}

fn json_body(state: &AppState, status: StatusCode, json: Value) -> (AnswerBody, Option<String>) {
    let source = serde_json::to_string_pretty(&json).unwrap_or_default();
    if !status.is_success() {
        let message = envelope::message(&json);
        return (AnswerBody::Json { data: json, source }, message);
    }
    let (data, message) = envelope::open(json, state.settings().upstream.envelope);
    (AnswerBody::Json { data, source }, message)
}

/// What the document says about this status: itself, its class (`4XX`), or the default.
fn response(operation: &Operation, status: StatusCode) -> Option<&Response> {
    let class = format!("{}XX", status.as_u16() / 100);
    let find = |pattern: &str| operation.responses.iter().find(|r| r.status.eq_ignore_ascii_case(pattern));
    find(status.as_str()).or_else(|| find(&class)).or_else(|| find("default"))
}

fn is_json_promised(response: Option<&Response>) -> bool {
    let is_json = |media_type: &String| media_type.contains("json");
    response
        .is_some_and(|response| !response.media_types.is_empty() && response.media_types.iter().all(is_json))
}

fn headers(answer: &Answer) -> Vec<(String, String)> {
    let shown = answer.headers.iter().filter(|(name, _)| !HIDDEN.contains(&name.as_str()));
    shown
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}
