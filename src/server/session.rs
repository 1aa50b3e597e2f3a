//! Sessions: what a signed-in person's browser holds a key to.
//!
//! The cookie holds an id and a secret ([`token`]). The [`store`] keeps a record under a hash of the id, sealed with
//! the secret and the server's key ([`seal`]): a stolen database yields no tokens, a stolen cookie jar no server key.
//! [`Sessions`] is what the rest of the server uses; [`renewal`] refreshes the upstream's tokens, once for everybody
//! who waits.

mod about;
pub mod cookie;
mod device;
mod endings;
mod opened;
mod private_file;
pub mod renewal;
pub mod seal;
pub mod server_key;
mod sessions;
pub mod store;
pub mod timestamp;
pub mod token;
mod uncounted;
mod unrevoked;
mod whereabouts;

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use about::About;
pub use device::device;
pub use endings::{Endings, Listener};
pub use sessions::{Presence, SessionError, Sessions};
use timestamp::Timestamp;
use token::{RecordKey, SessionToken, UserKey};
pub use uncounted::Uncounted;
pub use unrevoked::Unrevoked;
pub use whereabouts::Whereabouts;

/// One live session, as it stood when this request loaded it.
#[derive(Debug, Clone)]
pub struct Session {
    token: SessionToken,
    pub user: UserKey,
    pub version: u64,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    /// The end that no activity moves.
    pub expires_at: Timestamp,
    /// Shared with whatever else has loaded the same record.
    pub data: Arc<SessionData>,
}

impl Session {
    /// What its cookie holds.
    pub fn token(&self) -> &SessionToken {
        &self.token
    }

    /// The name of its record, also for logs.
    pub fn key(&self) -> RecordKey {
        self.token.record_key()
    }
}

/// What only the holder of the cookie can read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionData {
    /// What the person typed to sign in, or what their provider says they are called.
    pub username: String,
    /// What the upstream calls the person.
    pub name: Option<String>,
    /// Who the person is by an OpenID provider, if that is how they signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcIdentity>,
    pub tokens: Tokens,
}

/// A person as an OpenID provider knows them. `issuer` and `subject` together are theirs alone, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcIdentity {
    /// The provider's name in the settings.
    pub provider: String,
    pub issuer: String,
    /// The `sub` claim.
    pub subject: String,
    /// The provider's own name for the session there (`sid`), if it has told.
    pub sid: Option<String>,
    /// The ID token, only where signing out at the provider needs it.
    pub id_token: Option<Secret>,
}

impl SessionData {
    /// Takes over the tokens of `renewed`, the ID token among them.
    pub fn take_tokens(&mut self, renewed: &Self) {
        self.tokens = renewed.tokens.clone();
        self.oidc.clone_from(&renewed.oidc);
    }

    /// What to call the person.
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.username)
    }
}

/// The upstream's tokens. They never leave the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    pub access: Secret,
    pub refresh: Option<Secret>,
    /// When the access token ends, as far as the upstream has told.
    pub access_expires_at: Option<Timestamp>,
}

/// A text that never shows in `Debug` or logs, and is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
