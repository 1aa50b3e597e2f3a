//! From what was filled in as a body to its bytes.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::body::{Body, essence};
use super::node;
use super::request::{BODY, FieldError};
use super::style::{Style, Writing};

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// A file that a person chose.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// The member of the form that it is for. For a body that is one file, anything.
    pub name: String,
    /// The name of the file.
    pub file_name: String,
    /// Its media type, as the browser gave it.
    pub media_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Upload({:?}, {} bytes)", self.name, self.bytes.len())
    }
}

pub(super) fn is_form(media_type: &str) -> bool {
    [URL_ENCODED, MULTIPART].contains(&essence(media_type).as_str())
}

/// A body as it is sent: its media type and its bytes.
type Encoded = (String, Vec<u8>);

impl Body {
    /// The body for a text and files. `None` when nothing was filled in.
    ///
    /// JSON goes out as it was typed. Forms are typed as a JSON object and written as their media type asks.
    pub(super) fn encoded(&self, text: &str, uploads: &[Upload]) -> Result<Option<Encoded>, FieldError> {
        let is_empty = text.trim().is_empty();
        if is_empty && uploads.is_empty() {
            return if self.required { Err(FieldError::missing(BODY)) } else { Ok(None) };
        }
        let media_type = self.media_type.clone();
        let encoded = match (essence(&media_type).as_str(), uploads) {
            (MULTIPART, uploads) => multipart(&members(text)?, uploads),
            (URL_ENCODED, _) if !is_empty => (media_type, self.url_encoded(&members(text)?).into_bytes()),
            (_, [upload, ..]) => (media_type, upload.bytes.clone()),
            (_, []) => (media_type, self.checked(text)?),
        };
        Ok(Some(encoded))
    }

    fn checked(&self, text: &str) -> Result<Vec<u8>, FieldError> {
        match serde_json::from_str::<IgnoredAny>(text) {
            Err(error) if self.is_json() => Err(FieldError::new(BODY, format!("This is not JSON: {error}."))),
            _ => Ok(text.as_bytes().to_vec()),
        }
    }

    /// Lists are repeated and objects written as JSON, unless the document has another way.
    fn url_encoded(&self, members: &Map<String, Value>) -> String {
        let pairs = members.iter().filter(|(_, value)| !value.is_null()).flat_map(|(name, value)| {
            let style = if value.is_object() { Style::Json } else { Style::Form };
            let usual = Writing { style, explode: !value.is_object(), allow_reserved: false };
            let named = self.encodings.iter().find(|(member, _)| member == name);
            named.map_or(usual, |(_, writing)| *writing).in_query(name, value)
        });
        pairs.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }
}

fn members(text: &str) -> Result<Map<String, Value>, FieldError> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    let members = serde_json::from_str(text);
    members.map_err(|error| FieldError::new(BODY, format!("This is not a JSON object: {error}.")))
}

/// One part of a multipart body.
struct Part<'a> {
    name: &'a str,
    file_name: Option<&'a str>,
    media_type: Option<&'a str>,
    bytes: Vec<u8>,
}

/// A body as RFC 7578 describes it: a part for each member, for each item of a list, and for each file.
fn multipart(members: &Map<String, Value>, uploads: &[Upload]) -> Encoded {
    let is_uploaded = |name: &str| uploads.iter().any(|upload| upload.name == name);
    let typed = members.iter().filter(|(name, value)| !value.is_null() && !is_uploaded(name));
    let files = uploads.iter().map(|upload| Part {
        name: &upload.name,
        file_name: Some(&upload.file_name),
        media_type: Some(upload.media_type.as_str()).filter(|media_type| !media_type.is_empty()),
        bytes: upload.bytes.clone(),
    });
    let parts: Vec<Part> = typed.flat_map(|(name, value)| typed_parts(name, value)).chain(files).collect();
    let boundary = boundary(&parts);
    let mut body = Vec::new();
    for part in parts {
        part.write(&boundary, &mut body);
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("{MULTIPART}; boundary={boundary}"), body)
}

fn typed_parts<'a>(name: &'a str, value: &Value) -> Vec<Part<'a>> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| typed_parts(name, item)).collect(),
        value => {
            let media_type = value.is_object().then_some("application/json");
            vec![Part { name, file_name: None, media_type, bytes: node::as_typed(value).into_bytes() }]
        }
    }
}

/// A boundary that stands in none of the parts.
fn boundary(parts: &[Part]) -> String {
    let mut number = 0_u64;
    loop {
        let boundary = format!("part-of-form-{number:016x}");
        let is_inside =
            |part: &Part| part.bytes.windows(boundary.len()).any(|window| window == boundary.as_bytes());
        if !parts.iter().any(is_inside) {
            return boundary;
        }
        number += 1;
    }
}

impl Part<'_> {
    fn write(&self, boundary: &str, body: &mut Vec<u8>) {
        let mut head =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(self.name));
        if let Some(file_name) = self.file_name {
            head.extend(["; filename=\"", &quoted(file_name), "\""]);
        }
        if let Some(media_type) = self.media_type {
            head.extend(["\r\nContent-Type: ", &media_type.replace(['\r', '\n'], "")]);
        }
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(&self.bytes);
        body.extend_from_slice(b"\r\n");
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

    fn sent(content: &Value, text: &str, uploads: &[Upload]) -> Result<Option<(String, String)>, String> {
        let document = json!({ "paths": { "/": { "post": { "requestBody": { "content": content } } } } });
        let document = Document::from_json(document.to_string().as_bytes()).unwrap();
        let operation = document.operation(&document.operations()[0]);
        let parts = operation.request_with_files(&Values::default(), Some(text), uploads);
        let text = |(media_type, bytes)| (media_type, String::from_utf8(bytes).unwrap());
        parts.map(|parts| parts.body.map(text)).map_err(|errors| errors[0].message.clone())
    }

    fn upload(name: &str, text: &str) -> Upload {
        let (file_name, media_type) = ("a\"b.txt".to_owned(), "text/plain".to_owned());
        Upload { name: name.to_owned(), file_name, media_type, bytes: text.as_bytes().to_vec() }
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
        let uploads = [upload("file", "part-of-form-0000000000000000")];
        let content = json!({ (MULTIPART): {} });
        let (media_type, body) =
            sent(&content, "{\"n\": [1, \"b\"], \"file\": \"\"}", &uploads).unwrap().unwrap();
        let boundary = "part-of-form-0000000000000001";
        assert_eq!(media_type, format!("multipart/form-data; boundary={boundary}"));
        let field =
            |value| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n{value}\r\n");
        let file = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22b.txt\"\r\n\
             Content-Type: text/plain\r\n\r\npart-of-form-0000000000000000\r\n"
        );
        assert_eq!(body, format!("{}{}{file}--{boundary}--\r\n", field("1"), field("b")));
    }

    #[test]
    fn one_file_is_a_whole_body() {
        let body = sent(&json!({ "image/png": {} }), "", &[upload("", "bytes")]).unwrap();
        assert_eq!(body, Some(("image/png".to_owned(), "bytes".to_owned())));
    }
}
