use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;

use super::provider::Provider;
use crate::server::session::{OidcIdentity, Secret, Sessions, timestamp::Timestamp};

const PURPOSE: &str = "vestibule/signed-out/1";

/// How long a person may take at the provider.
const LIFETIME: Duration = Duration::from_mins(15);

/// How long somebody who signs out waits for what the provider says about itself now.
const PATIENCE: Duration = Duration::from_secs(2);

/// The longest address that the ID token is part of, in bytes. It goes into a header, and a proxy in front that has no
/// room for all headers of an answer (nginx takes 4 KiB unless it is told otherwise) answers 502 instead.
const LONGEST: usize = 2000;

impl Provider {
    /// Where to go on to after signing out here, so as to sign out at the provider too (RP-Initiated Logout 1.0).
    /// None where that is not wanted or not offered. The session here is over by then, whether or not the provider
    /// ever sends the person back.
    pub async fn end_session(&self, sessions: &Sessions, identity: &OidcIdentity) -> Option<Url> {
        if !self.settings.sign_out_at_provider {
            return None;
        }
        let known = tokio::time::timeout(PATIENCE, self.discovery.known(&self.http)).await;
        let known = known.ok().and_then(Result::ok).or_else(|| self.discovery.cached())?;
        let endpoint = known.metadata.additional_metadata().end_session_endpoint.as_ref()?;
        let url = self.sign_out_address(endpoint.url(), sessions);
        // The token is recommended, no more: without it, a provider may ask the person whether they mean it.
        let hinted = identity.id_token.as_ref().map(|token| with_hint(&url, token));
        Some(hinted.filter(|hinted| hinted.as_str().len() <= LONGEST).unwrap_or(url))
    }

    fn sign_out_address(&self, endpoint: &Url, sessions: &Sessions) -> Url {
        let mut url = endpoint.clone();
        let mut query = url.query_pairs_mut();
        query.append_pair("client_id", &self.settings.client_id);
        query.append_pair("post_logout_redirect_uri", self.signed_out.as_str());
        if let Some(state) = self.seal_state(sessions) {
            query.append_pair("state", &state);
        }
        drop(query);
        url
    }

    /// A state that only we can have made. Nothing has to be kept for it.
    fn seal_state(&self, sessions: &Sessions) -> Option<String> {
        let now = Timestamp::now().as_millis().to_be_bytes();
        let seal = sessions.purpose_seal(PURPOSE).ok()?;
        seal.seal(self.signed_out.as_str().as_bytes(), &now).ok().map(|sealed| URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Whether a person who comes back with this state has been sent there by us, not long ago.
    pub fn has_signed_out(&self, sessions: &Sessions, state: &str) -> bool {
        let opened = || {
            let sealed = URL_SAFE_NO_PAD.decode(state).ok()?;
            let seal = sessions.purpose_seal(PURPOSE).ok()?;
            let plain = seal.open(self.signed_out.as_str().as_bytes(), &sealed).ok()?;
            Some(Timestamp::from_millis(u64::from_be_bytes(plain.as_slice().try_into().ok()?)))
        };
        opened().is_some_and(|at| Timestamp::now().since(at) < LIFETIME)
    }
}

fn with_hint(url: &Url, token: &Secret) -> Url {
    let mut url = url.clone();
    url.query_pairs_mut().append_pair("id_token_hint", token.expose());
    url
}
