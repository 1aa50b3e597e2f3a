//! OpenID Connect: signing in with an identity provider.
//!
//! Authorisation code with PKCE, always (RFC 9700). The way there and back:
//!
//! | step | what makes it safe |
//! |---|---|
//! | [`Provider::start`] | state, nonce and PKCE verifier are fresh, and sealed into the browser's one [`Transaction`] |
//! | the provider's own pages | only a provider that answered just now is anybody sent to |
//! | [`Provider::code`] | the transaction is of this browser, this provider and this hour, and `iss` is right |
//! | [`Transaction::spend`] | it is used once |
//! | [`Provider::finish`] | the code is redeemed with the PKCE verifier |
//! | `id_token` | signature, issuer, audience, times, nonce, access token hash |
//!
//! Afterwards the access token is the upstream's bearer like any other; [`Provider::refresh`] renews it, and the
//! provider ends sessions by [`logout_token`]s.

mod code;
mod discovery;
mod end_session;
mod id_token;
pub mod logout_token;
pub mod logouts;
mod person;
mod protocol;
mod provider;
mod refresh;
mod revoke;
mod transaction;

use std::{collections::BTreeMap, sync::Arc};

pub use code::CallbackQuery;
pub use discovery::Unavailable;
pub use id_token::{LEEWAY, TokenProblem};
pub use provider::{Provider, ProviderError};
pub use transaction::{Transaction, TransactionProblem, Whom};

use crate::paths::Mount;
use crate::server::{config::OidcSettings, origin::PublicOrigin, session::OidcIdentity};

/// The providers that people can sign in with, by their names in the settings.
#[derive(Default)]
pub struct Providers(BTreeMap<String, Arc<Provider>>);

/// Why a sign-in with a provider has come to nothing.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error("the answer belongs to no sign-in that this browser has begun: {0}")]
    Transaction(#[from] TransactionProblem),
    #[error("the answer comes from another issuer")]
    Issuer,
    #[error("the provider refused: {0}")]
    Refused(&'static str),
    #[error(transparent)]
    Token(#[from] TokenProblem),
}

impl OidcError {
    /// Whether the same attempt may work later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Token(TokenProblem::Unavailable(_)))
    }
}

impl Providers {
    /// # Errors
    /// See [`ProviderError`].
    pub fn new(
        settings: &BTreeMap<String, OidcSettings>,
        origin: &PublicOrigin,
        mount: &Mount,
    ) -> Result<Self, ProviderError> {
        let providers = settings.iter().map(|(name, settings)| {
            let provider = Provider::new(name.clone(), settings.clone(), origin, mount)?;
            Ok((name.clone(), Arc::new(provider)))
        });
        providers.collect::<Result<_, _>>().map(Self)
    }

    pub fn get(&self, name: &str) -> Option<&Arc<Provider>> {
        self.0.get(name)
    }

    /// The provider that knows this person, if it is still the one in the settings.
    pub fn of(&self, identity: &OidcIdentity) -> Option<&Arc<Provider>> {
        self.get(&identity.provider).filter(|provider| provider.issuer() == identity.issuer)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Provider>> {
        self.0.values()
    }
}
