//! The server's own key: one half of what opens a session record, the cookie being the other.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, Engine, GeneralPurpose, GeneralPurposeConfig};
use data_encoding::HEXLOWER_PERMISSIVE;
use hkdf::Hkdf;
use rand::TryRng;
use rand::rngs::{SysError, SysRng};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::private_file;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// 32 secret bytes that every node of one deployment shares. Whoever changes them ends all sessions.
///
/// Wiped from memory on drop, and absent from `Debug`.
#[derive(Clone)]
pub struct ServerKey(Zeroizing<[u8; 32]>);

/// Why there is no server key.
#[derive(Debug, thiserror::Error)]
pub enum ServerKeyError {
    /// The text is not 32 bytes in either notation. Says nothing of the text itself.
    #[error("expected 32 bytes as 64 hex digits or as base64, for example from `openssl rand -base64 32`")]
    Malformed,
    /// The key file holds something else.
    #[error("{} does not hold a key: {Malformed}", .0.display(), Malformed = Self::Malformed)]
    MalformedFile(PathBuf),
    /// The key file could be neither read nor created.
    #[error("cannot read or create {}: {source}", path.display())]
    File {
        /// The file in question.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// The operating system gave no random bytes.
    #[error("no random bytes from the operating system")]
    Random(#[from] SysError),
}

impl ServerKey {
    /// Reads a key from a setting: 64 hex digits, or base64 in either alphabet, with or without padding.
    ///
    /// # Errors
    /// [`ServerKeyError::Malformed`] for anything that is not exactly 32 bytes.
    pub fn parse(text: &SecretString) -> Result<Self, ServerKeyError> {
        let text = text.expose_secret().trim();
        let bytes = from_hex(text).or_else(|| from_base64(text)).ok_or(ServerKeyError::Malformed)?;
        let bytes: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| ServerKeyError::Malformed)?;
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(bytes);
        Ok(Self(key))
    }

    /// The key for everything of one API. Each name gives another one, so that whatever is sealed or hashed for one
    /// API is nothing to the others; an API without a name has the server's key itself.
    #[must_use]
    pub fn of_api(&self, name: Option<&str>) -> Self {
        let derived = name.map(|name| {
            // HKDF-Extract is HMAC; the first one gives this use of the server key a key of its own.
            let (key, _) = Hkdf::<Sha256>::extract(Some(b"vestibule/api-key/1"), self.expose());
            let (key, _) = Hkdf::<Sha256>::extract(Some(key.as_slice()), name.as_bytes());
            Zeroizing::new(key.into())
        });
        Self(derived.unwrap_or_else(|| self.0.clone()))
    }

    /// Reads the key from `path`, creating the file (mode 0600) with a fresh key if there is none.
    ///
    /// Of several processes that start at once, all end up with the same key.
    ///
    /// # Errors
    /// [`ServerKeyError`], with the path.
    pub fn load_or_create(path: &Path) -> Result<Self, ServerKeyError> {
        match Self::load(path) {
            Err(ServerKeyError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Self::generate()?.save_new(path)?;
                Self::load(path)
            }
            loaded => loaded,
        }
    }

    fn load(path: &Path) -> Result<Self, ServerKeyError> {
        let text = fs::read_to_string(path)
            .map_err(|source| ServerKeyError::File { path: path.to_owned(), source })?;
        Self::parse(&text.into()).map_err(|_| ServerKeyError::MalformedFile(path.to_owned()))
    }

    /// Leaves the file alone if another process was faster.
    fn save_new(&self, path: &Path) -> Result<(), ServerKeyError> {
        let text = Zeroizing::new(STANDARD.encode(self.0.as_slice()));
        match private_file::create_parent(path)
            .and_then(|()| private_file::create_with(path, text.as_bytes()))
        {
            Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
                Err(ServerKeyError::File { path: path.to_owned(), source })
            }
            _ => Ok(()),
        }
    }

    /// A fresh key from the operating system's generator.
    ///
    /// # Errors
    /// [`ServerKeyError::Random`] if it fails.
    pub fn generate() -> Result<Self, ServerKeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        SysRng.try_fill_bytes(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    pub(super) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(..)")
    }
}

fn from_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok().map(Zeroizing::new)
}

/// Accepts both alphabets, padded or not, since keys are made with all sorts of tools.
fn from_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let standard = Zeroizing::new(text.replace('-', "+").replace('_', "/"));
    LENIENT.decode(standard.as_bytes()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "fbff000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d";

    fn parse(text: &str) -> Result<ServerKey, ServerKeyError> {
        ServerKey::parse(&SecretString::from(text))
    }

    #[test]
    fn every_notation_gives_the_same_key() {
        let key = parse(HEX).unwrap();
        assert_eq!(key.expose()[..3], [0xfb, 0xff, 0]);
        let standard = STANDARD.encode(key.expose());
        let unpadded = standard.trim_end_matches('=');
        let url_safe = standard.replace('+', "-").replace('/', "_");
        assert!(standard.contains('+') && standard.contains('/') && standard.ends_with('='));
        for text in [&standard, unpadded, &url_safe, &format!(" {standard}\n"), &HEX.to_uppercase()] {
            assert_eq!(parse(text).unwrap().expose(), key.expose(), "{text}");
        }
    }

    #[test]
    fn each_api_has_a_key_of_its_own() {
        let key = parse(HEX).unwrap();
        assert_eq!(key.of_api(None).expose(), key.expose());
        assert_eq!(key.of_api(Some("shop")).expose(), key.of_api(Some("shop")).expose());
        let keys = [None, Some("shop"), Some("stock"), Some("")].map(|name| *key.of_api(name).expose());
        assert_eq!(keys.into_iter().collect::<std::collections::HashSet<_>>().len(), 4);
    }

    #[test]
    fn anything_else_is_refused() {
        let one_more = format!("{HEX}00");
        let one_less = STANDARD.encode([7; 31]);
        for text in ["", "secret", &HEX[1..], &one_more, &one_less, "é".repeat(32).as_str()] {
            assert!(matches!(parse(text), Err(ServerKeyError::Malformed)), "{text}");
        }
    }

    #[test]
    fn a_generated_file_is_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data/session.key");
        let first = ServerKey::load_or_create(&path).unwrap();
        let second = ServerKey::load_or_create(&path).unwrap();
        assert_eq!(first.expose(), second.expose());
    }

    #[test]
    fn processes_that_start_together_agree_on_the_key() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("session.key");
        let load = || *ServerKey::load_or_create(&path).unwrap().expose();
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(load)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key == &keys[0]));
    }

    #[test]
    fn a_damaged_file_is_an_error_and_stays_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("session.key");
        fs::write(&path, "oops").unwrap();
        let error = ServerKey::load_or_create(&path).unwrap_err().to_string();
        assert!(error.contains("session.key") && !error.contains("oops"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"oops");
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", parse(HEX).unwrap()), "ServerKey(..)");
    }
}
