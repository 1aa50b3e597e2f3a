//! A request in the languages in which people go on with it. Everything in it is untrusted, and is quoted as the
//! language asks; `$TOKEN` is all that is left open.

mod curl;
mod httpie;
mod javascript;
mod python;
mod quote;
mod rust;

use crate::openapi::{FormPart, PartContent, Piece, RequestParts, Upload};

/// What the languages write.
pub(super) struct Request {
    pub method: String,
    pub url: String,
    /// All of them, also the one with the token.
    pub headers: Vec<(String, String)>,
    pub content: Content,
}

/// The body.
pub(super) enum Content {
    None,
    Text(String),
    /// The name of a file.
    File(String),
    /// A multipart form. Every language makes its own boundary.
    Form(Vec<FormField>),
}

/// One part of a form.
pub(super) struct FormField {
    pub name: String,
    pub media_type: Option<String>,
    pub value: FieldValue,
}

pub(super) enum FieldValue {
    Text(String),
    /// The name of a file.
    File(String),
}

type Writer = fn(&Request) -> String;

/// The request in every language, with its name.
pub(super) fn all(request: &Request) -> Vec<(String, String)> {
    let writers: [(&str, Writer); 5] = [
        ("curl", curl::write),
        ("HTTPie", httpie::write),
        ("JavaScript fetch", javascript::write),
        ("Python requests", python::write),
        ("Rust reqwest", rust::write),
    ];
    writers.map(|(name, write)| (name.to_owned(), write(request))).into()
}

impl Request {
    /// A line for each header.
    fn header_lines(&self, line: impl Fn(&str, &str) -> String) -> String {
        self.own_headers().map(|(name, value)| line(name, value)).collect()
    }

    /// The headers that are written down: with a form, its type is left to whoever makes the boundary.
    fn own_headers(&self) -> impl Iterator<Item = &(String, String)> {
        let is_form = matches!(self.content, Content::Form(_));
        self.headers.iter().filter(move |(name, _)| !(is_form && name == "Content-Type"))
    }
}

impl Content {
    pub fn of(parts: &RequestParts, uploads: &[Upload]) -> Self {
        let Some(body) = &parts.body else { return Self::None };
        if !body.parts.is_empty() {
            return Self::Form(body.parts.iter().map(|part| FormField::of(part, uploads)).collect());
        }
        match body.pieces.as_slice() {
            [Piece::File(number)] => Self::File(file_name(uploads, *number)),
            [Piece::Bytes(bytes)] => Self::Text(String::from_utf8_lossy(bytes).into_owned()),
            _ => Self::None,
        }
    }

    /// Whether it is a form in which a text has a media type, which not every language can send as it is meant.
    fn has_typed_text(&self) -> bool {
        let Self::Form(fields) = self else { return false };
        fields.iter().any(|field| field.media_type.is_some() && matches!(field.value, FieldValue::Text(_)))
    }
}

impl FormField {
    fn of(part: &FormPart, uploads: &[Upload]) -> Self {
        let value = match &part.content {
            PartContent::Text(text) => FieldValue::Text(text.clone()),
            PartContent::File(number) => FieldValue::File(file_name(uploads, *number)),
        };
        Self { name: part.name.clone(), media_type: part.media_type.clone(), value }
    }
}

fn file_name(uploads: &[Upload], number: usize) -> String {
    uploads.get(number).map_or_else(String::new, |upload| upload.file_name.clone())
}

#[cfg(test)]
mod tests;
