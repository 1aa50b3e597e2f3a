//! Durations, sizes, addresses and names as people write them.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};
use url::Url;

use super::SettingsError;

/// Long enough for a word or two.
const LONGEST_NAME: usize = 32;

#[derive(Deserialize)]
#[serde(untagged)]
enum SecondsOrText {
    Seconds(u64),
    Text(String),
}

/// A duration: whole seconds, or a text such as `30 min`, `12h`, `500ms`.
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    match SecondsOrText::deserialize(deserializer)? {
        SecondsOrText::Seconds(seconds) => Ok(Duration::from_secs(seconds)),
        SecondsOrText::Text(text) => parse_duration(&text)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is not a duration such as `30 min` or `10s`"))),
    }
}

/// See [`duration`].
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match compact.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(&compact).ok(),
    }
}

/// Refuses a time that is over as it begins.
pub(super) fn check_not_zero(
    key: &'static str,
    duration: Duration,
    remedy: &'static str,
) -> Result<(), SettingsError> {
    if duration.is_zero() { Err(SettingsError::key(key, "it is zero", remedy)) } else { Ok(()) }
}

/// An address. One that is none is not repeated, as there may be a password in it.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let url = text
        .map(|text| Url::parse(&text).map_err(|_| D::Error::custom("it is no address such as https://…")));
    url.transpose()
}

/// Whether an address says as whom to sign in there, be it by a password alone.
pub(super) fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether an address is scheme, host and port, and nothing more.
pub(super) fn is_bare_origin(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none() && url.fragment().is_none() && !has_user(url)
}

/// Whether a name can stand in an address and in a cookie's name, where nothing is to be encoded.
pub(super) fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain)
}

/// A number of bytes, or a text such as `16 MiB`.
pub(super) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let size = bytesize::ByteSize::deserialize(deserializer)?;
    usize::try_from(size.as_u64()).map_err(|_| D::Error::custom("that many bytes do not fit into memory"))
}
