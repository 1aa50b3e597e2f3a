use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::TlsError;

/// The way to an OpenTelemetry collector.
#[derive(Debug, Clone)]
pub struct Collector {
    http: reqwest::Client,
    traces: Url,
}

/// What is late by then is of no use.
const TIMEOUT: Duration = Duration::from_secs(5);

impl Collector {
    /// # Errors
    /// When the TLS library cannot start.
    #[expect(clippy::disallowed_methods, reason = "a collector is no upstream: it gets a client of its own")]
    pub fn new(address: &Url) -> Result<Self, TlsError> {
        let mut traces = address.clone();
        traces.set_path(&format!("{}/v1/traces", address.path().trim_end_matches('/')));
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none());
        Ok(Self { http: http.build().map_err(TlsError::of)?, traces })
    }

    /// Sends one document of spans.
    ///
    /// # Errors
    /// When the collector cannot be reached, or does not want it.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that sends")]
    pub async fn send(&self, document: &Value) -> Result<(), reqwest::Error> {
        self.http.post(self.traces.clone()).json(document).send().await?.error_for_status().map(drop)
    }
}
