//! The path and the query of a request.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::request::FieldError;
use super::template::{self, Piece};

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

impl<'a> Target<'a> {
    /// Templates may hold a query of their own. A fragment is never sent.
    pub(super) fn new(template: &'a str) -> Self {
        let template = template.split('#').next().unwrap_or_default();
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
        let (path, query) = self.template.split_once('?').unwrap_or((self.template, ""));
        let segments = path.trim_start_matches('/').split('/').map(|segment| self.segment(segment));
        let mut target = format!("/{}", segments.collect::<Result<Vec<_>, _>>()?.join("/"));
        let fixed = Some(self.text(query)).filter(|query| !query.is_empty());
        let query: Vec<String> = fixed.into_iter().chain(self.query).collect();
        if !query.is_empty() {
            target.push('?');
            target.push_str(&query.join("&"));
        }
        Ok(target)
    }

    /// One segment of the path. URL parsers take `.` and `..` out of a path even when they are percent-encoded,
    /// so nothing that was filled in may come to that.
    fn segment(&self, template: &str) -> Result<String, FieldError> {
        let text = self.text(template);
        let slots = template::names(template);
        let blamed = slots.first().and_then(|name| self.filled.get(name));
        match blamed {
            Some(filled)
                if matches!(text.replace("%2E", ".").replace("%2e", ".").as_str(), "" | "." | "..") =>
            {
                Err(FieldError::new(filled.input, "A path cannot hold this."))
            }
            _ => Ok(text),
        }
    }

    fn text(&self, template: &str) -> String {
        let text = |piece| match piece {
            Piece::Fixed(text) => utf8_percent_encode(text, NOT_IN_URLS).to_string(),
            Piece::Slot(name) => self.filled.get(name).map_or_else(String::new, |filled| filled.text.clone()),
        };
        template::pieces(template).into_iter().map(text).collect()
    }
}
