//! The audit trail: who signed in and who was signed out, and why. One line each, never a token, ids hashed.

use std::net::IpAddr;

use super::session::{
    Session,
    store::Reason,
    token::{RecordKey, UserKey},
};

const TARGET: &str = "vestibule::audit";

/// A session began, in a browser at `from`.
pub fn signed_in(session: &Session, from: IpAddr) {
    metrics::counter!("vestibule_sessions_started_total").increment(1);
    tracing::info!(target: TARGET, session = %session.key(), user = %session.user, %from, "signed in");
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

/// A session ended. Written by whoever ended it, once.
pub fn ended(session: RecordKey, user: UserKey, reason: Reason) {
    let reason = reason.as_str();
    metrics::counter!("vestibule_sessions_ended_total", "reason" => reason).increment(1);
    tracing::info!(target: TARGET, %session, %user, reason, "session ended");
}
