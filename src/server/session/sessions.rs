use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue};

use super::{
    About, Session, SessionData,
    cookie::SessionCookie,
    opened::Opened,
    seal::{RecordSeal, SealError, ServerSeal},
    server_key::ServerKey,
    store::{Ending, Found, NewRecord, Reason, Record, SessionStore, StoreError, Tombstone, Updated},
    timestamp::Timestamp,
    token::{RecordKey, SessionToken, UserKey},
    uncounted::Uncounted,
    unrevoked::Unrevoked,
};
use crate::server::items::ItemStore;

const RECORD: &str = "vestibule/session/1";
const ABOUT: &str = "vestibule/about/1";

/// Every session of this server: begins, loads, renews and ends them.
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    unrevoked: Unrevoked,
    uncounted: Uncounted,
    key: ServerKey,
    about: ServerSeal,
    opened: Opened,
    cookie: SessionCookie,
    idle_timeout: Duration,
    absolute_timeout: Duration,
}

/// What a request's cookie stands for.
#[derive(Debug)]
pub enum Presence {
    /// No cookie, or one that never was or is no longer a session.
    None,
    /// A session that was ended not long ago.
    Ended(Tombstone),
    Live(Box<Session>),
}

/// Why a session cannot be begun, read or changed.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("the session store does not answer")]
    Store(#[from] StoreError),
    #[error("a session record cannot be sealed or opened")]
    Seal(#[from] SealError),
    #[error("a session record cannot be written or read")]
    Record(#[from] serde_json::Error),
    #[error("a session cookie cannot be written")]
    Cookie(#[from] http::header::InvalidHeaderValue),
    #[error("the system's random generator failed")]
    Random(#[from] rand::rngs::SysError),
    /// It may be in the store all the same.
    #[error("the session store does not say whether a session has begun")]
    InDoubt { session: Box<Session>, source: StoreError },
}

impl Sessions {
    /// Sessions in `store`, opened by `cookie` and `key` together; what is left of them for a while in `items`.
    ///
    /// # Errors
    /// When a key cannot be made.
    pub fn new(
        store: Arc<dyn SessionStore>,
        items: Arc<dyn ItemStore>,
        key: ServerKey,
        cookie: SessionCookie,
        idle_timeout: Duration,
        absolute_timeout: Duration,
    ) -> Result<Self, SealError> {
        let about = ServerSeal::new(&key, ABOUT)?;
        let (unrevoked, uncounted) = (Unrevoked::new(items.clone()), Uncounted::new(items));
        let opened = Opened::default();
        Ok(Self { store, unrevoked, uncounted, key, about, opened, cookie, idle_timeout, absolute_timeout })
    }

    pub fn cookie(&self) -> &SessionCookie {
        &self.cookie
    }

    pub fn store(&self) -> &dyn SessionStore {
        &*self.store
    }

    /// What sessions held that were ended from elsewhere.
    pub fn unrevoked(&self) -> &Unrevoked {
        &self.unrevoked
    }

    /// How many have ended that no server has counted.
    pub fn uncounted(&self) -> &Uncounted {
        &self.uncounted
    }

    pub fn idle_timeout(&self) -> Duration {
        self.idle_timeout
    }

    /// The user index's name for a person who signs in by name.
    pub fn user_key(&self, username: &str) -> UserKey {
        UserKey::derive(&self.key, username)
    }

    /// The user index's name for a person whom an OpenID provider knows.
    pub fn issuer_user_key(&self, issuer: &str, subject: &str) -> UserKey {
        UserKey::derive_for_issuer(&self.key, issuer, subject)
    }

    fn owner(&self, data: &SessionData) -> UserKey {
        match &data.oidc {
            Some(identity) => self.issuer_user_key(&identity.issuer, &identity.subject),
            None => self.user_key(&data.username),
        }
    }

    /// Seals what one part of the server has to hand out and get back, under a key for that `purpose` alone.
    ///
    /// # Errors
    /// See [`ServerSeal::new`].
    pub fn purpose_seal(&self, purpose: &'static str) -> Result<ServerSeal, SealError> {
        ServerSeal::new(&self.key, purpose)
    }

    /// What the cookie among `headers` stands for. Any bytes are allowed there.
    ///
    /// # Errors
    /// Only when the store does not answer; a record that cannot be opened is no session.
    pub async fn load(&self, headers: &HeaderMap, now: Timestamp) -> Result<Presence, StoreError> {
        let Some(token) = self.cookie.token(headers) else { return Ok(Presence::None) };
        Ok(match self.store.load(token.record_key(), now).await? {
            Found::Live(record) => match self.open(token, &record) {
                Ok(session) => Presence::Live(Box::new(session)),
                Err(error) => {
                    tracing::warn!(%error, "a session record does not open with its cookie");
                    Presence::None
                }
            },
            Found::Ended(tombstone) => Presence::Ended(tombstone),
            Found::Missing => Presence::None,
        })
    }

    /// Loads `session` anew, as another request or node may have changed it. `None` when it is over.
    ///
    /// # Errors
    /// When the store does not answer or the record does not open.
    pub async fn reload(&self, session: &Session) -> Result<Option<Session>, SessionError> {
        match self.store.load(session.key(), Timestamp::now()).await? {
            Found::Live(record) => self.open(session.token.clone(), &record).map(Some),
            Found::Ended(_) | Found::Missing => Ok(None),
        }
    }

    /// Begins a session under a new id. Returns it with the cookie that the browser has to keep.
    ///
    /// # Errors
    /// When the record cannot be stored. [`SessionError::InDoubt`] when it may have been.
    pub async fn begin(
        &self,
        data: SessionData,
        about: &About,
    ) -> Result<(Session, HeaderValue), SessionError> {
        let now = Timestamp::now();
        let token = SessionToken::generate()?;
        let key = token.record_key();
        let session = Session {
            user: self.owner(&data),
            version: 1,
            created_at: now,
            seen_at: now,
            expires_at: now + self.absolute_timeout,
            token,
            data: Arc::new(data),
        };
        let record = NewRecord {
            key,
            user: session.user,
            created_at: now,
            idle_timeout: self.idle_timeout,
            expires_at: session.expires_at,
            sealed: self.seal(&session)?,
            about: self.about.seal(key.as_bytes(), &serde_json::to_vec(about)?)?,
        };
        let cookie = self.cookie.set(&session.token)?;
        match self.store.create(record).await {
            Ok(()) => Ok((session, cookie)),
            // What is there is another's.
            Err(error @ StoreError::Collision) => Err(error.into()),
            Err(source) => Err(SessionError::InDoubt { session: Box::new(session), source }),
        }
    }

    /// Saves what has changed in `session`, if it lives and nobody has changed it since it was loaded.
    ///
    /// # Errors
    /// When the store does not answer or the record cannot be sealed.
    pub async fn save(&self, session: &mut Session) -> Result<Updated, SessionError> {
        let sealed = self.seal(session)?;
        let updated = self.store.update(session.key(), session.version, sealed, Timestamp::now()).await?;
        if let Updated::Done(version) = updated {
            session.version = version;
        }
        Ok(updated)
    }

    /// Notes that the person is active, so that the idle time starts anew; at most about once in a twentieth of it.
    /// Answers whether this was such a time.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn touch(&self, session: &Session, now: Timestamp) -> Result<bool, StoreError> {
        if now.since(session.seen_at) < self.idle_timeout / 20 {
            return Ok(false);
        }
        self.store.touch(session.key(), now).await
    }

    /// How a session began, as far as this server's key opens it.
    pub fn about(&self, key: RecordKey, sealed: &[u8]) -> Option<About> {
        let plain = self.about.open(key.as_bytes(), sealed).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// Forgets what sessions hold that nobody has come with since it was called last.
    pub fn forget_opened(&self) {
        self.opened.age();
    }

    /// Ends a session there and then. Exactly one of many callers sees [`Ending::First`].
    ///
    /// # Errors
    /// When the store does not answer; then the session lives on.
    pub async fn end(&self, key: RecordKey, reason: Reason) -> Result<Ending, StoreError> {
        self.store.end(key, reason, Timestamp::now()).await
    }

    /// What the session of this token held when it was ended from elsewhere. Of many callers, one gets it.
    ///
    /// # Errors
    /// When the store does not answer or what it has does not open.
    pub async fn left_by(&self, token: &SessionToken) -> Result<Option<SessionData>, SessionError> {
        let key = token.record_key();
        let Some(sealed) = self.unrevoked.get(key).await? else { return Ok(None) };
        let data = self.open_data(token, &sealed)?;
        Ok(self.unrevoked.remove(key).await?.then_some(data))
    }

    fn open(&self, token: SessionToken, record: &Record) -> Result<Session, SessionError> {
        let open = || self.open_data(&token, &record.sealed);
        let data = self.opened.get_or_open(&token, &record.sealed, open)?;
        Ok(Session {
            token,
            user: record.user,
            version: record.version,
            created_at: record.created_at,
            seen_at: record.seen_at,
            expires_at: record.expires_at,
            data,
        })
    }

    fn open_data(&self, token: &SessionToken, sealed: &[u8]) -> Result<SessionData, SessionError> {
        let plain = RecordSeal::new(token, &self.key, RECORD)?.open(sealed)?;
        Ok(serde_json::from_slice(&plain)?)
    }

    fn seal(&self, session: &Session) -> Result<Vec<u8>, SessionError> {
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(&*session.data)?);
        Ok(RecordSeal::new(&session.token, &self.key, RECORD)?.seal(&plain)?)
    }
}
