//! Which headers go on, in both directions.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use url::{Position, Url};

use crate::{
    paths,
    server::{request::RequestContext, upstream::join},
};

/// About one connection, which is none of the next one's business (RFC 9110, 7.6.1).
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Of a request: who somebody is or claims to be, where they come from, another method or address than the one that
/// was let through, and what is ours to say.
const OURS_TO_SAY: [&str; 27] = [
    "accept-encoding",
    "authorization",
    "client-ip",
    "content-length",
    "cookie",
    "cookie2",
    "expect",
    "fastly-client-ip",
    "forwarded",
    "host",
    "location",
    "origin",
    "referer",
    "remote-user",
    "traceparent",
    "tracestate",
    "true-client-ip",
    "via",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-csrf",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-real-ip",
    "x-request-id",
    "x-user",
];

/// The same, by how the names begin: of proxies, identity-aware gateways and browsers.
const OURS_TO_SAY_PREFIXES: [&str; 21] = [
    "cf-",
    "proxy-",
    "remote-",
    "sec-",
    "ssl-",
    "x-amzn-",
    "x-auth-",
    "x-authenticated-",
    "x-client-cert",
    "x-envoy-",
    "x-forwarded",
    "x-goog-authenticated-",
    "x-goog-iap-",
    "x-ms-client-principal",
    "x-original-",
    "x-proxy-",
    "x-remote-",
    "x-rewrite-",
    "x-ssl-",
    "x-user-",
    "x-webauth-",
];

/// Of an answer: what speaks for this whole site, or sends the browser elsewhere.
const HELD_BACK: [&str; 31] = [
    "accept-ch",
    "alt-svc",
    "cache-control",
    "clear-site-data",
    "content-security-policy",
    "content-security-policy-report-only",
    "critical-ch",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "expect-ct",
    "expires",
    "location",
    "nel",
    "origin-agent-cluster",
    "permissions-policy",
    "public-key-pins",
    "referrer-policy",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "service-worker-allowed",
    "set-cookie",
    "set-cookie2",
    "sourcemap",
    "speculation-rules",
    "strict-transport-security",
    "surrogate-control",
    "www-authenticate",
    "x-frame-options",
    "x-sendfile",
];

/// Nothing runs, nothing loads, and the origin is nobody's.
const INERT: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// So many headers are added on the way at most.
const MOST_ADDED: usize = 16;

const VIA: HeaderValue = HeaderValue::from_static("1.1 vestibule");

/// The headers of a request, without what must not reach the upstream.
pub fn for_upstream(headers: &HeaderMap) -> HeaderMap {
    let mut passed = kept(headers, |name| {
        OURS_TO_SAY.contains(&name)
            || OURS_TO_SAY_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            // Some servers read `x_y` as `x-y`, and would see what was removed.
            || name.contains('_')
    });
    // The word that ends a session must be readable.
    passed.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    passed.insert(header::VIA, VIA);
    passed
}

/// The headers of the answer to a call of `path`, without what must not reach the browser.
pub fn for_browser(context: &RequestContext, path: &str, headers: &HeaderMap) -> HeaderMap {
    let settings = &context.state().settings().proxy;
    let mut passed = kept(headers, |name| !settings.passes(name) && is_held_back(name));
    if let Some(location) = passed.remove(header::LOCATION) {
        passed.insert(header::LOCATION, moved(context.state().client().base(), path, location));
    }
    let cookies = passed.get_all(header::SET_COOKIE).iter();
    let cookies: Vec<HeaderValue> = cookies.filter(|line| !is_our_cookie(line)).cloned().collect();
    passed.remove(header::SET_COOKIE);
    for cookie in cookies {
        passed.append(header::SET_COOKIE, cookie);
    }
    passed.insert(header::CONTENT_SECURITY_POLICY, INERT);
    passed
}

fn is_held_back(name: &str) -> bool {
    HELD_BACK.contains(&name)
        || name.starts_with("access-control-")
        // Caches in front of this site believe these rather than our `no-store` (RFC 9213).
        || name.ends_with("cdn-cache-control")
        // nginx in front of it obeys these as if we had said them. Whether it collects what comes harms nobody.
        || (name.starts_with("x-accel-") && name != "x-accel-buffering")
}

/// Without what `is_removed`, and without what concerns the connection.
fn kept(headers: &HeaderMap, is_removed: impl Fn(&str) -> bool) -> HeaderMap {
    let named = connection_options(headers);
    let stays = |name: &HeaderName| {
        let name = name.as_str();
        !HOP_BY_HOP.contains(&name) && !is_removed(name) && !named.iter().any(|named| named == name)
    };
    let mut kept = HeaderMap::with_capacity(headers.len() + MOST_ADDED);
    for (name, value) in headers.iter().filter(|(name, _)| stays(name)) {
        kept.append(name.clone(), value.clone());
    }
    kept
}

/// The headers that `Connection` names: they concern the connection too.
fn connection_options(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::CONNECTION).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// An address below the base URL becomes one below the proxy; any other stays as it is.
fn moved(base: &Url, path: &str, location: HeaderValue) -> HeaderValue {
    let target = location.to_str().ok().and_then(|text| join(base, path).ok()?.join(text).ok());
    let below = target.filter(|target| target.origin() == base.origin()).and_then(|target| {
        let address = &target[Position::BeforePath..Position::AfterQuery];
        let rest = address.strip_prefix(base.path().trim_end_matches('/'))?;
        rest.starts_with('/').then(|| format!("{}{rest}", paths::UPSTREAM))
    });
    below.and_then(|address| HeaderValue::try_from(address).ok()).unwrap_or(location)
}

/// Whether a `Set-Cookie` line could touch a session here.
fn is_our_cookie(line: &HeaderValue) -> bool {
    let name = line.as_bytes().split(|byte| *byte == b'=').next().unwrap_or_default();
    String::from_utf8_lossy(name).to_ascii_lowercase().contains("vestibule")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_api_becomes_one_of_the_proxy() {
        let base = Url::parse("https://api.example/v1").unwrap();
        for (location, address) in [
            ("https://api.example/v1/orders/7?x=1", "/api/upstream/orders/7?x=1"),
            ("/v1/orders/7", "/api/upstream/orders/7"),
            ("7", "/api/upstream/orders/7"),
            ("/v2/orders", "/v2/orders"),
            ("/v10/orders", "/v10/orders"),
            ("https://elsewhere.example/v1/x", "https://elsewhere.example/v1/x"),
        ] {
            let moved = moved(&base, "/orders/", HeaderValue::from_static(location));
            assert_eq!(moved, address, "{location}");
        }
    }

    #[test]
    fn what_a_connection_names_stays_there() {
        let mut headers = HeaderMap::new();
        headers.append("connection", HeaderValue::from_static("close, X-Secret"));
        headers.append("x-secret", HeaderValue::from_static("1"));
        headers.append("idempotency-key", HeaderValue::from_static("7"));
        let passed = for_upstream(&headers);
        assert!(!passed.contains_key("x-secret") && !passed.contains_key("connection"));
        assert_eq!(passed["idempotency-key"], "7");
    }
}
