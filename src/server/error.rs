//! From the server's rich errors to the one error that crosses to the browser. The cause is logged here, once, under
//! the request id; the browser gets a code and kind words.

use std::error::Error;

use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{
    items::CollectionError,
    request::RequestContext,
    upstream::{Broken, Failure},
};
use crate::error::{ServerFnError, Transient};

impl<E> From<Failure<E>> for ServerFnError {
    fn from(failure: Failure<E>) -> Self {
        match failure {
            Failure::Refused(refusal) => {
                Self::Refused { status: refusal.status.as_u16(), message: refusal.message }
            }
            Failure::Transient(transient) => Self::Transient(transient),
            Failure::SessionEnded => Self::Unauthorized,
        }
    }
}

impl From<Broken> for ServerFnError {
    fn from(broken: Broken) -> Self {
        Failure::<()>::from(broken).into()
    }
}

impl From<CollectionError> for ServerFnError {
    fn from(error: CollectionError) -> Self {
        store(&error)
    }
}

/// Our own fault: logged with its cause, told as a request id.
pub fn internal(error: &(dyn Error + 'static)) -> ServerFnError {
    let request_id =
        use_context::<RequestContext>().map(|request| request.trace().id().to_owned()).unwrap_or_default();
    tracing::error!(error, request_id, "a request failed");
    ServerFnError::Internal { request_id }
}

/// The store does not answer: nothing is known about the session, and nobody is signed out.
pub fn store(error: &(dyn Error + 'static)) -> ServerFnError {
    tracing::error!(error, "the session store does not answer");
    ServerFnError::Transient(Transient::Store)
}

/// Gives the answer that is being built the status of this error.
///
/// A page has the status of what it could not show; once its headers are gone this does nothing.
pub fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

/// Passes an error on to the browser with its status.
pub fn with_status(error: ServerFnError) -> ServerFnError {
    set_status(error.status());
    error
}
