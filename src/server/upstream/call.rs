use std::time::Duration;

use axum::body::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use url::Url;

use super::{Payload, Upload};

/// Whose call this is. There is no default: a caller has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// With the session's access token. Without a session the outcome is *session ended*, and nothing is sent.
    Session,
    /// Without any token.
    Anonymous,
}

/// Where a call goes that does not go below the upstream's base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The call's path lies below this address.
    pub base: Url,
    /// Whether it must be a host of the internet at large, because somebody else than the settings may have named
    /// it, or its name may come to mean another.
    pub is_public: bool,
}

/// One call to the upstream, not yet sent.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    /// Path and query below the upstream's base URL; begins with `/`.
    pub path: String,
    pub access: Access,
    /// The operation's address in the console, if the call is one of an operation: for measurements.
    pub operation: Option<String>,
    /// Not set: the upstream's base URL.
    pub destination: Option<Destination>,
    /// The largest answer that is read, in bytes. Not set: `upstream.max_body`.
    pub largest: Option<usize>,
    /// How long it may take in all, if that is longer than `upstream.timeout`.
    pub within: Option<Duration>,
    /// How long a body that is passed on may stand still. Not set: `upstream.timeout`.
    pub idle: Option<Duration>,
    pub headers: HeaderMap,
    pub body: Option<Payload>,
}

impl Call {
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>, access: Access) -> Self {
        Self {
            method,
            path: path.into(),
            access,
            operation: None,
            destination: None,
            largest: None,
            within: None,
            idle: None,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    #[must_use]
    pub fn get(path: impl Into<String>, access: Access) -> Self {
        Self::new(Method::GET, path, access)
    }

    /// Sends it elsewhere.
    #[must_use]
    pub fn to(self, destination: Destination) -> Self {
        Self { destination: Some(destination), ..self }
    }

    /// Reads no answer that is larger, in bytes.
    #[must_use]
    pub fn at_most(self, largest: usize) -> Self {
        Self { largest: Some(largest), ..self }
    }

    /// Gives it longer than other calls.
    #[must_use]
    pub fn within(self, within: Duration) -> Self {
        Self { within: Some(within), ..self }
    }

    /// Sets a header; a later one of the same name wins.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sends `body` as JSON, unless the caller has set another content type.
    ///
    /// # Errors
    /// When `body` cannot be written as JSON.
    pub fn json(self, body: &impl Serialize) -> serde_json::Result<Self> {
        Ok(self.bytes(Bytes::from(serde_json::to_vec(body)?)))
    }

    /// Sends these bytes; their content type is JSON unless the caller's headers say otherwise.
    #[must_use]
    pub fn bytes(self, body: Bytes) -> Self {
        self.payload(body.into())
    }

    /// Sends this body; its content type is JSON unless the caller's headers say otherwise.
    #[must_use]
    pub fn payload(mut self, body: Payload) -> Self {
        self.body = Some(body);
        self.headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        self
    }

    /// The part of its body that cannot be sent a second time, if there is one.
    pub fn upload(&self) -> Option<&Upload> {
        self.body.as_ref().and_then(Payload::upload)
    }

    /// Whether another call with the same key must have the same answer within one page.
    pub fn memo_key(&self) -> Option<String> {
        let plain = self.method == Method::GET
            && self.body.is_none()
            && self.headers.is_empty()
            && self.destination.is_none();
        (plain && self.access == Access::Session).then(|| self.path.clone())
    }
}
