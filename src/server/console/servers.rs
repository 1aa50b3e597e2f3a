//! Where the call of an operation goes: below the base URL, or to another server that the document names and the
//! settings allow. The base URL stands for the first server of the document, wherever that is named.

use url::Url;

use crate::{
    openapi::{FieldError, Operation, SERVER, Server, Values},
    server::{
        config::UpstreamSettings,
        state::AppState,
        upstream::{Access, Call, Destination},
    },
    types::ServerChoice,
};

/// The way of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// Below the base URL, with the session's token.
    Upstream,
    Elsewhere {
        destination: Destination,
        /// Whether the session's token goes along.
        token: bool,
    },
}

impl Route {
    /// Below what the call's path lies.
    pub(super) fn base<'a>(&'a self, state: &'a AppState) -> &'a Url {
        match self {
            Self::Upstream => state.client().base(),
            Self::Elsewhere { destination, .. } => &destination.base,
        }
    }

    pub(super) fn carries_token(&self) -> bool {
        matches!(self, Self::Upstream | Self::Elsewhere { token: true, .. })
    }

    /// Sends the call this way.
    pub(super) fn apply(self, call: Call) -> Call {
        match self {
            Self::Upstream => call,
            Self::Elsewhere { destination, token: true } => call.to(destination),
            Self::Elsewhere { destination, token: false } => {
                Call { access: Access::Anonymous, ..call.to(destination) }
            }
        }
    }
}

/// The way to the server that was chosen, else to the first that may be called.
///
/// # Errors
/// At the input that is wrong, or that there is none that may be called.
pub(super) fn route(state: &AppState, operation: &Operation, values: &Values) -> Result<Route, FieldError> {
    let Some(chosen) = chosen(state, operation, values)? else { return Ok(Route::Upstream) };
    way(state, chosen, values)?.map_err(|why| FieldError { input: SERVER.to_owned(), message: why })
}

/// Below what the path of a call with these values lies.
pub fn called(state: &AppState, operation: &Operation, values: &Values) -> Option<Url> {
    route(state, operation, values).ok().map(|route| route.base(state).clone())
}

/// What the form offers. Nothing, when there is nothing but the base URL.
pub fn choices(state: &AppState, operation: &Operation, values: &Values) -> Vec<ServerChoice> {
    if operation.servers.iter().all(|server| server.is_main) {
        return Vec::new();
    }
    let chosen = chosen(state, operation, values).ok().flatten().cloned();
    let choice = |server: &Server| ServerChoice {
        address: address(state, server, values),
        is_chosen: chosen.as_ref() == Some(server),
        refused: way(state, server, values).ok().and_then(Result::err),
        server: server.clone(),
    };
    operation.servers.iter().map(choice).collect()
}

fn chosen<'a>(
    state: &AppState,
    operation: &'a Operation,
    values: &Values,
) -> Result<Option<&'a Server>, FieldError> {
    let servers = &operation.servers;
    let Some(asked) = values.first(SERVER) else {
        let mut callable = servers.iter().filter(|server| matches!(way(state, server, values), Ok(Ok(_))));
        return Ok(callable.next().or(servers.first()));
    };
    let message = "The document does not name this server for the operation.".to_owned();
    let named = servers.iter().find(|server| server.url == asked);
    named.map(Some).ok_or(FieldError { input: SERVER.to_owned(), message })
}

/// The way to a server, or in one sentence why nothing is sent there.
fn way(state: &AppState, server: &Server, values: &Values) -> Result<Result<Route, String>, FieldError> {
    if server.is_main {
        return Ok(Ok(Route::Upstream));
    }
    let (base, settings) = (state.client().base(), &state.settings().upstream);
    let url = resolved(base, &server.address(values)?);
    Ok(url.map_or_else(
        || Err("It is no address that a call could go to.".to_owned()),
        |url| decide(base, settings, url),
    ))
}

/// The origin decides, and below the base URL nobody has to be asked.
fn decide(base: &Url, settings: &UpstreamSettings, url: Url) -> Result<Route, String> {
    let is_own = url.origin() == base.origin();
    let is_below = is_own && with_slash(&url).path().starts_with(with_slash(base).path());
    let host = settings.host_of(&url);
    if !is_below && host.is_none() {
        let origin = url.origin().ascii_serialization();
        return Err(format!(
            "Nothing is sent to {origin}, which the settings do not allow (upstream.hosts)."
        ));
    }
    let token = is_own || host.is_some_and(|host| host.token);
    let is_public = !is_own && !settings.allow_private;
    Ok(Route::Elsewhere { destination: Destination { base: url, is_public }, token })
}

/// Relative addresses begin where the document is by default: below the base URL.
fn resolved(base: &Url, address: &str) -> Option<Url> {
    let mut url = with_slash(base).join(address).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    let is_plain = matches!(url.scheme(), "http" | "https") && url.has_host();
    (is_plain && url.username().is_empty() && url.password().is_none()).then_some(url)
}

fn with_slash(url: &Url) -> Url {
    let mut url = url.clone();
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

/// Where it leads with what is filled in, as people write it.
fn address(state: &AppState, server: &Server, values: &Values) -> String {
    let base = state.client().base();
    let url = if server.is_main {
        Some(base.clone())
    } else {
        server.address(values).ok().and_then(|address| resolved(base, &address))
    };
    url.map_or_else(|| server.url.clone(), |url| url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::AllowedHost;

    fn decided(url: &str) -> Result<(bool, bool), String> {
        let base = Url::parse("https://api.example/v1").unwrap();
        let host = |origin: &str, token| AllowedHost { origin: Url::parse(origin).unwrap(), token };
        let hosts = vec![host("https://files.example", false), host("https://more.example:444", true)];
        let settings = UpstreamSettings { hosts, ..UpstreamSettings::default() };
        let route = decide(&base, &settings, resolved(&base, url).ok_or("no address")?)?;
        let Route::Elsewhere { destination, token } = route else { return Err("the base URL".into()) };
        Ok((token, destination.is_public))
    }

    #[test]
    fn only_hosts_that_the_settings_allow_are_called() {
        for (url, way) in [
            ("https://files.example/a", Ok((false, true))),
            ("https://more.example:444", Ok((true, true))),
            ("https://api.example/v1/beta", Ok((true, false))),
            ("beta", Ok((true, false))),
            (".", Ok((true, false))),
        ] {
            assert_eq!(decided(url), way, "{url}");
        }
        for url in [
            "https://api.example/v2",
            "https://api.example/v1/../v2",
            "https://api.example/v10",
            "/",
            "//evil.example",
            "\\\\evil.example",
            "http://files.example/",
            "https://more.example/",
            "https://files.example.evil.example/",
            "https://files.example@evil.example/",
            "https://me@files.example/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://{region}.example",
        ] {
            assert!(decided(url).is_err(), "{url}");
        }
    }
}
