//! The request id and the W3C trace context that a request carries and passes on.

use http::{HeaderMap, HeaderValue, Request, header::HeaderName};
use rand::Rng;

pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Names one request in our logs, in the upstream's, and in the browser's error page.
#[derive(Debug, Clone)]
pub struct Trace {
    /// 32 hexadecimal digits: the trace id of <https://www.w3.org/TR/trace-context/>.
    trace_id: String,
}

impl Trace {
    /// Goes on with the trace of an incoming `traceparent`, or begins one.
    pub fn of<B>(request: &Request<B>) -> Self {
        let incoming = request.headers().get(TRACEPARENT).and_then(|value| trace_id(value.to_str().ok()?));
        Self { trace_id: incoming.unwrap_or_else(|| random_hex(16)) }
    }

    pub fn id(&self) -> &str {
        &self.trace_id
    }

    /// Puts the request id and a new span of this trace into the headers of a call.
    pub fn pass_on(&self, headers: &mut HeaderMap) {
        let span = format!("00-{}-{}-01", self.trace_id, random_hex(8));
        for (name, value) in [(REQUEST_ID, &self.trace_id), (TRACEPARENT, &span)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
    }
}

/// The trace id of `00-{trace}-{parent}-{flags}`, if it is well formed and not all zero.
fn trace_id(traceparent: &str) -> Option<String> {
    let mut parts = traceparent.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let valid = version.len() == 2 && trace.len() == 32 && hex(version) && hex(trace);
    (valid && version != "ff" && trace.bytes().any(|byte| byte != b'0')).then(|| trace.to_owned())
}

fn random_hex(bytes: usize) -> String {
    let mut rng = rand::rng();
    (0..bytes * 2).filter_map(|_| char::from_digit(rng.next_u32() & 0xf, 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(traceparent: &str) -> String {
        Trace::of(&Request::builder().header("traceparent", traceparent).body(()).unwrap()).id().to_owned()
    }

    #[test]
    fn goes_on_with_a_valid_trace_only() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(trace(&format!("00-{id}-00f067aa0ba902b7-01")), id);
        for bad in ["", "00", "00-0000-0-0", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"] {
            let fresh = trace(bad);
            assert_eq!(fresh.len(), 32);
            assert_ne!(fresh, trace(bad));
        }
    }
}
