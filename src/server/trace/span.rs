use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::Trace;

/// What a span is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A request that was answered.
    Server,
    /// A call of the upstream that was made for it.
    Client,
}

/// One finished piece of work.
#[derive(Debug, Clone)]
pub struct Span {
    trace_id: String,
    id: String,
    parent: Option<String>,
    kind: Kind,
    method: String,
    /// Without its query, which may hold what a person typed.
    path: String,
    /// The status, or what kept it from coming.
    outcome: Result<u16, &'static str>,
    began: SystemTime,
    elapsed: Duration,
}

impl Trace {
    /// The request itself, answered after `elapsed`. None when nobody wants the trace.
    pub fn request(&self, method: &str, path: &str, status: u16, elapsed: Duration) -> Option<Span> {
        self.sampled.then(|| Span {
            parent: self.parent.clone(),
            ..self.span(&self.span_id, Kind::Server, method, path, Ok(status), elapsed)
        })
    }

    /// The call that was passed on as `id`, done after `elapsed`. None when nobody wants the trace.
    pub fn call(
        &self,
        id: &str,
        method: &str,
        path: &str,
        outcome: Result<u16, &'static str>,
        elapsed: Duration,
    ) -> Option<Span> {
        self.sampled.then(|| self.span(id, Kind::Client, method, path, outcome, elapsed))
    }

    fn span(
        &self,
        id: &str,
        kind: Kind,
        method: &str,
        path: &str,
        outcome: Result<u16, &'static str>,
        elapsed: Duration,
    ) -> Span {
        let now = SystemTime::now();
        Span {
            trace_id: self.id.clone(),
            id: id.to_owned(),
            parent: Some(self.span_id.clone()),
            kind,
            method: method.to_owned(),
            path: path.split('?').next().unwrap_or_default().to_owned(),
            outcome,
            began: now.checked_sub(elapsed).unwrap_or(now),
            elapsed,
        }
    }
}

impl Span {
    /// In the JSON encoding of OTLP, with the attributes that OpenTelemetry has for HTTP.
    pub(super) fn to_otlp(&self) -> Value {
        let began = self.began.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut attributes = vec![text("http.request.method", &self.method), text("url.path", &self.path)];
        attributes.push(match self.outcome {
            // 64-bit numbers are texts in this encoding.
            Ok(status) => json!({
                "key": "http.response.status_code", "value": {"intValue": status.to_string()}
            }),
            Err(kind) => text("error.type", kind),
        });
        json!({
            "traceId": self.trace_id,
            "spanId": self.id,
            "parentSpanId": self.parent.as_deref().unwrap_or_default(),
            "name": self.method,
            "kind": if self.kind == Kind::Server { 2 } else { 3 },
            "startTimeUnixNano": began.as_nanos().to_string(),
            "endTimeUnixNano": (began + self.elapsed).as_nanos().to_string(),
            "attributes": attributes,
            "status": if self.has_failed() { json!({"code": 2}) } else { json!({}) },
        })
    }

    /// A refusal is an error to whoever has asked, and none to whoever has answered.
    fn has_failed(&self) -> bool {
        let least = if self.kind == Kind::Server { 500 } else { 400 };
        self.outcome.map_or(true, |status| status >= least)
    }
}

pub(super) fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}
