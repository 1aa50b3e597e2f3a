//! The one way to the API: every call to the upstream goes through here, and only here may `reqwest` or another client be used.
//!
//! | function | what it adds |
//! |---|---|
//! | [`Client::send`] | address, headers, timeouts, body limit: a [`Call`] becomes an [`Answer`] |
//! | [`exchange()`] | the session's bearer and the 401 rule: refresh, retry, verdict |
//! | [`open`] | the same for an answer of any length: an [`Incoming`] that is read as it comes |
//! | [`relay`] | the same for an answer that is passed on as it is, and a body that comes from the browser |
//! | [`fetch()`] | the envelope and the caller's types: [`Success`] or [`Failure`] |
//! | [`fetch_raw`] | the same without session and 401 rule |
//!
//! An answer is one of a closed set: success, refused, transient, session ended. Only the last signs anyone out.

mod answer;
mod call;
mod client;
mod collector;
mod direct;
pub mod envelope;
mod exchange;
mod failure;
mod hosts;
mod incoming;
mod issuer;
mod latency;
mod path;
mod payload;
mod source;
mod upload;
mod verdict;

use serde::de::DeserializeOwned;

pub use answer::Answer;
pub use call::{Access, Call, Destination};
pub use client::{ACCEPT, Client, TlsError};
pub use collector::Collector;
pub use exchange::{exchange, open, relay};
pub use failure::{Broken, Exchanged, Facts, Failure, Refusal, Success, Transient};
pub use hosts::may_be_public;
pub use incoming::{Incoming, Pace};
pub use issuer::{IssuerClient, IssuerFailure};
pub use path::{PathError, join};
pub use payload::{Chunk, Payload};
pub use upload::Upload;
pub use verdict::ends_session;

use super::request::RequestContext;

/// Calls the upstream for the person of this request and reads the answer as `T`, a refusal's details as `E`.
///
/// # Errors
/// See [`Failure`]. [`Failure::SessionEnded`] means that the session is over in the store already; whoever gets it
/// only passes it on.
pub async fn fetch<T, E>(request: &RequestContext, call: Call) -> Result<Success<T>, Failure<E>>
where
    T: DeserializeOwned,
    E: DeserializeOwned,
{
    let answer = exchange(request, call).await?;
    envelope::read(&answer, request.state().settings().upstream.envelope)
}

/// Calls the upstream without a session and without the 401 rule: what it answers, a 401 too, is no session's end.
///
/// # Errors
/// See [`Failure`]; never [`Failure::SessionEnded`].
pub async fn fetch_raw<T, E>(client: &Client, call: Call) -> Result<Success<T>, Failure<E>>
where
    T: DeserializeOwned,
    E: DeserializeOwned,
{
    let answer = client.send(&call, None).await.map_err(Failure::Transient)?;
    envelope::read(&answer, client.envelope())
}
