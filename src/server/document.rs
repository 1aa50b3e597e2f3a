//! The API's `OpenAPI` document: read at the start, read again when it changes, swapped in one step.
//!
//! | | |
//! |---|---|
//! | `place` | where it is, and how its bytes are had: conditional requests, files of one folder, bounds |
//! | `reader` | from bytes to a `Version`: all the parts that it refers to, put together |
//! | `keeper` | when it is read again: one for all by itself, any at `SIGHUP` |
//! | `people` | a document that needs a token, or differs from person to person |

mod keeper;
mod people;
mod place;
mod reader;

use std::sync::{Arc, PoisonError, RwLock};

pub use keeper::{heed_hangups, keep_reading};
pub use reader::ReadError;
use tokio::sync::Notify;

use self::{people::People, reader::Reader, reader::Version};
use super::{
    config::{DocumentAccess, UpstreamSettings},
    request::RequestContext,
    session::token::UserKey,
};
use crate::openapi::Document;

/// What is known of the document now. A broken new version keeps the old one.
#[derive(Debug, Clone, Default)]
pub struct Current {
    pub document: Option<Arc<Document>>,
    /// Why the last attempt failed, for people.
    pub problem: Option<String>,
}

/// The place where every request finds its document.
#[derive(Debug)]
pub struct Documents {
    access: DocumentAccess,
    reader: Reader,
    shared: RwLock<Current>,
    people: People,
    /// That it be read again.
    asked_for: Notify,
}

impl Documents {
    /// None is read yet. Calls go below `base`, unless the settings name another place.
    pub fn new(settings: &UpstreamSettings, base: &url::Url) -> Self {
        Self {
            access: settings.document,
            reader: Reader::new(settings, base),
            shared: RwLock::default(),
            people: People::default(),
            asked_for: Notify::new(),
        }
    }

    /// The document that is the same for all, as far as there is one.
    pub fn get(&self) -> Current {
        self.shared.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The document as the person of this request may see it. Read with their token, when the settings say so.
    pub async fn of(&self, request: &RequestContext) -> Current {
        match (self.access, request.session()) {
            (DocumentAccess::Shared, _) | (_, None) => self.get(),
            (DocumentAccess::WithToken, Some(_)) => {
                let current = self.people.current(&self.reader, None, request).await;
                *self.shared.write().unwrap_or_else(PoisonError::into_inner) = current.clone();
                current
            }
            (DocumentAccess::PerPerson, Some(session)) => {
                self.people.current(&self.reader, Some(session.user), request).await
            }
        }
    }

    /// The document as a person has seen it last. Nothing is read for it: their session may be over.
    pub fn last_of(&self, user: UserKey) -> Current {
        match self.access {
            DocumentAccess::Shared | DocumentAccess::WithToken => self.get(),
            DocumentAccess::PerPerson => self.people.last(user),
        }
    }

    /// Puts a document in the place of the one that was read.
    #[cfg(test)]
    pub fn put(&self, document: Document) {
        let current = Current { document: Some(Arc::new(document)), problem: None };
        *self.shared.write().unwrap_or_else(PoisonError::into_inner) = current;
    }

    /// Has it read again; where that needs a token, by whoever asks for it next.
    pub fn read_again(&self) {
        self.people.expire();
        self.asked_for.notify_one();
    }

    /// Takes what came of reading the document that all share.
    fn publish(&self, result: Result<&Arc<Version>, &ReadError>) {
        let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        let next = shared.after(result);
        *shared = next;
    }
}

impl Current {
    /// What is known once the document was read again: the new version, or the old one with the reason.
    fn after(&self, result: Result<&Arc<Version>, &ReadError>) -> Self {
        let next = match result {
            Ok(version) => Self { document: Some(version.document.clone()), problem: None },
            Err(error) => Self { document: self.document.clone(), problem: Some(error.to_string()) },
        };
        self.tell(&next, result.err());
        next
    }

    fn tell(&self, next: &Self, error: Option<&ReadError>) {
        let is_same = match (&self.document, &next.document) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            _ => false,
        };
        let result = match (error, is_same) {
            (Some(_), _) => "failed",
            (None, true) => "unchanged",
            (None, false) => "read",
        };
        metrics::counter!("vestibule_document_reads_total", "result" => result).increment(1);
        match (error, &next.document) {
            (Some(error), kept) => tracing::warn!(
                error = error as &dyn std::error::Error,
                old_version_kept = kept.is_some(),
                "the OpenAPI document cannot be read"
            ),
            (None, Some(document)) if !is_same => {
                tracing::info!(operations = document.operations().len(), "the OpenAPI document is read");
                if let Some(note) = document.notes().first() {
                    let notes = document.notes().len();
                    tracing::warn!(
                        notes,
                        part = note.part,
                        first = note.message,
                        "the OpenAPI document has mistakes"
                    );
                }
            }
            _ => {}
        }
    }
}
