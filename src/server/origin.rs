use url::Url;

use super::config::is_loopback;

/// The one origin under which browsers know this application. Never taken from a request.
#[derive(Debug, Clone)]
pub struct PublicOrigin {
    url: Url,
    text: String,
}

impl PublicOrigin {
    pub fn new(url: Url) -> Self {
        let text = url.origin().ascii_serialization();
        Self { url, text }
    }

    /// As in an `Origin` header: scheme, host, and a port that is not the scheme's own.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The absolute address of a path here.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(path);
        url
    }

    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether plain http is used on this very machine, where browsers accept it as safe.
    pub fn is_local(&self) -> bool {
        !self.is_https() && is_loopback(&self.url)
    }
}
