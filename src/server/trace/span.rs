use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::{Trace, random_span};

/// The attribute that says what kept an outcome from coming.
const ERROR: &str = "error.type";

/// What a span is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A request that was answered.
    Server,
    /// A call of the upstream that was made for it.
    Client,
    /// What it has waited for without calling anybody itself.
    Internal,
}

/// What was done, and what came of it.
#[derive(Debug, Clone)]
enum Work {
    Http {
        method: String,
        /// Without its query, which may hold what a person typed.
        path: String,
        /// The status, or what kept it from coming.
        outcome: Result<u16, &'static str>,
    },
    /// New tokens for the session: what became of it, or what kept them from coming.
    Renewal { outcome: Result<&'static str, &'static str> },
}

/// One finished piece of work.
#[derive(Debug, Clone)]
pub struct Span {
    trace_id: String,
    id: String,
    parent: Option<String>,
    kind: Kind,
    work: Work,
    began: SystemTime,
    elapsed: Duration,
}

impl Trace {
    /// The request itself, answered after `elapsed`. None when nobody wants the trace.
    pub fn request(&self, method: &str, path: &str, status: u16, elapsed: Duration) -> Option<Span> {
        self.sampled.then(|| Span {
            parent: self.parent.clone(),
            ..self.span(&self.span_id, Kind::Server, Work::http(method, path, Ok(status)), elapsed)
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
        self.sampled.then(|| self.span(id, Kind::Client, Work::http(method, path, outcome), elapsed))
    }

    /// What the request has waited `elapsed` for: that the session's tokens were renewed. None when nobody wants the trace.
    pub fn renewal(&self, outcome: Result<&'static str, &'static str>, elapsed: Duration) -> Option<Span> {
        let work = Work::Renewal { outcome };
        self.sampled.then(|| self.span(&random_span(), Kind::Internal, work, elapsed))
    }

    fn span(&self, id: &str, kind: Kind, work: Work, elapsed: Duration) -> Span {
        let now = SystemTime::now();
        Span {
            trace_id: self.id.clone(),
            id: id.to_owned(),
            parent: Some(self.span_id.clone()),
            kind,
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
            "kind": self.kind.number(),
            "startTimeUnixNano": began.as_nanos().to_string(),
            "endTimeUnixNano": (began + self.elapsed).as_nanos().to_string(),
            "attributes": self.work.attributes(),
            "status": if self.has_failed() { json!({"code": 2}) } else { json!({}) },
        })
    }

    /// A refusal is an error to whoever has asked, and none to whoever has answered.
    fn has_failed(&self) -> bool {
        let least = if self.kind == Kind::Server { 500 } else { 400 };
        match self.work {
            Work::Http { outcome, .. } => outcome.map_or(true, |status| status >= least),
            Work::Renewal { outcome } => outcome.is_err(),
        }
    }
}

impl Kind {
    /// As OTLP numbers them.
    fn number(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::Server => 2,
            Self::Client => 3,
        }
    }
}

impl Work {
    fn http(method: &str, path: &str, outcome: Result<u16, &'static str>) -> Self {
        let path = path.split('?').next().unwrap_or_default().to_owned();
        Self::Http { method: method.to_owned(), path, outcome }
    }

    fn name(&self) -> &str {
        match self {
            Self::Http { method, .. } => method,
            Self::Renewal { .. } => "renew session",
        }
    }

    /// For HTTP, those that OpenTelemetry has for it.
    fn attributes(&self) -> Vec<Value> {
        match self {
            Self::Http { method, path, outcome } => {
                // 64-bit numbers are texts in this encoding.
                let status = |status: u16| json!({"intValue": status.to_string()});
                let outcome =
                    outcome.map(|code| json!({"key": "http.response.status_code", "value": status(code)}));
                let outcome = outcome.unwrap_or_else(|kind| text(ERROR, kind));
                vec![text("http.request.method", method), text("url.path", path), outcome]
            }
            Self::Renewal { outcome: Ok(outcome) } => vec![text("vestibule.renewal", outcome)],
            Self::Renewal { outcome: Err(kind) } => vec![text(ERROR, kind)],
        }
    }
}

pub(super) fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}
