//! What is wrong in a document, said beside the part that it spoils.

use serde::{Deserialize, Serialize};

/// A mistake in the document, in words for the people who look after the API.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Note {
    /// The part that is spoilt, by its name in the document.
    pub part: String,
    /// What is wrong with it, as one sentence.
    pub message: String,
}

impl Note {
    pub(super) fn new(part: impl Into<String>, message: impl Into<String>) -> Self {
        Self { part: part.into(), message: message.into() }
    }
}
