use serde::Deserialize;
use url::Url;

use super::{SettingsError, units};

/// `[server]`: how browsers reach Vestibule.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerSettings {
    /// The address people type, and the only origin ever used to build an absolute URL.
    /// Default: `http://` and the site address.
    #[serde(deserialize_with = "units::address")]
    pub public_url: Option<Url>,
    /// Addresses of the proxies in front; only from them is `X-Forwarded-For` read.
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

impl ServerSettings {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let Some(url) = &self.public_url else { return Ok(()) };
        let wrong = |why: &str| {
            SettingsError::key("server.public_url", why, "Write it like https://console.example.org.")
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("it is neither http nor https"));
        }
        if url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(wrong("it holds more than scheme, host and port"));
        }
        if url.scheme() == "http" && !is_loopback(url) {
            return Err(wrong(
                "plain http is only safe on this machine, so no browser would keep the sign-in",
            ));
        }
        Ok(())
    }
}

/// Whether `url` names this machine, where browsers treat plain http as trustworthy.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
