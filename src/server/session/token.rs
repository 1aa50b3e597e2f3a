//! What the session cookie holds, and the names that a store may know it by.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use data_encoding::HEXLOWER;
use hkdf::Hkdf;
use rand::TryRng;
use rand::rngs::{SysError, SysRng};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::server_key::ServerKey;

const ID_LENGTH: usize = 16;
const SECRET_LENGTH: usize = 32;
const ID_TEXT_LENGTH: usize = 22;
const SECRET_TEXT_LENGTH: usize = 43;

/// The value of the session cookie: an id that finds the record, and a secret that opens it.
///
/// The store learns neither: the record lies under a hash of the id, sealed under a key made from the secret.
/// The secret is wiped on drop, and absent from `Debug`.
#[derive(Clone)]
pub struct SessionToken {
    id: [u8; ID_LENGTH],
    secret: Zeroizing<[u8; SECRET_LENGTH]>,
}

impl SessionToken {
    /// A fresh token, straight from the operating system's generator.
    ///
    /// # Errors
    /// What the generator says if it fails.
    pub fn generate() -> Result<Self, SysError> {
        let mut token = Self { id: [0; ID_LENGTH], secret: Zeroizing::new([0; SECRET_LENGTH]) };
        SysRng.try_fill_bytes(&mut token.id)?;
        SysRng.try_fill_bytes(token.secret.as_mut_slice())?;
        Ok(token)
    }

    /// Reads the text form, `base64url(id).base64url(secret)`. There is exactly one text for each token: other
    /// lengths, padding, other alphabets and stray bits are all `None`.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let (id, rest) = text.split_first_chunk::<ID_TEXT_LENGTH>()?;
        let secret: &[u8; SECRET_TEXT_LENGTH] = rest.strip_prefix(b".")?.try_into().ok()?;
        let mut token = Self { id: [0; ID_LENGTH], secret: Zeroizing::new([0; SECRET_LENGTH]) };
        URL_SAFE_NO_PAD.decode_slice(id, &mut token.id).ok()?;
        URL_SAFE_NO_PAD.decode_slice(secret, token.secret.as_mut_slice()).ok()?;
        Some(token)
    }

    /// The text form, which only the cookie may hold.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(ID_TEXT_LENGTH + 1 + SECRET_TEXT_LENGTH));
        URL_SAFE_NO_PAD.encode_string(self.id, &mut text);
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(self.secret.as_slice(), &mut text);
        text
    }

    /// The name of the record in the store.
    #[must_use]
    pub fn record_key(&self) -> RecordKey {
        RecordKey(Sha256::new_with_prefix("vestibule/record-key/1").chain_update(self.id).finalize().into())
    }

    pub(super) fn id(&self) -> &[u8] {
        &self.id
    }

    pub(super) fn secret(&self) -> &[u8] {
        self.secret.as_slice()
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionToken({}, ..)", self.record_key())
    }
}

/// The name of a record: a hash of the session's id, from which no cookie can be made.
///
/// `Display` gives the first 16 hex digits, for logs. [`RecordKey::to_text`] gives all of it, for a form that
/// names one of the user's own sessions; `FromStr` reads that back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey([u8; 32]);

impl RecordKey {
    /// A key as a store has kept it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes for a store to keep.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// All of it in base64url.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_prefix(f, &self.0)
    }
}

impl fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordKey({self})")
    }
}

/// The text is not what [`RecordKey::to_text`] gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a session")]
pub struct NotARecordKey;

impl FromStr for RecordKey {
    type Err = NotARecordKey;

    fn from_str(text: &str) -> Result<Self, NotARecordKey> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotARecordKey)?;
        bytes.try_into().map(Self).map_err(|_| NotARecordKey)
    }
}

/// The name under which a store groups one user's sessions: the user's id, hashed under the server key, so that
/// a stolen database does not even say who was signed in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserKey([u8; 32]);

impl UserKey {
    /// The key of the user who signs in by this name.
    #[must_use]
    pub fn derive(server: &ServerKey, username: &str) -> Self {
        Self::hash(server, b"vestibule/user-key/1", username.as_bytes())
    }

    /// The key of the user whom this issuer knows by this subject. No name that anybody types leads to it.
    #[must_use]
    pub fn derive_for_issuer(server: &ServerKey, issuer: &str, subject: &str) -> Self {
        // The length keeps one issuer's subject from passing for another's.
        let id = [&issuer.len().to_be_bytes(), issuer.as_bytes(), subject.as_bytes()].concat();
        Self::hash(server, b"vestibule/issuer-user-key/1", &id)
    }

    /// HKDF-Extract is HMAC; the first one gives this use of the server key a key of its own.
    fn hash(server: &ServerKey, purpose: &[u8], id: &[u8]) -> Self {
        let (key, _) = Hkdf::<Sha256>::extract(Some(purpose), server.expose());
        let (hash, _) = Hkdf::<Sha256>::extract(Some(key.as_slice()), id);
        Self(hash.into())
    }

    /// A key as a store has kept it.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes for a store to keep.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_prefix(f, &self.0)
    }
}

impl fmt::Debug for UserKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserKey({self})")
    }
}

/// 16 hex digits are enough to follow one session through the logs.
pub(in crate::server) fn write_prefix(f: &mut fmt::Formatter<'_>, bytes: &[u8; 32]) -> fmt::Result {
    write!(f, "{}", HEXLOWER.encode_display(&bytes[..8]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(token: &SessionToken) -> String {
        token.expose().to_string()
    }

    #[test]
    fn text_form_round_trips() {
        let token = SessionToken::generate().unwrap();
        let again = SessionToken::parse(text(&token).as_bytes()).unwrap();
        assert_eq!((again.id(), again.secret()), (token.id(), token.secret()));
        assert_eq!(text(&again), text(&token));
        assert_eq!(text(&token).len(), 66);
    }

    #[test]
    fn tokens_differ_in_both_halves() {
        let (a, b) = (SessionToken::generate().unwrap(), SessionToken::generate().unwrap());
        assert!(a.id() != b.id() && a.secret() != b.secret() && a.record_key() != b.record_key());
    }

    #[test]
    fn there_is_one_text_per_token() {
        let good = format!("{}.{}", "A".repeat(22), "A".repeat(43));
        assert!(SessionToken::parse(good.as_bytes()).is_some());
        let stray_bits = format!("{}B.{}", "A".repeat(21), "A".repeat(43));
        let stray_bits_in_secret = format!("{}.{}B", "A".repeat(22), "A".repeat(42));
        let no_dot = "A".repeat(66);
        let padded = format!("{}==.{}=", "A".repeat(22), "A".repeat(43));
        let standard_alphabet = good.replacen("AA", "+/", 1);
        let (short, long, quoted) = (&good[..65], format!("{good}A"), format!("\"{good}\""));
        let spaced = format!(" {good}");
        for bad in [&stray_bits, &stray_bits_in_secret, &no_dot, &padded, &standard_alphabet, short, &long] {
            assert!(SessionToken::parse(bad.as_bytes()).is_none(), "{bad}");
        }
        for bad in ["", ".", "é.é", &quoted, &spaced, "A.A", &"é".repeat(33), &"A".repeat(65_536)] {
            assert!(SessionToken::parse(bad.as_bytes()).is_none(), "{bad}");
        }
        assert!(SessionToken::parse(&[0xff; 66]).is_none());
    }

    #[test]
    fn every_single_byte_matters() {
        let good = text(&SessionToken::generate().unwrap()).into_bytes();
        let parsed = |bytes: &[u8]| SessionToken::parse(bytes).map(|token| text(&token).into_bytes());
        for position in 0..good.len() {
            for byte in 0..=u8::MAX {
                let mut changed = good.clone();
                changed[position] = byte;
                assert!(parsed(&changed).is_none_or(|again| again == changed));
            }
        }
    }

    #[test]
    fn nothing_secret_is_printed() {
        let token = SessionToken::generate().unwrap();
        let debug = format!("{token:?} {:?}", token.record_key());
        let text = text(&token);
        assert!(!debug.contains(&text[..22]) && !debug.contains(&text[23..]), "{debug}");
        assert_eq!(token.record_key().to_string().len(), 16);
    }

    #[test]
    fn record_key_is_not_the_bare_hash_and_round_trips() {
        let token = SessionToken::generate().unwrap();
        let key = token.record_key();
        assert_ne!(key.as_bytes().as_slice(), Sha256::digest(token.id()).as_slice());
        assert_eq!(key.to_text().parse(), Ok(key));
        assert_eq!("".parse::<RecordKey>(), Err(NotARecordKey));
        assert_eq!(text(&token).parse::<RecordKey>(), Err(NotARecordKey));
    }

    #[test]
    fn user_key_depends_on_user_and_server() {
        let (a, b) = (ServerKey::generate().unwrap(), ServerKey::generate().unwrap());
        assert_eq!(UserKey::derive(&a, "ann"), UserKey::derive(&a, "ann"));
        assert_ne!(UserKey::derive(&a, "ann"), UserKey::derive(&a, "bob"));
        assert_ne!(UserKey::derive(&a, "ann"), UserKey::derive(&b, "ann"));
        let issued = UserKey::derive_for_issuer(&a, "https://one.example", "ann");
        assert_ne!(issued, UserKey::derive(&a, "ann"));
        assert_ne!(issued, UserKey::derive_for_issuer(&a, "https://two.example", "ann"));
        assert_ne!(issued, UserKey::derive_for_issuer(&a, "https://one.exampl", "eann"));
    }
}
