//! Swagger 2.0 as `OpenAPI` 3, as far as operations are concerned.
//!
//! Schemas stay where they are: a reference to `#/definitions/…` is as good as any other. What changes is that
//! bodies and forms become request bodies, that parameters have schemas, and that media types stand beside what
//! they describe.

use std::collections::HashSet;
use std::sync::Arc;

use super::body::essence;
use super::copies::Copies;
use super::form_data;
use super::index::is_method;
use super::node;
use super::reference::pointed_at;
use super::style::TAB_DELIMITED;
use super::tree::{Node, Object};

/// What a parameter says about itself, where everything else in it is about its values.
const ABOUT_PARAMETERS: [&str; 7] =
    ["name", "in", "description", "required", "collectionFormat", "allowEmptyValue", "deprecated"];

/// References that lead straight on to another one.
const LONGEST_CHAIN: usize = 8;
/// Media types of an answer that its examples name.
const MOST_EXAMPLES: usize = 50;
/// The media type of an answer of which nothing says what it is in.
const ANY_TYPE: &str = "*/*";

/// Rewrites a Swagger 2.0 document. Any other is left as it is.
pub(super) fn upgrade(root: &mut Node, copies: &Copies) {
    let is_swagger_2 = root.get("swagger").is_some() && root.get("openapi").is_none();
    let Some(document) = root.as_object_mut().filter(|_| is_swagger_2) else { return };
    let mut paths = document.remove("paths").unwrap_or_default();
    let shared = Shared { document: &document.clone().into(), copies };
    for item in paths.as_object_mut().into_iter().flat_map(Object::values_mut).filter_map(Node::as_object_mut)
    {
        shared.upgrade_item(item);
    }
    document.insert("paths", paths);
    document.insert("servers", shared.servers());
}

/// The document without its paths: what operations may share.
struct Shared<'a> {
    document: &'a Node,
    copies: &'a Copies,
}

impl Shared<'_> {
    fn upgrade_item(&self, item: &mut Object) {
        let (bodies, parameters) = self.split(item.remove("parameters"));
        for (_, operation) in item.iter_mut().filter(|(key, _)| is_method(key)) {
            if let Some(operation) = operation.as_object_mut() {
                self.upgrade_operation(operation, &bodies);
            }
        }
        item.insert("parameters", parameters);
    }

    fn upgrade_operation(&self, operation: &mut Object, bodies_of_path: &[Node]) {
        let (mut bodies, parameters) = self.split(operation.remove("parameters"));
        let inherited = inherited(bodies_of_path, &bodies);
        let inherited: Vec<_> = inherited.filter_map(|body| self.copies.of(body)).collect();
        bodies.extend(inherited);
        if let Some(body) = self.request_body(operation, bodies) {
            operation.insert("requestBody", body);
        }
        operation.insert("parameters", parameters);
        let media_types = self.media_types(operation, "produces");
        let responses = operation.get_mut("responses").and_then(Node::as_object_mut);
        for response in responses.into_iter().flat_map(Object::values_mut) {
            *response = self.response(self.resolved(response), &media_types);
        }
    }

    /// Parameters that make up a body, and the others, upgraded.
    fn split(&self, parameters: Option<Node>) -> (Vec<Node>, Node) {
        let Some(Node::Array(parameters)) = parameters else { return (Vec::new(), Vec::new().into()) };
        let resolved = parameters.iter().map(|parameter| self.resolved(parameter));
        let (bodies, others): (Vec<_>, Vec<_>) = resolved.partition(is_in_body);
        (bodies, others.into_iter().map(upgrade_parameter).collect::<Vec<_>>().into())
    }

    /// References to shared parameters and responses are followed here, since those are still to be rewritten.
    fn resolved(&self, node: &Node) -> Node {
        let reference = |node: &Node| node.get("$ref").and_then(Node::as_str).map(str::to_owned);
        let mut target = node;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = reference(target) else { break };
            let Some(next) = pointed_at(self.document, &reference) else { return node.clone() };
            target = next;
        }
        if std::ptr::eq(target, node) {
            node.clone()
        } else {
            self.copies.of(target).unwrap_or_else(|| node.clone())
        }
    }

    /// The same for every media type.
    fn content(&self, media_types: Vec<String>, media: &Node) -> Object {
        let each =
            media_types.into_iter().map(|media_type| Some((media_type.into(), self.copies.of(media)?)));
        each.map_while(|one| one).collect()
    }

    fn media_types(&self, operation: &Object, key: &str) -> Vec<String> {
        let named = operation.get(key).or_else(|| self.document.get(key)).and_then(Node::as_array);
        named.into_iter().flatten().filter_map(Node::as_str).map(str::to_owned).collect()
    }

    fn request_body(&self, operation: &Object, mut bodies: Vec<Node>) -> Option<Node> {
        let mut media_types = self.media_types(operation, "consumes");
        let Some(position) =
            bodies.iter().position(|body| body.get("in").is_some_and(|place| place == "body"))
        else {
            return form(bodies, &media_types);
        };
        let body = bodies.swap_remove(position);
        if media_types.is_empty() {
            media_types.push("application/json".to_owned());
        }
        let own = |key: &str| body.get(key).cloned().unwrap_or_default();
        let schema = body.get("schema").cloned().unwrap_or_else(|| Object::default().into());
        let content = self.content(media_types, &[("schema", schema)].into());
        let (description, required) = (own("description"), own("required"));
        Some([("description", description), ("required", required), ("content", content.into())].into())
    }

    fn response(&self, mut response: Node, produced: &[String]) -> Node {
        let Some(members) = response.as_object_mut() else { return response };
        let (schema, examples) = (members.remove("schema"), members.remove("examples").unwrap_or_default());
        let media_types = answered(produced, &examples, schema.is_some());
        if media_types.is_empty() {
            return response;
        }
        let media: Object = schema.map(|schema| ("schema".into(), schema)).into_iter().collect();
        let mut content = self.content(media_types, &media.into());
        for (media_type, media) in content.iter_mut() {
            let mut examples = examples.as_object().into_iter().flat_map(Object::iter);
            let example = examples.find(|(name, _)| is_same_type(name, media_type));
            if let Some((media, (_, example))) = media.as_object_mut().zip(example) {
                media.insert("example", example.clone());
            }
        }
        members.insert("content", content);
        response
    }

    fn servers(&self) -> Node {
        let text = |key: &str| self.document.get(key).and_then(Node::as_str).unwrap_or_default();
        let scheme = self.document.get("schemes").and_then(|schemes| schemes.as_array()?.first()?.as_str());
        let (host, path) = (text("host"), text("basePath"));
        match scheme.filter(|_| !host.is_empty()) {
            Some(scheme) => server(format!("{scheme}://{host}{path}")),
            None => server(path.to_owned()),
        }
    }
}

fn server(url: String) -> Node {
    vec![Node::from([("url", url.into())])].into()
}

fn is_in_body(parameter: &Node) -> bool {
    matches!(parameter.get("in").and_then(Node::as_str), Some("body" | "formData"))
}

/// Whether two media types are the same, whatever their parameters.
fn is_same_type(one: &str, other: &str) -> bool {
    essence(one) == essence(other)
}

/// The media types of an answer: those that are produced, and those of its examples. Where it has a body and neither, that
/// may be anything. An answer without a body has none.
fn answered(produced: &[String], examples: &Node, has_schema: bool) -> Vec<String> {
    let named = examples.as_object().into_iter().flat_map(Object::keys);
    let named: Vec<&str> = named.filter(|name| name.contains('/')).take(MOST_EXAMPLES).collect();
    if !has_schema && named.is_empty() {
        return Vec::new();
    }
    let is_new = |name: &&str| !produced.iter().any(|known| is_same_type(known, name));
    let more = named.into_iter().filter(is_new);
    let media_types: Vec<String> = produced.iter().cloned().chain(more.map(str::to_owned)).collect();
    if media_types.is_empty() { vec![ANY_TYPE.to_owned()] } else { media_types }
}

/// Those of the path for which an operation has none of its own: there is one body, and a form has each field once.
fn inherited<'a>(of_path: &'a [Node], own: &[Node]) -> impl Iterator<Item = &'a Node> {
    let is_body = |node: &Node| node::text(node, "in") == Some("body");
    let name = |node: &Node| node::string(node, "name");
    let (has_own, has_body) = (!own.is_empty(), own.iter().any(is_body));
    let names: HashSet<_> = own.iter().map(name).collect();
    of_path
        .iter()
        .filter(move |node| !(has_body || (has_own && is_body(node)) || names.contains(&name(node))))
}

/// What describes the values moves into a schema; `collectionFormat` becomes `style` and `explode`. A reference
/// that is still there leads nowhere, and is left to be noted.
fn upgrade_parameter(parameter: Node) -> Node {
    let Some(members) = parameter.as_object().filter(|members| !members.contains_key("$ref")) else {
        return parameter;
    };
    let is_about = |key: &str| ABOUT_PARAMETERS.contains(&key);
    let mut upgraded = members.only(is_about);
    upgraded.insert("schema", members.only(|key| !is_about(key)));
    if let Some((style, explode)) = collection_format(members) {
        upgraded.insert("style", style);
        upgraded.insert("explode", explode);
    }
    upgraded.into()
}

/// Commas are the default. Tabs have no style in `OpenAPI` 3, spaces and pipes have none in paths and headers; they are
/// understood all the same.
fn collection_format(parameter: &Object) -> Option<(&'static str, bool)> {
    let text = |key: &str| parameter.get(key).and_then(Node::as_str);
    match (text("in")?, text("collectionFormat")) {
        ("query" | "formData", Some("multi")) => Some(("form", true)),
        (_, Some("ssv")) => Some(("spaceDelimited", false)),
        (_, Some("pipes")) => Some(("pipeDelimited", false)),
        (_, Some("tsv")) => Some((TAB_DELIMITED, false)),
        ("query" | "formData", _) => Some(("form", false)),
        _ => None,
    }
}

/// The fields of a form as the properties of one object, with an encoding for each that is a list.
fn form(fields: Vec<Node>, media_types: &[String]) -> Option<Node> {
    let (mut properties, mut required, mut encodings) = (Vec::new(), Vec::new(), Vec::new());
    for mut property in fields {
        let Some(field) = property.as_object_mut() else { continue };
        let Some(Node::String(name)) = field.remove("name") else { continue };
        if field.remove("required") == Some(Node::Bool(true)) {
            required.push(Node::String(Arc::clone(&name)));
        }
        let writing =
            collection_format(field).filter(|_| field.get("type").is_some_and(|kind| kind == "array"));
        if let Some((style, explode)) = writing {
            let encoding = Node::from([("style", style.into()), ("explode", explode.into())]);
            encodings.push((Arc::clone(&name), encoding));
        }
        field.remove("in");
        if field.get("type").is_some_and(|kind| kind == "file") {
            field.insert("type", "string");
            field.insert("format", "binary");
        }
        properties.push((name, property));
    }
    let properties = Object::from_iter(properties);
    let has_file = properties.values().any(|field| node::text(field, "format") == Some("binary"));
    let multipart = has_file || media_types.iter().any(|media_type| form_data::is_multipart(media_type));
    let media_type = if multipart { form_data::MULTIPART } else { form_data::URL_ENCODED };
    let (is_empty, is_required) = (properties.is_empty(), !required.is_empty());
    let schema =
        [("type", "object".into()), ("properties", properties.into()), ("required", required.into())];
    let media = [("schema", schema.into()), ("encoding", Object::from_iter(encodings).into())];
    let content = [(media_type, media.into())];
    (!is_empty).then(|| [("required", is_required.into()), ("content", content.into())].into())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::openapi::{Document, Inside, Kind, Style, Values};

    fn document() -> Document {
        let document = json!({
            "swagger": "2.0", "host": "example.com", "basePath": "/v1", "schemes": ["https"],
            "consumes": ["application/json"], "produces": ["application/json", "text/csv"],
            "definitions": { "Book": { "type": "object", "properties": { "title": { "type": "string" } } } },
            "parameters": { "limit": { "name": "limit", "in": "query", "type": "integer", "maximum": 9 } },
            "responses": { "Book": { "description": "A book", "schema": { "$ref": "#/definitions/Book" } } },
            "paths": { "/books/{id}": {
                "parameters": [{ "name": "id", "in": "path", "required": true, "type": "string" }],
                "get": {
                    "parameters": [
                        { "$ref": "#/parameters/limit" },
                        { "$ref": "other.json#/offset" },
                        { "name": "tag", "in": "query", "type": "array", "items": { "type": "string" } },
                        { "name": "by", "in": "query", "type": "array", "collectionFormat": "pipes" },
                    ],
                    "responses": { "200": { "$ref": "#/responses/Book" } },
                },
                "put": { "parameters": [{ "name": "b", "in": "body", "required": true, "schema": { "$ref": "#/definitions/Book" } }] },
                "post": { "parameters": [
                    { "name": "cover", "in": "formData", "type": "file", "required": true },
                    { "name": "note", "in": "formData", "type": "string" },
                    { "name": "x-tags", "in": "formData", "type": "array", "collectionFormat": "pipes" },
                ] },
            } },
        });
        Document::from_bytes(document.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn parameters_and_responses_are_read() {
        let document = document();
        let get = document.operation(document.find("get/books/{id}").unwrap());
        let read: Vec<_> = get.parameters.iter().map(|one| (one.name.as_str(), one.writing.style)).collect();
        let expected = [
            ("id", Style::Simple),
            ("limit", Style::Form),
            ("tag", Style::Form),
            ("by", Style::PipeDelimited),
            ("Accept", Style::Simple),
        ];
        assert_eq!(read, expected);
        assert_eq!(get.parameters[1].field.kind, Kind::Integer);
        assert_eq!(get.responses[0].media_types, ["application/json", "text/csv"]);
        let parts = get.request(&Values::parse("id=1&tag=a&tag=b&by=c"), None).unwrap();
        assert_eq!(parts.path_and_query, "/books/1?tag=a,b&by=c");
        assert_eq!(
            get.notes.iter().map(|note| note.part.as_str()).collect::<Vec<_>>(),
            ["other.json#/offset"]
        );
    }

    #[test]
    fn bodies_and_forms_are_read() {
        let document = document();
        let body = |address| document.operation(document.find(address).unwrap()).body.unwrap();
        let put = body("put/books/{id}");
        assert_eq!((put.media_type.as_str(), put.required), ("application/json", true));
        assert_eq!(put.example, "{\n  \"title\": \"string\"\n}");
        let post = body("post/books/{id}");
        assert_eq!(post.media_type, "multipart/form-data");
        assert!(
            post.encodings.iter().any(|(name, how)| name == "x-tags" && how.style == Style::PipeDelimited)
        );
    }

    #[test]
    fn a_form_is_sent_as_the_document_asks() {
        for (consumes, media_type) in [
            (json!([]), "application/x-www-form-urlencoded"),
            (json!(["multipart/form-data; charset=utf-8"]), "multipart/form-data"),
        ] {
            let field = json!({ "name": "note", "in": "formData", "type": "string" });
            let paths = json!({ "/note": { "post": { "consumes": consumes, "parameters": [field] } } });
            let document = json!({ "swagger": "2.0", "paths": paths });
            let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
            let body = document.operation(&document.operations()[0]).body.unwrap();
            assert_eq!(body.media_type, media_type);
        }
    }

    fn answering(produces: &Value) -> Document {
        let book = json!({ "type": "object", "properties": { "title": { "type": "string" } } });
        let responses = json!({
            "200": { "schema": book },
            "201": { "schema": book, "examples": { "application/json": { "title": "T" }, "note": 1 } },
            "202": { "examples": { "text/csv": "a,b" } },
            "204": { "description": "Nothing" },
        });
        let paths = json!({ "/book": { "get": { "responses": responses } } });
        let document = json!({ "swagger": "2.0", "produces": produces, "paths": paths });
        Document::from_bytes(document.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn answers_are_in_what_is_produced_or_shown() {
        let media_types = |produces: Value| {
            let document = answering(&produces);
            let operation = document.operation(&document.operations()[0]);
            operation.responses.into_iter().map(|response| response.media_types.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(media_types(json!(null)), ["*/*", "application/json", "text/csv", ""]);
        let produced = "application/json application/xml";
        assert_eq!(
            media_types(json!(["application/json", "application/xml"])),
            [produced, produced, "application/json application/xml text/csv", ""]
        );
    }

    #[test]
    fn answers_that_may_be_in_anything_are_told_in_full() {
        let document = answering(&json!(null));
        let detail = |status| document.response(&document.operations()[0], status, None).unwrap();
        let found = detail("200");
        assert_eq!(found.media_type.as_deref(), Some("*/*"));
        assert!(matches!(found.body.unwrap().inside, Inside::Members { .. }));
        assert_eq!(detail("201").examples[0].text, "{\n  \"title\": \"T\"\n}");
        assert_eq!(detail("202").examples[0].text, "a,b");
        assert!(detail("202").response.has_detail && !detail("204").response.has_detail);
    }
}
