//! Every address of this application.

mod local;
mod mount;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

pub use local::LocalPath;
pub use mount::{Mount, is_mounted};

pub const HOME: LocalPath = LocalPath::fixed("/");
pub const LOGIN: LocalPath = LocalPath::fixed("/login");
pub const OPERATIONS: LocalPath = LocalPath::fixed("/operations");
pub const ACCOUNT: LocalPath = LocalPath::fixed("/account");
pub const HISTORY: LocalPath = LocalPath::fixed("/history");
pub const HISTORY_COMPARE: LocalPath = LocalPath::fixed("/history/compare");
pub const ANSWERS: LocalPath = LocalPath::fixed("/answers");
pub const LOGOUT: LocalPath = LocalPath::fixed("/api/logout");

pub const SESSION: &str = "/api/session";
/// Where an open page hears that its session has ended.
pub const SESSION_EVENTS: &str = "/api/session/events";
/// The server function by which an open page asks whether it is still signed in.
pub const CHECK_SESSION: &str = "/api/check_session";
/// The server function that sends an operation's form.
pub const SEND_OPERATION: &str = "/api/send_operation";
/// The proxy for code in the browser.
pub const UPSTREAM: &str = "/api/upstream";
/// Where server functions are mounted.
pub const SERVER_FNS: &str = "/api";

const AUTH: LocalPath = LocalPath::fixed("/auth");
pub const OIDC_START: &str = "/auth/{provider}/start";
pub const OIDC_CALLBACK: &str = "/auth/{provider}/callback";
pub const OIDC_SIGNED_OUT: &str = "/auth/{provider}/signed-out";
/// Where a provider says that somebody is out, server to server.
pub const OIDC_BACKCHANNEL_LOGOUT: &str = "/auth/{provider}/backchannel-logout";
/// Where a provider says it by way of the browser.
pub const OIDC_FRONTCHANNEL_LOGOUT: &str = "/auth/{provider}/frontchannel-logout";

// At the root of the site, whatever the API.
pub const HEALTHZ: &str = "/healthz";
pub const READYZ: &str = "/readyz";
pub const METRICS: &str = "/metrics";
pub const ICON: &str = "/favicon.svg";
pub const ROBOTS: &str = "/robots.txt";

/// What a path segment leaves as it is (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What a method-and-path address leaves as it is, besides.
const SEGMENTS: &AsciiSet = &SEGMENT.remove(b'/');

/// The page of an operation: by its id, or by `{method}/{path}` when it has none of its own.
///
/// An id's `/` is encoded, so that an id never looks like a method and a path.
pub fn operation(address: &str, is_id: bool) -> LocalPath {
    let encoded = utf8_percent_encode(address, if is_id { SEGMENT } else { SEGMENTS });
    OPERATIONS.and(format_args!("/{encoded}"))
}

/// What an operation's page has as its address, decoded once: an id may hold a `/` of its own.
pub fn operation_address(path: &str) -> Option<String> {
    let rest = path.strip_prefix(OPERATIONS.as_str())?.strip_prefix('/')?;
    Some(percent_decode_str(rest).decode_utf8_lossy().into_owned())
}

/// The index of operations, searched.
pub fn search(query: &str) -> LocalPath {
    OPERATIONS.and(format_args!("?q={}", utf8_percent_encode(query, SEGMENT)))
}

/// A past request.
pub fn past_request(id: &str) -> LocalPath {
    HISTORY.and(format_args!("/{}", utf8_percent_encode(id, SEGMENT)))
}

/// The operations of one tag.
pub fn tag(tag: &str) -> LocalPath {
    OPERATIONS.and(format_args!("?tag={}", utf8_percent_encode(tag, SEGMENT)))
}

/// The operations of one tag from one on.
pub fn tag_from(tag: &str, from: u32) -> LocalPath {
    self::tag(tag).and(format_args!("&from={from}"))
}

/// The page of an answer that is kept.
pub fn answer(id: &str) -> LocalPath {
    ANSWERS.and(format_args!("/{id}"))
}

/// The whole body of an answer, to be stored.
pub fn answer_body(id: &str) -> LocalPath {
    ANSWERS.and(format_args!("/{id}/body"))
}

/// A picture or PDF, to be shown.
pub fn answer_file(id: &str) -> LocalPath {
    ANSWERS.and(format_args!("/{id}/file"))
}

/// An HTML answer as a page, without scripts.
pub fn answer_page(id: &str) -> LocalPath {
    ANSWERS.and(format_args!("/{id}/page"))
}

/// The events of an answer as they come, from a place on.
pub fn answer_events(id: &str, from: u64) -> LocalPath {
    ANSWERS.and(format_args!("/{id}/events?from={from}"))
}

/// The login page, saying why. `next` must be a checked return target, encoded.
pub fn login(reason: Option<&str>, encoded_next: &str) -> LocalPath {
    match reason {
        Some(reason) => LOGIN.and(format_args!("?reason={reason}&next={encoded_next}")),
        None => LOGIN.and(format_args!("?next={encoded_next}")),
    }
}

/// The login page, saying that the person has signed out.
pub fn signed_out() -> LocalPath {
    LOGIN.and("?reason=signed-out")
}

/// The person's sessions on the account page, with a query or none.
pub fn own_sessions(query: &str) -> LocalPath {
    ACCOUNT.and(format_args!("{query}#sessions"))
}

/// Who is to sign in with an OpenID provider that has signed them in before, and is not to do it silently now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    Anybody,
    /// Whoever is signed in here, to show that it is them.
    SamePerson,
}

impl Again {
    /// The word for it in the address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anybody => "1",
            Self::SamePerson => "same",
        }
    }
}

/// Where a sign-in with an OpenID provider begins. Its form tells `next`, and perhaps [`Again`] as `again`.
pub fn oidc_start(provider: &str) -> LocalPath {
    AUTH.and(format_args!("/{provider}/start"))
}

/// Where the provider sends people back to after signing in.
pub fn oidc_callback(provider: &str) -> LocalPath {
    AUTH.and(format_args!("/{provider}/callback"))
}

/// Where the provider sends people back to after signing out there.
pub fn oidc_signed_out(provider: &str) -> LocalPath {
    AUTH.and(format_args!("/{provider}/signed-out"))
}

/// The logout route as a forced logout reaches it. `next` must be a checked return target.
pub fn forced_logout(reason: &str, encoded_next: &str) -> LocalPath {
    LOGOUT.and(format_args!("?reason={reason}&next={encoded_next}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_by_id_and_by_path() {
        assert_eq!(operation("listOrders", true).as_str(), "/operations/listOrders");
        assert_eq!(operation("issues/create", true).as_str(), "/operations/issues%2Fcreate");
        assert_eq!(operation("get/books/{id}", false).as_str(), "/operations/get/books/%7Bid%7D");
        assert_eq!(operation_address("/operations/issues%2Fcreate").as_deref(), Some("issues/create"));
        assert_eq!(operation_address("/operations"), None);
        assert_eq!(search("two words").as_str(), "/operations?q=two%20words");
    }
}
