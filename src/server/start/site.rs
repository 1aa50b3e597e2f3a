use std::{net::SocketAddr, sync::OnceLock};

use leptos::prelude::LeptosOptions;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use url::Url;

use super::StartError;
use crate::server::{
    answers::Answers,
    assets::Assets,
    config::{Settings, SettingsError, is_loopback},
    origin::PublicOrigin,
    session::cookie::ForeignCookies,
    state::Site,
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
        answers: Answers::new(settings.console.clone()),
        leptos_options,
        origin,
    })
}

/// The recorder of this process. There is one, as the metrics' macros know no other.
fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    let install = || {
        let recorder = PrometheusBuilder::new().build_recorder();
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
    let url = own_url(&format!("http://{address}"))?;
    if is_loopback(&url) {
        return Ok(PublicOrigin::new(url));
    }
    Err(SettingsError::key(
        "server.public_url",
        "it is not set, and the site address is open to the network",
        "Set it to the address that people type, like https://console.example.org.",
    )
    .into())
}

pub(super) fn own_url(text: &str) -> Result<Url, StartError> {
    Url::parse(text).map_err(|error| StartError::Leptos("the site address".into(), error.to_string()))
}
