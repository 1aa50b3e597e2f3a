//! Cookies, read byte for byte and written so that browsers obey.
//!
//! What a browser protects is the exact name: `__Host-` only means something if nothing else can pass for it. So
//! nothing is decoded here, only space and tab are trimmed (RFC 6265bis), and two cookies of a name are none: a
//! sibling host can add a second one, but cannot make us choose it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Duration;

use http::header::{COOKIE, InvalidHeaderValue};
use http::{HeaderMap, HeaderValue};

use super::token::SessionToken;

/// Beyond this many bytes of cookies in one request there are none. Browsers stop far earlier, as do most proxies.
const MOST_BYTES: usize = 64 * 1024;
/// The longest life that RFC 6265bis lets a cookie have: 400 days, in seconds.
const LONGEST_LIFE: u64 = 400 * 24 * 60 * 60;
/// So many chunks of other programs' cookies are cleared at once: the answer's head has to stay small.
const MOST_CHUNKS: usize = 32;

/// What a request holds under a cookie's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie<'a> {
    /// Nothing.
    Absent,
    /// One value, as it came.
    One(&'a [u8]),
    /// More than one: somebody may be planting cookies. To be treated as nothing.
    Several,
}

impl<'a> Cookie<'a> {
    /// The value, if there is exactly one.
    #[must_use]
    pub const fn value(self) -> Option<&'a [u8]> {
        match self {
            Self::One(value) => Some(value),
            Self::Absent | Self::Several => None,
        }
    }
}

/// Looks for the cookie with exactly these bytes as its name, in all `Cookie` headers of the request.
#[must_use]
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Cookie<'a> {
    let mut values = pairs(headers).filter(|(other, _)| *other == name.as_bytes()).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None, _) => Cookie::Absent,
        (Some(value), None) => Cookie::One(value),
        (Some(_), Some(_)) => Cookie::Several,
    }
}

/// Every name with its value. HTTP/2 may split the header into several; more than [`MOST_BYTES`] count as none.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    let bounded = headers.get_all(COOKIE).iter().map(HeaderValue::len).sum::<usize>() <= MOST_BYTES;
    headers
        .get_all(COOKIE)
        .iter()
        .filter(move |_| bounded)
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
        .filter_map(pair)
}

fn pair(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let equals = pair.iter().position(|byte| *byte == b'=')?;
    let (name, value) = pair.split_at_checked(equals)?;
    Some((trim(name), trim(value.strip_prefix(b"=")?)))
}

fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// The one cookie of a browser that is signed in to an API.
#[derive(Clone, Debug)]
pub struct SessionCookie {
    name: Cow<'static, str>,
    clear: HeaderValue,
    secure: bool,
    max_age: u64,
}

impl SessionCookie {
    /// `secure` is whether the public address is https; only a loopback address may do without. `lifetime` is the
    /// absolute timeout of a session: the browser forgets the cookie when the server forgets the session. More than
    /// 400 days count as 400.
    #[must_use]
    pub fn new(secure: bool, lifetime: Duration) -> Self {
        let (name, clear) = if secure {
            ("__Host-vestibule", "__Host-vestibule=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure")
        } else {
            ("vestibule", "vestibule=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        };
        let max_age = lifetime.as_secs().min(LONGEST_LIFE);
        Self { name: name.into(), clear: HeaderValue::from_static(clear), secure, max_age }
    }

    /// The same for an API that is not the default one: a cookie of its own, so that signing in to one is not
    /// signing in to the other.
    ///
    /// # Errors
    /// When no cookie can be named so.
    pub fn of_api(self, api: &str) -> Result<Self, InvalidHeaderValue> {
        let name = format!("{}-{api}", self.name);
        Ok(Self { clear: clear(&name, self.secure)?, name: name.into(), ..self })
    }

    /// The cookie's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cookie of a browser that is about to sign in by way of a provider.
    #[must_use]
    pub fn transaction(&self) -> SideCookie {
        SideCookie { name: format!("{}.sign-in", self.name), secure: self.secure }
    }

    /// The cookie of a browser whose last session is over: a provider is not to sign anybody in there unasked. It holds
    /// nothing but that.
    #[must_use]
    pub fn again(&self) -> SideCookie {
        SideCookie { name: format!("{}.again", self.name), secure: self.secure }
    }

    /// The token in a request, if there is exactly one cookie of the name and it has the form of one.
    #[must_use]
    pub fn token(&self, headers: &HeaderMap) -> Option<SessionToken> {
        find(headers, self.name()).value().and_then(SessionToken::parse)
    }

    /// The `Set-Cookie` that hands a token to the browser.
    ///
    /// # Errors
    /// None that can happen, since a token's text is plain ASCII; the header's own type has one.
    pub fn set(&self, token: &SessionToken) -> Result<HeaderValue, InvalidHeaderValue> {
        let (name, max_age, secure) = (self.name(), self.max_age, if self.secure { "; Secure" } else { "" });
        let text = token.expose();
        let cookie =
            format!("{name}={}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}", text.as_str());
        let mut header = HeaderValue::try_from(cookie)?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// The `Set-Cookie` that takes it away.
    #[must_use]
    pub fn clear(&self) -> HeaderValue {
        self.clear.clone()
    }
}

/// A cookie beside that of the session, for sign-ins by way of a provider. What it holds is sealed by whoever sets it, or
/// no secret.
///
/// `Lax`, since the way back from a provider begins at another site.
#[derive(Clone, Debug)]
pub struct SideCookie {
    name: String,
    secure: bool,
}

impl SideCookie {
    /// Its value in a request, if there is exactly one.
    #[must_use]
    pub fn value<'a>(&self, headers: &'a HeaderMap) -> Option<&'a [u8]> {
        find(headers, &self.name).value()
    }

    /// The `Set-Cookie` that hands `value` to the browser for a while.
    ///
    /// # Errors
    /// When `value` is not plain ASCII.
    pub fn set(&self, value: &str, lifetime: Duration) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut header = self.header(value, lifetime.as_secs())?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// The `Set-Cookie` that takes it away.
    ///
    /// # Errors
    /// None that can happen; the header's own type has one.
    pub fn clear(&self) -> Result<HeaderValue, InvalidHeaderValue> {
        self.header("", 0)
    }

    fn header(&self, value: &str, max_age: u64) -> Result<HeaderValue, InvalidHeaderValue> {
        let (name, secure) = (&self.name, if self.secure { "; Secure" } else { "" });
        HeaderValue::try_from(format!(
            "{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"
        ))
    }
}

/// A setting names a cookie that cannot exist.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} cannot be the name of a cookie: use letters, digits and !#$%&'*+-.^_`|~, at most 200 of them")]
pub struct InvalidCookieName(pub String);

/// The cookies of other programs that a sign-out clears too, each in all its forms: plain, `__Secure-` and
/// `__Host-`, whole and in chunks `.0`, `.1` and so on.
///
/// Only cookies of this host with path `/` can be cleared; nobody but the one who knows it can name a `Domain`.
#[derive(Clone, Debug, Default)]
pub struct ForeignCookies {
    names: HashSet<String>,
    whole: Vec<HeaderValue>,
    secure: bool,
}

impl ForeignCookies {
    /// Prepares what clears cookies of these names. A prefix in a name is as good as none. `secure` is whether the
    /// public address is https.
    ///
    /// # Errors
    /// [`InvalidCookieName`] for the first name that no cookie can have.
    pub fn new(names: &[String], secure: bool) -> Result<Self, InvalidCookieName> {
        let mut foreign = Self { secure, ..Self::default() };
        for name in names {
            for form in forms(name)? {
                let clear = clear(&form, secure).map_err(|_| InvalidCookieName(name.clone()))?;
                if foreign.names.insert(form) {
                    foreign.whole.push(clear);
                }
            }
        }
        Ok(foreign)
    }

    /// The `Set-Cookie`s for this request: whole cookies always, since a browser may hold one that it did not send;
    /// chunks if the request shows them, to keep the answer small.
    #[must_use]
    pub fn clear(&self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let sent = pairs(headers).filter_map(|(name, _)| std::str::from_utf8(name).ok());
        let mut seen = HashSet::new();
        let chunks = sent.filter(|name| self.is_chunk(name) && seen.insert(*name));
        let chunks = chunks.take(MOST_CHUNKS).filter_map(|name| clear(name, self.secure).ok());
        self.whole.iter().cloned().chain(chunks).collect()
    }

    fn is_chunk(&self, name: &str) -> bool {
        name.rsplit_once('.').is_some_and(|(whole, number)| {
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            is_number && self.names.contains(whole)
        })
    }
}

fn forms(name: &str) -> Result<[String; 3], InvalidCookieName> {
    let invalid = || InvalidCookieName(name.to_owned());
    let plain = ["__Host-", "__Secure-"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    if plain.is_empty() || name.len() > 200 || !name.bytes().all(is_token) {
        return Err(invalid());
    }
    Ok([plain.to_owned(), format!("__Secure-{plain}"), format!("__Host-{plain}")])
}

/// `tchar` of RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Browsers take a deletion only if it would be allowed to set the cookie: the prefixes, in whatever case, demand
/// `Secure`. A page on plain http may not touch what is `Secure`, so the rest goes without it there.
fn clear(name: &str, secure: bool) -> Result<HeaderValue, InvalidHeaderValue> {
    let lower = name.to_ascii_lowercase();
    let demanded = ["__host-", "__secure-", "__http-"].iter().any(|prefix| lower.starts_with(prefix));
    let secure = if secure || demanded { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}"))
}

#[cfg(test)]
mod tests;
