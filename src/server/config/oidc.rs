use std::{collections::BTreeMap, time::Duration};

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{SettingsError, is_loopback, units};

/// `[sign_in.oidc.<name>]`: one OpenID provider. Its name is part of the addresses that are registered there:
/// `/auth/<name>/callback`, `/auth/<name>/backchannel-logout`, `/auth/<name>/signed-out`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OidcSettings {
    /// The issuer, exactly as the provider writes it; `/.well-known/openid-configuration` is read below it.
    pub issuer: String,
    pub client_id: String,
    /// None for a public client; PKCE is used either way.
    pub client_secret: Option<SecretString>,
    /// How the client proves itself. Not set: as the provider's metadata say.
    pub client_authentication: Option<ClientAuthentication>,
    /// Scopes, separated by spaces. `openid` is always asked for; `offline_access` often gives the refresh token.
    pub scopes: String,
    /// The words on the button. Default: the provider's name.
    pub label: Option<String>,
    /// The API that the access token is for, in the way of some providers (`audience` in the authorisation request).
    pub audience: Option<String>,
    /// The same in the way of RFC 8707: the API's address, in every request.
    #[serde(deserialize_with = "units::address")]
    pub resource: Option<Url>,
    /// What else the authorisation request has to hold, such as `acr_values`.
    pub authorize_parameters: BTreeMap<String, String>,
    /// What the provider has to ask each time, separated by spaces, such as `consent`: some want to before they give
    /// a refresh token.
    pub prompt: String,
    /// Other clients, separated by spaces, that an ID token for us may name as its audience too.
    pub trusted_audiences: String,
    /// Whether signing out here signs out at the provider as well (RP-initiated logout).
    pub sign_out_at_provider: bool,
    /// Whether the tokens of a session that has ended are revoked there, if the provider has such an endpoint (RFC 7009).
    /// Some revoke all of a person's tokens with one.
    pub revoke: bool,
    /// Whether a logout token must say that it is one (`typ: logout+jwt`). Many providers do not.
    pub require_logout_type: bool,
    /// How long one call to the provider may take in all.
    #[serde(deserialize_with = "units::duration")]
    pub timeout: Duration,
}

/// How a client shows its secret at the token endpoint (RFC 6749, section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientAuthentication {
    /// `client_secret_basic`
    Basic,
    /// `client_secret_post`
    Post,
}

impl Default for OidcSettings {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: None,
            client_authentication: None,
            scopes: "openid profile email offline_access".into(),
            label: None,
            audience: None,
            resource: None,
            authorize_parameters: BTreeMap::new(),
            prompt: String::new(),
            trusted_audiences: String::new(),
            sign_out_at_provider: false,
            revoke: true,
            require_logout_type: false,
            timeout: Duration::from_secs(10),
        }
    }
}

/// What the authorisation request holds anyway. A setting must not take its place.
const RESERVED: [&str; 12] = [
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "prompt",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

impl OidcSettings {
    pub(super) fn check(&self, name: &str) -> Result<(), SettingsError> {
        check_name(name)?;
        check_issuer(&self.issuer)?;
        if self.client_id.is_empty() {
            return Err(SettingsError::key(
                "sign_in.oidc.<name>.client_id",
                "it is not set",
                "Write it as the provider has given it.",
            ));
        }
        units::check_not_zero("sign_in.oidc.<name>.timeout", self.timeout, "Write it like 10s.")?;
        match self.authorize_parameters.keys().find(|key| RESERVED.contains(&key.as_str())) {
            Some(key) => Err(SettingsError::key(
                "sign_in.oidc.<name>.authorize_parameters",
                format!("{key} is never up to a setting"),
                "Leave it out.",
            )),
            None => Ok(()),
        }
    }
}

fn check_name(name: &str) -> Result<(), SettingsError> {
    if units::is_plain_name(name) {
        return Ok(());
    }
    Err(SettingsError::key(
        "sign_in.oidc",
        format!("{name:?} cannot be part of an address"),
        "Name providers with a-z, 0-9 and -, at most 32 of them.",
    ))
}

/// An issuer must be https, since everything is believed that it says; this machine may do without.
fn check_issuer(issuer: &str) -> Result<(), SettingsError> {
    let wrong = |why: &str| {
        SettingsError::key(
            "sign_in.oidc.<name>.issuer",
            why,
            "Write it like https://login.example.org, exactly as the provider does.",
        )
    };
    let url = Url::parse(issuer).map_err(|_| wrong("it is no URL"))?;
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err(wrong("it is not https"));
    }
    if url.query().is_some() || url.fragment().is_some() || units::has_user(&url) {
        return Err(wrong("it holds a query, a fragment, a user name or a password"));
    }
    Ok(())
}
