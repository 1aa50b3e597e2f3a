//! What somebody has asked before.

use serde::{Deserialize, Serialize};

use crate::openapi::{OperationSummary, Values};

/// A request that somebody has made, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// For addresses.
    pub id: String,
    /// When, in milliseconds since the Unix epoch.
    pub at: u64,
    pub request: PastRequest,
}

/// A request, and in short what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastRequest {
    pub operation: PastOperation,
    /// What was filled in, without files and secrets.
    pub values: Values,
    /// The inputs whose values are not kept.
    pub left_out: Vec<String>,
    pub outcome: PastOutcome,
}

/// The operation as it was then. The document may have changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastOperation {
    pub address: String,
    /// Whether the address is its `operationId`.
    pub by_id: bool,
    pub method: String,
    pub path: String,
    pub name: String,
    /// Whether its address alone sends it.
    pub by_address: bool,
}

impl PastOperation {
    pub fn new(summary: &OperationSummary, by_address: bool) -> Self {
        Self {
            address: summary.address.clone(),
            by_id: summary.is_by_id(),
            method: summary.method.clone(),
            path: summary.path.clone(),
            name: summary.name.clone(),
            by_address,
        }
    }
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PastOutcome {
    Answered {
        status: u16,
        /// The status in words.
        reason: String,
        elapsed_ms: u32,
        /// Bytes of the body.
        size: u64,
        media_type: String,
    },
    /// No answer came. Why, for people.
    Failed(String),
}

/// The body of an answer that was small enough to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastAnswer {
    /// JSON is indented, and without what lies in members that look secret; another text that speaks of secrets is left
    /// out.
    pub text: String,
    pub is_json: bool,
}

/// Everything about one past request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastExchange {
    pub past: Past,
    /// None when there was no text, or too much of it.
    pub answer: Option<PastAnswer>,
}

/// A person's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPage {
    /// Whether requests are noted, by the person's choice.
    pub on: bool,
    /// Whether this server notes requests at all.
    pub enabled: bool,
    pub keep: u32,
    pub days: u32,
    /// Newest first.
    pub requests: Vec<Past>,
    /// How many are newer than those of the page before this one, if there is one.
    pub newer: Option<u32>,
    /// The same of the page after it.
    pub older: Option<u32>,
}

/// Two past requests side by side, the older first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    pub before: Past,
    pub after: Past,
    /// How the second answer differs from the first. None when one of them was not kept.
    pub lines: Option<Vec<DiffLine>>,
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiffLine {
    Same(String),
    /// Only in the older answer.
    Gone(String),
    /// Only in the newer answer.
    New(String),
    /// As many lines that are the same.
    Skipped(usize),
}
