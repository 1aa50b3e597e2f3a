//! What a provider says about itself: its metadata and its keys, kept while it is down.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use openidconnect::{DiscoveryError, EndSessionUrl, IssuerUrl, RevocationUrl, TokenUrl, UserInfoUrl};
use tokio::sync::Mutex;
use url::Url;

use super::protocol::Metadata;
use crate::server::{
    config::is_loopback,
    upstream::{IssuerClient, IssuerFailure},
};

/// A person is only sent to a provider that has answered within this time.
const RECENT: Duration = Duration::from_secs(5);

/// A provider is read no more often than this: while it is down, and when tokens name keys that nobody knows.
const PACE: Duration = Duration::from_secs(1);

/// Beyond this age metadata and keys are read again before they are used, so that a key that was withdrawn does not
/// stay good for ever. While the provider is down the old ones go on.
const OLD: Duration = Duration::from_hours(1);

/// The provider does not answer, or answers something else than its metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the identity provider cannot be used right now")]
pub struct Unavailable;

/// What was read, and when.
#[derive(Debug)]
pub struct Known {
    pub metadata: Metadata,
    read_at: Instant,
}

/// Metadata and keys of one provider.
pub struct Discovery {
    issuer: IssuerUrl,
    known: RwLock<Option<Arc<Known>>>,
    /// Held while reading, so that one reads for everybody; when the last attempt failed.
    failed_at: Mutex<Option<Instant>>,
}

impl Discovery {
    pub fn new(issuer: IssuerUrl) -> Self {
        Self { issuer, known: RwLock::default(), failed_at: Mutex::default() }
    }

    /// As of just now: for somebody who is about to be sent there.
    ///
    /// # Errors
    /// When the provider is down.
    pub async fn recent(&self, http: &IssuerClient) -> Result<Arc<Known>, Unavailable> {
        self.no_older_than(RECENT, http).await
    }

    /// As it was last read: for those who are signed in, whom an outage of the provider does not concern.
    ///
    /// # Errors
    /// When the provider is down and has never been read.
    pub async fn known(&self, http: &IssuerClient) -> Result<Arc<Known>, Unavailable> {
        match self.no_older_than(OLD, http).await {
            Err(unavailable) => self.cached().ok_or(unavailable),
            read => read,
        }
    }

    /// Read after this was asked for, by somebody whose token names a key that is not known: a key that is not in here
    /// is none. Everybody who asks meanwhile waits for the same reading, so whoever invents names of keys makes us
    /// read at a set pace and no faster.
    ///
    /// # Errors
    /// When the provider is down.
    pub async fn newer(&self, http: &IssuerClient) -> Result<Arc<Known>, Unavailable> {
        let asked_at = Instant::now();
        let mut failed_at = self.failed_at.lock().await;
        let Some(known) = self.cached() else { return self.read_in_turn(&mut failed_at, http).await };
        if known.read_at >= asked_at {
            return Ok(known);
        }
        tokio::time::sleep(PACE.saturating_sub(known.read_at.elapsed())).await;
        self.read_in_turn(&mut failed_at, http).await
    }

    /// What is cached, whatever its age; nothing is read.
    pub fn cached(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn cached_within(&self, age: Duration) -> Option<Arc<Known>> {
        self.cached().filter(|known| known.read_at.elapsed() < age)
    }

    async fn no_older_than(&self, age: Duration, http: &IssuerClient) -> Result<Arc<Known>, Unavailable> {
        if let Some(known) = self.cached_within(age) {
            return Ok(known);
        }
        let mut failed_at = self.failed_at.lock().await;
        if let Some(known) = self.cached_within(age) {
            return Ok(known);
        }
        self.read_in_turn(&mut failed_at, http).await
    }

    /// Reads for everybody, unless that has failed just now.
    async fn read_in_turn(
        &self,
        failed_at: &mut Option<Instant>,
        http: &IssuerClient,
    ) -> Result<Arc<Known>, Unavailable> {
        if failed_at.is_some_and(|at| at.elapsed() < PACE) {
            return Err(Unavailable);
        }
        let read = self.read(http).await;
        *failed_at = read.is_err().then(Instant::now);
        read
    }

    async fn read(&self, http: &IssuerClient) -> Result<Arc<Known>, Unavailable> {
        // Before the answer is made: what comes up meanwhile may not be in it.
        let read_at = Instant::now();
        let metadata = Metadata::discover_async(self.issuer.clone(), http).await.map_err(|error| {
            tracing::warn!(issuer = self.issuer.as_str(), why = words(&error), "a provider cannot be read");
            Unavailable
        })?;
        if let Some(endpoint) = unsafe_endpoint(&self.issuer, &metadata) {
            tracing::error!(
                issuer = self.issuer.as_str(),
                endpoint,
                "a provider has an endpoint without TLS"
            );
            return Err(Unavailable);
        }
        let known = Arc::new(Known { metadata, read_at });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }
}

/// The crate's own texts repeat the provider's answer, which is of any size and content.
fn words(error: &DiscoveryError<IssuerFailure>) -> String {
    match error {
        DiscoveryError::Request(failure) => failure.to_string(),
        DiscoveryError::Response(status, ..) => format!("it answered {status}, or not as JSON"),
        DiscoveryError::Parse(error) => format!("{} cannot be read", error.path()),
        DiscoveryError::Validation(_) => "its metadata name another issuer".into(),
        _ => "its address cannot be used".into(),
    }
}

/// An endpoint that would be called in the clear, though the issuer is not on this machine.
fn unsafe_endpoint(issuer: &IssuerUrl, metadata: &Metadata) -> Option<&'static str> {
    let more = metadata.additional_metadata();
    let endpoints: [(&'static str, Option<&Url>); 6] = [
        ("authorization_endpoint", Some(metadata.authorization_endpoint().url())),
        ("token_endpoint", metadata.token_endpoint().map(TokenUrl::url)),
        ("userinfo_endpoint", metadata.userinfo_endpoint().map(UserInfoUrl::url)),
        ("jwks_uri", Some(metadata.jwks_uri().url())),
        ("end_session_endpoint", more.end_session_endpoint.as_ref().map(EndSessionUrl::url)),
        ("revocation_endpoint", more.revocation_endpoint.as_ref().map(RevocationUrl::url)),
    ];
    let local = is_loopback(issuer.url());
    let safe = |url: &Url| url.scheme() == "https" || (local && url.scheme() == "http" && is_loopback(url));
    let unsafe_one = endpoints.into_iter().find(|(_, url)| url.is_some_and(|url| !safe(url)));
    unsafe_one.map(|(name, _)| name)
}
