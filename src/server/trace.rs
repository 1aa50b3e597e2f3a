//! The request id and the W3C trace context that a request carries and passes on; where `trace.otlp` is set, also its
//! spans, as OpenTelemetry has them.

mod export;
mod span;

use data_encoding::HEXLOWER;
use http::{HeaderMap, HeaderValue, header::HeaderName};

pub use export::Spans;
pub use span::Span;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Names one request in our logs, in the upstream's, and in the browser's error page.
#[derive(Debug, Clone)]
pub struct Trace {
    /// 32 hexadecimal digits: the trace id of <https://www.w3.org/TR/trace-context/>.
    id: String,
    /// 16 hexadecimal digits: this request's part of the trace.
    span_id: String,
    /// The part that has asked for it, as whoever sent the request has told.
    parent: Option<String>,
    /// Whether anybody wants to keep the trace.
    sampled: bool,
}

impl Trace {
    /// Goes on with the trace of an incoming `traceparent`, or begins one.
    pub fn of(headers: &HeaderMap) -> Self {
        let incoming = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
        let span_id = random_span();
        match incoming.and_then(parsed) {
            Some((trace, parent, sampled)) => {
                Self { id: trace.to_owned(), span_id, parent: Some(parent.to_owned()), sampled }
            }
            None => Self { id: random_trace(), span_id, parent: None, sampled: true },
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// Puts the request id and a new span of this trace into the headers of a call. Returns the id of that span.
    pub fn pass_on(&self, headers: &mut HeaderMap) -> String {
        let span_id = random_span();
        let flags = if self.sampled { "01" } else { "00" };
        let span = ["00", &self.id, &span_id, flags].join("-");
        for (name, value) in [(REQUEST_ID, &self.id), (TRACEPARENT, &span)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        span_id
    }
}

/// The trace, the parent and whether it is sampled, of `00-{trace}-{parent}-{flags}`, if all of it is well formed.
fn parsed(traceparent: &str) -> Option<(&str, &str, bool)> {
    let mut parts = traceparent.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_version = is_hex(version, 2) && version != "ff";
    let is_id = |id: &str, digits| is_hex(id, digits) && id.bytes().any(|byte| byte != b'0');
    let sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
    (is_version && is_id(trace, 32) && is_id(parent, 16)).then_some((trace, parent, sampled))
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn random_trace() -> String {
    HEXLOWER.encode(&rand::random::<[u8; 16]>())
}

fn random_span() -> String {
    HEXLOWER.encode(&rand::random::<[u8; 8]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(traceparent: &str) -> String {
        let headers = HeaderMap::from_iter([(TRACEPARENT, HeaderValue::try_from(traceparent).unwrap())]);
        Trace::of(&headers).id().to_owned()
    }

    #[test]
    fn goes_on_with_a_valid_trace_only() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(trace(&format!("00-{id}-00f067aa0ba902b7-01")), id);
        for bad in [
            "",
            "00",
            "00-0000-0-0",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            let fresh = trace(bad);
            assert_eq!(fresh.len(), 32);
            assert_ne!(fresh, trace(bad));
        }
    }
}
