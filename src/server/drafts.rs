//! What somebody had typed when their session ended, or beside a file that is too large: kept for them for some minutes,
//! and put back once when they return to the page. It is never sent by itself. Secrets are left out (`redaction`), files are never there.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
};
use http::{Method, header};

use super::{
    items::{Collection, ItemId, ItemStore},
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
/// The longest form that is kept, in bytes.
const LONGEST: usize = 1 << 20;
const URL_ENCODED: &str = "application/x-www-form-urlencoded";

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
    if let Some(posted) = Posted::read(turned_away).await {
        keep_posted(request, user, &posted.address, &posted.form).await;
    }
}

/// Keeps a form for the operation at `address` that is not sent, if there is such an operation.
pub async fn keep_posted(request: &RequestContext, user: UserKey, address: &str, form: &Values) {
    let Some(document) = request.document().document else { return };
    let Some(summary) = document.find(address) else { return };
    let operation = document.operation(summary);
    request.state().drafts().keep(user, Some(&document), &operation, form).await;
}

/// The form of an operation, on its way to being sent.
struct Posted {
    address: String,
    form: Values,
}

impl Posted {
    async fn read(request: Request) -> Option<Self> {
        let (parts, body) = request.into_parts();
        let media_type = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        if parts.method != Method::POST || !media_type.starts_with(URL_ENCODED) {
            return None;
        }
        let body = Self::text(body).await?;
        match paths::operation_address(parts.uri.path()) {
            Some(address) => Some(Self { address, form: Values::parse(&body) }),
            None if parts.uri.path() == paths::SEND_OPERATION => Self::sent_by_script(&Values::parse(&body)),
            None => None,
        }
    }

    async fn text(body: Body) -> Option<String> {
        String::from_utf8(to_bytes(body, LONGEST).await.ok()?.into()).ok()
    }

    /// The arguments of the server function.
    fn sent_by_script(arguments: &Values) -> Option<Self> {
        let (address, form) = (arguments.first("address")?, arguments.first("form")?);
        Some(Self { address: address.to_owned(), form: Values::parse(form) })
    }
}

fn id(address: &str) -> ItemId {
    ItemId::derive(PURPOSE, address.as_bytes())
}
