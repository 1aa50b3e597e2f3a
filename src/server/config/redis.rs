use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;

/// Where Redis or Valkey is, and how to sign in there.
///
/// `redis://user:password@host:port/database`; `redis+sentinel://…@host:port,host:port/master/database`;
/// `redis+cluster://…@host:port,host:port`. With `rediss` instead of `redis`, the connection is TLS.
///
/// Sentinels may want another account than the server: `?sentinel_username=…&sentinel_password=…`, and TLS where the
/// server has none, or none where it has: `&sentinel_tls=false`.
#[derive(Clone)]
pub struct RedisLocation {
    pub topology: Topology,
    /// The server; or the sentinels; or some nodes of the cluster, which name the others.
    pub hosts: Vec<(String, u16)>,
    pub tls: bool,
    pub database: i64,
    pub username: Option<String>,
    pub password: Option<SecretString>,
    pub sentinels: SentinelAccess,
}

/// How to sign in to sentinels.
#[derive(Clone, Default)]
pub struct SentinelAccess {
    pub username: Option<String>,
    pub password: Option<SecretString>,
    pub tls: bool,
}

/// What stands at the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topology {
    /// One server.
    Single,
    /// Sentinels, which know the master of this name.
    Sentinel { master: String },
    /// A cluster.
    Cluster,
}

impl RedisLocation {
    /// None if `text` is not of the form above. What is wrong is not told, as there may be a password in it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let (tls, kind) = match scheme.split_once('+').unwrap_or((scheme, "")) {
            ("redis", kind) => (false, kind),
            ("rediss", kind) => (true, kind),
            _ => return None,
        };
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (username, password) = user.split_once(':').unwrap_or((user, ""));
        let (topology, database) = topology(kind, path)?;
        let hosts: Vec<_> =
            hosts.split(',').map(|host| self::host(host, default_port(&topology))).collect::<Option<_>>()?;
        if topology == Topology::Single && hosts.len() != 1 {
            return None;
        }
        let sentinels = match &topology {
            Topology::Sentinel { .. } => SentinelAccess::parse(query.unwrap_or_default(), tls)?,
            _ if query.is_some() => return None,
            _ => SentinelAccess::default(),
        };
        let (username, password) = (decoded(username)?, decoded(password)?);
        Some(Self {
            sentinels,
            topology,
            hosts,
            tls,
            database,
            username: Some(username).filter(|name| !name.is_empty()),
            password: Some(password).filter(|word| !word.is_empty()).map(SecretString::from),
        })
    }
}

impl SentinelAccess {
    /// None if there is anything else in the query. Without a word about it, TLS is as with the server.
    fn parse(query: &str, tls: bool) -> Option<Self> {
        let mut access = Self { tls, ..Self::default() };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "sentinel_username" => access.username = Some(value.into_owned()),
                "sentinel_password" => access.password = Some(value.into_owned().into()),
                "sentinel_tls" => access.tls = value.parse().ok()?,
                _ => return None,
            }
        }
        Some(access)
    }
}

fn topology(kind: &str, path: &str) -> Option<(Topology, i64)> {
    match kind {
        "" => Some((Topology::Single, database(path)?)),
        "cluster" if path.is_empty() => Some((Topology::Cluster, 0)),
        "sentinel" => {
            let (master, path) = path.split_once('/').unwrap_or((path, ""));
            let master = (!master.is_empty()).then(|| master.to_owned())?;
            Some((Topology::Sentinel { master }, database(path)?))
        }
        _ => None,
    }
}

fn database(path: &str) -> Option<i64> {
    if path.is_empty() { Some(0) } else { path.parse().ok().filter(|number| *number >= 0) }
}

fn default_port(topology: &Topology) -> u16 {
    if matches!(topology, Topology::Sentinel { .. }) { 26379 } else { 6379 }
}

/// `host`, `host:port`, `[address]` or `[address]:port`.
fn host(text: &str, default_port: u16) -> Option<(String, u16)> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(name, port)| (name, port.strip_prefix(':')))?,
        None => text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port))),
    };
    let is_name =
        !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || "/?#@".contains(letter));
    let port = port.map_or(Some(default_port), |port| port.parse().ok())?;
    is_name.then(|| (name.to_owned(), port))
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

impl PartialEq for RedisLocation {
    /// Of the same place, whoever signs in there.
    fn eq(&self, other: &Self) -> bool {
        (&self.topology, &self.hosts, self.tls, self.database)
            == (&other.topology, &other.hosts, other.tls, other.database)
    }
}

impl Eq for RedisLocation {}

impl fmt::Debug for RedisLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisLocation")
            .field("topology", &self.topology)
            .field("hosts", &self.hosts)
            .field("tls", &self.tls)
            .field("database", &self.database)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn parse(text: &str) -> RedisLocation {
        RedisLocation::parse(text).unwrap()
    }

    #[test]
    fn every_form_is_read() {
        let single = parse("redis://localhost");
        assert_eq!((single.topology, single.tls, single.database), (Topology::Single, false, 0));
        assert_eq!(single.hosts, [("localhost".to_owned(), 6379)]);
        let secured = parse("rediss://ann:s%40cret%2F@[2001:db8::1]:7000/3");
        assert_eq!((secured.tls, secured.database, secured.username.as_deref()), (true, 3, Some("ann")));
        assert_eq!(secured.password.unwrap().expose_secret(), "s@cret/");
        assert_eq!(secured.hosts, [("2001:db8::1".to_owned(), 7000)]);
        let watched = parse("redis+sentinel://:word@a,b:5000/mymaster/2");
        assert_eq!(watched.topology, Topology::Sentinel { master: "mymaster".into() });
        assert_eq!(watched.hosts, [("a".to_owned(), 26379), ("b".to_owned(), 5000)]);
        assert_eq!((watched.database, watched.username), (2, None));
        assert!(!watched.sentinels.tls && watched.sentinels.password.is_none());
        let guarded = parse(
            "rediss+sentinel://ann:word@a/mymaster/2?sentinel_username=bob&sentinel_password=s%40cret%2F&sentinel_tls=false",
        );
        assert_eq!((guarded.database, guarded.username.as_deref(), guarded.tls), (2, Some("ann"), true));
        assert_eq!((guarded.sentinels.username.as_deref(), guarded.sentinels.tls), (Some("bob"), false));
        assert_eq!(guarded.sentinels.password.unwrap().expose_secret(), "s@cret/");
        assert!(parse("rediss+sentinel://a/mymaster").sentinels.tls);
        assert_eq!(parse("rediss+cluster://a:1,b:2").topology, Topology::Cluster);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "redis:",
            "redis://",
            "redis://a,b",
            "redis://a:port",
            "redis://a:99999",
            "redis://a/first",
            "redis://a/-1",
            "redis+cluster://a/1",
            "redis+sentinel://a",
            "redis+sentinel://a/m?tls=true",
            "redis+sentinel://a/m?sentinel_tls=perhaps",
            "redis://a?sentinel_password=x",
            "redis+tape://a",
            "redis://a b",
            "redis://[::1",
            "redis://%ff@a",
        ] {
            assert!(RedisLocation::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_password_is_never_shown() {
        let shown = format!("{:?}", parse("redis://ann:hunter2@a"));
        assert!(shown.contains("ann") && !shown.contains("hunter2"), "{shown}");
    }
}
