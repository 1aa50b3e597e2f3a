//! The return target (`next`): a local address that a person comes back to.
//!
//! A return target is judged as text, never by a URL parser: browsers and parsers differ in what they forgive, and an
//! open redirect lives in that difference.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{
    openapi::Values,
    paths::{self, is_mounted},
};

/// What `encodeURIComponent` leaves alone, and `/`, which a query may hold: it keeps the address readable.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/').remove(b'*');

const LONGEST: usize = 2048;

/// The query parameter of an operation's address that has it wait for its button.
pub const HELD_BACK: &str = "~held";

/// An address of the API at hand, without its mount: one leading `/`, then visible ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

impl Default for ReturnTo {
    fn default() -> Self {
        Self(paths::HOME.as_str().into())
    }
}

impl ReturnTo {
    /// `target` if it is a local address that a person can come back to, else the home page.
    pub fn checked(target: &str) -> Self {
        if is_local(target) && !leads_nowhere(target) { Self(target.into()) } else { Self::default() }
    }

    /// The same for somebody whom another site has sent: an operation is filled in there, and not sent.
    #[must_use]
    pub fn held_back(self) -> Self {
        let (address, fragment) = self.0.split_at(self.0.find('#').unwrap_or(self.0.len()));
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let is_marked = Values::parse(query).count(HELD_BACK) > 0;
        if is_marked || paths::operation_address(path).is_none() {
            return self;
        }
        let query = if query.is_empty() { String::new() } else { format!("{query}&") };
        Self::checked(&format!("{path}?{query}{HELD_BACK}=1{fragment}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The target as a value in a query string.
    pub fn encoded(&self) -> String {
        utf8_percent_encode(&self.0, QUERY_VALUE).to_string()
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One leading slash, and nothing that a browser might take for a second one, however it is spelt.
fn is_local(target: &str) -> bool {
    target.len() <= LONGEST
        && target.starts_with('/')
        && target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !path_leaves(target)
}

/// Whether the path, decoded until nothing changes, has an empty or dot segment or a hidden separator.
fn path_leaves(target: &str) -> bool {
    let mut path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
    loop {
        let dotted = path.split('/').any(|segment| matches!(segment, "." | ".."));
        if path.contains("//") || path.contains('\\') || dotted || path.chars().any(char::is_control) {
            return true;
        }
        let decoded = percent_decode_str(&path).decode_utf8_lossy().into_owned();
        if decoded == path {
            return false;
        }
        path = decoded;
    }
}

/// The login page, the logout route and other endpoints are no places to come back to: they would loop. Nor is another
/// API, which has sessions of its own.
fn leads_nowhere(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    path == paths::LOGIN.as_str()
        || path.starts_with("/login/")
        || path.starts_with("/api/")
        || path.starts_with("/auth/")
        || is_mounted(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_local_addresses() {
        for target in [
            "/",
            "/operations",
            "/operations/listOrders?status=open&next=//x",
            "/operations/get/books/%7Bid%7D",
            "/operations/a%2Fb",
            "/account#sessions",
            "/a/.well-known",
            "/x?y=http://elsewhere.example/",
        ] {
            assert_eq!(ReturnTo::checked(target).as_str(), target);
        }
    }

    #[test]
    fn sends_everything_else_home() {
        for target in [
            "",
            "operations",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "///evil",
            "/\tx",
            "/ /evil",
            "/%09/evil.example",
            "/%5Cevil.example",
            "/%5C%5Cevil",
            "/%2f/evil",
            "/%2F%2Fevil",
            "/%252f%252fevil",
            "/..//evil",
            "/../x",
            "/%2e%2e/x",
            "/.%2e//evil",
            "/./\\evil",
            "/a\r\nSet-Cookie: x=1",
            "/a%0d%0ab",
            "/%00",
            "https://evil.example",
            "http:evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "@evil.example",
            "https://app.example@evil.example",
            "http://[::",
            "%",
            "/〵evil",
            "/é",
            "/login",
            "/login?next=/login",
            "/api/logout",
            "/api/upstream/x",
            "/auth/x/start",
            "/a//evil.example",
            "/apis/other/account",
        ] {
            assert_eq!(ReturnTo::checked(target).as_str(), "/", "{target:?}");
        }
        assert_eq!(ReturnTo::checked(&format!("/{}", "x".repeat(100_000))).as_str(), "/");
    }

    #[test]
    fn an_operation_can_be_held_back() {
        for (target, expected) in [
            ("/operations/a", "/operations/a?~held=1"),
            ("/operations/a%2Fb?x=1#news", "/operations/a%2Fb?x=1&~held=1#news"),
            ("/operations/a?~held=1&send", "/operations/a?~held=1&send"),
            ("/operations?q=a", "/operations?q=a"),
            ("/account", "/account"),
        ] {
            assert_eq!(ReturnTo::checked(target).held_back().as_str(), expected);
        }
    }

    #[test]
    fn is_carried_in_a_query() {
        assert_eq!(ReturnTo::checked("/a?b=c&d=%20").encoded(), "/a%3Fb%3Dc%26d%3D%2520");
    }
}
