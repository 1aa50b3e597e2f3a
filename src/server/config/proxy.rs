use std::time::Duration;

use http::Method;
use serde::Deserialize;

use super::{SettingsError, units};

/// `[proxy]`: what scripts in the browser may do by way of `/api/upstream/…`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProxySettings {
    /// The methods that are let through.
    pub methods: Vec<String>,
    /// The paths below the base URL that are let through, each with everything below it. None: all.
    pub paths: Vec<String>,
    /// Headers of the API's answers that are let through although they speak for this site, such as `Location`.
    pub pass_headers: Vec<String>,
    /// How long a stream or socket may stand still, in either direction.
    #[serde(deserialize_with = "units::duration")]
    pub idle_timeout: Duration,
}

impl Default for ProxySettings {
    fn default() -> Self {
        let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        Self {
            methods: methods.map(str::to_owned).into(),
            paths: Vec::new(),
            pass_headers: Vec::new(),
            idle_timeout: Duration::from_mins(5),
        }
    }
}

/// What may be let through by choice. The others concern the connection, or the safety of this site.
const BY_CHOICE: [&str; 4] = ["set-cookie", "location", "cache-control", "expires"];

impl ProxySettings {
    /// Whether a call by this method is let through.
    pub fn allows_method(&self, method: &Method) -> bool {
        self.methods.iter().any(|allowed| allowed == method.as_str())
    }

    /// Whether a path below the base URL is let through. It is compared as it is written: a path that is spelt in
    /// another way than the setting is none of the allowed ones.
    pub fn allows_path(&self, path: &str) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|allowed| is_below(path, allowed))
    }

    /// Whether a header of an answer is let through by choice.
    pub fn passes(&self, name: &str) -> bool {
        self.pass_headers.iter().any(|passed| passed.eq_ignore_ascii_case(name))
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if let Some(method) = self.methods.iter().find(|method| !is_method(method)) {
            let why = format!("{method:?} is no method that is passed on");
            return Err(SettingsError::key("proxy.methods", why, "Write methods like GET and POST."));
        }
        if let Some(path) = self.paths.iter().find(|path| !path.starts_with('/')) {
            let why = format!("{path:?} does not begin with /");
            return Err(SettingsError::key(
                "proxy.paths",
                why,
                "Write paths below the base URL, like /orders.",
            ));
        }
        if let Some(name) = self.pass_headers.iter().find(|name| !is_by_choice(name)) {
            let why = format!("{name:?} is let through in any case, or never");
            return Err(SettingsError::key(
                "proxy.pass_headers",
                why,
                "Choose from Location, Set-Cookie, Cache-Control and Expires.",
            ));
        }
        units::check_not_zero("proxy.idle_timeout", self.idle_timeout, "Write it like 5 min.")
    }
}

fn is_below(path: &str, allowed: &str) -> bool {
    let rest = path.strip_prefix(allowed.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `CONNECT` makes a tunnel, and `TRACE` sends back what only the server may know.
fn is_method(method: &str) -> bool {
    let known = method.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
    known && !method.is_empty() && !matches!(method, "CONNECT" | "TRACE")
}

fn is_by_choice(name: &str) -> bool {
    BY_CHOICE.iter().any(|choice| choice.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_for_all_below_it() {
        let paths = ["/orders".to_owned(), "/files/".to_owned()].into();
        let settings = ProxySettings { paths, ..ProxySettings::default() };
        for (path, allowed) in [
            ("/orders", true),
            ("/orders/7", true),
            ("/orders/", true),
            ("/files/a", true),
            ("/orders-of-others", false),
            ("/ORDERS", false),
            ("/%6frders", false),
            ("/", false),
        ] {
            assert_eq!(settings.allows_path(path), allowed, "{path}");
        }
        assert!(ProxySettings::default().allows_path("/anything"));
    }
}
