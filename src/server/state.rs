use std::{iter, sync::Arc};

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;

use super::{
    answers::Answers,
    assets::Assets,
    config::Settings,
    document::Documents,
    drafts::Drafts,
    history::History,
    items::ItemStore,
    logout::Brake,
    origin::PublicOrigin,
    session::{Endings, Sessions, Whereabouts, cookie::ForeignCookies, renewal::Renewals},
    sign_in::SignIn,
    trace::Spans,
    upstream::Client,
};
use crate::paths::Mount;

/// What every request to an API shares: each API is a door of its own, with its own people, sessions and document.
/// Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of [`AppState`], as the application puts them together.
pub struct Parts {
    /// As this API sees them: `upstream` and `sign_in` are its own.
    pub settings: Settings,
    /// Where this API stands on the site.
    pub mount: Mount,
    pub site: Arc<Site>,
    pub client: Client,
    pub sessions: Sessions,
    pub endings: Endings,
    pub whereabouts: Whereabouts,
    pub items: Arc<dyn ItemStore>,
    pub history: History,
    pub drafts: Drafts,
    pub renewals: Renewals,
    pub sign_in: SignIn,
    pub brake: Brake,
    pub document: Documents,
    /// Whether the upstream is the built-in demo API, whose sign-in is no secret.
    pub demo: bool,
}

/// What all APIs share.
pub struct Site {
    pub leptos_options: LeptosOptions,
    pub assets: Assets,
    pub origin: PublicOrigin,
    pub metrics: PrometheusHandle,
    pub answers: Answers,
    pub spans: Spans,
    /// The cookies of an earlier application that signing out removes as well.
    pub foreign_cookies: ForeignCookies,
}

/// Every API of this application.
#[derive(Clone)]
pub struct Apis {
    /// It stands at the root of the site.
    pub default: AppState,
    /// Each stands at a mount of its own.
    pub others: Arc<[AppState]>,
}

impl Apis {
    /// All of them, the default one first.
    pub fn iter(&self) -> impl Iterator<Item = &AppState> {
        iter::once(&self.default).chain(self.others.iter())
    }
}

impl AppState {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The name of this API, as a label of logs and measurements; empty where it has none.
    pub fn api(&self) -> &str {
        self.settings().upstream.name.as_deref().unwrap_or_default()
    }

    pub fn leptos_options(&self) -> &LeptosOptions {
        &self.0.site.leptos_options
    }

    pub fn mount(&self) -> &Mount {
        &self.0.mount
    }

    pub fn assets(&self) -> &Assets {
        &self.0.site.assets
    }

    pub fn origin(&self) -> &PublicOrigin {
        &self.0.site.origin
    }

    pub fn client(&self) -> &Client {
        &self.0.client
    }

    pub fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// The ends of sessions, for whoever is still answering for them.
    pub fn endings(&self) -> &Endings {
        &self.0.endings
    }

    pub fn whereabouts(&self) -> &Whereabouts {
        &self.0.whereabouts
    }

    pub fn items(&self) -> &Arc<dyn ItemStore> {
        &self.0.items
    }

    pub fn history(&self) -> &History {
        &self.0.history
    }

    pub fn drafts(&self) -> &Drafts {
        &self.0.drafts
    }

    pub fn renewals(&self) -> &Renewals {
        &self.0.renewals
    }

    pub fn sign_in(&self) -> &SignIn {
        &self.0.sign_in
    }

    pub fn brake(&self) -> &Brake {
        &self.0.brake
    }

    pub fn document(&self) -> &Documents {
        &self.0.document
    }

    pub fn answers(&self) -> &Answers {
        &self.0.site.answers
    }

    /// Where finished spans of traces go.
    pub fn spans(&self) -> &Spans {
        &self.0.site.spans
    }

    pub fn metrics(&self) -> &PrometheusHandle {
        &self.0.site.metrics
    }

    pub fn is_demo(&self) -> bool {
        self.0.demo
    }

    pub fn foreign_cookies(&self) -> &ForeignCookies {
        &self.0.site.foreign_cookies
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos_options().clone()
    }
}
