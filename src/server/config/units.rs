//! Durations, sizes and addresses as people write them.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error};
use url::Url;

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

/// An address. One that is none is not repeated, as there may be a password in it.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let url = text
        .map(|text| Url::parse(&text).map_err(|_| D::Error::custom("it is no address such as https://…")));
    url.transpose()
}

/// A number of bytes, or a text such as `16 MiB`.
pub(super) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let size = bytesize::ByteSize::deserialize(deserializer)?;
    usize::try_from(size.as_u64()).map_err(|_| D::Error::custom("that many bytes do not fit into memory"))
}
