//! How long the upstream takes, by operation.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError, RwLock},
    time::Duration,
};

use http::{Method, StatusCode};
use metrics::Histogram;

use super::{Call, Transient};

/// So many operations are told apart in one process; the others are counted together. A document may have any number.
const MOST: usize = 100;

/// So many histograms are at hand. Whoever calls with methods of their own invention gets no more of them.
const MOST_OUTCOMES: usize = 1_000;

/// The measurements of one API.
#[derive(Debug)]
pub(super) struct Latency {
    /// Its name, where there are several.
    api: String,
    operations: Mutex<HashSet<String>>,
    /// Found once for each kind of outcome: to look one up by its labels takes longer than to note a time in it.
    histograms: RwLock<HashMap<Outcome, Histogram>>,
}

/// What came of a call of a method and an operation: a status, or what kept an answer from coming.
type Outcome = (Method, Option<String>, Result<StatusCode, &'static str>);

impl Latency {
    pub fn of(api: Option<&str>) -> Self {
        Self {
            api: api.unwrap_or_default().to_owned(),
            operations: Mutex::default(),
            histograms: RwLock::default(),
        }
    }

    /// Notes what came of a call, until the head of its answer or, where it is waited for, its end.
    pub fn observe(&self, call: &Call, outcome: Result<StatusCode, &Transient>, elapsed: Duration) {
        let seconds = elapsed.as_secs_f64();
        if let Err(kind) = outcome {
            let path = call.path.split('?').next().unwrap_or_default();
            let (kind, method) = (kind.label(), &call.method);
            tracing::warn!(kind, %method, path, seconds, "no answer from the upstream");
        }
        let outcome = (call.method.clone(), call.operation.clone(), outcome.map_err(Transient::label));
        self.histogram(outcome).record(seconds);
    }

    fn histogram(&self, outcome: Outcome) -> Histogram {
        let known = self.histograms.read().unwrap_or_else(PoisonError::into_inner).get(&outcome).cloned();
        known.unwrap_or_else(|| {
            let (method, operation, result) = &outcome;
            let labels = [
                ("api", self.api.clone()),
                ("method", method.to_string()),
                ("operation", self.operation_of(operation.as_deref())),
                ("result", result.map_or_else(ToOwned::to_owned, result_of)),
            ];
            let histogram = metrics::histogram!("vestibule_upstream_seconds", &labels);
            let mut known = self.histograms.write().unwrap_or_else(PoisonError::into_inner);
            if known.len() < MOST_OUTCOMES {
                known.insert(outcome, histogram.clone());
            }
            histogram
        })
    }

    /// The operation's address in the console. Empty, which to Prometheus is no label, for calls of nobody's choice
    /// and those of scripts.
    fn operation_of(&self, address: Option<&str>) -> String {
        let Some(address) = address else { return String::new() };
        let mut known = self.operations.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(address) || (known.len() < MOST && known.insert(address.to_owned())) {
            return address.to_owned();
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
    use super::*;

    #[test]
    fn there_are_never_more_labels_than_a_few() {
        let latency = Latency::of(None);
        for number in 0..MOST {
            assert_eq!(latency.operation_of(Some(&format!("op{number}"))), format!("op{number}"));
        }
        assert_eq!(latency.operation_of(Some("one too many")), "other");
        assert_eq!(latency.operation_of(Some("op7")), "op7");
        assert_eq!(latency.operation_of(None), "");
        assert_eq!(result_of(StatusCode::from_u16(404).unwrap()), "404");
        assert_eq!(result_of(StatusCode::from_u16(799).unwrap()), "7xx");
    }
}
