//! Through a whole document, past everything that can be a reference or have a name.

use std::sync::LazyLock;

use url::Url;

use super::super::tree::{Node, Object};
use crate::json_pointer::escaped;

/// What refers to something. (A `$dynamicRef` is taken as if nothing had another meaning for its anchor.)
pub const REFERENCES: [&str; 2] = ["$ref", "$dynamicRef"];
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

/// Names longer than this, in bytes, are none: each reference inside is read with them.
const LONGEST_ID: usize = 2048;

/// What relative names are relative to, where nothing else is known.
static NOWHERE: LazyLock<Option<Url>> = LazyLock::new(|| Url::parse("part://of.this.document/").ok());

/// One step of a path through a document.
#[derive(Clone, Copy)]
enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

impl Step<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::Member(name) => format!("/{}", pointer(name)),
            Self::Item(number) => format!("/{number}"),
        }
    }
}

/// The document, or a schema in it that has an `$id`, which to the references in it is the document (JSON Schema 2020-12,
/// 8.2.1).
pub struct Resource {
    base: Option<Url>,
    /// As a pointer.
    pub place: String,
    /// How many steps lead there.
    depth: usize,
}

impl Resource {
    /// A document of which no name is known.
    pub fn nowhere() -> Self {
        Self { base: NOWHERE.clone(), place: String::new(), depth: 0 }
    }

    /// Its own name, as far as it is one.
    pub fn id(&self) -> Option<&str> {
        self.base.as_ref().map(Url::as_str)
    }

    /// The name that `reference` means here.
    pub fn resolve(&self, reference: &str) -> String {
        let resolved = self.base.as_ref().and_then(|base| base.join(reference).ok());
        resolved.map_or_else(|| reference.to_owned(), String::from)
    }
}

/// How a walk has come to where it is.
pub struct Way<'a> {
    steps: Vec<Step<'a>>,
    /// The resources around, from the document inwards.
    resources: Vec<Resource>,
    document: Resource,
}

impl<'a> Way<'a> {
    fn new() -> Self {
        Self { steps: Vec::new(), resources: Vec::new(), document: Resource::nowhere() }
    }

    fn is_at_root(&self) -> bool {
        self.steps.is_empty()
    }

    pub fn is_in_schema_with_id(&self) -> bool {
        self.resources.last().is_some_and(|resource| !resource.place.is_empty())
    }

    /// The nearest one around, or the object itself.
    pub fn resource(&self) -> &Resource {
        self.resources.last().unwrap_or(&self.document)
    }

    /// The object itself, if it is one.
    pub fn begun_here(&self) -> Option<&Resource> {
        self.resources.last().filter(|resource| resource.depth == self.steps.len())
    }

    pub fn place(&self) -> String {
        self.steps.iter().map(Step::pointer).collect()
    }

    /// Goes one step on, and back.
    fn on<T>(&mut self, step: Step<'a>, go: impl FnOnce(&mut Self) -> T) -> T {
        self.steps.push(step);
        let done = go(self);
        self.steps.pop();
        done
    }

    /// Goes into an object whose keys are keywords, and out of it again.
    fn inside<T>(&mut self, object: &Object, go: impl FnOnce(&mut Self) -> T) -> T {
        let resource = self.begun_by(object);
        let around = self.resources.len();
        self.resources.extend(resource);
        let done = go(self);
        self.resources.truncate(around);
        done
    }

    fn begun_by(&self, object: &Object) -> Option<Resource> {
        let text = |keyword: &str| object.get(keyword).and_then(Node::as_str);
        let id = text("$id").or_else(|| text("$self").filter(|_| self.is_at_root()))?;
        let (id, _) = split(id);
        if id.is_empty() || id.len() > LONGEST_ID {
            return None;
        }
        let joined = self.resource().base.as_ref().and_then(|base| base.join(id).ok());
        let joined = joined.filter(|base| base.as_str().len() <= LONGEST_ID);
        let base = joined.or_else(|| NOWHERE.as_ref()?.join(id).ok());
        let resource = Resource { base, place: self.place(), depth: self.steps.len() };
        (resource.place.len() <= LONGEST_ID).then_some(resource)
    }
}

/// Every object whose keys are keywords, with the way to it.
pub fn walk<'a>(root: &'a Node, visit: &mut impl FnMut(&'a Object, &Way<'a>)) {
    visited(root, false, &mut Way::new(), visit);
}

fn visited<'a>(
    node: &'a Node,
    holds_names: bool,
    way: &mut Way<'a>,
    visit: &mut impl FnMut(&'a Object, &Way<'a>),
) {
    match node {
        Node::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                way.on(Step::Item(number), |way| visited(item, false, way, visit));
            }
        }
        Node::Object(names) if holds_names => {
            for (name, named) in names.iter() {
                way.on(Step::Member(name), |way| visited(named, false, way, visit));
            }
        }
        Node::Object(members) => way.inside(members, |way| {
            visit(members, way);
            for (key, member) in members.iter().filter(|(key, member)| !is_data(key, member)) {
                way.on(Step::Member(key), |way| visited(member, NAMES.contains(&key), way, visit));
            }
        }),
        _ => {}
    }
}

fn is_data(key: &str, member: &Node) -> bool {
    DATA.contains(&key) || (key == "examples" && member.as_array().is_some())
}

/// The document with other references: those of [`REFERENCES`], and those by which a discriminator names schemas. `None`
/// where `replace` has nothing else for any of them.
pub fn replaced(root: &Node, replace: &mut impl FnMut(&str, &Resource) -> Option<String>) -> Option<Node> {
    replaced_in(root, false, &mut Way::new(), replace)
}

fn replaced_in<'a>(
    node: &'a Node,
    holds_names: bool,
    way: &mut Way<'a>,
    replace: &mut impl FnMut(&str, &Resource) -> Option<String>,
) -> Option<Node> {
    match node {
        Node::Array(items) => {
            let mut change =
                |(number, item)| way.on(Step::Item(number), |way| replaced_in(item, false, way, replace));
            let changed: Vec<_> = items.iter().enumerate().map(&mut change).collect();
            let whole = |(item, changed): (&Node, Option<Node>)| changed.unwrap_or_else(|| item.clone());
            let is_changed = changed.iter().any(Option::is_some);
            is_changed.then(|| Node::Array(items.iter().zip(changed).map(whole).collect()))
        }
        Node::Object(names) if holds_names => each(names, |name, named| {
            way.on(Step::Member(name), |way| replaced_in(named, false, way, replace))
        }),
        Node::Object(members) => way.inside(members, |way| {
            each(members, |key, member| match (key, member) {
                (key, Node::String(reference)) if REFERENCES.contains(&key) => {
                    replace(reference, way.resource()).map(Node::from)
                }
                ("mapping", Node::Object(targets)) => {
                    each(targets, |_, target| replace(as_reference(target)?, way.resource()).map(Node::from))
                }
                (key, member) if is_data(key, member) => None,
                (key, member) => {
                    way.on(Step::Member(key), |way| replaced_in(member, NAMES.contains(&key), way, replace))
                }
            })
        }),
        _ => None,
    }
}

/// The members with those that change. `None` where none does.
fn each<'a>(members: &'a Object, mut change: impl FnMut(&'a str, &'a Node) -> Option<Node>) -> Option<Node> {
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

/// What stands before the `#`, and behind it.
pub fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// A name as a segment of a JSON Pointer in a fragment (RFC 6901, sections 3 and 6).
pub fn pointer(name: &str) -> String {
    escaped(&name.replace('%', "%25"))
}
