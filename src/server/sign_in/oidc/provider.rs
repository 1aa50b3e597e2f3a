use std::time::Duration;

use openidconnect::{
    AuthType, ClientId, ClientSecret, IssuerUrl, RedirectUrl, RequestTokenError, TokenResponse as _,
    core::CoreClientAuthMethod,
};
use secrecy::ExposeSecret;
use url::Url;

use super::{
    discovery::{Discovery, Known},
    protocol::{Client, Metadata, TokenAnswer},
};
use crate::{
    paths::{self, Mount},
    server::{
        config::{ClientAuthentication, OidcSettings},
        origin::PublicOrigin,
        session::{Secret, SessionData, Tokens, timestamp::Timestamp},
        sign_in::tokens::jwt_expiry,
        upstream::{IssuerClient, IssuerFailure},
    },
};

/// One OpenID provider, and this server as its client.
pub struct Provider {
    name: String,
    pub(super) settings: OidcSettings,
    pub(super) http: IssuerClient,
    pub(super) discovery: Discovery,
    /// Where the provider sends people back to: `redirect_uri`.
    pub(super) callback: RedirectUrl,
    /// Where it sends them after signing out there: `post_logout_redirect_uri`.
    pub(super) signed_out: Url,
}

/// Why a provider cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("The TLS library cannot start.")]
    Tls(#[from] reqwest::Error),
    #[error("The setting sign_in.oidc.<name>.issuer is wrong: it is no URL.")]
    Issuer(#[from] url::ParseError),
}

/// What the token endpoint's failures come as.
pub(super) type TokenFailure = RequestTokenError<
    IssuerFailure,
    openidconnect::StandardErrorResponse<openidconnect::core::CoreErrorResponseType>,
>;

impl Provider {
    pub(super) fn new(
        name: String,
        settings: OidcSettings,
        origin: &PublicOrigin,
        mount: &Mount,
    ) -> Result<Self, ProviderError> {
        Ok(Self {
            http: IssuerClient::new(settings.timeout)?,
            discovery: Discovery::new(IssuerUrl::new(settings.issuer.clone())?),
            callback: RedirectUrl::from_url(origin.join(&paths::oidc_callback(&name).on(mount))),
            signed_out: origin.join(&paths::oidc_signed_out(&name).on(mount)),
            name,
            settings,
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The words on its button.
    pub fn label(&self) -> &str {
        self.settings.label.as_deref().unwrap_or(&self.name)
    }

    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// How long one call to it may take.
    pub fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    /// Whether `other` is this provider with this client, in the settings of whichever API.
    pub fn is_same_client(&self, other: &Self) -> bool {
        self.issuer() == other.issuer() && self.settings.client_id == other.settings.client_id
    }

    /// Whether a token that is for us may be for `other` as well.
    pub(super) fn trusts(&self, other: &str) -> bool {
        self.settings.trusted_audiences.split_whitespace().any(|one| one == other)
    }

    /// What this provider calls the person of a session (`sub`), if it is one of its people.
    pub fn subject(&self, data: &SessionData) -> Option<String> {
        let identity = data.oidc.as_ref()?;
        let is_ours = identity.provider == self.name && identity.issuer == self.issuer();
        is_ours.then(|| identity.subject.clone())
    }

    /// Where the provider sends people back to. No two providers share it, so it also tells their transactions apart.
    pub fn callback(&self) -> &str {
        self.callback.as_str()
    }

    pub(super) fn client(&self, known: &Known) -> Client {
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = self.settings.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
        Client::from_provider_metadata(known.metadata.clone(), id, secret)
            .set_redirect_uri(self.callback.clone())
            .set_auth_type(self.auth_type(&known.metadata))
    }

    /// Basic is the default of RFC 8414, and what every server has to support.
    pub(super) fn auth_type(&self, metadata: &Metadata) -> AuthType {
        let methods = metadata.token_endpoint_auth_methods_supported();
        let only_post = methods.is_some_and(|methods| {
            methods.contains(&CoreClientAuthMethod::ClientSecretPost)
                && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        match self.settings.client_authentication {
            Some(ClientAuthentication::Post) => AuthType::RequestBody,
            None if only_post => AuthType::RequestBody,
            Some(ClientAuthentication::Basic) | None => AuthType::BasicAuth,
        }
    }

    /// The scopes besides `openid`, which the crate adds by itself.
    pub(super) fn scopes(&self) -> impl Iterator<Item = openidconnect::Scope> {
        let scopes = self.settings.scopes.split_whitespace().filter(|scope| *scope != "openid");
        scopes.map(|scope| openidconnect::Scope::new(scope.to_owned()))
    }
}

/// The tokens of an answer. One without a refresh token keeps `previous`.
pub(super) fn tokens(answer: &TokenAnswer, previous: Option<&Secret>) -> Tokens {
    use openidconnect::OAuth2TokenResponse as _;
    let lifetime: Option<Duration> = answer.expires_in();
    let refresh = answer.refresh_token().map(|token| Secret::new(token.secret().clone()));
    Tokens {
        access: Secret::new(answer.access_token().secret().clone()),
        refresh: refresh.or_else(|| previous.cloned()),
        access_expires_at: match lifetime {
            Some(lifetime) => Some(Timestamp::now() + lifetime),
            None => jwt_expiry(answer.access_token().secret()),
        },
    }
}

/// The ID token of an answer, as text.
pub(super) fn id_token_text(answer: &TokenAnswer) -> Option<Secret> {
    answer.id_token().map(|token| Secret::new(token.to_string()))
}
