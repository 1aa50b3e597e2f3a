//! A document that is spread over several files or addresses, put together as one.
//!
//! Nothing is fetched here. A [`Bundle`] says to which other documents its parts refer, takes them from whoever can
//! fetch them, and gives every part a place inside the first one: references between parts become references
//! inside one document. So nothing else has to know, and parts may refer to one another in circles.

use std::collections::{BTreeMap, HashSet};

use super::document::{Document, DocumentError, parse};
use super::reference::{BUNDLED, UNAVAILABLE};
use super::tree::{Node, Object};

/// Documents to which one part may refer. The rest are left where they are.
const MOST_LINKS: usize = 10_000;
/// What refers to something. (A `$dynamicRef` is taken as if nothing had another meaning for its anchor.)
pub(super) const REFERENCES: [&str; 2] = ["$ref", "$dynamicRef"];
/// What holds values of the API, where a `$ref` is no reference.
const DATA: [&str; 5] = ["const", "default", "enum", "example", "value"];
/// What holds an object whose keys are names, and not keywords.
const NAMES: [&str; 24] = [
    "$defs",
    "additionalOperations",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securityDefinitions",
    "securitySchemes",
    "variables",
    "webhooks",
];

/// Documents on the way to being one. The first is the one that describes the API.
#[derive(Debug)]
pub struct Bundle(Vec<Part>);

#[derive(Debug)]
struct Part {
    /// What it is called inside the first part.
    name: String,
    root: Node,
    /// Where its references lead: by what stands before the `#`, the number of a part, or why there is none.
    links: BTreeMap<String, Result<usize, String>>,
}

impl Bundle {
    /// Begins with the document that describes the API, written as JSON or YAML.
    ///
    /// # Errors
    /// When it is neither, or not an object.
    pub fn new(bytes: &[u8]) -> Result<Self, DocumentError> {
        let mut root = parse(bytes)?;
        let members = root.as_object_mut().ok_or(DocumentError::NotAnObject)?;
        members.remove(BUNDLED);
        members.remove(UNAVAILABLE);
        Ok(Self(vec![Part { name: String::new(), root, links: BTreeMap::new() }]))
    }

    /// How many parts there are. They are numbered from 0.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always the first part")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The other documents to which a part refers, up to ten thousand: each once, as it stands before the `#`. What has a
    /// part's own `$id` is none of them.
    #[must_use]
    pub fn references(&self, part: usize) -> Vec<String> {
        let (mut found, mut known) = (Vec::new(), HashSet::new());
        let Some(part) = self.0.get(part) else { return found };
        replaced(&part.root, false, &mut |reference| {
            let (document, _) = split(reference);
            let is_new = !document.is_empty() && found.len() < MOST_LINKS && !known.contains(document);
            if is_new && known.insert(document.to_owned()) {
                found.push(document.to_owned());
            }
            None
        });
        if !found.is_empty() {
            let own = Places::of(&part.root).ids;
            found.retain(|document| !own.contains_key(document));
        }
        found
    }

    /// Adds a document, and gives its number.
    ///
    /// # Errors
    /// When it is neither JSON nor YAML.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<usize, DocumentError> {
        let taken = self.0.iter().filter(|part| part.name.split(' ').next() == Some(name)).count();
        let name = if taken == 0 { name.to_owned() } else { format!("{name} {}", taken + 1) };
        self.0.push(Part { name, root: parse(bytes)?, links: BTreeMap::new() });
        Ok(self.0.len() - 1)
    }

    /// Says where the references of a part to another document lead, or in one sentence why nowhere.
    pub fn link(&mut self, part: usize, reference: String, target: Result<usize, String>) {
        if let Some(part) = self.0.get_mut(part) {
            part.links.insert(reference, target);
        }
    }

    /// What has a name of its own in each part. None, where nothing refers to any.
    fn places(&self) -> Vec<Places> {
        let mut is_any = false;
        for part in &self.0 {
            walk(&part.root, false, &mut Vec::new(), &mut |object, _| {
                let references = REFERENCES.iter().filter_map(|keyword| object.get(keyword)?.as_str());
                is_any |= references.map(split).any(|(document, fragment)| {
                    let is_link = document.is_empty() || part.links.contains_key(document);
                    !is_link || !matches!(fragment.chars().next(), None | Some('/'))
                });
            });
        }
        if is_any { self.0.iter().map(|part| Places::of(&part.root)).collect() } else { Vec::new() }
    }

    /// Opens the whole as one document.
    ///
    /// # Errors
    /// See [`DocumentError`].
    pub fn open(mut self) -> Result<Document, DocumentError> {
        let places = self.places();
        if self.0.len() == 1 && places.is_empty() && self.0.iter().all(|part| part.links.is_empty()) {
            return self.0.pop().map_or(Err(DocumentError::NotAnObject), |only| Document::open(only.root));
        }
        let names: Vec<String> = self.0.iter().map(|part| pointer(&part.name)).collect();
        let mut unavailable = Vec::new();
        for (own, part) in self.0.iter_mut().enumerate() {
            let links = &part.links;
            let inside = |reference: &str| {
                rewritten(reference, own, links, &names, &places).filter(|new| new != reference)
            };
            part.root = replaced(&part.root, false, &mut { inside }).unwrap_or_else(|| part.root.clone());
            let lost = links.iter().filter_map(|(reference, to)| Some((reference, to.as_ref().err()?)));
            unavailable.extend(lost.map(|(reference, why)| (reference.as_str().into(), why.as_str().into())));
        }
        let mut parts = self.0.into_iter();
        let mut root = parts.next().map_or(Node::Null, |first| first.root);
        let bundled: Object = parts.map(|part| (part.name.into(), part.root)).collect();
        if let Some(members) = root.as_object_mut().filter(|_| !bundled.is_empty() || !unavailable.is_empty())
        {
            members.insert(BUNDLED, bundled);
            members.insert(UNAVAILABLE, Object::from_iter(unavailable));
        }
        Document::open(root)
    }
}

/// One step of a path through a document.
#[derive(Clone, Copy)]
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

/// Every object whose keys are keywords, with the way to it.
fn walk<'a>(
    node: &'a Node,
    holds_names: bool,
    path: &mut Vec<Step<'a>>,
    visit: &mut impl FnMut(&'a Object, &[Step]),
) {
    match node {
        Node::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                path.push(Step::Item(number));
                walk(item, false, path, visit);
                path.pop();
            }
        }
        Node::Object(members) => {
            if !holds_names {
                visit(members, path);
            }
            for (key, member) in members.iter() {
                let is_data = DATA.contains(&key) || (key == "examples" && member.as_array().is_some());
                if holds_names || !is_data {
                    path.push(Step::Member(key));
                    walk(member, !holds_names && NAMES.contains(&key), path, visit);
                    path.pop();
                }
            }
        }
        _ => {}
    }
}

/// What has a name of its own in one part: JSON Pointers, as in a fragment. The first of each name counts.
#[derive(Default)]
struct Places {
    /// By `$anchor`, `$dynamicAnchor`, and before 2019-09 an `$id` that is nothing else.
    anchors: BTreeMap<String, String>,
    /// By `$id`, and the whole by its `$self` (3.2).
    ids: BTreeMap<String, String>,
}

impl Places {
    fn of(root: &Node) -> Self {
        let mut places = Self::default();
        walk(root, false, &mut Vec::new(), &mut |object, path| {
            let text = |keyword: &str| object.get(keyword).and_then(Node::as_str);
            let id = text("$id").or_else(|| text("$self").filter(|_| path.is_empty()));
            let (id, old_anchor) = id.map(split).unwrap_or_default();
            let anchor = text("$anchor").or_else(|| text("$dynamicAnchor")).unwrap_or(old_anchor);
            let names = [(&mut places.anchors, anchor), (&mut places.ids, id)];
            for (names, name) in names.into_iter().filter(|(_, name)| !name.is_empty()) {
                names.entry(name.to_owned()).or_insert_with(|| path.iter().map(Step::pointer).collect());
            }
        });
        places
    }
}

impl Step<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::Member(name) => format!("/{}", pointer(name)),
            Self::Item(number) => format!("/{number}"),
        }
    }
}

/// The node with other references: those of [`REFERENCES`], and those by which a discriminator names schemas. `None` where
/// `replace` has nothing else for any of them.
fn replaced(
    node: &Node,
    holds_names: bool,
    replace: &mut impl FnMut(&str) -> Option<String>,
) -> Option<Node> {
    match node {
        Node::Array(items) => {
            let changed: Vec<_> = items.iter().map(|item| replaced(item, false, replace)).collect();
            let whole = |(item, changed): (&Node, Option<Node>)| changed.unwrap_or_else(|| item.clone());
            let is_changed = changed.iter().any(Option::is_some);
            is_changed.then(|| Node::Array(items.iter().zip(changed).map(whole).collect()))
        }
        Node::Object(members) => each(members, |key, member| match (key, member) {
            (key, Node::String(reference)) if !holds_names && REFERENCES.contains(&key) => {
                replace(reference).map(Node::from)
            }
            ("mapping", Node::Object(targets)) if !holds_names => {
                each(targets, |_, target| replace(as_reference(target)?).map(Node::from))
            }
            ("examples", Node::Array(_)) if !holds_names => None,
            (key, _) if !holds_names && DATA.contains(&key) => None,
            (key, member) => replaced(member, !holds_names && NAMES.contains(&key), replace),
        }),
        _ => None,
    }
}

/// The members with those that change. `None` where none does.
fn each(members: &Object, mut change: impl FnMut(&str, &Node) -> Option<Node>) -> Option<Node> {
    let changed: Vec<_> = members.iter().map(|(key, member)| change(key, member)).collect();
    changed.iter().any(Option::is_some).then(|| {
        let whole = members.clone().into_iter().zip(changed);
        whole.map(|((key, member), changed)| (key, changed.unwrap_or(member))).collect::<Object>().into()
    })
}

/// The targets of a discriminator are names of schemas, or references.
fn as_reference(target: &Node) -> Option<&str> {
    let text = target.as_str()?;
    let is_file = [".json", ".yaml", ".yml"].iter().any(|ending| text.ends_with(ending));
    (is_file || text.contains('#')).then_some(text)
}

/// A reference as it reads inside the whole. `None` when it stays as it is.
fn rewritten(
    reference: &str,
    own: usize,
    links: &BTreeMap<String, Result<usize, String>>,
    names: &[String],
    places: &[Places],
) -> Option<String> {
    let (document, fragment) = split(reference);
    let with_id = || Some((own, places.get(own)?.ids.get(document)?.as_str()));
    let linked = || Some((*links.get(document)?.as_ref().ok()?, ""));
    let (target, place) = if document.is_empty() { (own, "") } else { with_id().or_else(linked)? };
    let is_pointer = fragment.is_empty() || fragment.starts_with('/');
    let place = if is_pointer { place } else { places.get(target)?.anchors.get(fragment)? };
    let fragment = if is_pointer { fragment } else { "" };
    match names.get(target)? {
        _ if target == 0 => Some(format!("#{place}{fragment}")),
        name => Some(format!("#/{BUNDLED}/{name}{place}{fragment}")),
    }
}

fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// A name as a segment of a JSON Pointer in a fragment (RFC 6901, sections 3 and 6).
pub(super) fn pointer(name: &str) -> String {
    name.replace('%', "%25").replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::openapi::{Kind, Operation};

    /// What lies where, with the first document first.
    fn opened(files: &[(&str, Value)]) -> Document {
        let text = |value: &Value| value.to_string().into_bytes();
        let mut bundle = Bundle::new(&text(&files[0].1)).unwrap();
        let mut names = vec![files[0].0];
        let mut part = 0;
        while part < bundle.len() {
            for reference in bundle.references(part) {
                let found = files.iter().find(|(name, _)| *name == reference);
                let target = match (names.iter().position(|name| *name == reference), found) {
                    (Some(known), _) => Ok(known),
                    (None, Some((name, file))) => {
                        names.push(name);
                        Ok(bundle.add(name, &text(file)).unwrap())
                    }
                    (None, None) => Err("There is no such file.".to_owned()),
                };
                bundle.link(part, reference, target);
            }
            part += 1;
        }
        bundle.open().unwrap()
    }

    fn only(document: &Document) -> Operation {
        document.operation(&document.operations()[0])
    }

    #[test]
    fn parts_refer_to_one_another_and_to_themselves() {
        let document = opened(&[
            (
                "api.json",
                json!({ "openapi": "3.1.0", "components": { "schemas": { "Id": { "type": "integer" } } },
                "paths": { "/a": { "$ref": "paths/a.json#/item" } } }),
            ),
            (
                "paths/a.json",
                json!({ "item": { "get": { "parameters": [
                { "name": "id", "in": "query", "schema": { "$ref": "api.json#/components/schemas/Id" } },
                { "name": "on", "in": "query", "schema": { "$ref": "#/flag" } },
                { "$ref": "tree%20~.json" },
            ] } }, "flag": { "type": "boolean" } }),
            ),
            (
                "tree%20~.json",
                json!({ "name": "tree", "in": "query", "schema": { "$ref": "#/x~1y" },
                "x/y": { "type": "object", "properties": { "self": { "$ref": "tree%20~.json#/x~1y" }, "n": { "type": "number" } } } }),
            ),
        ]);
        let operation = only(&document);
        let kinds: Vec<_> = operation.parameters.iter().map(|parameter| &parameter.field.kind).collect();
        assert!(matches!(kinds[..], [Kind::Integer, Kind::Boolean, Kind::Object(_)]), "{kinds:?}");
        assert_eq!(operation.notes, []);
    }

    #[test]
    fn what_cannot_be_had_is_a_note_with_the_reason() {
        let document = opened(&[(
            "api.json",
            json!({ "paths": { "/a": { "get": { "parameters": [
            { "$ref": "gone.json#/x" },
            { "name": "ok", "in": "query" },
        ] } } } }),
        )]);
        let operation = only(&document);
        assert_eq!(operation.parameters.len(), 1);
        assert_eq!(
            (operation.notes[0].part.as_str(), operation.notes[0].message.as_str()),
            ("gone.json#/x", "There is no such file.")
        );
    }

    #[test]
    fn anchors_are_found_in_their_own_part() {
        let integer = json!({ "$anchor": "Id", "type": "integer" });
        let parameter = |name: &str, reference: &str| json!({ "name": name, "in": "query", "schema": { "$ref": reference } });
        let parameters = [
            parameter("a", "#Id"),
            parameter("b", "other.json#Id"),
            parameter("c", "#old"),
            parameter("d", "#none"),
        ];
        let document = opened(&[
            (
                "api.json",
                json!({ "paths": { "/a": { "get": { "parameters": parameters } } },
                    "components": { "examples": { "e": { "value": { "$anchor": "Id" } } },
                        "schemas": { "a~/b %": integer, "Old": { "$id": "#old", "type": "number" } } } }),
            ),
            ("other.json", json!({ "$defs": { "x": [{ "$dynamicAnchor": "Id", "type": "boolean" }] } })),
        ]);
        let operation = only(&document);
        let kinds: Vec<_> = operation.parameters.iter().map(|parameter| &parameter.field.kind).collect();
        assert!(matches!(kinds[..], [Kind::Integer, Kind::Boolean, Kind::Number, Kind::Text]), "{kinds:?}");
        assert_eq!(operation.notes.iter().map(|note| note.part.as_str()).collect::<Vec<_>>(), ["#none"]);
        let alone = json!({ "paths": { "/a": { "get": { "parameters": [parameter("a", "#Id")] } } }, "$defs": { "Id": integer } });
        assert_eq!(only(&opened(&[("api.json", alone)])).parameters[0].field.kind, Kind::Integer);
    }

    #[test]
    fn what_has_an_id_is_found_without_being_fetched() {
        let parameter = |name: &str, reference: &str| json!({ "name": name, "in": "query", "schema": { "$ref": reference } });
        let parameters = [
            parameter("a", "https://example.com/id"),
            parameter("b", "https://example.com/parts#/$defs/flag"),
            parameter("c", "https://example.com/api.json#/components/schemas/Id"),
            parameter("d", "https://example.com/parts#size"),
            json!({ "name": "e", "in": "query", "schema": { "$dynamicRef": "#size" } }),
        ];
        let parts = json!({ "$id": "https://example.com/parts", "$defs": {
            "flag": { "type": "boolean" }, "size": { "$dynamicAnchor": "size", "type": "number" },
        } });
        let document = opened(&[(
            "api.json",
            json!({ "openapi": "3.2.0", "$self": "https://example.com/api.json",
                "paths": { "/a": { "get": { "parameters": parameters } } },
                "components": { "schemas": {
                    "Id": { "$id": "https://example.com/id", "type": "integer" }, "Parts": parts,
                } } }),
        )]);
        let operation = only(&document);
        let kinds: Vec<_> = operation.parameters.iter().map(|parameter| &parameter.field.kind).collect();
        assert!(
            matches!(kinds[..], [Kind::Integer, Kind::Boolean, Kind::Integer, Kind::Number, Kind::Number]),
            "{kinds:?}"
        );
        assert_eq!(operation.notes, []);
    }

    #[test]
    fn only_references_are_followed() {
        let data = json!({ "$ref": "no.json" });
        let bundle = Bundle::new(
            json!({ "paths": { "/a": { "get": { "responses": { "default": { "$ref": "yes.json" } }, "requestBody": { "content": { "a/b": {
                "example": data, "examples": { "value": { "value": data } },
                "schema": { "default": data, "enum": [data], "examples": [data], "properties": { "$ref": { "type": "string" }, "example": { "$ref": "too.json" } },
                    "discriminator": { "mapping": { "a": "A", "b": "b.yaml" } } },
            } } } } } } })
            .to_string()
            .as_bytes(),
        )
        .unwrap();
        assert_eq!(bundle.references(0), ["yes.json", "too.json", "b.yaml"]);
    }
}
