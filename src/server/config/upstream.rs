use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::{SettingsError, units};

/// `[upstream]`: the API in front of which Vestibule stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamSettings {
    /// Every call goes below this address. Not set: the demo API.
    pub base_url: Option<Url>,
    /// Where the `OpenAPI` document is: a URL or a file. Default: `{base_url}/openapi.json`.
    pub openapi: Option<String>,
    /// How long one call may take in all.
    #[serde(deserialize_with = "units::duration")]
    pub timeout: Duration,
    /// How long a connection to the upstream may take.
    #[serde(deserialize_with = "units::duration")]
    pub connect_timeout: Duration,
    /// The largest answer that is read, in bytes, after decompression.
    #[serde(deserialize_with = "units::size")]
    pub max_body: usize,
    /// Whether answers come in an envelope.
    pub envelope: EnvelopeKind,
    /// Which answers mean "this token is dead".
    pub session_end: Vec<SessionEndRule>,
}

/// How an answer's data and message are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnvelopeKind {
    /// An object with `data`, or with `message` and nothing else, is an envelope; anything else is bare.
    #[default]
    Auto,
    /// `{"data": …, "message": …}`.
    DataMessage,
    /// The body is the data.
    Bare,
}

/// An answer matches when its status is `status` (if set) and the value at `pointer` (RFC 6901, if set) is `value`,
/// or is there at all when `value` is not set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionEndRule {
    pub status: Option<u16>,
    pub pointer: Option<String>,
    pub value: Option<String>,
}

impl Default for UpstreamSettings {
    fn default() -> Self {
        let status = SessionEndRule { status: Some(401), ..SessionEndRule::default() };
        let message = SessionEndRule {
            status: None,
            pointer: Some("/message".into()),
            value: Some("UnAuthentication".into()),
        };
        Self {
            base_url: None,
            openapi: None,
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(3),
            max_body: 16 << 20,
            envelope: EnvelopeKind::Auto,
            session_end: vec![status, message],
        }
    }
}

impl UpstreamSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if let Some(url) = &self.base_url {
            check_base_url(url)?;
        }
        if self.timeout.is_zero() || self.connect_timeout.is_zero() {
            return Err(SettingsError::key("upstream.timeout", "it is zero", "Write it like 10s."));
        }
        self.session_end.iter().try_for_each(check_rule)
    }
}

fn check_base_url(url: &Url) -> Result<(), SettingsError> {
    let wrong = |why: &str| {
        SettingsError::key(
            "upstream.base_url",
            why,
            "Write it like https://api.example.org/v1 (or set API_BASE_URL).",
        )
    };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("it is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it holds a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it holds a query or fragment"));
    }
    Ok(())
}

fn check_rule(rule: &SessionEndRule) -> Result<(), SettingsError> {
    let wrong = |why: &str| {
        SettingsError::key(
            "upstream.session_end",
            why,
            "Write rules like {status = 401} or {pointer = \"/message\", value = \"UnAuthentication\"}.",
        )
    };
    if rule.status.is_none() && rule.pointer.is_none() {
        return Err(wrong("a rule has neither status nor pointer, so every answer would end the session"));
    }
    if rule.status.is_some_and(|status| !(100..600).contains(&status)) {
        return Err(wrong("a status is not between 100 and 599"));
    }
    if rule.status.is_some_and(|status| (200..300).contains(&status)) && rule.pointer.is_none() {
        return Err(wrong("a rule would end the session on every success"));
    }
    if rule.pointer.as_ref().is_some_and(|pointer| !pointer.starts_with('/')) {
        return Err(wrong("a pointer does not begin with /"));
    }
    if rule.value.is_some() && rule.pointer.is_none() {
        return Err(wrong("a rule has a value but no pointer"));
    }
    Ok(())
}
