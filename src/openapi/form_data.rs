//! From what was filled in as a body to what is sent.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::body::{Body, BodyKind, essence, is_xml};
use super::request::{BODY, Check, FieldError, Filled};
use super::style::{Style, Writing};
use super::values;

pub(super) const URL_ENCODED: &str = "application/x-www-form-urlencoded";
pub(super) const MULTIPART: &str = "multipart/form-data";
const ANYTHING: &str = "application/octet-stream";

/// A file that a person chose; what is in it stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The member of the form that it is for. For a body that is one file, anything.
    pub name: String,
    /// The name of the file.
    pub file_name: String,
    /// Its media type, as the browser gave it.
    pub media_type: String,
}

/// A body, ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestBody {
    /// Its media type, with the boundary of a multipart body.
    pub media_type: String,
    /// Its parts, one after the other.
    pub pieces: Vec<Piece>,
    /// The fields of a multipart form, which the pieces are made of; for those who make their own.
    pub parts: Vec<FormPart>,
}

/// One field of a multipart form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormPart {
    /// Its name.
    pub name: String,
    /// Its media type, where it is said.
    pub media_type: Option<String>,
    /// What is in it.
    pub content: PartContent,
}

/// What is in a field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartContent {
    /// This text.
    Text(String),
    /// The upload of this number.
    File(usize),
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// What is in the upload of this number.
    File(usize),
}

impl RequestBody {
    /// A body that is a text.
    #[must_use]
    pub fn of(media_type: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self { media_type: media_type.into(), pieces: vec![Piece::Bytes(text.into())], parts: Vec::new() }
    }
}

pub(super) fn is_form(media_type: &str) -> bool {
    [URL_ENCODED, MULTIPART].contains(&essence(media_type).as_str())
}

pub(super) fn is_multipart(media_type: &str) -> bool {
    essence(media_type) == MULTIPART
}

impl Body {
    /// The body for a text and files. `None` when nothing was filled in.
    ///
    /// JSON goes out as it was typed. Forms are typed as a JSON object and written as their media type asks.
    pub(super) fn encoded(&self, filled: &Filled) -> Result<Option<RequestBody>, FieldError> {
        let text = filled.body.unwrap_or_default();
        let (uploads, is_empty) = (self.carried(filled.uploads), text.trim().is_empty());
        if is_empty && uploads.is_empty() {
            let is_missing = self.required && filled.check == Check::Strict;
            return if is_missing { Err(FieldError::missing(BODY)) } else { Ok(None) };
        }
        let body = match (self.kind, uploads) {
            (BodyKind::Form, _) if self.is_multipart() => self.multipart(&members(text)?, filled),
            (BodyKind::Form, _) => RequestBody::of(&self.media_type, self.url_encoded(&members(text)?)),
            (_, [upload, ..]) => {
                let media_type = self.media_type_of(upload);
                RequestBody { media_type, pieces: vec![Piece::File(0)], parts: Vec::new() }
            }
            (_, []) => RequestBody::of(self.settled_media_type(), self.checked(text, filled.check)?),
        };
        Ok(Some(body))
    }

    /// Those files that it can carry: JSON and other forms are texts all through.
    fn carried<'u>(&self, uploads: &'u [Upload]) -> &'u [Upload] {
        let is_text = match self.kind {
            BodyKind::Json => true,
            BodyKind::Form => !self.is_multipart(),
            BodyKind::Text | BodyKind::File => false,
        };
        if is_text { &[] } else { uploads }
    }

    /// Whether the document takes many media types under one name, such as `image/*` or `application/*+json`.
    fn is_range(&self) -> bool {
        essence(&self.media_type).contains('*')
    }

    /// Where the document takes many media types, the one that a text has.
    fn settled_media_type(&self) -> String {
        match self.kind {
            _ if !self.is_range() => self.media_type.clone(),
            BodyKind::Json => "application/json".to_owned(),
            _ if is_xml(&self.media_type) => "application/xml".to_owned(),
            _ => "text/plain".to_owned(),
        }
    }

    fn media_type_of(&self, upload: &Upload) -> String {
        let its_own = if upload.media_type.is_empty() { ANYTHING } else { &upload.media_type };
        if self.is_range() { its_own.to_owned() } else { self.media_type.clone() }
    }

    fn checked<'t>(&self, text: &'t str, check: Check) -> Result<&'t str, FieldError> {
        match serde_json::from_str::<IgnoredAny>(text) {
            Err(error) if self.is_json() && check == Check::Strict => {
                Err(FieldError::new(BODY, format!("This is not JSON: {error}.")))
            }
            _ => Ok(text),
        }
    }

    /// Lists are repeated and objects written as JSON, unless the document has another way.
    fn url_encoded(&self, members: &Map<String, Value>) -> String {
        let pairs = members.iter().filter(|(_, value)| !value.is_null()).flat_map(|(name, value)| {
            let style = if value.is_object() { Style::Json } else { Style::Form };
            let usual = Writing { style, explode: !value.is_object(), allow_reserved: false };
            self.encoding_of(name).unwrap_or(usual).in_query(name, value)
        });
        pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    fn encoding_of(&self, name: &str) -> Option<Writing> {
        self.encodings.iter().find(|(member, _)| member == name).map(|(_, writing)| *writing)
    }

    /// A body as RFC 7578 describes it: a part for each member, for each item of a list that is not one text, and for
    /// each file.
    fn multipart(&self, members: &Map<String, Value>, filled: &Filled) -> RequestBody {
        let is_uploaded = |name: &str| filled.uploads.iter().any(|upload| upload.name == name);
        let typed = members.iter().filter(|(name, value)| !value.is_null() && !is_uploaded(name));
        let files = filled.uploads.iter().enumerate().map(|(number, upload)| self.file_part(number, upload));
        let typed = typed.flat_map(|(name, value)| self.typed_parts(name, value));
        let parts: Vec<FormPart> = typed.chain(files).collect();
        let written = parts.iter().flat_map(|part| part.pieces(filled.boundary, filled.uploads));
        let end = Piece::Bytes(format!("--{}--\r\n", filled.boundary).into_bytes());
        let pieces = written.chain([end]).collect();
        RequestBody { media_type: format!("{MULTIPART}; boundary={}", filled.boundary), pieces, parts }
    }

    /// The media type that the document has for a part. One for many is left to whoever knows what is in it.
    fn type_of_part(&self, name: &str) -> Option<&str> {
        let named = self.part_types.iter().find(|(member, _)| member == name);
        named.map(|(_, media_type)| media_type.as_str()).filter(|named| !named.contains(['*', ',']))
    }

    /// What the document says of the media type of a file counts for more than what a browser guesses by its name.
    fn file_part(&self, number: usize, upload: &Upload) -> FormPart {
        let guessed = Some(upload.media_type.as_str()).filter(|media_type| !media_type.is_empty());
        FormPart {
            name: upload.name.clone(),
            media_type: self.type_of_part(&upload.name).or(guessed).map(str::to_owned),
            content: PartContent::File(number),
        }
    }

    fn typed_parts(&self, name: &str, value: &Value) -> Vec<FormPart> {
        let named = self.type_of_part(name);
        let joined = self.encoding_of(name).filter(|writing| !writing.explode);
        match (value, joined) {
            (Value::Array(_), Some(writing)) if named.is_none() => {
                let content = PartContent::Text(writing.as_text(value));
                vec![FormPart { name: name.to_owned(), media_type: None, content }]
            }
            (Value::Array(items), _) if named.is_none() => {
                items.iter().flat_map(|item| self.typed_parts(name, item)).collect()
            }
            (value, _) => {
                let media_type = named.or(value.is_object().then_some("application/json"));
                let is_json = media_type.is_some_and(super::body::is_json);
                let text = if is_json { value.to_string() } else { values::as_typed(value) };
                let media_type = media_type.map(str::to_owned);
                vec![FormPart { name: name.to_owned(), media_type, content: PartContent::Text(text) }]
            }
        }
    }
}

fn members(text: &str) -> Result<Map<String, Value>, FieldError> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    let members = serde_json::from_str(text);
    members.map_err(|error| FieldError::new(BODY, format!("This is not a JSON object: {error}.")))
}

impl FormPart {
    fn pieces(&self, boundary: &str, uploads: &[Upload]) -> [Piece; 3] {
        let mut head =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&self.name));
        let content = match &self.content {
            PartContent::Text(text) => Piece::Bytes(text.clone().into_bytes()),
            PartContent::File(number) => {
                let file_name = uploads.get(*number).map_or("", |upload| upload.file_name.as_str());
                head.extend(["; filename=\"", &quoted(file_name), "\""]);
                Piece::File(*number)
            }
        };
        if let Some(media_type) = &self.media_type {
            head.extend(["\r\nContent-Type: ", &media_type.replace(['\r', '\n'], "")]);
        }
        head.push_str("\r\n\r\n");
        [Piece::Bytes(head.into_bytes()), content, Piece::Bytes(b"\r\n".to_vec())]
    }
}

/// As browsers write names in multipart bodies (HTML, "multipart/form-data encoding algorithm").
fn quoted(name: &str) -> String {
    name.replace('\n', "%0A").replace('\r', "%0D").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::{Document, Values};

    /// What is sent; files are written as their number in braces.
    fn sent(content: &Value, text: &str, uploads: &[Upload]) -> Result<Option<(String, String)>, String> {
        let document = json!({ "paths": { "/": { "post": { "requestBody": { "content": content } } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let operation = document.operation(&document.operations()[0]);
        let filled = Filled {
            values: &Values::default(),
            body: Some(text),
            uploads,
            boundary: "edge",
            check: Check::Strict,
        };
        let piece = |piece| match piece {
            Piece::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            Piece::File(number) => format!("{{{number}}}"),
        };
        let whole = |body: RequestBody| (body.media_type, body.pieces.into_iter().map(piece).collect());
        operation
            .request_for(filled)
            .map(|parts| parts.body.map(whole))
            .map_err(|errors| errors[0].message.clone())
    }

    fn upload(name: &str) -> Upload {
        let (file_name, media_type) = ("a\"b.txt".to_owned(), "text/plain".to_owned());
        Upload { name: name.to_owned(), file_name, media_type }
    }

    #[test]
    fn url_encoded_forms_follow_their_encoding() {
        let encoding =
            json!({ "deep": { "style": "deepObject" }, "flat": { "style": "form", "explode": false } });
        let content = json!({ (URL_ENCODED): { "encoding": encoding } });
        let text = json!({ "a": "x y", "list": [1, 2], "flat": [1, 2], "deep": { "b": true }, "json": { "c": 1 }, "no": null });
        let body = "a=x%20y&list=1&list=2&flat=1,2&deep%5Bb%5D=true&json=%7B%22c%22%3A1%7D";
        assert_eq!(
            sent(&content, &text.to_string(), &[]),
            Ok(Some((URL_ENCODED.to_owned(), body.to_owned())))
        );
        assert!(sent(&content, "a=b", &[]).unwrap_err().starts_with("This is not a JSON object"));
    }

    #[test]
    fn multipart_forms_carry_texts_and_files() {
        let encoding =
            json!({ "tags": { "contentType": "application/json" }, "file": { "contentType": "image/*" } });
        let content = json!({ (MULTIPART): { "encoding": encoding } });
        let text = "{\"n\": [1, \"b\"], \"file\": \"\", \"tags\": [\"c\"]}";
        let (media_type, body) = sent(&content, text, &[upload("file")]).unwrap().unwrap();
        assert_eq!(media_type, "multipart/form-data; boundary=edge");
        let head = "--edge\r\nContent-Disposition: form-data; name=";
        let expected = format!(
            "{head}\"n\"\r\n\r\n1\r\n{head}\"n\"\r\n\r\nb\r\n\
             {head}\"tags\"\r\nContent-Type: application/json\r\n\r\n[\"c\"]\r\n\
             {head}\"file\"; filename=\"a%22b.txt\"\r\nContent-Type: text/plain\r\n\r\n{{0}}\r\n--edge--\r\n"
        );
        assert_eq!(body, expected);
    }

    #[test]
    fn an_encoding_without_a_style_is_one_of_a_query() {
        let encoding = json!({ "tags": { "explode": false }, "url": { "allowReserved": true }, "plain": { "contentType": "text/plain" } });
        let content = json!({ (URL_ENCODED): { "encoding": encoding } });
        let text = json!({ "tags": ["a", "b"], "url": "/x", "plain": [1, 2] });
        let body = "tags=a,b&url=/x&plain=1&plain=2";
        assert_eq!(
            sent(&content, &text.to_string(), &[]),
            Ok(Some((URL_ENCODED.to_owned(), body.to_owned())))
        );
    }

    #[test]
    fn a_file_has_the_media_type_that_the_document_gives_it() {
        let encoding = json!({ "one": { "contentType": "image/png" }, "two": { "contentType": "image/png, image/gif" } });
        let content = json!({ (MULTIPART): { "encoding": encoding } });
        let uploads = ["one", "two", "three"].map(upload);
        let (_, body) = sent(&content, "", &uploads).unwrap().unwrap();
        let types: Vec<_> = body.lines().filter_map(|line| line.strip_prefix("Content-Type: ")).collect();
        assert_eq!(types, ["image/png", "text/plain", "text/plain"]);
    }

    #[test]
    fn a_body_that_is_text_all_through_has_no_room_for_a_file() {
        let file = json!({ "type": "string", "format": "binary" });
        for (media_type, schema, text) in [
            ("application/json", json!({ "properties": { "file": file } }), "{\"file\":\"x\"}"),
            ("application/json", file.clone(), "\"typed\""),
        ] {
            let body = sent(&json!({ media_type: { "schema": schema } }), text, &[upload("file")]);
            assert_eq!(body, Ok(Some((media_type.to_owned(), text.to_owned()))));
            assert_eq!(sent(&json!({ media_type: { "schema": schema } }), "", &[upload("file")]), Ok(None));
        }
        let content = json!({ (URL_ENCODED): { "schema": { "properties": { "file": file } } } });
        let body = sent(&content, "{\"file\":\"x\"}", &[upload("file")]);
        assert_eq!(body, Ok(Some((URL_ENCODED.to_owned(), "file=x".to_owned()))));
    }

    #[test]
    fn one_file_is_a_whole_body() {
        let body = |media_type: &str| sent(&json!({ media_type: {} }), "", &[upload("")]).unwrap();
        assert_eq!(body("image/png"), Some(("image/png".to_owned(), "{0}".to_owned())));
        assert_eq!(body("image/*"), Some(("text/plain".to_owned(), "{0}".to_owned())));
    }

    #[test]
    fn media_types_that_stand_for_many_become_one() {
        let schema = json!({ "schema": { "type": "object" } });
        let body = sent(&json!({ "*/*": schema }), "{}", &[]).unwrap();
        assert_eq!(body, Some(("application/json".to_owned(), "{}".to_owned())));
        let body = sent(&json!({ "application/xml": {} }), "<a/>", &[]).unwrap();
        assert_eq!(body, Some(("application/xml".to_owned(), "<a/>".to_owned())));
        let named =
            |media_type: &str, text: &str| sent(&json!({ media_type: {} }), text, &[]).unwrap().unwrap().0;
        assert_eq!(named("application/*+json", "{}"), "application/json");
        assert_eq!(named("application/*+xml", "<a/>"), "application/xml");
        assert_eq!(named("text/*; charset=utf-8", "a"), "text/plain");
    }
}
