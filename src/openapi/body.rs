//! The body of a request.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::example;
use super::form_data;
use super::node;
use super::reference::Resolver;
use super::schema::Schema;
use super::style::{Style, Writing};

/// The body that an operation takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The media type that is sent: the first JSON one, else the first one that can be filled in, else the first.
    pub media_type: String,
    /// Every media type that the operation takes.
    pub media_types: Vec<String>,
    /// Whether there is no request without it.
    pub required: bool,
    /// What it means, in `CommonMark`.
    pub description: Option<String>,
    /// A body to begin with: an example from the document, else one made from the schema. Indented JSON, also for
    /// forms; plain text for other media types.
    pub example: String,
    /// How the members of a form are written, where the document says so.
    pub encodings: Vec<(String, Writing)>,
}

impl Body {
    pub(super) fn read<'a>(resolver: &'a Resolver<'a>, operation: &'a Value) -> Option<Self> {
        let node = resolver.resolve(operation.get("requestBody")?)?;
        let (media_type, media) = media(node)?;
        Some(Self {
            media_type: media_type.clone(),
            media_types: node::members(node, "content").map(|(media_type, _)| media_type.clone()).collect(),
            required: node::flag(node, "required"),
            description: node::string(node, "description"),
            example: text(media_type, &value(resolver, media)),
            encodings: node::members(media, "encoding").filter_map(encoding).collect(),
        })
    }

    /// Whether the body is JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        is_json(&self.media_type)
    }

    /// Whether the body is a form. It is filled in as a JSON object all the same.
    #[must_use]
    pub fn is_form(&self) -> bool {
        form_data::is_form(&self.media_type)
    }
}

/// The media type that is sent, and what the document says about it.
pub(super) fn media(request_body: &Value) -> Option<(&String, &Value)> {
    let all = || node::members(request_body, "content");
    let json = all().find(|(media_type, _)| is_json(media_type));
    json.or_else(|| all().find(|(media_type, _)| form_data::is_form(media_type))).or_else(|| all().next())
}

/// A media type in lower case, without its parameters.
pub(super) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type is JSON by name (RFC 6839, section 3.1).
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// An Encoding Object, where it says more than a content type.
fn encoding((name, encoding): (&String, &Value)) -> Option<(String, Writing)> {
    let style = match encoding.get("style").and_then(Value::as_str)? {
        "form" => Style::Form,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        _ => return None,
    };
    let explode = encoding.get("explode").and_then(Value::as_bool).unwrap_or(style == Style::Form);
    Some((name.clone(), Writing { style, explode, allow_reserved: node::flag(encoding, "allowReserved") }))
}

/// The example of a Media Type Object, else one made from its schema.
fn value<'a>(resolver: &'a Resolver<'a>, media: &'a Value) -> Value {
    let named =
        || node::members(media, "examples").find_map(|(_, example)| resolver.resolve(example)?.get("value"));
    match media.get("example").or_else(named) {
        Some(example) => example.clone(),
        None => example::from_schema(&Schema::read(resolver, media.get("schema").unwrap_or(&Value::Null))),
    }
}

fn text(media_type: &str, value: &Value) -> String {
    match value {
        Value::String(text) if !is_json(media_type) => text.clone(),
        value => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}
