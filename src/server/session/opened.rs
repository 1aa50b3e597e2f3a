//! What records held when they were last opened: a page, and all that its scripts call, come with the same cookie and find
//! the same record. Whether a session lives is still the store's to say, each time.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use super::{SessionData, token::SessionToken};

/// How many are kept of those that have been asked for since the last [`Opened::age`], and again as many from before.
const MOST: usize = 1024;

/// A hash of a token and of what a record has under seal: equal ones hold the same.
type Fingerprint = [u8; 32];

#[derive(Default)]
pub(super) struct Opened(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    young: HashMap<Fingerprint, Arc<SessionData>>,
    old: HashMap<Fingerprint, Arc<SessionData>>,
}

impl Opened {
    /// What is `sealed`, which `open` opens if it is not known.
    pub fn get_or_open<E>(
        &self,
        token: &SessionToken,
        sealed: &[u8],
        open: impl FnOnce() -> Result<SessionData, E>,
    ) -> Result<Arc<SessionData>, E> {
        let fingerprint = fingerprint(token, sealed);
        if let Some(known) = self.with(|generations| generations.get(&fingerprint)) {
            return Ok(known);
        }
        let data = Arc::new(open()?);
        self.with(|generations| generations.put(fingerprint, data.clone()));
        Ok(data)
    }

    /// Forgets what nobody has asked for since it was called last.
    pub fn age(&self) {
        drop(self.with(Generations::age));
    }

    fn with<T>(&self, what: impl FnOnce(&mut Generations) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Generations {
    fn get(&mut self, fingerprint: &Fingerprint) -> Option<Arc<SessionData>> {
        if let Some(known) = self.young.get(fingerprint) {
            return Some(known.clone());
        }
        let known = self.old.remove(fingerprint)?;
        self.put(*fingerprint, known.clone());
        Some(known)
    }

    fn put(&mut self, fingerprint: Fingerprint, data: Arc<SessionData>) {
        if self.young.len() >= MOST {
            self.age();
        }
        self.young.insert(fingerprint, data);
    }

    /// Answers what is forgotten.
    fn age(&mut self) -> HashMap<Fingerprint, Arc<SessionData>> {
        mem::replace(&mut self.old, mem::take(&mut self.young))
    }
}

fn fingerprint(token: &SessionToken, sealed: &[u8]) -> Fingerprint {
    let hash = Sha256::new_with_prefix("vestibule/opened/1").chain_update(token.id());
    hash.chain_update(token.secret()).chain_update(sealed).finalize().into()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::server::session::{Secret, Tokens};

    fn data(username: &str) -> SessionData {
        let tokens = Tokens { access: Secret::new("a".into()), refresh: None, access_expires_at: None };
        SessionData { username: username.into(), name: None, oidc: None, tokens }
    }

    /// Whether it has to be opened.
    fn is_new(opened: &Opened, token: &SessionToken, sealed: &[u8]) -> bool {
        let mut is_new = false;
        let open = || {
            is_new = true;
            Ok::<_, Infallible>(data("ada"))
        };
        assert_eq!(opened.get_or_open(token, sealed, open).unwrap().username, "ada");
        is_new
    }

    #[test]
    fn the_same_record_is_opened_once_for_each_token() {
        let (opened, token) = (Opened::default(), SessionToken::generate().unwrap());
        assert!(is_new(&opened, &token, b"sealed"));
        assert!(!is_new(&opened, &token, b"sealed"));
        assert!(is_new(&opened, &token, b"sealed again"));
        assert!(is_new(&opened, &SessionToken::generate().unwrap(), b"sealed"));
    }

    #[test]
    fn what_does_not_open_is_not_kept() {
        let (opened, token) = (Opened::default(), SessionToken::generate().unwrap());
        assert_eq!(opened.get_or_open(&token, b"sealed", || Err("refused")), Err("refused"));
        assert!(is_new(&opened, &token, b"sealed"));
    }

    #[test]
    fn what_nobody_asks_for_is_forgotten() {
        let (opened, token) = (Opened::default(), SessionToken::generate().unwrap());
        assert!(is_new(&opened, &token, b"used") && is_new(&opened, &token, b"unused"));
        for _ in 0..2 {
            opened.age();
            assert!(!is_new(&opened, &token, b"used"));
        }
        assert!(is_new(&opened, &token, b"unused"));
    }

    #[test]
    fn their_number_is_bounded() {
        let (opened, token) = (Opened::default(), SessionToken::generate().unwrap());
        for number in 0..3 * MOST {
            assert!(is_new(&opened, &token, &number.to_be_bytes()));
        }
        let kept = opened.with(|generations| generations.young.len() + generations.old.len());
        assert!(kept <= 2 * MOST, "{kept}");
    }
}
