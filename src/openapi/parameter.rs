//! The parameters of an operation.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::accept;
use super::body::{self, NamedExample};
use super::field::{Field, Kind, as_inputs};
use super::input_name::is_within;
use super::key::KEYS;
use super::node;
use super::place::Place;
use super::reference::Resolver;
use super::request::BODY;
use super::response::Response;
use super::schema::Schema;
use super::servers::SERVER;
use super::style::{Style, Writing};
use super::template;
use super::tree::{NULL, Node};

/// Parameters of one operation. Real ones have up to a few hundred.
const MOST_PARAMETERS: usize = 2000;
/// Examples of one parameter.
const MOST_EXAMPLES: usize = 20;
/// Headers that are not parameters (`OpenAPI` 3.1.1, section 4.8.12.1), or that belong to the connection.
pub(super) const OTHER_HEADERS: [&str; 11] = [
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "proxy-authorization",
    "te",
    "transfer-encoding",
    "upgrade",
];
/// Names that mean something else in the address of an operation's page.
const TAKEN: [&str; 4] = ["again", "send", KEYS, SERVER];

/// One parameter of an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name that the API knows.
    pub name: String,
    /// The name of its input in forms and addresses: [`name`](Self::name), followed by `~` and the place (such as
    /// `id~query`) where an earlier parameter has that name already, or it is `again` or `send`. What would read like
    /// an input of the body stands behind the place (`query~body`).
    pub input: String,
    /// Where it goes.
    pub place: Place,
    /// Whether there is no request without it.
    pub required: bool,
    /// What it means, in `CommonMark`.
    pub description: Option<String>,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// What its input takes.
    pub field: Field,
    /// The examples that the document gives, as they would be typed into one input, where there are several.
    pub examples: Vec<NamedExample>,
    /// How its value is written.
    pub writing: Writing,
    /// Whether it is a key of the API: no address holds it, and nothing keeps it.
    pub is_key: bool,
}

/// The parameters of an operation in the order of their places: its own, those of its path, one for every name in the path
/// that nothing declares, and one for what its answers may be in.
pub(super) fn read<'a>(
    resolver: &'a Resolver<'a>,
    item: &'a Node,
    operation: &'a Node,
    path: &str,
    responses: &[Response],
) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut known = HashSet::new();
    for node in [operation, item].into_iter().flat_map(|node| node::items(node, "parameters")) {
        if parameters.len() >= MOST_PARAMETERS {
            resolver.note("parameters", "There are too many to offer them all.");
            break;
        }
        if let Some(parameter) = Parameter::read(resolver, node)
            && known.insert((parameter.place, parameter.name.clone()))
        {
            parameters.push(parameter);
        }
    }
    match_path(resolver, &mut parameters, path);
    parameters.extend(accept::choice(responses));
    in_order(parameters)
}

/// By their places, each with a name of its own for its input.
pub(super) fn in_order(mut parameters: Vec<Parameter>) -> Vec<Parameter> {
    parameters.sort_by_key(|parameter| parameter.place);
    name_inputs(&mut parameters);
    parameters
}

impl Parameter {
    fn read<'a>(resolver: &'a Resolver<'a>, node: &'a Node) -> Option<Self> {
        let (written, node) = (node, resolver.resolve(node)?);
        let Some(name) = node.get("name").and_then(Node::as_str) else {
            resolver.note("parameter", "A parameter has no name.");
            return None;
        };
        let Some(place) = Place::of(node) else {
            resolver.note(name, "It is not clear where the parameter goes.");
            return None;
        };
        let schema = Schema::read(resolver, schema_node(resolver, node));
        let mut parameter = Self {
            description: node::string(written, "description")
                .or_else(|| node::string(node, "description"))
                .or_else(|| schema.text("description").map(str::to_owned)),
            required: place == Place::Path || node::flag(node, "required"),
            deprecated: node::flag(node, "deprecated") || schema.flag("deprecated"),
            input: name.to_owned(),
            name: name.to_owned(),
            examples: examples(resolver, node, &schema),
            field: Field::read(schema),
            writing: writing(resolver, node, place),
            is_key: false,
            place,
        };
        parameter.field.allow_empty |= place == Place::Query && node::flag(node, "allowEmptyValue");
        parameter.take_examples(resolver, node);
        parameter.take_json_as_json();
        parameter.is_ours_to_send(resolver).then_some(parameter)
    }

    /// One of which nothing is known but its name and where it goes.
    pub(super) fn plain(name: &str, place: Place) -> Self {
        Self {
            name: name.to_owned(),
            input: name.to_owned(),
            required: place == Place::Path,
            description: None,
            deprecated: false,
            field: Field::default(),
            examples: Vec::new(),
            writing: Writing { style: place.usual_style(), explode: false, allow_reserved: false },
            is_key: false,
            place,
        }
    }

    /// The parameter's own examples come before those of its schema.
    fn take_examples<'a>(&mut self, resolver: &Resolver<'a>, node: &'a Node) {
        let of = |node: &'a Node| {
            let named = || body::named_values(resolver, node).next().map(|(_, value)| value);
            node.get("example").or_else(named).filter(|example| !example.is_null())
        };
        if let Some(example) = of(node).or_else(|| of(media_node(resolver, node))) {
            self.field.example = as_inputs(example);
        }
    }

    /// Where JSON is sent and no member is known, a text for each could not say all.
    fn take_json_as_json(&mut self) {
        let is_json = matches!(self.writing.style, Style::Json | Style::WholeQuery);
        if let Kind::Object(members) = &mut self.field.kind
            && is_json
            && members.named.is_empty()
        {
            members.others = None;
        }
    }

    fn is_ours_to_send(&self, resolver: &Resolver) -> bool {
        if self.place != Place::Header {
            return true;
        }
        if !is_token(&self.name) {
            resolver.note(&self.name, "No header can have this name.");
            return false;
        }
        !OTHER_HEADERS.iter().any(|other| self.name.eq_ignore_ascii_case(other))
    }
}

/// The parameter's own, those of its `content`, or those of its schema, where there is more than one.
fn examples<'a>(resolver: &Resolver<'a>, node: &'a Node, schema: &Schema<'a>) -> Vec<NamedExample> {
    let named = [node, media_node(resolver, node)];
    let named = named.into_iter().flat_map(|node| body::named_values(resolver, node));
    let listed = schema.get("examples").and_then(Node::as_array).into_iter().flatten();
    let mut given: Vec<_> = named.take(MOST_EXAMPLES).collect();
    if given.is_empty() {
        given.extend(listed.take(MOST_EXAMPLES).map(|value| (String::new(), value)));
    }
    let given = given.into_iter().map(|(name, value)| NamedExample { name, text: typed(schema, value) });
    Some(given.collect::<Vec<_>>()).filter(|given| given.len() > 1).unwrap_or_default()
}

/// A value as somebody would type it into the input of a schema.
fn typed(schema: &Schema, value: &Node) -> String {
    match value.as_array() {
        Some(items) => {
            let item = schema.items();
            node::as_typed(&Node::Array(items.iter().map(|value| item.as_sent(value)).collect()))
        }
        None => node::as_typed(value),
    }
}

/// The schema of a parameter: its own, or that of its only `content`.
fn schema_node<'a>(resolver: &Resolver<'a>, node: &'a Node) -> &'a Node {
    node.get("schema").or_else(|| media_node(resolver, node).get("schema")).unwrap_or(&NULL)
}

/// What the only `content` of a parameter says.
fn media_node<'a>(resolver: &Resolver<'a>, node: &'a Node) -> &'a Node {
    let only = node::members(node, "content").next();
    only.map_or(&NULL, |(_, media)| body::media_of(resolver, media))
}

/// The schema of a parameter that was [read] from the same nodes.
pub(super) fn schema_of<'a>(
    resolver: &Resolver<'a>,
    item: &'a Node,
    operation: &'a Node,
    parameter: &Parameter,
) -> Option<&'a Node> {
    let nodes = [operation, item].into_iter().flat_map(|node| node::items(node, "parameters"));
    let mut nodes = nodes.filter_map(|node| resolver.resolve(node));
    let is_it = |node: &&Node| {
        node::text(node, "name") == Some(parameter.name.trim()) && Place::of(node) == Some(parameter.place)
    };
    nodes.find(is_it).map(|node| schema_node(resolver, node))
}

fn has_json_content(node: &Node) -> bool {
    let mut media_types = node::members(node, "content").map(|(media_type, _)| media_type);
    node.get("schema").is_none() && media_types.any(body::is_json)
}

fn writing(resolver: &Resolver, node: &Node, place: Place) -> Writing {
    let style = style(resolver, node, place);
    let explode = node.get("explode").and_then(Node::as_bool);
    Writing {
        explode: explode.unwrap_or(matches!(style, Style::Form | Style::Cookie)),
        allow_reserved: node::flag(node, "allowReserved"),
        style,
    }
}

fn style(resolver: &Resolver, node: &Node, place: Place) -> Style {
    if has_json_content(node) {
        let is_all = node::text(node, "in") == Some("querystring");
        return if is_all { Style::WholeQuery } else { Style::Json };
    }
    place.style(node::text(node, "style")).unwrap_or_else(|| {
        let name = node::text(node, "name").unwrap_or("parameter");
        resolver.note(name, "The style does not fit the place; the usual one is used.");
        place.usual_style()
    })
}

/// Parameters of the path and names in the path must be the same; the path is right.
fn match_path(resolver: &Resolver, parameters: &mut Vec<Parameter>, path: &str) {
    let names: HashSet<&str> = template::names(path).into_iter().collect();
    parameters.retain(|parameter| {
        let stays = parameter.place != Place::Path || names.contains(parameter.name.as_str());
        if !stays {
            resolver.note(
                &parameter.name,
                "The parameter is declared for the path, but the path does not have it.",
            );
        }
        stays
    });
    let of_path = parameters.iter().filter(|parameter| parameter.place == Place::Path);
    let mut declared: HashSet<String> = of_path.map(|parameter| parameter.name.clone()).collect();
    for name in template::names(path) {
        if declared.insert(name.to_owned()) {
            resolver.note(name, "The path has this parameter, but nothing declares it.");
            parameters.push(Parameter::plain(name, Place::Path));
        }
    }
}

fn name_inputs(parameters: &mut [Parameter]) {
    let mut names: HashSet<String> = TAKEN.map(str::to_owned).into();
    for parameter in parameters {
        let place = parameter.place.word();
        // It could be the body, or a part of it.
        if is_within(&parameter.input, BODY) {
            parameter.input = format!("{place}~{}", parameter.name);
        }
        while names.contains(&parameter.input) {
            parameter.input = format!("{}~{place}", parameter.input);
        }
        names.insert(parameter.input.clone());
    }
}

/// A `token` of RFC 9110, section 5.6.2.
pub(super) fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::openapi::{Document, Kind, Style};

    #[test]
    fn parameters_are_merged_named_and_mended() {
        let document = json!({
            "paths": { "/a/{id}/{rest}": {
                "parameters": [
                    { "name": "id", "in": "path", "description": "of the path" },
                    { "name": "page", "in": "query", "schema": { "type": "integer" }, "style": "simple" },
                    { "name": "gone", "in": "path" },
                    { "$ref": "#/nowhere" },
                ],
                "get": { "parameters": [
                    { "name": "page", "in": "header" },
                    { "name": "id", "in": "path", "description": "of the operation", "example": 7 },
                    { "name": "send", "in": "cookie", "content": { "application/json": { "schema": { "type": "array" } } } },
                    { "name": "bad name", "in": "header" },
                    { "name": "nowhere", "in": "body" },
                    7,
                ] },
            } },
        });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let operation = document.operation(&document.operations()[0]);
        let inputs: Vec<_> = operation.parameters.iter().map(|parameter| parameter.input.as_str()).collect();
        assert_eq!(inputs, ["id", "rest", "page", "page~header", "send~cookie"]);
        let [id, _, page, _, send] = operation.parameters.as_slice() else { panic!("five") };
        assert_eq!(
            (id.description.as_deref(), id.field.example.as_slice()),
            (Some("of the operation"), ["7".to_owned()].as_slice())
        );
        assert_eq!((&page.field.kind, page.writing.style), (&Kind::Integer, Style::Form));
        assert!(matches!(send.field.kind, Kind::List(_)) && send.writing.style == Style::Json);
        let parts: Vec<_> = operation.notes.iter().map(|note| note.part.as_str()).collect();
        assert_eq!(parts, ["bad name", "nowhere", "parameter", "page", "#/nowhere", "gone", "rest"]);
    }

    #[test]
    fn no_name_of_a_parameter_reads_like_the_body() {
        let names = ["body", "body/a", "body~as", "bodybuilder", "query"];
        let mut parameters = names.map(|name| json!({ "name": name, "in": "query" })).to_vec();
        parameters.push(json!({ "name": "body", "in": "header" }));
        let document = json!({ "paths": { "/": { "get": { "parameters": parameters } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let parameters = document.operation(&document.operations()[0]).parameters;
        let inputs: Vec<_> = parameters.iter().map(|parameter| parameter.input.as_str()).collect();
        let expected = ["query~body", "query~body/a", "query~body~as", "bodybuilder", "query", "header~body"];
        assert_eq!(inputs, expected);
    }

    #[test]
    fn what_a_parameter_is_like_may_stand_in_its_content_and_be_shared() {
        let shared = json!({ "mediaTypes": { "Sizes": {
            "schema": { "type": "array", "items": { "type": "integer" } },
            "examples": { "few": { "dataValue": [1, 2] }, "many": { "dataValue": [7, 8, 9] } },
        } } });
        let content = json!({ "application/json": { "$ref": "#/components/mediaTypes/Sizes" } });
        let own = json!({ "one": { "dataValue": "a" } });
        let parameters = json!([
            { "name": "sizes", "in": "query", "content": content },
            { "name": "word", "in": "query", "schema": { "type": "string" }, "examples": own },
        ]);
        let document =
            json!({ "components": shared, "paths": { "/": { "get": { "parameters": parameters } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let summary = &document.operations()[0];
        let operation = document.operation(summary);
        let [sizes, word] = operation.parameters.as_slice() else { panic!("two") };
        assert!(matches!(&sizes.field.kind, Kind::List(item) if item.kind == Kind::Integer));
        assert_eq!((sizes.field.example.join(" "), word.field.example.join(" ")), ("1 2".into(), "a".into()));
        let texts: Vec<_> = sizes.examples.iter().map(|example| example.text.as_str()).collect();
        assert_eq!(texts, ["[1,2]", "[7,8,9]"]);
        assert!(document.parameter_schema(summary, sizes).unwrap().schema.to_string().contains("integer"));
    }
}
