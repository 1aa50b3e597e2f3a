//! Encryption of what a store keeps.
//!
//! XChaCha20-Poly1305 under keys made with HKDF-SHA256. Each purpose has a key of its own, so that a value sealed
//! for one is refused for every other, and each value is bound to the record it belongs to, so that it is refused
//! anywhere else.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use rand::TryRng;
use rand::rngs::{SysError, SysRng};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::server_key::ServerKey;
use super::token::{RecordKey, SessionToken};

/// Leads every sealed value, and is authenticated, so that the format can change one day.
const FORMAT: u8 = 1;
const NONCE_LENGTH: usize = 24;

/// Why a value could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Sealed under another key, for another purpose or another record; damaged; or never sealed at all. By
    /// design these cannot be told apart.
    #[error("the sealed value does not open")]
    Refused,
    /// The value is beyond what the cipher takes (256 GiB).
    #[error("the value is too long to seal")]
    TooLong,
    /// The operating system gave no random bytes.
    #[error("no random bytes from the operating system")]
    Random(#[from] SysError),
}

/// Seals one session's data under its cookie's secret and the server key together: neither a stolen database with
/// the server's key, nor a stolen cookie with the database, opens it alone.
///
/// The record's `version` is not bound in. Whoever can write the database can put back a whole row, its version
/// included, so it would protect nothing.
pub struct RecordSeal {
    cipher: XChaCha20Poly1305,
    record: RecordKey,
}

impl RecordSeal {
    /// The seal of this session for `purpose`, for example `"session"`.
    ///
    /// # Errors
    /// None that can happen with a key of this length; the key derivation's own type has one.
    pub fn new(token: &SessionToken, server: &ServerKey, purpose: &'static str) -> Result<Self, SealError> {
        let root = Hkdf::<Sha256>::new(Some(server.expose()), token.secret());
        let cipher = cipher(&root, &[b"vestibule/record-seal/1", purpose.as_bytes(), token.id()])?;
        Ok(Self { cipher, record: token.record_key() })
    }

    /// Encrypts and authenticates `plain`. Sealing twice gives two different results.
    ///
    /// # Errors
    /// [`SealError::Random`] or [`SealError::TooLong`].
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        seal(&self.cipher, self.record.as_bytes(), plain)
    }

    /// Gives back what was sealed with the same token, server key and purpose. The result is wiped on drop.
    ///
    /// # Errors
    /// [`SealError::Refused`]. For a session record this means: the cookie's secret is wrong, so nobody is signed
    /// in, and the record must not be touched.
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        open(&self.cipher, self.record.as_bytes(), sealed)
    }
}

/// Seals under the server key alone, for what has to be read while the cookie is away: the summary of a device, a
/// draft that waits for its author.
pub struct ServerSeal {
    cipher: XChaCha20Poly1305,
}

impl ServerSeal {
    /// The seal for `purpose`, for example `"about"`. Made once, at start.
    ///
    /// # Errors
    /// None that can happen with a key of this length; the key derivation's own type has one.
    pub fn new(server: &ServerKey, purpose: &'static str) -> Result<Self, SealError> {
        let root = Hkdf::<Sha256>::new(None, server.expose());
        Ok(Self { cipher: cipher(&root, &[b"vestibule/server-seal/1", purpose.as_bytes()])? })
    }

    /// Encrypts and authenticates `plain`, and binds it to its owner, for example the bytes of a record key.
    ///
    /// # Errors
    /// [`SealError::Random`] or [`SealError::TooLong`].
    pub fn seal(&self, owner: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        seal(&self.cipher, owner, plain)
    }

    /// Gives back what was sealed with the same server key and purpose for the same owner.
    ///
    /// # Errors
    /// [`SealError::Refused`].
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        open(&self.cipher, owner, sealed)
    }
}

fn cipher(root: &Hkdf<Sha256>, info: &[&[u8]]) -> Result<XChaCha20Poly1305, SealError> {
    let mut key = Zeroizing::new([0; 32]);
    root.expand_multi_info(info, key.as_mut_slice()).map_err(|_| SealError::Refused)?;
    XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|_| SealError::Refused)
}

/// Format, nonce, ciphertext with its tag.
fn seal(cipher: &XChaCha20Poly1305, owner: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut nonce = [0; NONCE_LENGTH];
    SysRng.try_fill_bytes(&mut nonce)?;
    let payload = Payload { msg: plain, aad: &associated(owner) };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::TooLong)?;
    Ok([[FORMAT].as_slice(), &nonce, &sealed].concat())
}

fn open(cipher: &XChaCha20Poly1305, owner: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let body = sealed.strip_prefix(&[FORMAT]).ok_or(SealError::Refused)?;
    let (&nonce, body) = body.split_first_chunk::<NONCE_LENGTH>().ok_or(SealError::Refused)?;
    let payload = Payload { msg: body, aad: &associated(owner) };
    cipher.decrypt(&XNonce::from(nonce), payload).map(Zeroizing::new).map_err(|_| SealError::Refused)
}

fn associated(owner: &[u8]) -> Vec<u8> {
    [&[FORMAT], owner].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Keys {
        token: SessionToken,
        server: ServerKey,
    }

    impl Keys {
        fn new() -> Self {
            Self { token: SessionToken::generate().unwrap(), server: ServerKey::generate().unwrap() }
        }

        fn seal(&self, purpose: &'static str) -> RecordSeal {
            RecordSeal::new(&self.token, &self.server, purpose).unwrap()
        }
    }

    fn refused<T>(opened: &Result<T, SealError>) -> bool {
        matches!(opened, Err(SealError::Refused))
    }

    #[test]
    fn what_was_sealed_opens_again() {
        let keys = Keys::new();
        for plain in [b"".as_slice(), b"refresh-token", &[7; 10_000]] {
            let sealed = keys.seal("session").seal(plain).unwrap();
            assert_eq!(keys.seal("session").open(&sealed).unwrap().as_slice(), plain);
        }
    }

    #[test]
    fn the_plain_text_does_not_shine_through_and_nonces_differ() {
        let seal = Keys::new().seal("session");
        let (a, b) = (seal.seal(b"refresh-token").unwrap(), seal.seal(b"refresh-token").unwrap());
        assert!(!a.windows(4).any(|window| b"refresh-token".windows(4).any(|plain| plain == window)));
        assert_ne!(a[1..25], b[1..25]);
    }

    #[test]
    fn another_purpose_is_refused() {
        let keys = Keys::new();
        let sealed = keys.seal("session").seal(b"x").unwrap();
        assert!(refused(&keys.seal("draft").open(&sealed)));
        // The purpose and the id stand side by side in the key's context: neither may flow into the other.
        assert!(refused(&keys.seal("sessio").open(&sealed)));
    }

    #[test]
    fn both_secret_and_server_key_are_needed() {
        let keys = Keys::new();
        let sealed = keys.seal("session").seal(b"x").unwrap();
        let other_server = Keys { token: keys.token.clone(), ..Keys::new() };
        assert!(refused(&other_server.seal("session").open(&sealed)));

        let text = keys.token.expose();
        let other = SessionToken::generate().unwrap().expose();
        let same_id = SessionToken::parse(format!("{}{}", &text[..22], &other[22..]).as_bytes()).unwrap();
        assert_eq!(same_id.record_key(), keys.token.record_key());
        assert!(refused(&Keys { token: same_id, server: keys.server }.seal("session").open(&sealed)));
    }

    #[test]
    fn the_same_secret_with_another_id_is_refused() {
        let keys = Keys::new();
        let sealed = keys.seal("session").seal(b"x").unwrap();
        let (text, other) = (keys.token.expose(), SessionToken::generate().unwrap().expose());
        let same_secret = SessionToken::parse(format!("{}{}", &other[..22], &text[22..]).as_bytes()).unwrap();
        assert!(refused(&Keys { token: same_secret, server: keys.server }.seal("session").open(&sealed)));
    }

    #[test]
    fn any_change_is_refused() {
        let seal = Keys::new().seal("session");
        let sealed = seal.seal(b"refresh-token").unwrap();
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(refused(&seal.open(&changed)), "byte {position}");
            assert!(refused(&seal.open(&sealed[..position])), "cut at {position}");
        }
        assert!(refused(&seal.open(&[sealed, vec![0]].concat())));
    }

    #[test]
    fn server_seal_is_bound_to_purpose_owner_and_server() {
        let keys = Keys::new();
        let about = ServerSeal::new(&keys.server, "about").unwrap();
        let sealed = about.seal(b"record-1", b"Firefox on Linux").unwrap();
        assert_eq!(about.open(b"record-1", &sealed).unwrap().as_slice(), b"Firefox on Linux");
        assert!(refused(&about.open(b"record-2", &sealed)));
        assert!(refused(&ServerSeal::new(&keys.server, "draft").unwrap().open(b"record-1", &sealed)));
        assert!(refused(&ServerSeal::new(&Keys::new().server, "about").unwrap().open(b"record-1", &sealed)));
    }

    #[test]
    fn the_two_kinds_of_seal_do_not_open_each_other() {
        let keys = Keys::new();
        let owner = keys.token.record_key();
        let server = ServerSeal::new(&keys.server, "session").unwrap();
        assert!(refused(&server.open(owner.as_bytes(), &keys.seal("session").seal(b"x").unwrap())));
        assert!(refused(&keys.seal("session").open(&server.seal(owner.as_bytes(), b"x").unwrap())));
    }
}
