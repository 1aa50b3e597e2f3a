//! The settings of the running server: read once, checked once, before anything listens.
//!
//! A setting comes from (later wins) its default, `Leptos.toml`, the environment (`variables`: `VESTIBULE_SESSION__STORE`
//! is `[session] store`), and for the upstream's address `API_BASE_URL`. A bad setting stops the start with a sentence
//! that names the key and the remedy; see [`SettingsError`].

mod apis;
mod console;
mod history;
mod log;
mod logout;
mod oidc;
mod proxy;
mod rate;
mod redis;
mod server;
mod session;
mod sign_in;
mod trace;
mod units;
mod upstream;
mod variables;

use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat};
use serde::{Deserialize, de::IgnoredAny};
use variables::Variables;

pub use self::redis::{RedisLocation, Topology};
pub use console::ConsoleSettings;
pub use history::HistorySettings;
pub use log::{AuditTarget, LogFormat, LogSettings};
pub use logout::LogoutSettings;
pub use oidc::{ClientAuthentication, OidcSettings};
pub use proxy::ProxySettings;
pub use rate::Rate;
pub use server::{Network, ServerSettings, is_loopback};
pub use session::{SessionSettings, StoreLocation};
pub use sign_in::{
    BodyFormat, Credential, LifetimeUnit, PasswordSettings, ProfileSettings, RefreshSettings, RevokeSettings,
    SignInSettings, TokenPointers,
};
pub use trace::TraceSettings;
pub use upstream::{AllowedHost, DocumentAccess, EnvelopeKind, SessionEndRule, UpstreamSettings};

/// Every setting of the server, already checked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub server: ServerSettings,
    pub upstream: UpstreamSettings,
    pub sign_in: SignInSettings,
    pub session: SessionSettings,
    pub logout: LogoutSettings,
    pub history: HistorySettings,
    pub proxy: ProxySettings,
    /// The APIs besides the default one: all but the first of several `[[upstream]]`.
    #[serde(rename = "other_upstreams")]
    pub others: Vec<UpstreamSettings>,
    pub console: ConsoleSettings,
    pub home: HomeSettings,
    pub demo: DemoSettings,
    pub log: LogSettings,
    pub trace: TraceSettings,
    /// `[package.metadata.leptos]`, which Leptos itself reads from the same file.
    #[serde(rename = "package")]
    _leptos: Option<IgnoredAny>,
    /// `VESTIBULE_CONFIG`, which names the file and is not a setting.
    #[serde(rename = "config")]
    _file: Option<IgnoredAny>,
}

/// What the home page shows besides who is signed in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HomeSettings {
    /// Operations (by address, as in `/operations/{operation}`) whose answers are shown "at a glance".
    pub glance: Vec<String>,
}

/// The demo API that runs when `upstream.base_url` is not set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DemoSettings {
    /// Where the demo API listens; port 0 takes a free one.
    pub listen: std::net::SocketAddr,
    /// How long an access token of the demo API lives.
    #[serde(deserialize_with = "units::duration")]
    pub access_token_lifetime: std::time::Duration,
}

impl Default for DemoSettings {
    fn default() -> Self {
        Self {
            listen: std::net::SocketAddr::from(([127, 0, 0, 1], 0)),
            access_token_lifetime: std::time::Duration::from_mins(5),
        }
    }
}

/// Why the settings cannot be used. `Display` is the whole sentence that the operator reads.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("The settings file {0} cannot be read; name an existing one with --config or VESTIBULE_CONFIG.")]
    File(PathBuf),
    #[error("The settings cannot be used: {0}. Correct it in {1} or in the environment.")]
    Value(String, PathBuf),
    #[error("The setting {key} is wrong: {why}. {remedy}")]
    Key { key: &'static str, why: String, remedy: &'static str },
    #[error("Of the API {0}: {1}")]
    Api(String, Box<SettingsError>),
}

impl SettingsError {
    pub(super) fn key(key: &'static str, why: impl Into<String>, remedy: &'static str) -> Self {
        Self::Key { key, why: why.into(), remedy }
    }
}

impl Settings {
    /// Reads `file` and this process' environment.
    ///
    /// # Errors
    /// When the file is missing, a value has the wrong type, a key is unknown, or values contradict each other.
    pub fn load(file: &Path) -> Result<Self, SettingsError> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        let environment = std::env::vars_os();
        Self::read(file, Variables::of(environment))
    }

    fn read(file: &Path, variables: Variables) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(file).map_err(|_| SettingsError::File(file.into()))?;
        let base_url = variables.text("API_BASE_URL").map(str::to_owned);
        let settings: Self = Config::builder()
            .add_source(apis::Split(File::from_str(&text, FileFormat::Toml)))
            .add_source(variables)
            .set_override_option("upstream.base_url", base_url)
            .and_then(config::ConfigBuilder::<config::builder::DefaultState>::build)
            .and_then(Config::try_deserialize)
            .map_err(|error| SettingsError::Value(error.to_string(), file.into()))?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        self.server.check()?;
        self.session.check()?;
        self.console.check()?;
        self.logout.check()?;
        self.history.check()?;
        self.trace.check()?;
        self.check_apis()
    }
}

#[cfg(test)]
mod tests;
