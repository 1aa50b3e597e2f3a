use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::Value;

use super::{OidcSettings, Rate, SettingsError};

/// `[sign_in]`: how people prove who they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInSettings {
    /// How often somebody may fail to sign in by one name, from one network.
    pub attempts_per_account: Rate,
    /// How often somebody may fail to sign in from one network: an IPv4 address, or a /64 of IPv6.
    pub attempts_per_network: Rate,
    pub password: PasswordSettings,
    /// `[sign_in.oidc.<name>]`: OpenID providers, in the order of their names.
    pub oidc: BTreeMap<String, OidcSettings>,
}

impl Default for SignInSettings {
    fn default() -> Self {
        let window = Duration::from_mins(15);
        Self {
            attempts_per_account: Rate { limit: 10, window },
            attempts_per_network: Rate { limit: 100, window },
            password: PasswordSettings::default(),
            oidc: BTreeMap::new(),
        }
    }
}

/// `[sign_in.password]`: the upstream's own sign-in with a user name and a password.
///
/// The defaults fit the demo API; the keys are what is known to differ between the APIs in wide use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordSettings {
    /// Whether people can sign in like this at all.
    pub enabled: bool,
    pub path: String,
    pub method: String,
    /// Whether the body is sent as JSON or as a form.
    pub body: BodyFormat,
    /// The name of the body's field for the user name, such as `email`.
    pub username_field: String,
    /// The name of the body's field for the password.
    pub password_field: String,
    /// What else the body must hold, such as `grant_type`.
    pub extra_fields: BTreeMap<String, Value>,
    /// Where the tokens are in the answer.
    pub tokens: TokenPointers,
    pub refresh: RefreshSettings,
    pub revoke: RevokeSettings,
    pub profile: ProfileSettings,
}

/// JSON pointers (RFC 6901) into an answer that holds tokens. An empty pointer means that there is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenPointers {
    pub access: String,
    pub refresh: String,
    /// Not there: the `exp` of a JWT counts, and else the first refused call tells.
    pub expires_in: String,
    pub expires_unit: LifetimeUnit,
}

/// The unit of the lifetime that the upstream tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LifetimeUnit {
    #[default]
    #[serde(alias = "s")]
    Seconds,
    #[serde(alias = "ms")]
    Milliseconds,
}

/// See [`PasswordSettings::body`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    #[default]
    Json,
    Form,
}

/// How a token is shown to the upstream when it is refreshed or revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// In the body, under the name `field`; no bearer is sent, since many APIs refuse an expired one.
    #[default]
    Body,
    /// The refresh token as the bearer, no body.
    BearerRefreshToken,
    /// The access token as the bearer, no body.
    BearerAccessToken,
    /// The refresh token in the body and the access token as the bearer.
    BodyAndBearer,
}

/// `[sign_in.password.refresh]`. An empty path means that this API has no refresh.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RefreshSettings {
    pub path: String,
    pub method: String,
    pub credential: Credential,
    pub body: BodyFormat,
    pub field: String,
    pub extra_fields: BTreeMap<String, Value>,
    /// Where the tokens are in the answer, if not where they are after signing in.
    pub tokens: Option<TokenPointers>,
}

/// `[sign_in.password.revoke]`. An empty path means that this API cannot revoke.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RevokeSettings {
    pub path: String,
    pub method: String,
    pub credential: Credential,
    pub field: String,
}

/// `[sign_in.password.profile]`. An empty path means that this API does not tell who somebody is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileSettings {
    pub path: String,
    /// Where the person's name is in the answer.
    pub name: String,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            path: "/auth/login".into(),
            method: "POST".into(),
            body: BodyFormat::Json,
            username_field: "username".into(),
            password_field: "password".into(),
            extra_fields: BTreeMap::new(),
            tokens: TokenPointers::default(),
            refresh: RefreshSettings::default(),
            revoke: RevokeSettings::default(),
            profile: ProfileSettings::default(),
        }
    }
}

impl Default for TokenPointers {
    fn default() -> Self {
        Self {
            access: "/data/accessToken".into(),
            refresh: "/data/refreshToken".into(),
            expires_in: "/data/expiresIn".into(),
            expires_unit: LifetimeUnit::Seconds,
        }
    }
}

impl Default for RefreshSettings {
    fn default() -> Self {
        Self {
            path: "/auth/refresh".into(),
            method: "POST".into(),
            credential: Credential::Body,
            body: BodyFormat::Json,
            field: "refreshToken".into(),
            extra_fields: BTreeMap::new(),
            tokens: None,
        }
    }
}

impl Default for RevokeSettings {
    fn default() -> Self {
        Self {
            path: "/auth/logout".into(),
            method: "POST".into(),
            credential: Credential::Body,
            field: "refreshToken".into(),
        }
    }
}

impl Default for ProfileSettings {
    fn default() -> Self {
        Self { path: "/me".into(), name: "/data/name".into() }
    }
}

impl SignInSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        self.check_attempts()?;
        let password = &self.password;
        if !password.enabled && self.oidc.is_empty() {
            return Err(SettingsError::key(
                "sign_in.password.enabled",
                "it is false and there is no sign_in.oidc, so nobody could sign in",
                "Add [sign_in.oidc.<name>], or leave it true.",
            ));
        }
        self.oidc.iter().try_for_each(|(name, settings)| settings.check(name))?;
        check_path("sign_in.password.path", &password.path, false)?;
        check_path("sign_in.password.refresh.path", &password.refresh.path, true)?;
        check_path("sign_in.password.revoke.path", &password.revoke.path, true)?;
        check_path("sign_in.password.profile.path", &password.profile.path, true)?;
        check_method("sign_in.password.method", &password.method)?;
        check_method("sign_in.password.refresh.method", &password.refresh.method)?;
        check_method("sign_in.password.revoke.method", &password.revoke.method)?;
        password.tokens.check([
            "sign_in.password.tokens.access",
            "sign_in.password.tokens.refresh",
            "sign_in.password.tokens.expires_in",
        ])?;
        if let Some(tokens) = &password.refresh.tokens {
            tokens.check([
                "sign_in.password.refresh.tokens.access",
                "sign_in.password.refresh.tokens.refresh",
                "sign_in.password.refresh.tokens.expires_in",
            ])?;
        }
        check_pointer("sign_in.password.profile.name", &password.profile.name, true)
    }

    fn check_attempts(&self) -> Result<(), SettingsError> {
        let attempts = [
            ("sign_in.attempts_per_account", self.attempts_per_account),
            ("sign_in.attempts_per_network", self.attempts_per_network),
        ];
        if let Some((key, _)) = attempts.into_iter().find(|(_, rate)| rate.is_nothing()) {
            return Err(SettingsError::key(key, "nobody could sign in", "Write it like 100 in 15 min."));
        }
        Ok(())
    }
}

impl TokenPointers {
    /// The keys are those of the access token, the refresh token and the lifetime.
    fn check(&self, [access, refresh, expires_in]: [&'static str; 3]) -> Result<(), SettingsError> {
        check_pointer(access, &self.access, false)?;
        check_pointer(refresh, &self.refresh, true)?;
        check_pointer(expires_in, &self.expires_in, true)
    }
}

fn check_path(key: &'static str, path: &str, may_be_empty: bool) -> Result<(), SettingsError> {
    if path.starts_with('/') || (may_be_empty && path.is_empty()) {
        return Ok(());
    }
    Err(SettingsError::key(
        key,
        "it does not begin with /",
        "Write a path below upstream.base_url, like /auth/login.",
    ))
}

fn check_method(key: &'static str, method: &str) -> Result<(), SettingsError> {
    match method {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" => Ok(()),
        _ => Err(SettingsError::key(key, "it is no method", "Use GET, POST, PUT, PATCH or DELETE.")),
    }
}

fn check_pointer(key: &'static str, pointer: &str, may_be_empty: bool) -> Result<(), SettingsError> {
    if pointer.starts_with('/') || (may_be_empty && pointer.is_empty()) {
        return Ok(());
    }
    Err(SettingsError::key(key, "it is no JSON pointer", "Write it like /data/accessToken."))
}
