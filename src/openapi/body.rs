//! The body of a request.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::example;
use super::node;
use super::reference::Resolver;
use super::request::FieldError;
use super::schema::Schema;

/// The body that an operation takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The media type that is sent: the first JSON one, else the first one.
    pub media_type: String,
    /// Whether there is no request without it.
    pub required: bool,
    /// What it means, in `CommonMark`.
    pub description: Option<String>,
    /// A body to begin with: an example from the document, else one made from the schema. JSON is indented.
    pub example: String,
}

impl Body {
    pub(super) fn read<'a>(resolver: &'a Resolver<'a>, operation: &'a Value) -> Option<Self> {
        let node = resolver.resolve(operation.get("requestBody")?)?;
        let (media_type, media) = node::members(node, "content")
            .find(|(media_type, _)| is_json(media_type))
            .or_else(|| node::members(node, "content").next())?;
        Some(Self {
            media_type: media_type.clone(),
            required: node::flag(node, "required"),
            description: node::string(node, "description"),
            example: text(media_type, &value(resolver, media)),
        })
    }

    /// The bytes of what was typed. JSON must be JSON, but goes out as it was typed.
    pub(super) fn bytes(&self, text: &str) -> Result<Vec<u8>, FieldError> {
        if self.is_json()
            && let Err(error) = serde_json::from_str::<IgnoredAny>(text)
        {
            return Err(FieldError::new("body", format!("This is not JSON: {error}.")));
        }
        Ok(text.as_bytes().to_vec())
    }

    /// Whether the body is JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        is_json(&self.media_type)
    }
}

/// Whether a media type is JSON by name (RFC 6839, section 3.1).
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json")
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
