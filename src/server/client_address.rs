//! Where the browser that asks is: noted by the limits of sign-ins, the list of one's sessions, and the audit trail.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Once,
};

use http::{HeaderMap, HeaderName};

use super::config::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the browser: the peer's own, or, when the peer is a proxy of ours, what that proxy has noted.
///
/// Every proxy appends the address that it saw to `X-Forwarded-For`, so the list is read from its end, and only as far
/// as our own proxies go: what stands before that is the sender's to invent.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let lines = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
    let noted: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut address = peer.to_canonical();
    let is_ours = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !noted.is_empty() && !is_ours(address) {
        warn_of(address);
    }
    for earlier in noted.into_iter().rev() {
        match read(earlier) {
            Some(earlier) if is_ours(address) => address = earlier.to_canonical(),
            _ => break,
        }
    }
    address
}

/// An address, also with the port that some proxies note.
fn read(noted: &str) -> Option<IpAddr> {
    let bare = noted.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(noted);
    bare.parse().ok().or_else(|| noted.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// Says once that somebody passes on requests of others who is no proxy of ours, as far as the settings say: all of them
/// are taken for one then.
fn warn_of(peer: IpAddr) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::warn!(
            %peer,
            "X-Forwarded-For came from an address that server.trusted_proxies does not name: if that is a proxy of yours, \
             everybody behind it counts as one"
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted = ["10.0.0.1", "10.0.0.2", "192.168.0.0/16"].map(|network| network.parse().unwrap());
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        assert_eq!(address("203.0.113.9", &["1.2.3.4"]), "203.0.113.9");
        assert_eq!(address("10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(address("::ffff:10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(
            address("10.0.0.1", &["6.6.6.6, 1.2.3.4"]),
            "1.2.3.4",
            "the first one is the sender's invention"
        );
        assert_eq!(address("10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.0.0.2"]), "1.2.3.4");
        assert_eq!(address("10.0.0.1", &["6.6.6.6", "1.2.3.4"]), "1.2.3.4");
        assert_eq!(address("10.0.0.1", &["6.6.6.6:1, 1.2.3.4:5678"]), "1.2.3.4");
        assert_eq!(address("10.0.0.1", &["[2001:db8::1]:80"]), "2001:db8::1");
        assert_eq!(address("10.0.0.1", &["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(address("192.168.7.8", &["1.2.3.4, 192.168.1.1"]), "1.2.3.4");
        assert_eq!(address("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
    }
}
