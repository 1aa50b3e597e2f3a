use std::{net::SocketAddr, sync::OnceLock};

use leptos::prelude::LeptosOptions;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use url::Url;

use super::StartError;
use crate::server::{
    answers::Answers,
    assets::Assets,
    config::{Settings, SettingsError, is_loopback},
    origin::PublicOrigin,
    session::cookie::ForeignCookies,
    state::Site,
    trace::Spans,
};

/// What all APIs share, for a server that listens at `address`.
pub(super) fn site(
    settings: &Settings,
    leptos_options: LeptosOptions,
    address: SocketAddr,
) -> Result<Site, StartError> {
    let origin = origin(settings, address)?;
    Ok(Site {
        assets: Assets::find(&leptos_options)?,
        foreign_cookies: ForeignCookies::new(&settings.logout.clear_cookies, !origin.is_local())?,
        metrics: recorder(),
        spans: Spans::start(&settings.trace)?,
        answers: Answers::new(settings.console.clone()),
        leptos_options,
        origin,
    })
}

/// How long the upstream takes is counted up to each of these, in seconds. Other than quantiles, counts of several nodes
/// can be added up.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The recorder of this process. There is one, as the metrics' macros know no other.
fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let seconds = Matcher::Full("vestibule_upstream_seconds".into());
        // It fails only when there are no buckets.
        let builder = PrometheusBuilder::new().set_buckets_for_metric(seconds, &BUCKETS);
        let recorder = builder.unwrap_or_default().build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of metrics is installed: /metrics stays empty");
        }
        handle
    };
    HANDLE.get_or_init(install).clone()
}

fn origin(settings: &Settings, address: SocketAddr) -> Result<PublicOrigin, StartError> {
    if let Some(url) = &settings.server.public_url {
        return Ok(PublicOrigin::new(url.clone()));
    }
    let url = Url::parse(&format!("http://{address}")).ok().filter(is_loopback);
    url.map(PublicOrigin::new).ok_or_else(|| {
        SettingsError::key(
            "server.public_url",
            "it is not set, and the site address is open to the network",
            "Set it to the address that people type, like https://console.example.org.",
        )
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_network_asks_for_the_one_that_people_type() {
        for address in ["0.0.0.0:3000", "[fe80::1%2]:3000"] {
            let told = origin(&Settings::default(), address.parse().unwrap()).unwrap_err().to_string();
            assert!(told.contains("server.public_url"), "{address}: {told}");
        }
    }
}
