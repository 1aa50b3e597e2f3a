//! The audit trail: who signed in, was refused, had their token renewed, and was signed out, by whom and why. One line
//! each, never a token, ids hashed. `log.audit` says where it goes besides the log.

use std::net::IpAddr;

use super::{
    session::{
        Session,
        store::{Purged, Reason},
        token::{RecordKey, UserKey},
    },
    state::AppState,
};

/// The target of its events, by which they are told from the rest of the log.
pub const TARGET: &str = "vestibule::audit";

/// A session began, in a browser at `from`.
pub fn signed_in(state: &AppState, session: &Session, from: IpAddr) {
    let api = state.api();
    metrics::counter!("vestibule_sessions_started_total", "api" => api.to_owned()).increment(1);
    tracing::info!(target: TARGET, api, session = %session.key(), user = %session.user, %from, "signed in");
}

/// A sign-in was refused.
pub fn refused(user: UserKey, from: IpAddr, why: &'static str) {
    metrics::counter!("vestibule_sign_in_refused_total", "why" => why).increment(1);
    tracing::info!(target: TARGET, %user, %from, why, "sign-in refused");
}

/// A provider, or what it has sent, did not prove who somebody is.
pub fn refused_by_provider(provider: &str, from: IpAddr) {
    metrics::counter!("vestibule_sign_in_refused_total", "why" => "provider").increment(1);
    tracing::info!(target: TARGET, provider, %from, why = "provider", "sign-in refused");
}

/// An access token was to be renewed.
pub fn refreshed(state: &AppState, session: &Session, outcome: &'static str) {
    let api = state.api();
    metrics::counter!("vestibule_refreshes_total", "api" => api.to_owned(), "outcome" => outcome)
        .increment(1);
    tracing::info!(target: TARGET, api, session = %session.key(), user = %session.user, outcome, "token refresh");
}

/// A session ended. Written by whoever ended it, once.
pub fn ended(state: &AppState, session: RecordKey, user: UserKey, reason: Reason) {
    let (api, reason) = (state.api(), reason.as_str());
    metrics::counter!("vestibule_sessions_ended_total", "api" => api.to_owned(), "reason" => reason)
        .increment(1);
    tracing::info!(target: TARGET, api, %session, %user, reason, "session ended");
}

/// Sessions have reached a deadline. Nobody has ended them, and whose they were is not known any more.
pub fn passed(purged: Purged) {
    for (reason, count) in [(Reason::IdleTimeout, purged.idle), (Reason::AbsoluteTimeout, purged.expired)] {
        let (api, reason) = ("", reason.as_str());
        metrics::counter!("vestibule_sessions_ended_total", "api" => api, "reason" => reason)
            .increment(count);
        if count > 0 {
            tracing::info!(target: TARGET, count, reason, "sessions ended");
        }
    }
}

/// An operator ended a session. It is counted by no server.
pub fn ended_by_operator(api: Option<&str>, session: RecordKey, user: UserKey) {
    let (api, reason) = (api.unwrap_or_default(), Reason::Revoked.as_str());
    tracing::info!(target: TARGET, api, %session, %user, reason, by = "operator", "session ended");
}
