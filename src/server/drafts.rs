//! What somebody had typed when their session ended, or beside files that are too large or too many: kept for them for
//! some minutes, and put back once when they return to the page. It is never sent by itself. Secrets are left out
//! (`redaction`), files are never there.

use std::{sync::Arc, time::Duration};

use axum::extract::Request;
use http::Method;

use super::{
    items::{Collection, ItemId, ItemStore},
    posted::Posted,
    redaction,
    request::RequestContext,
    session::{seal::SealError, server_key::ServerKey, timestamp::Timestamp, token::UserKey},
};
use crate::{
    openapi::{Document, Operation, Values},
    paths,
};

const PURPOSE: &str = "vestibule/draft/1";
const LIFETIME: Duration = Duration::from_mins(15);

/// Everybody's drafts: one for each person and operation.
pub struct Drafts {
    drafts: Collection,
}

impl Drafts {
    /// The drafts in `store`, sealed under `key`.
    ///
    /// # Errors
    /// As [`Collection::new`].
    pub fn new(store: &Arc<dyn ItemStore>, key: &ServerKey) -> Result<Self, SealError> {
        Ok(Self { drafts: Collection::new(store.clone(), key, PURPOSE, LIFETIME)? })
    }

    /// Keeps what was typed into the form of an operation.
    pub async fn keep(
        &self,
        user: UserKey,
        document: Option<&Document>,
        operation: &Operation,
        typed: &Values,
    ) {
        let (typed, _) = redaction::form(document, operation, typed);
        let id = id(&operation.summary.address);
        if let Err(error) = self.drafts.put(user, id, &typed, Timestamp::now()).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a draft cannot be kept");
        }
    }

    /// What this person had typed into the form of this operation, if that is to be put back. Only once.
    pub async fn take(&self, user: UserKey, operation: &Operation) -> Option<Values> {
        let (id, now) = (id(&operation.summary.address), Timestamp::now());
        // Almost always there is none, and looking is cheaper than taking.
        let kept = match self.drafts.get::<Values>(user, id, now).await {
            Ok(None) => return None,
            Ok(Some(_)) => self.drafts.take::<Values>(user, id, now).await,
            Err(error) => Err(error),
        };
        kept.unwrap_or_else(|error| {
            tracing::warn!(error = &error as &dyn std::error::Error, "a draft cannot be read");
            None
        })
        .map(|kept| kept.value)
    }
}

/// Keeps the form of a request that is turned away, because the session of `user` has ended before it came.
pub async fn rescue(request: &RequestContext, user: UserKey, turned_away: Request) {
    if let Some((address, form)) = typed_into(turned_away).await
        && form.iter().next().is_some()
    {
        request.set_document(request.state().document().last_of(user));
        keep_posted(request, user, &address, &form).await;
    }
}

/// Keeps a form for the operation at `address` that is not sent, if there is such an operation.
pub async fn keep_posted(request: &RequestContext, user: UserKey, address: &str, form: &Values) {
    let Some(document) = request.document().document else { return };
    let Some(summary) = document.find(address) else { return };
    let operation = document.operation_for(summary, form);
    request.state().drafts().keep(user, Some(&document), &operation, form).await;
}

/// The operation and the form of a request that is turned away.
async fn typed_into(turned_away: Request) -> Option<(String, Values)> {
    if turned_away.method() != Method::POST {
        return None;
    }
    if let Some(address) = paths::operation_address(turned_away.uri().path()) {
        return Some((address, Posted::read_typed(turned_away).await));
    }
    if turned_away.uri().path() != paths::SEND_OPERATION {
        return None;
    }
    // The arguments of the server function.
    let arguments = Posted::read_typed(turned_away).await;
    Some((arguments.first("address")?.to_owned(), Values::parse(arguments.first("form")?)))
}

fn id(address: &str) -> ItemId {
    ItemId::derive(PURPOSE, address.as_bytes())
}
