use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::{ProxySettings, SettingsError, SignInSettings, apis::check_name, units};
use crate::server::upstream::may_be_public;

/// `[upstream]`: the API in front of which Vestibule stands; as `[[upstream]]`, one of several.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamSettings {
    /// The API's own name, as in `/apis/{name}`. Sessions belong to it: under another name they are others'.
    pub name: Option<String>,
    /// What people call the API. Default: the title in its document.
    pub title: Option<String>,
    /// How people sign in to this API. Default: the top-level `[sign_in]`.
    pub sign_in: Option<SignInSettings>,
    /// What scripts may do by way of the proxy. Default: the top-level `[proxy]`.
    pub proxy: Option<ProxySettings>,
    /// Every call goes below this address. Not set: the demo API.
    #[serde(deserialize_with = "units::address")]
    pub base_url: Option<Url>,
    /// Where the `OpenAPI` document is: a URL or a file. Default: `{base_url}/openapi.json`.
    pub openapi: Option<String>,
    /// With whose token the document is fetched.
    pub document: DocumentAccess,
    /// The largest document, in bytes, with everything that it refers to.
    #[serde(deserialize_with = "units::size")]
    pub max_document: usize,
    /// Other hosts that an operation may be sent to, where the document names them as servers.
    pub hosts: Vec<AllowedHost>,
    /// Whether `hosts` may lead to addresses that are not public.
    pub allow_private: bool,
    /// How long one call may take in all.
    #[serde(deserialize_with = "units::duration")]
    pub timeout: Duration,
    /// How long a connection to the upstream may take.
    #[serde(deserialize_with = "units::duration")]
    pub connect_timeout: Duration,
    /// The largest answer that is read, in bytes, after decompression.
    #[serde(deserialize_with = "units::size")]
    pub max_body: usize,
    /// The most that a person may upload at once, in bytes.
    #[serde(deserialize_with = "units::size")]
    pub max_upload: usize,
    /// Whether answers come in an envelope.
    pub envelope: EnvelopeKind,
    /// Which answers mean "this token is dead".
    pub session_end: Vec<SessionEndRule>,
}

/// With whose token the document is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentAccess {
    /// Without one, once for all.
    #[default]
    Shared,
    /// With that of whoever asks first, once for all.
    WithToken,
    /// With each person's own, for that person.
    PerPerson,
}

/// A host besides the upstream's own: its origin, or a table of the origin and whether it gets the session's token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct AllowedHost {
    /// Scheme, host and port.
    pub origin: Url,
    /// Whether the session's token is sent there, as to the upstream itself. Its 401 then ends the session, too.
    pub token: bool,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Written {
    Origin(Url),
    Table {
        origin: Url,
        #[serde(default)]
        token: bool,
    },
}

impl From<Written> for AllowedHost {
    fn from(written: Written) -> Self {
        match written {
            Written::Origin(origin) => Self { origin, token: false },
            Written::Table { origin, token } => Self { origin, token },
        }
    }
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
            name: None,
            title: None,
            sign_in: None,
            proxy: None,
            base_url: None,
            openapi: None,
            document: DocumentAccess::default(),
            max_document: 64 << 20,
            hosts: Vec::new(),
            allow_private: false,
            timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(3),
            max_body: 16 << 20,
            max_upload: 100 << 20,
            envelope: EnvelopeKind::Auto,
            session_end: vec![status, message],
        }
    }
}

impl UpstreamSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        self.name.as_deref().map_or(Ok(()), check_name)?;
        if let Some(url) = &self.base_url {
            check_base_url(url)?;
        }
        units::check_not_zero("upstream.timeout", self.timeout, "Write it like 10s.")?;
        units::check_not_zero("upstream.connect_timeout", self.connect_timeout, "Write it like 10s.")?;
        self.hosts.iter().try_for_each(|host| check_host(host, self.allow_private))?;
        self.check_document()?;
        self.session_end.iter().try_for_each(check_rule)
    }

    /// The entry of `hosts` for the origin of an address.
    pub fn host_of(&self, url: &Url) -> Option<&AllowedHost> {
        self.hosts.iter().find(|host| host.origin.origin() == url.origin())
    }

    /// A token is sent to the upstream's own origin, or to one that the settings name for it.
    fn check_document(&self) -> Result<(), SettingsError> {
        let Some(place) = self.openapi.as_ref().filter(|_| self.document != DocumentAccess::Shared) else {
            return Ok(());
        };
        let wrong = |why, remedy| Err(SettingsError::key("upstream.document", why, remedy));
        let url = Url::parse(place).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(url) = url else {
            return wrong("the document is a file, which takes no token", "Write shared.");
        };
        let is_own = self.base_url.as_ref().is_some_and(|base| base.origin() == url.origin());
        if is_own || self.host_of(&url).is_some_and(|host| host.token) {
            return Ok(());
        }
        wrong(
            "the document is at another origin than the API, which must not get the token",
            "Name it in upstream.hosts as {origin = \"https://docs.example.org\", token = true}.",
        )
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
    if units::has_user(url) {
        return Err(wrong("it holds a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("it holds a query or fragment"));
    }
    Ok(())
}

fn check_host(host: &AllowedHost, allow_private: bool) -> Result<(), SettingsError> {
    let wrong = |why: &str| {
        SettingsError::key(
            "upstream.hosts",
            why,
            "Write origins like https://files.example.org, or {origin = \"https://files.example.org\", token = true}.",
        )
    };
    let url = &host.origin;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("an origin is neither http nor https"));
    }
    if !units::is_bare_origin(url) {
        return Err(wrong("an origin has more than scheme, host and port"));
    }
    if !allow_private && !may_be_public(url) {
        return Err(SettingsError::key(
            "upstream.hosts",
            "an origin is an address that is not public",
            "Set upstream.allow_private = true when that is meant.",
        ));
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
