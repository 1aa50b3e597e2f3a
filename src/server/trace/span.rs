use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{Trace, random_span};

/// The attribute that says what kept an outcome from coming.
const ERROR: &str = "error.type";

/// What was done, and what came of it.
#[derive(Debug, Clone)]
enum Work {
    /// A request that was answered.
    Request(Http),
    /// A call of the upstream that was made for it.
    Call(Http),
    /// New tokens for the session, which it has waited for: what became of it, or what kept them from coming.
    Renewal(Result<&'static str, &'static str>),
}

#[derive(Debug, Clone)]
struct Http {
    method: String,
    /// Without its query, which may hold what a person typed.
    path: String,
    /// The status, or what kept it from coming.
    outcome: Result<u16, &'static str>,
}

/// One finished piece of work.
#[derive(Debug, Clone)]
pub struct Span {
    trace_id: String,
    id: String,
    parent: Option<String>,
    work: Work,
    began: SystemTime,
    elapsed: Duration,
}

impl Trace {
    /// The request itself, answered after `elapsed`. None when nobody wants the trace.
    pub fn request(&self, method: &str, path: &str, status: u16, elapsed: Duration) -> Option<Span> {
        self.sampled.then(|| Span {
            parent: self.parent.clone(),
            ..self.span(&self.span_id, Work::Request(Http::new(method, path, Ok(status))), elapsed)
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
        self.sampled.then(|| self.span(id, Work::Call(Http::new(method, path, outcome)), elapsed))
    }

    /// What the request has waited `elapsed` for: that the session's tokens were renewed. None when nobody wants the trace.
    pub fn renewal(&self, outcome: Result<&'static str, &'static str>, elapsed: Duration) -> Option<Span> {
        self.sampled.then(|| self.span(&random_span(), Work::Renewal(outcome), elapsed))
    }

    fn span(&self, id: &str, work: Work, elapsed: Duration) -> Span {
        let now = SystemTime::now();
        Span {
            trace_id: self.id.clone(),
            id: id.to_owned(),
            parent: Some(self.span_id.clone()),
            work,
            began: now.checked_sub(elapsed).unwrap_or(now),
            elapsed,
        }
    }
}

impl Span {
    /// In the JSON encoding of OTLP.
    pub(super) fn to_otlp(&self) -> Value {
        let began = self.began.duration_since(UNIX_EPOCH).unwrap_or_default();
        json!({
            "traceId": self.trace_id,
            "spanId": self.id,
            "parentSpanId": self.parent.as_deref().unwrap_or_default(),
            "name": self.work.name(),
            "kind": self.work.kind(),
            "startTimeUnixNano": began.as_nanos().to_string(),
            "endTimeUnixNano": (began + self.elapsed).as_nanos().to_string(),
            "attributes": self.work.attributes(),
            "status": if self.work.has_failed() { json!({"code": 2}) } else { json!({}) },
        })
    }
}

impl Work {
    fn name(&self) -> &str {
        match self {
            Self::Request(http) | Self::Call(http) => &http.method,
            Self::Renewal(_) => "renew session",
        }
    }

    /// OTLP's number for it: internal, server or client.
    fn kind(&self) -> u8 {
        match self {
            Self::Renewal(_) => 1,
            Self::Request(_) => 2,
            Self::Call(_) => 3,
        }
    }

    fn attributes(&self) -> Vec<Value> {
        match self {
            Self::Request(http) | Self::Call(http) => http.attributes(),
            Self::Renewal(Ok(outcome)) => vec![text("vestibule.renewal", outcome)],
            Self::Renewal(Err(kind)) => vec![text(ERROR, kind)],
        }
    }

    /// A refusal is an error to whoever has asked, and none to whoever has answered.
    fn has_failed(&self) -> bool {
        match self {
            Self::Request(http) => http.has_failed(500),
            Self::Call(http) => http.has_failed(400),
            Self::Renewal(outcome) => outcome.is_err(),
        }
    }
}

impl Http {
    fn new(method: &str, path: &str, outcome: Result<u16, &'static str>) -> Self {
        let path = path.split('?').next().unwrap_or_default().to_owned();
        Self { method: method.to_owned(), path, outcome }
    }

    /// Those that OpenTelemetry has for HTTP.
    fn attributes(&self) -> Vec<Value> {
        // 64-bit numbers are texts in this encoding.
        let status = |code: u16| json!({"intValue": code.to_string()});
        let outcome =
            self.outcome.map(|code| json!({"key": "http.response.status_code", "value": status(code)}));
        let outcome = outcome.unwrap_or_else(|kind| text(ERROR, kind));
        vec![text("http.request.method", &self.method), text("url.path", &self.path), outcome]
    }

    fn has_failed(&self, least: u16) -> bool {
        self.outcome.map_or(true, |status| status >= least)
    }
}

pub(super) fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}
