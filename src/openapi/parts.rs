//! The parts of a value that a `style` puts together.

use serde_json::Value;

use super::style::Style;
use super::values;

/// A value as RFC 6570 knows it, its texts already encoded.
pub(super) enum Parts {
    Text(String),
    Items(Vec<String>),
    Members(Vec<(String, String)>),
}

impl Parts {
    /// Takes a value apart, one level deep: what lies deeper is written as JSON, for no style says how.
    pub(super) fn encoded(style: Style, value: &Value, encode: impl Fn(&str) -> String) -> Self {
        let text = |value: &Value| encode(&values::as_typed(value));
        match value {
            _ if matches!(style, Style::Json | Style::WholeQuery) => Self::Text(encode(&value.to_string())),
            Value::Array(items) => {
                Self::Items(items.iter().filter(|item| !item.is_null()).map(text).collect())
            }
            Value::Object(members) => {
                let members = members.iter().filter(|(_, value)| !value.is_null());
                Self::Members(members.map(|(key, value)| (encode(key), text(value))).collect())
            }
            value => Self::Text(text(value)),
        }
    }

    /// All in one text. Members stand as `key=value` when they explode, else as `key,value`.
    pub(super) fn joined(&self, separator: &str, explode: bool) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Items(items) => items.join(separator),
            Self::Members(members) => {
                let between = if explode { "=" } else { separator };
                let members = members.iter().map(|(key, value)| format!("{key}{between}{value}"));
                members.collect::<Vec<_>>().join(separator)
            }
        }
    }

    /// Exploded: one pair for each item under the parameter's name, or for each member under its own.
    pub(super) fn pairs(self, name: &str) -> Vec<(String, String)> {
        match self {
            Self::Text(text) => vec![(name.to_owned(), text)],
            Self::Items(items) => items.into_iter().map(|item| (name.to_owned(), item)).collect(),
            Self::Members(members) => members,
        }
    }
}
