//! Signing in: from what a person proves to the upstream's tokens, and from a refresh token to new ones.
//!
//! There are two ways: the upstream's own form ([`PasswordSignIn`]) and any number of OpenID providers ([`oidc`]).
//! What a session is renewed and revoked by is the way in which it began.

mod begin;
mod limits;
pub mod oidc;
mod password;
mod tokens;

pub use begin::{Begun, begin};
pub use limits::{Attempt, NotNow, SignInLimits, UnnamedAttempt};
pub use oidc::Providers;
pub use password::{PasswordSignIn, RefreshError, SignInError};

use std::time::Duration;

use url::Url;

use super::session::{SessionData, Sessions};

/// How long redeeming a refresh token may take. An issuer that is slow has perhaps spent the old one already, and what
/// it answers late is all that the session has.
pub const REDEEM: Duration = Duration::from_secs(30);

/// Every way to sign in here.
pub struct SignIn {
    pub password: PasswordSignIn,
    pub limits: SignInLimits,
    pub oidc: Providers,
}

impl SignIn {
    /// Where a person who has signed out here goes on to, so as to be signed out at their provider too.
    pub async fn end_session(&self, sessions: &Sessions, data: &SessionData) -> Option<Url> {
        let identity = data.oidc.as_ref()?;
        self.oidc.of(identity)?.end_session(sessions, identity).await
    }

    /// How long whoever waits for a renewal gives the issuer: as long as any call to it may take.
    pub fn patience(&self, data: &SessionData) -> Duration {
        let provider = data.oidc.as_ref().and_then(|identity| self.oidc.of(identity));
        provider.map_or(self.password.timeout(), |provider| provider.timeout())
    }

    /// Exchanges the session's refresh token for new tokens. Nothing else about the person changes by it.
    ///
    /// # Errors
    /// See [`RefreshError`]: a refusal is for good, everything else may pass.
    pub async fn refresh(&self, data: &SessionData) -> Result<SessionData, RefreshError> {
        let Some(refresh) = &data.tokens.refresh else { return Err(RefreshError::Refused) };
        if let Some(identity) = &data.oidc {
            return self.oidc.of(identity).ok_or(RefreshError::Refused)?.refresh(data).await;
        }
        let tokens = self.password.refresh(&data.tokens.access, refresh).await?;
        Ok(SessionData { tokens, ..data.clone() })
    }

    /// Tells whoever issued these tokens that they are done with. Best effort: a failure is only logged.
    pub async fn revoke(&self, data: &SessionData) {
        match &data.oidc {
            Some(identity) => {
                if let Some(provider) = self.oidc.of(identity) {
                    provider.revoke(&data.tokens).await;
                }
            }
            None => self.password.revoke(&data.tokens).await,
        }
    }
}
