//! Who is asking, and in which way an answer can reach them.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, Method, Uri, header, request::Parts};
use url::{Position, Url};

use super::return_to::ReturnTo;
use crate::paths::{self, Mount};

/// What browsers tell of every request (<https://www.w3.org/TR/fetch-metadata/>).
pub const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What a browser does with the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Shows it as a document: it follows redirects, and may be told where to go next.
    Document,
    /// Hands it to a script, which must be told by status and header.
    Script,
}

/// The asking side of one request.
#[derive(Debug, Clone)]
pub struct Caller {
    pub kind: Kind,
    /// The browser's address, as far as our own proxies tell it.
    pub address: IpAddr,
    /// Where to come back to after signing in again.
    pub return_to: ReturnTo,
    /// Whether the document or script asking is of another site, as far as the browser says.
    pub cross_site: bool,
    /// Whether a browser shows the answer in a window. It holds what a form leads to, redirect by redirect, to the policy
    /// of the form's page.
    pub is_window: bool,
    /// The request's `Cookie` headers, and no others.
    pub cookies: HeaderMap,
}

impl Caller {
    /// Reads it from the head of a request that comes from `address`, and from whose own the `mount` is taken off already.
    pub fn of(parts: &Parts, address: IpAddr, mount: &Mount) -> Self {
        let cross_site = text(&parts.headers, &SEC_FETCH_SITE).is_some_and(|site| site == "cross-site");
        let return_to = return_to(&parts.uri, &parts.headers, mount);
        Self {
            kind: Kind::of(&parts.method, parts.uri.path(), &parts.headers),
            address,
            return_to: if cross_site { return_to.held_back() } else { return_to },
            cross_site,
            is_window: is_window(&parts.method, &parts.headers),
            cookies: cookies(&parts.headers),
        }
    }

    /// Where this request asks to be led. Another site may not say more than which form to open.
    pub fn led_to(&self, target: &str) -> ReturnTo {
        let target = ReturnTo::checked(target);
        if self.cross_site { target.held_back() } else { target }
    }
}

impl Kind {
    /// Fetch Metadata decides; browsers without it are judged by what they accept. What is asked of the proxy is for a
    /// script in any case.
    pub fn of(method: &Method, path: &str, headers: &HeaderMap) -> Self {
        let document = text(headers, &SEC_FETCH_MODE)
            .map_or_else(|| accepts_document(method, headers), |mode| mode == "navigate");
        if document && !path.starts_with(paths::UPSTREAM) { Self::Document } else { Self::Script }
    }
}

fn is_window(method: &Method, headers: &HeaderMap) -> bool {
    let told = text(headers, &SEC_FETCH_DEST).or_else(|| text(headers, &SEC_FETCH_MODE));
    told.map_or_else(|| accepts_document(method, headers), |told| told == "document")
}

fn accepts_document(method: &Method, headers: &HeaderMap) -> bool {
    let accepts_html = text(headers, &header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    accepts_html && matches!(*method, Method::GET | Method::HEAD | Method::POST)
}

/// The address itself; for what is no page (`/api/…`), the page that asked.
fn return_to(uri: &Uri, headers: &HeaderMap, mount: &Mount) -> ReturnTo {
    let address = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    if !uri.path().starts_with("/api/") {
        return ReturnTo::checked(address);
    }
    let referer = text(headers, &header::REFERER).and_then(|referer| Url::parse(referer).ok());
    let page = referer.map(|url| url[Position::BeforePath..Position::AfterQuery].to_owned());
    ReturnTo::checked(page.as_deref().and_then(|page| mount.strip(page)).unwrap_or_default())
}

fn cookies(headers: &HeaderMap) -> HeaderMap {
    headers.get_all(header::COOKIE).iter().map(|value| (header::COOKIE, value.clone())).collect()
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn caller(method: &str, uri: &str, headers: &[(&str, &str)]) -> Caller {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let address = std::net::Ipv4Addr::LOCALHOST.into();
        Caller::of(&request.body(()).unwrap().into_parts().0, address, &Mount::default())
    }

    #[test]
    fn fetch_metadata_decides() {
        let html = ("accept", "text/html");
        assert_eq!(caller("GET", "/", &[("sec-fetch-mode", "navigate")]).kind, Kind::Document);
        assert_eq!(caller("GET", "/", &[("sec-fetch-mode", "cors"), html]).kind, Kind::Script);
        assert_eq!(caller("POST", "/x", &[html]).kind, Kind::Document);
        assert_eq!(caller("PUT", "/x", &[html]).kind, Kind::Script);
        assert_eq!(caller("GET", "/", &[("accept", "*/*")]).kind, Kind::Script);
        assert_eq!(caller("GET", "/api/upstream/x", &[html]).kind, Kind::Script);
    }

    #[test]
    fn a_window_is_a_browsers() {
        let (html, navigates) = (("accept", "text/html,*/*"), ("sec-fetch-mode", "navigate"));
        assert!(caller("GET", "/", &[("sec-fetch-dest", "document"), navigates]).is_window);
        assert!(caller("POST", "/", &[html]).is_window, "one that says less of itself");
        assert!(!caller("GET", "/", &[("sec-fetch-dest", "iframe"), navigates, html]).is_window);
        assert!(!caller("POST", "/", &[("sec-fetch-mode", "cors"), ("accept", "*/*")]).is_window);
        assert!(!caller("GET", "/", &[("accept", "*/*")]).is_window);
    }

    #[test]
    fn comes_back_to_the_page() {
        assert_eq!(caller("GET", "/operations/a?x=1", &[]).return_to.as_str(), "/operations/a?x=1");
        let referer = ("referer", "http://127.0.0.1:3000/account?a=b");
        assert_eq!(caller("POST", "/api/send_operation", &[referer]).return_to.as_str(), "/account?a=b");
        let evil = ("referer", "http://evil.example//evil.example/x");
        assert_eq!(caller("POST", "/api/send_operation", &[evil]).return_to.as_str(), "/");
        assert_eq!(caller("POST", "/api/send_operation", &[]).return_to.as_str(), "/");
    }
}
