//! How long the upstream takes, by operation.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use http::StatusCode;

use super::{Call, Transient};

/// So many operations are told apart in one process; the others are counted together. A document may have any number.
const MOST: usize = 100;

/// The measurements of one API.
#[derive(Debug)]
pub(super) struct Latency {
    /// Its name, where there are several.
    api: String,
    operations: Mutex<HashSet<String>>,
}

impl Latency {
    pub fn of(api: Option<&str>) -> Self {
        Self { api: api.unwrap_or_default().to_owned(), operations: Mutex::default() }
    }

    /// Notes what came of a call, until the head of its answer or, where it is waited for, its end.
    pub fn observe(&self, call: &Call, outcome: Result<StatusCode, &Transient>, elapsed: Duration) {
        let seconds = elapsed.as_secs_f64();
        let result = match outcome {
            Ok(status) => result_of(status),
            Err(kind) => {
                let path = call.path.split('?').next().unwrap_or_default();
                let (kind, method) = (kind.label(), &call.method);
                tracing::warn!(kind, %method, path, seconds, "no answer from the upstream");
                kind.to_owned()
            }
        };
        let labels = [
            ("api", self.api.clone()),
            ("method", call.method.to_string()),
            ("operation", self.operation_of(call)),
            ("result", result),
        ];
        metrics::histogram!("vestibule_upstream_seconds", &labels).record(seconds);
    }

    /// The operation's address in the console. Empty, which to Prometheus is no label, for calls of nobody's choice
    /// and those of scripts.
    fn operation_of(&self, call: &Call) -> String {
        let Some(address) = &call.operation else { return String::new() };
        let mut known = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(address) || (known.len() < MOST && known.insert(address.clone())) {
            return address.clone();
        }
        "other".into()
    }
}

/// The status, if it is one that has a name: an upstream may make up any of a thousand.
fn result_of(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(_) => status.as_str().to_owned(),
        None => format!("{}xx", status.as_u16() / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Access, *};

    #[test]
    fn there_are_never_more_labels_than_a_few() {
        let latency = Latency::of(None);
        let call = |name: String| Call { operation: Some(name), ..Call::get("/", Access::Anonymous) };
        for number in 0..MOST {
            assert_eq!(latency.operation_of(&call(format!("op{number}"))), format!("op{number}"));
        }
        assert_eq!(latency.operation_of(&call("one too many".into())), "other");
        assert_eq!(latency.operation_of(&call("op7".into())), "op7");
        assert_eq!(latency.operation_of(&Call::get("/x/7", Access::Anonymous)), "");
        assert_eq!(result_of(StatusCode::from_u16(404).unwrap()), "404");
        assert_eq!(result_of(StatusCode::from_u16(799).unwrap()), "7xx");
    }
}
