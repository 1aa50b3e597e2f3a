//! The answers that a document describes.

use serde::{Deserialize, Serialize};

use super::body::{self, NamedExample};
use super::described::{self, Described};
use super::document::Document;
use super::index::OperationSummary;
use super::node;
use super::note::Note;
use super::operation::locate;
use super::reference::Resolver;
use super::schema::Schema;
use super::tree::Node;

/// The name in an address that asks what an answer holds, by its status. Nothing is sent then.
pub const RESPONSE: &str = "~answer";
/// The name beside it that chooses among several media types.
pub const RESPONSE_TYPE: &str = "~answer/type";

/// Headers and examples that are told of one answer.
const MOST: usize = 50;

/// An answer that the document describes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// A status such as `200`, a range such as `4XX`, or `default`.
    pub status: String,
    /// What it means, in `CommonMark`.
    pub description: Option<String>,
    /// The media types of its body.
    pub media_types: Vec<String>,
    /// Whether the document says what is in it.
    pub has_detail: bool,
}

/// What an answer holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseDetail {
    /// The answer that it is about.
    pub response: Response,
    /// The media type that `body` and `examples` are about.
    pub media_type: Option<String>,
    /// What its body holds, where the document says so.
    pub body: Option<Described>,
    /// Its headers.
    pub headers: Vec<Described>,
    /// Bodies that the document gives as examples.
    pub examples: Vec<NamedExample>,
    /// What is wrong in its part of the document.
    pub notes: Vec<Note>,
}

impl Document {
    /// What the answer of a status holds, in the media type if the answer has that. `None` when the operation
    /// describes no such answer.
    #[must_use]
    pub fn response(
        &self,
        operation: &OperationSummary,
        status: &str,
        media_type: Option<&str>,
    ) -> Option<ResponseDetail> {
        let resolver = Resolver::new(self.root());
        let (_, operation) = locate(&resolver, operation)?;
        let (_, written) = node::members(operation, "responses").find(|(name, _)| *name == status)?;
        let detail = ResponseDetail::read(&resolver, status, written, media_type)?;
        Some(ResponseDetail { notes: resolver.into_notes(), ..detail })
    }
}

impl ResponseDetail {
    fn read<'a>(
        resolver: &'a Resolver<'a>,
        status: &str,
        written: &'a Node,
        media_type: Option<&str>,
    ) -> Option<Self> {
        let response = resolver.resolve(written)?;
        let media = body::media(resolver, response, media_type);
        let examples = media.map(|(media_type, media)| body::examples(resolver, media_type, media));
        Some(Self {
            response: Response::read(status, written, response),
            media_type: media.map(|(media_type, _)| media_type.to_owned()),
            body: media.and_then(|(_, media)| body(resolver, media)),
            headers: node::entries(response, "headers")
                .take(MOST)
                .filter_map(|(name, header)| self::header(resolver, name, header))
                .collect(),
            examples: examples.unwrap_or_default().into_iter().take(MOST).collect(),
            notes: Vec::new(),
        })
    }
}

/// `itemSchema` describes each item of a stream (since 3.2).
fn body<'a>(resolver: &'a Resolver<'a>, media: &'a Node) -> Option<Described> {
    let read = |keyword: &str| media.get(keyword).map(|node| Schema::read(resolver, node));
    let whole = read("schema").map(|schema| Described::read(&schema));
    whole.or_else(|| read("itemSchema").map(|item| Described::list_of(&item)))
}

/// In Swagger 2.0 a header is its own schema.
fn header<'a>(resolver: &'a Resolver<'a>, name: &str, header: &'a Node) -> Option<Described> {
    let header = resolver.resolve(header).filter(|header| header.is_object())?;
    let content =
        node::members(header, "content").find_map(|(_, media)| body::media_of(resolver, media).get("schema"));
    let schema = header.get("schema").or(content).unwrap_or(header);
    Some(described::named(&Schema::read(resolver, schema), name, header))
}

/// All answers of an operation.
pub(super) fn read(resolver: &Resolver, operation: &Node) -> Vec<Response> {
    let responses = node::members(operation, "responses")
        .filter_map(|(status, written)| Some(Response::read(status, written, resolver.resolve(written)?)));
    responses.collect()
}

impl Response {
    /// `resolved` is what `written` refers to; what stands beside a reference counts first.
    fn read(status: &str, written: &Node, resolved: &Node) -> Self {
        let description = |node| node::string(node, "description");
        let media_types = node::members(resolved, "content").map(|(media_type, _)| media_type.to_owned());
        Self {
            status: status.to_owned(),
            description: description(written).or_else(|| description(resolved)),
            media_types: media_types.collect(),
            has_detail: has_detail(resolved),
        }
    }
}

fn has_detail(response: &Node) -> bool {
    let tells = |media: &Node| {
        let says = ["schema", "itemSchema", "example", "examples", "$ref"];
        says.iter().any(|keyword| media.get(keyword).is_some())
    };
    node::entries(response, "headers").any(|(_, header)| header.is_object())
        || node::members(response, "content").any(|(_, media)| tells(media))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::openapi::Inside;

    fn detail(
        operation: &Value,
        components: &Value,
        status: &str,
        media_type: &str,
    ) -> Option<ResponseDetail> {
        let document = json!({ "paths": { "/": { "get": operation } }, "components": components });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        document.response(&document.operations()[0], status, Some(media_type))
    }

    #[test]
    fn an_answer_has_headers_examples_and_a_body_for_each_media_type() {
        let example = json!({ "summary": "Two", "value": [1, 2] });
        let shared = json!({
            "responses": { "Found": {
                "description": "Found",
                "headers": { "X-Total": { "required": true, "schema": { "type": "integer" } }, "Link": { "description": "Pages", "type": "string" } },
                "content": {
                    "text/csv": { "schema": { "type": "string" } },
                    "application/json": { "schema": { "items": { "type": "integer" } }, "examples": { "two": example } },
                },
            } },
        });
        let operation = json!({ "responses": {
            "200": { "$ref": "#/components/responses/Found", "description": "What was found" },
            "404": { "description": "Nothing" },
            "default": { "$ref": "#/components/responses/Lost" },
        } });
        let found = detail(&operation, &shared, "200", "").unwrap();
        assert_eq!(
            (found.response.description.as_deref(), found.media_type.as_deref()),
            (Some("What was found"), Some("application/json"))
        );
        assert_eq!(
            (found.headers[0].required, found.headers[0].types.clone()),
            (true, vec!["integer".into()])
        );
        assert_eq!(found.headers[1].description.as_deref(), Some("Pages"));
        assert_eq!(
            (found.examples[0].name.as_str(), found.examples[0].text.as_str()),
            ("Two", "[\n  1,\n  2\n]")
        );
        assert!(matches!(found.body.unwrap().inside, Inside::Items(_)));
        let csv = detail(&operation, &shared, "200", "text/csv").unwrap();
        assert_eq!((csv.body.unwrap().types, csv.response.media_types.len()), (vec!["string".into()], 2));
        let nothing = detail(&operation, &shared, "404", "").unwrap();
        assert_eq!((nothing.body, nothing.media_type), (None, None));
        assert_eq!(detail(&operation, &shared, "default", ""), None);
        assert_eq!(detail(&operation, &shared, "500", ""), None);
    }

    #[test]
    fn headers_and_examples_may_be_named_like_extensions() {
        let examples = json!({ "x-one": { "value": 1 }, "x-note": "no example" });
        let headers = json!({ "x-next": { "schema": { "type": "string" } }, "x-note": "no header" });
        let operation = json!({ "responses": {
            "200": { "headers": headers, "content": { "application/json": { "examples": examples } } },
            "204": { "headers": { "x-next": {} } }, "205": { "headers": { "x-note": "no header" } },
        } });
        let detail = |status| detail(&operation, &json!({}), status, "").unwrap();
        let found = detail("200");
        let names: Vec<_> = found.headers.iter().map(|header| header.name.as_str()).collect();
        assert_eq!((names, found.examples[0].name.as_str()), (vec!["x-next"], "x-one"));
        assert!(detail("204").response.has_detail && !detail("205").response.has_detail);
    }

    #[test]
    fn what_is_wrong_in_it_is_noted_there() {
        let schema = json!({ "$ref": "#/components/schemas/Gone" });
        let stream = json!({ "200": { "content": { "text/event-stream": { "itemSchema": schema } } } });
        let detail = detail(&json!({ "responses": stream }), &json!({}), "200", "").unwrap();
        assert!(matches!(detail.body.unwrap().inside, Inside::Items(_)));
        assert_eq!(detail.notes[0].part, "#/components/schemas/Gone");
    }
}
