//! The path and the query of a request.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::request::FieldError;
use super::template::{self, Piece, Slot};

/// What the document may have left in a path that a URL cannot hold.
const NOT_IN_URLS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path template that is being filled in, and the query behind it.
pub(super) struct Target<'a> {
    template: &'a str,
    filled: HashMap<&'a str, Filled<'a>>,
    query: Vec<String>,
}

struct Filled<'a> {
    input: &'a str,
    text: String,
}

impl Filled<'_> {
    /// A reserved slot takes slashes as they are. Nothing but a slash is written as `%2F`; it stays so where there would be an
    /// empty segment, as some servers take these out.
    fn text_for(&self, slot: Slot, is_last: bool) -> String {
        let plain = self.text.replace("%2F", "/");
        let has_gap = plain.starts_with('/') || plain.contains("//") || (plain.ends_with('/') && !is_last);
        if slot.is_reserved && !has_gap { plain } else { self.text.clone() }
    }
}

impl<'a> Target<'a> {
    /// Templates may hold a query of their own. A fragment is never sent.
    pub(super) fn new(template: &'a str) -> Self {
        let (template, _) = template::split_at(template, '#');
        Self { template, filled: HashMap::new(), query: Vec::new() }
    }

    /// Takes the text for `{name}`, already encoded, from the input that may be blamed for it.
    pub(super) fn fill(&mut self, name: &'a str, input: &'a str, text: String) {
        self.filled.insert(name, Filled { input, text });
    }

    /// Adds encoded pairs to the query.
    pub(super) fn query(&mut self, pairs: Vec<(String, String)>) {
        self.query.extend(pairs.into_iter().map(|(name, value)| format!("{name}={value}")));
    }

    /// Adds what is a query of its own, already encoded.
    pub(super) fn whole_query(&mut self, text: String) {
        self.query.push(text);
    }

    /// The path from its first `/`, with the query.
    pub(super) fn finish(self) -> Result<String, FieldError> {
        let (path, query) = template::split_at(self.template, '?');
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let last = segments.len() - 1;
        let segments =
            segments.into_iter().enumerate().map(|(at, segment)| self.segment(segment, at == last));
        let mut target = format!("/{}", segments.collect::<Result<Vec<_>, _>>()?.join("/"));
        let fixed = Some(self.text(query, true)).filter(|query| !query.is_empty());
        let query: Vec<String> = fixed.into_iter().chain(self.query).collect();
        if !query.is_empty() {
            target.push('?');
            target.push_str(&query.join("&"));
        }
        Ok(target)
    }

    /// One segment of the template. Nothing that was filled in may change where the path leads.
    fn segment(&self, template: &str, is_last: bool) -> Result<String, FieldError> {
        let text = self.text(template, is_last);
        let slots = template::names(template);
        let blamed = slots.first().and_then(|name| self.filled.get(name));
        match blamed {
            Some(filled) if leads_elsewhere(&text) => {
                Err(FieldError::new(filled.input, "A path cannot hold this."))
            }
            _ => Ok(text),
        }
    }

    fn text(&self, template: &str, is_last: bool) -> String {
        let text = |piece| match piece {
            Piece::Fixed(text) => utf8_percent_encode(text, NOT_IN_URLS).to_string(),
            Piece::Slot(slot) => {
                self.filled.get(slot.name).map_or_else(String::new, |filled| filled.text_for(slot, is_last))
            }
        };
        template::pieces(template).into_iter().map(text).collect()
    }
}

/// URL parsers take `.` and `..` out of a path even when they are percent-encoded.
fn leads_elsewhere(text: &str) -> bool {
    let plain = text.replace("%2E", ".").replace("%2e", ".");
    plain.is_empty() || plain.split('/').any(|segment| matches!(segment, "." | ".."))
}
