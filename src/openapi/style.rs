//! How a value is written into a path, a query, a header or a cookie: the `style` and `explode` of a parameter,
//! as in the table of the `OpenAPI` specification (3.1.1, section 4.8.12.4).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::parts::Parts;
use super::values;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What `allowReserved` cannot leave as it is: characters that would end the value or the query.
const ALWAYS_ENCODED: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// The name of a style that `OpenAPI` does not have.
pub(super) const TAB_DELIMITED: &str = "x-tabDelimited";

/// How lists and objects are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Style {
    /// `;name=value`, in a path.
    Matrix,
    /// `.value`, in a path.
    Label,
    /// `value`, in a path or a header.
    Simple,
    /// `name=value`, in a query or a cookie.
    Form,
    /// `name=a%20b`, in a query; `a%20b` or `a b`, in a path or a header.
    SpaceDelimited,
    /// `name=a%7Cb`, in a query; `a%7Cb` or `a|b`, in a path or a header.
    PipeDelimited,
    /// `name=a%09b`, in a query; `a%09b` or a tab between, in a path or a header: `tsv` of Swagger 2.0.
    TabDelimited,
    /// `name[member]=value`, in a query.
    DeepObject,
    /// `name=value` with nothing encoded, in a cookie (3.2).
    Cookie,
    /// JSON text: the parameter has a `content` instead of a schema.
    Json,
    /// JSON text that is the whole query: `in: querystring` (3.2).
    WholeQuery,
}

/// How the value of a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writing {
    /// How lists and objects are put together.
    pub style: Style,
    /// Whether each item or member stands on its own.
    pub explode: bool,
    /// Whether reserved characters stay as they are in a query.
    pub allow_reserved: bool,
}

/// Percent-encodes everything but unreserved characters.
pub(super) fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// Percent-encodes as `allowReserved` asks: reserved characters and percent-encoded bytes stay as they are,
/// except `#`, `[`, `]`, `&` and `+`, which would change what the rest of the query means.
fn encode_allowing_reserved(text: &str) -> String {
    let mut encoded = String::new();
    for (index, piece) in text.split('%').enumerate() {
        if index > 0 {
            let is_triplet = piece.len() >= 2 && piece.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
            encoded.push_str(if is_triplet { "%" } else { "%25" });
        }
        encoded.extend(utf8_percent_encode(piece, ALWAYS_ENCODED));
    }
    encoded
}

impl Writing {
    /// The text that takes the place of `{name}` in a path.
    pub(super) fn in_path(self, name: &str, value: &Value) -> String {
        let parts = Parts::encoded(self.style, value, |text| encode(text).to_string());
        let name = encode(name).to_string();
        match self.style {
            Style::Label => format!(".{}", parts.joined(if self.explode { "." } else { "," }, self.explode)),
            Style::Matrix if self.explode => {
                let pairs = parts.pairs(&name).into_iter();
                pairs.map(|(name, value)| format!(";{name}={value}")).collect::<Vec<_>>().concat()
            }
            Style::Matrix => match parts.joined(",", false) {
                text if text.is_empty() => format!(";{name}"),
                text => format!(";{name}={text}"),
            },
            _ => parts.joined(self.encoded_separator(), self.explode),
        }
    }

    /// The encoded `(name, value)` pairs of a query or of cookies.
    pub(super) fn in_query(self, name: &str, value: &Value) -> Vec<(String, String)> {
        if self.style == Style::DeepObject {
            let mut pairs = Vec::new();
            deep(name, value, &mut pairs);
            return pairs
                .into_iter()
                .map(|(name, value)| (encode(&name).to_string(), self.encoded(&value)))
                .collect();
        }
        let parts = Parts::encoded(self.style, value, |text| self.encoded(text));
        let name = encode(name).to_string();
        match self.style {
            _ if self.explode => parts.pairs(&name),
            _ => vec![(name, parts.joined(self.encoded_separator(), false))],
        }
    }

    /// The text of a header, or of a part of a form. They are not percent-encoded.
    pub(super) fn as_text(self, value: &Value) -> String {
        let separator = match self.style {
            Style::SpaceDelimited => " ",
            Style::PipeDelimited => "|",
            Style::TabDelimited => "\t",
            _ => ",",
        };
        Parts::encoded(self.style, value, str::to_owned).joined(separator, self.explode)
    }

    const fn encoded_separator(self) -> &'static str {
        match self.style {
            Style::SpaceDelimited => "%20",
            Style::PipeDelimited => "%7C",
            Style::TabDelimited => "%09",
            _ => ",",
        }
    }

    fn encoded(self, text: &str) -> String {
        if self.style == Style::Cookie {
            return text.to_owned();
        }
        if self.allow_reserved { encode_allowing_reserved(text) } else { encode(text).to_string() }
    }
}

/// Members by name in brackets, to any depth. The specification leaves lists open here: `name[]`, or `name[0]`
/// and so on where the items have members of their own.
fn deep(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| deep(&format!("{name}[{key}]"), value, pairs));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| {
            let name = if item.is_object() { format!("{name}[{index}]") } else { format!("{name}[]") };
            deep(&name, item, pairs);
        }),
        Value::Null => {}
        value => pairs.push((name.to_owned(), values::as_typed(value))),
    }
}
