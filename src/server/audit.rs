//! The audit trail: who signed in, was refused, had their token renewed, and was signed out, by whom and why. One line
//! each, never a token, ids hashed. `log.audit` says where it goes besides the log.

use std::net::IpAddr;

use tracing::field::display;

use super::{
    session::{
        Session,
        store::{Passed, Reason},
        token::{RecordKey, UserKey},
    },
    state::{Apis, AppState},
};

/// Who has ended a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The person, in this session.
    Person,
    /// The person, from another session of theirs.
    Session(RecordKey),
    /// Somebody at the command line.
    Operator,
    /// An OpenID provider, server to server.
    Provider,
    /// A provider's page in the person's browser, or whatever passes for one: nothing proves it.
    FrontChannel,
    /// The API, which refused the session's token.
    Upstream,
    /// Nobody: its time was over.
    Deadline,
    /// This server: no browser has got to hold it.
    Server,
}

impl By {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Session(_) => "other-session",
            Self::Operator => "operator",
            Self::Provider => "provider",
            Self::FrontChannel => "front-channel",
            Self::Upstream => "upstream",
            Self::Deadline => "deadline",
            Self::Server => "server",
        }
    }

    /// Why a session is over that nobody in it has ended.
    pub const fn reason(self) -> Reason {
        match self {
            Self::Provider | Self::FrontChannel => Reason::SignedOutAtProvider,
            Self::Server => Reason::SignedOut,
            _ => Reason::Revoked,
        }
    }

    const fn session(self) -> Option<RecordKey> {
        match self {
            Self::Session(session) => Some(session),
            _ => None,
        }
    }
}

/// The target of its events, by which they are told from the rest of the log.
pub const TARGET: &str = "vestibule::audit";

/// A session is in the store.
pub fn count_started(state: &AppState) {
    metrics::counter!("vestibule_sessions_started_total", "api" => state.api().to_owned()).increment(1);
}

/// A session began, in a browser at `from`.
pub fn signed_in(state: &AppState, session: &Session, from: IpAddr) {
    let api = state.api();
    tracing::info!(target: TARGET, api, session = %session.key(), user = %session.user, %from, "signed in");
}

/// A sign-in was refused.
pub fn refused(state: &AppState, user: UserKey, from: IpAddr, why: &'static str) {
    let api = state.api();
    count_refused(api, why);
    tracing::info!(target: TARGET, api, %user, %from, why, "sign-in refused");
}

/// A provider, or what it has sent, did not prove who somebody is.
pub fn refused_by_provider(state: &AppState, provider: &str, from: IpAddr, why: &'static str) {
    let api = state.api();
    count_refused(api, why);
    tracing::info!(target: TARGET, api, provider, %from, why, "sign-in refused");
}

fn count_refused(api: &str, why: &'static str) {
    metrics::counter!("vestibule_sign_in_refused_total", "api" => api.to_owned(), "why" => why).increment(1);
}

/// An access token was to be renewed.
pub fn refreshed(state: &AppState, session: &Session, outcome: &'static str) {
    let api = state.api();
    metrics::counter!("vestibule_refreshes_total", "api" => api.to_owned(), "outcome" => outcome)
        .increment(1);
    tracing::info!(target: TARGET, api, session = %session.key(), user = %session.user, outcome, "token refresh");
}

/// A session ended. Written by whoever ended it, once.
pub fn ended(api: &str, session: RecordKey, user: impl Into<Option<UserKey>>, reason: Reason, by: By) {
    count_ended(api, reason, 1);
    let (reason, by, by_session) = (reason.as_str(), by.as_str(), by.session().map(display));
    let user = user.into().map(display);
    tracing::info!(target: TARGET, api, %session, user, reason, by, by_session, "session ended");
}

/// Sessions have ended by a deadline. Written by the node that clears them away.
pub fn passed(apis: &Apis, passed: &[Passed]) {
    for Passed { key, user, reason, about } in passed {
        let api = apis.iter().find(|api| api.sessions().about(*key, about).is_some());
        ended(api.map(AppState::api).unwrap_or_default(), *key, *user, *reason, By::Deadline);
    }
}

/// Sessions have ended, as whoever ended them has told.
pub fn count_ended(api: &str, reason: Reason, count: u64) {
    metrics::counter!("vestibule_sessions_ended_total", "api" => api.to_owned(), "reason" => reason.as_str())
        .increment(count);
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use super::*;
    use crate::server::session::server_key::ServerKey;

    /// The lines that `act` writes.
    fn written(act: impl FnOnce()) -> Vec<Value> {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let writer = lines.clone();
        let log =
            tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || Lines(writer.clone()));
        tracing::subscriber::with_default(log.finish(), act);
        let lines = String::from_utf8(lines.lock().unwrap().clone()).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_end_says_by_whom() {
        let user = UserKey::derive(&ServerKey::generate().unwrap(), "ada");
        let (session, other) = (RecordKey::from_bytes([1; 32]), RecordKey::from_bytes([2; 32]));
        for (by, word) in [
            (By::Person, "person"),
            (By::Session(other), "other-session"),
            (By::Operator, "operator"),
            (By::Provider, "provider"),
            (By::FrontChannel, "front-channel"),
            (By::Upstream, "upstream"),
            (By::Deadline, "deadline"),
            (By::Server, "server"),
        ] {
            let lines = written(|| ended("shop", session, user, Reason::Revoked, by));
            let [line] = lines.as_slice() else { panic!("{lines:?}") };
            assert_eq!(
                (&line["api"], &line["by"], &line["reason"]),
                (&json!("shop"), &json!(word), &json!("revoked"))
            );
            assert_eq!(line["session"], session.to_string());
            let by_session = line.get("by_session").map(ToString::to_string);
            assert_eq!(by_session, (by == By::Session(other)).then(|| format!("\"{other}\"")), "{line}");
        }
    }

    #[test]
    fn an_end_is_told_whosever_it_was() {
        let session = RecordKey::from_bytes([1; 32]);
        let lines = written(|| ended("", session, None, Reason::AbsoluteTimeout, By::Deadline));
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert_eq!((&line["reason"], line.get("user")), (&json!("absolute-timeout"), None));
    }
}
