use std::{net::IpAddr, str::FromStr};

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
    /// Addresses and networks of the proxies in front; only from them is `X-Forwarded-For` read.
    pub trusted_proxies: Vec<Network>,
}

/// A network as `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    /// How many bits of the address all of the network have in common.
    prefix: u32,
}

impl Network {
    /// Whether this address is of the network.
    pub fn contains(&self, address: IpAddr) -> bool {
        let differing = bits(self.address) ^ bits(address);
        let same_family = self.address.is_ipv4() == address.is_ipv4();
        same_family && differing.checked_shr(u128::BITS - self.prefix).unwrap_or_default() == 0
    }
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "it must be an address or a network, like 10.0.0.1 or 10.0.0.0/8";
        let (address, prefix) =
            text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| WRONG)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(longest), str::parse).map_err(|_| WRONG)?;
        if prefix > longest { Err(WRONG) } else { Ok(Self { address, prefix }) }
    }
}

impl TryFrom<String> for Network {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The bits of an address, from the left.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
        IpAddr::V6(address) => address.to_bits(),
    }
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
        if !units::is_bare_origin(url) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_what_begins_like_it() {
        for (network, address, holds) in [
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.1.2.3/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("192.168.128.0/17", "192.168.200.1", true),
            ("192.168.128.0/17", "192.168.1.1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "::1", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "10.0.0.1", false),
        ] {
            let network: Network = network.parse().unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), holds, "{network:?} {address}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "here", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::/129", "10.0.0/8", "10.0.0.1:80"]
        {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
