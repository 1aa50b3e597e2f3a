//! The body of a request.

use serde::{Deserialize, Serialize};

use super::conformance::conforms;
use super::example;
use super::form_data;
use super::index::OperationSummary;
use super::node;
use super::operation::locate;
use super::place::Place;
use super::reference::Resolver;
use super::schema::Schema;
use super::style::{Style, Writing};
use super::tree::{NULL, Node, Tree};
use super::xml;

/// The input that chooses among several media types.
pub const MEDIA_TYPE: &str = "body~type";
/// The input that says how the body is filled in.
pub const BODY_AS: &str = "body~as";
/// The input that says for which media type it is filled in.
pub const BODY_FOR: &str = "body~for";
/// The input that takes the number of an example.
pub const BODY_EXAMPLE: &str = "body~example";
/// The input for a body that is a file.
pub const BODY_FILE: &str = "body~file";

/// The body that an operation takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The media type that is sent: the chosen one, else the first JSON one, else the first one that can be filled
    /// in, else the first; but a multipart form rather than one that cannot hold the files that it takes.
    pub media_type: String,
    /// Every media type that the operation takes.
    pub media_types: Vec<String>,
    /// How it is filled in.
    pub kind: BodyKind,
    /// Whether there is no request without it.
    pub required: bool,
    /// What it means, in `CommonMark`.
    pub description: Option<String>,
    /// A body to begin with: an example from the document, else one made from the schema. Indented JSON, also for
    /// forms; plain text for other media types.
    pub example: String,
    /// All examples that the document names.
    pub examples: Vec<NamedExample>,
    /// How the members of a form are written, where the document says so.
    pub encodings: Vec<(String, Writing)>,
    /// Which media type parts of a form have, where the document says so.
    pub part_types: Vec<(String, String)>,
}

/// How a body is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BodyKind {
    /// As a form or as JSON.
    Json,
    /// As a form or as a JSON object; sent as `application/x-www-form-urlencoded` or `multipart/form-data`.
    Form,
    /// As a text.
    Text,
    /// As one file.
    File,
}

/// An example of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedExample {
    /// What it is called.
    pub name: String,
    /// As in [`Body::example`].
    pub text: String,
}

impl Body {
    pub(super) fn read<'a>(
        resolver: &'a Resolver<'a>,
        operation: &'a Node,
        chosen: Option<&str>,
    ) -> Option<Self> {
        let node = resolver.resolve(operation.get("requestBody")?)?;
        let (media_type, media) = of_request(resolver, node, chosen)?;
        let schema = schema_of(resolver, media);
        let kind = kind(media_type, &schema);
        let write = |value: &Node| text(kind, media_type, value, &schema);
        let given = given(resolver, media, kind, &schema);
        Some(Self {
            media_type: media_type.to_owned(),
            media_types: node::members(node, "content")
                .map(|(media_type, _)| media_type.to_owned())
                .collect(),
            kind,
            required: node::flag(node, "required"),
            description: node::string(node, "description"),
            example: given.map_or_else(|| made(kind, media_type, &schema, write), |value| write(&value)),
            examples: named_examples(resolver, media, write),
            encodings: node::entries(media, "encoding").filter_map(encoding).collect(),
            part_types: node::entries(media, "encoding").filter_map(part_type).collect(),
        })
    }

    /// Whether the body is JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.kind == BodyKind::Json
    }

    /// Whether the body is a form. It is filled in as a JSON object all the same.
    #[must_use]
    pub fn is_form(&self) -> bool {
        self.kind == BodyKind::Form
    }

    /// Whether it is sent as `multipart/form-data`, which may hold files.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        form_data::is_multipart(&self.media_type)
    }
}

/// The media type of a request, and what the document says about it. Files ask for a form that can hold them, unless
/// another media type is chosen.
pub(super) fn of_request<'a>(
    resolver: &'a Resolver<'a>,
    request_body: &'a Node,
    chosen: Option<&str>,
) -> Option<(&'a str, &'a Node)> {
    let (media_type, usual) = media(resolver, request_body, chosen)?;
    let mut all = node::members(request_body, "content");
    let form = all.find(|(media_type, _)| form_data::is_multipart(media_type));
    let form = form.filter(|_| chosen != Some(media_type) && takes_files(&schema_of(resolver, usual)));
    Some(form.map_or((media_type, usual), |(media_type, form)| (media_type, media_of(resolver, form))))
}

fn takes_files(schema: &Schema) -> bool {
    let properties = schema.clone().settled().properties();
    properties.iter().any(|(_, property)| property.is_upload() && !property.flag("readOnly"))
}

/// One of the media types of a request or an answer, and what the document says about it.
pub(super) fn media<'a>(
    resolver: &Resolver<'a>,
    message: &'a Node,
    chosen: Option<&str>,
) -> Option<(&'a str, &'a Node)> {
    let all = || node::members(message, "content");
    let wanted = chosen.and_then(|chosen| all().find(|(media_type, _)| *media_type == chosen));
    let json = || all().find(|(media_type, _)| is_json(media_type));
    let (media_type, media) = wanted
        .or_else(json)
        .or_else(|| all().find(|(media_type, _)| form_data::is_form(media_type)))
        .or_else(|| all().next())?;
    Some((media_type, media_of(resolver, media)))
}

/// A Media Type Object, or the one that it refers to (since 3.2). What leads nowhere says nothing.
pub(super) fn media_of<'a>(resolver: &Resolver<'a>, media: &'a Node) -> &'a Node {
    resolver.resolve(media).unwrap_or(&NULL)
}

/// The schema that the document has for the body of a request in one of its media types.
pub(super) fn schema_in<'a>(
    resolver: &Resolver<'a>,
    operation: &OperationSummary,
    media_type: &str,
) -> Option<&'a Node> {
    let (_, operation) = locate(resolver, operation)?;
    let content = resolver.resolve(operation.get("requestBody")?)?.get("content")?;
    media_of(resolver, content.get(media_type)?).get("schema")
}

fn schema_of<'a>(resolver: &'a Resolver<'a>, media: &'a Node) -> Schema<'a> {
    Schema::read(resolver, media.get("schema").unwrap_or(&NULL))
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

pub(super) fn is_xml(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/xml") || essence.ends_with("+xml")
}

fn is_text(media_type: &str) -> bool {
    const TEXTS: [&str; 7] = ["yaml", "graphql", "javascript", "csv", "jsonl", "x-ndjson", "sql"];
    let essence = essence(media_type);
    let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
    essence.starts_with("text/") || is_xml(&essence) || TEXTS.iter().any(|text| subtype.ends_with(text))
}

/// What the media type does not tell, the schema may.
pub(super) fn kind(media_type: &str, schema: &Schema) -> BodyKind {
    if is_json(media_type) {
        return BodyKind::Json;
    }
    if form_data::is_form(media_type) {
        return BodyKind::Form;
    }
    match schema.kind() {
        _ if is_text(media_type) => BodyKind::Text,
        _ if schema.is_file() => BodyKind::File,
        Some("object" | "array" | "number" | "integer" | "boolean") => BodyKind::Json,
        _ if media_type.ends_with("/*") => BodyKind::Text,
        _ => BodyKind::File,
    }
}

/// An Encoding Object, where it says more than a content type. Without a style, it means the usual one of a query.
fn encoding((name, encoding): (&str, &Node)) -> Option<(String, Writing)> {
    let says_more = ["explode", "allowReserved"].iter().any(|key| encoding.get(key).is_some());
    let usual = says_more.then_some("form");
    let named = encoding.get("style").and_then(Node::as_str).or(usual)?;
    let style = Place::Query.style(Some(named))?;
    let explode = encoding.get("explode").and_then(Node::as_bool).unwrap_or(style == Style::Form);
    Some((name.to_owned(), Writing { style, explode, allow_reserved: node::flag(encoding, "allowReserved") }))
}

/// One media type; a list of them is what a file may be.
fn part_type((name, encoding): (&str, &Node)) -> Option<(String, String)> {
    Some((name.to_owned(), node::string(encoding, "contentType")?))
}

/// What the document gives as examples of a media type, as it stands there.
pub(super) fn examples<'a>(
    resolver: &'a Resolver<'a>,
    media_type: &str,
    media: &'a Node,
) -> Vec<NamedExample> {
    let schema = schema_of(resolver, media);
    let kind = kind(media_type, &schema);
    let write = |value: &Node| text(kind, media_type, value, &schema);
    let named = named_examples(resolver, media, write);
    let own = media.get("example").and_then(|example| resolver.resolve(example));
    let own = own.or_else(|| schema.get("example").filter(|_| named.is_empty()));
    let own = own.map(|value| NamedExample { name: String::new(), text: write(value) });
    own.into_iter().chain(named).collect()
}

fn named_examples<'a>(
    resolver: &Resolver<'a>,
    media: &'a Node,
    write: impl Fn(&Node) -> String,
) -> Vec<NamedExample> {
    let examples = named_values(resolver, media);
    examples.map(|(name, value)| NamedExample { name, text: write(value) }).collect()
}

pub(super) fn named_values<'a>(
    resolver: &Resolver<'a>,
    media: &'a Node,
) -> impl Iterator<Item = (String, &'a Node)> {
    node::entries(media, "examples").filter_map(|(name, example)| {
        let example = resolver.resolve(example)?;
        let name = node::string(example, "summary").unwrap_or_else(|| name.to_owned());
        // `dataValue` and `serializedValue` since 3.2.
        let value = ["value", "dataValue", "serializedValue"].iter().find_map(|key| example.get(key))?;
        Some((name, resolver.resolve(value)?))
    })
}

/// The first example of the document. One for a form or for JSON has to keep to its own schema.
fn given<'a>(resolver: &Resolver<'a>, media: &'a Node, kind: BodyKind, schema: &Schema) -> Option<Node> {
    let own = media.get("example").and_then(|example| resolver.resolve(example));
    let mut given = own.into_iter().chain(named_values(resolver, media).map(|(_, value)| value));
    match kind {
        BodyKind::Json | BodyKind::Form => {
            let fitting = given.find_map(|value| fitting(schema, kind, value));
            fitting.map(|value| example::without_read_only(schema, value))
        }
        BodyKind::Text | BodyKind::File => given.next().cloned(),
    }
}

/// An example as it is, or, where it is a text that holds JSON, that.
fn fitting(schema: &Schema, kind: BodyKind, value: &Node) -> Option<Node> {
    let fits = |value: &Node| conforms(schema, value) && (kind == BodyKind::Json || value.is_object());
    let inside = || Some(serde_json::from_str::<Tree>(value.as_str()?).ok()?.0);
    if fits(value) { Some(value.clone()) } else { inside().filter(fits) }
}

/// A body made from the schema. There is none for a file.
fn made(kind: BodyKind, media_type: &str, schema: &Schema, write: impl Fn(&Node) -> String) -> String {
    if kind == BodyKind::File {
        String::new()
    } else {
        write(&example::from_schema(schema, form_data::is_multipart(media_type)))
    }
}

fn text(kind: BodyKind, media_type: &str, value: &Node, schema: &Schema) -> String {
    match (kind, value) {
        (BodyKind::Text | BodyKind::File, Node::String(text)) => text.as_ref().to_owned(),
        (BodyKind::Text, value) if is_xml(media_type) => xml::element(schema, value),
        (_, value) => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}
