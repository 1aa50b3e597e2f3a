//! What a person filled in: texts by the name of their input.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::input_name::empty_input;
use super::style::encode;

/// Texts by the name of their input, in the order in which they came. A name may come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values(Vec<(String, String)>);

/// A value as a person would type it: a string without its quotes, anything else as JSON.
#[must_use]
pub fn as_typed(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Values {
    /// Reads a query, or the body of a form (`application/x-www-form-urlencoded`).
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let mut values = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            values.push_sent(&decode(name), &decode(value));
        }
        values
    }

    /// Writes a query, without the `?`, that leaves out empty texts. Read again it gives the same values.
    #[must_use]
    pub fn to_query(&self) -> String {
        let given = self.0.iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
    }

    /// The texts of an input that are not empty.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The first text of an input that is not empty.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Whether an input is to be sent although it is empty.
    #[must_use]
    pub fn is_sent_empty(&self, name: &str) -> bool {
        self.first(&empty_input(name)).is_some()
    }

    /// The texts of an input that are sent: those that are not empty, else an empty one where it is asked for.
    pub(super) fn sent(&self, name: &str) -> Vec<&str> {
        let texts: Vec<&str> = self.all(name).collect();
        if texts.is_empty() && self.is_sent_empty(name) { vec![""] } else { texts }
    }

    /// Every name with its text, empty ones too, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How often an input is there, empty or not.
    #[must_use]
    pub fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|(key, _)| key == name).count()
    }

    /// Leaves out all inputs whose names are not wanted.
    pub fn retain(&mut self, mut wanted: impl FnMut(&str) -> bool) {
        self.0.retain(|(name, _)| wanted(name));
    }

    /// Gives an input this text and no other.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.retain(|other| other != name);
        self.push(name, value);
    }

    /// Adds a text to an input.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Adds a text as a browser sends it, which writes every line break as CR LF: it becomes the LF that was typed.
    pub fn push_sent(&mut self, name: &str, value: &str) {
        self.push(name.replace("\r\n", "\n"), value.replace("\r\n", "\n"));
    }

    /// What comes back when a browser shows these texts in a form: it knows one kind of line break, and no NUL.
    #[must_use]
    pub fn as_shown(&self) -> Self {
        let shown = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}");
        self.iter().map(|(name, value)| (shown(name), shown(value))).collect()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Values {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_being_read_and_written() {
        let values = Values::parse("page=2&tag=a+b&tag=%26%3D&empty=&flag&=x");
        assert_eq!(values.all("tag").collect::<Vec<_>>(), ["a b", "&="]);
        assert_eq!(
            (values.first("page"), values.first("empty"), values.first("flag")),
            (Some("2"), None, None)
        );
        assert_eq!(values.to_query(), "page=2&tag=a%20b&tag=%26%3D&=x");
    }

    #[test]
    fn line_breaks_are_those_that_were_typed() {
        assert_eq!(Values::parse("a=b%0D%0Ac%0Ad").first("a"), Some("b\nc\nd"));
        let values: Values = [("a", "b\r\nc\rd\0")].into_iter().collect();
        assert_eq!(values.as_shown().first("a"), Some("b\nc\nd\u{FFFD}"));
    }
}
