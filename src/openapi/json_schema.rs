//! Schemas of a document as JSON Schema 2020-12 that stands on its own, to check what a person is about to send.
//!
//! A schema of `OpenAPI` 2.0 or 3.0 is not quite JSON Schema, one of 3.1 is JSON Schema with references into the
//! document, and any of them may be broken. What comes out here can be compiled: everything it refers to is under
//! `$defs`, keywords that only describe are left out, and a part that makes no sense allows anything.

mod cycles;
mod families;
mod keyword;

use std::collections::{HashMap, HashSet, VecDeque};
use std::iter;

use serde_json::{Map, Value, json};

use self::families::Families;
use self::keyword::Shape;
use super::body;
use super::document::Document;
use super::form_data;
use super::index::OperationSummary;
use super::note::Note;
use super::operation::locate;
use super::parameter::{self, Parameter};
use super::reference::Resolver;
use super::schema::Schema;
use super::tree::Node;

/// How many schemas one holds. Below what is left, anything is allowed.
const MOST_SCHEMAS: usize = 20_000;
/// How deep schemas stand in each other, references not counted.
const DEEPEST: usize = 48;

/// A schema that needs nothing around it (JSON Schema 2020-12).
#[derive(Clone, Debug, PartialEq)]
pub struct JsonSchema {
    /// The schema.
    pub schema: Value,
    /// What is wrong in the document, or too large, and allows anything instead.
    pub notes: Vec<Note>,
}

impl Document {
    /// The schema of the body of an operation in one of its media types. It is the one for requests: members that
    /// are only read are not required, and in a multipart form neither are files, for they are sent beside the value.
    #[must_use]
    pub fn body_schema(&self, operation: &OperationSummary, media_type: &str) -> Option<JsonSchema> {
        let resolver = Resolver::new(self.root());
        let schema = body::schema_in(&resolver, operation, media_type)?;
        Some(JsonSchema::read(&resolver, schema, form_data::is_multipart(media_type)))
    }

    /// The schema of a parameter of an operation.
    #[must_use]
    pub fn parameter_schema(
        &self,
        operation: &OperationSummary,
        parameter: &Parameter,
    ) -> Option<JsonSchema> {
        let resolver = Resolver::new(self.root());
        let (item, node) = locate(&resolver, operation)?;
        let schema = parameter::schema_of(&resolver, item, node, parameter)?;
        Some(JsonSchema::read(&resolver, schema, false))
    }
}

impl JsonSchema {
    fn read<'a>(resolver: &'a Resolver<'a>, node: &'a Node, is_multipart: bool) -> Self {
        let (notes_of, kin) = (Resolver::new(resolver.root()), Resolver::new(resolver.root()));
        let mut converter = Converter {
            resolver,
            notes: &notes_of,
            names: HashMap::new(),
            families: Families::new(&kin),
            taken: HashSet::new(),
            waiting: VecDeque::new(),
            defined: None,
            left: MOST_SCHEMAS,
            is_multipart,
        };
        let schema = converter.with_definitions(node);
        Self { schema, notes: notes_of.into_notes() }
    }
}

/// Converts schemas, and keeps a list of what they refer to.
struct Converter<'a> {
    /// Follows references to look something up, silently.
    resolver: &'a Resolver<'a>,
    /// Follows those that end up in the schema, and keeps the notes.
    notes: &'a Resolver<'a>,
    /// The names under `$defs`, and what they stand for, by reference.
    names: HashMap<&'a str, (String, &'a Node)>,
    families: Families<'a>,
    taken: HashSet<String>,
    waiting: VecDeque<(String, &'a Node)>,
    /// What the definition stands for that is being made.
    defined: Option<&'a Node>,
    left: usize,
    is_multipart: bool,
}

/// What a schema is part of that applies to the same value.
#[derive(Clone, Copy)]
struct Outer<'a> {
    /// The outermost schema. It knows which members are only read.
    whole: &'a Node,
    /// The alternative around it, unless the schema is one itself. An alternative is no part of the whole, so it knows that
    /// of its own members.
    alternative: Option<&'a Node>,
}

/// Where a schema stands.
#[derive(Clone, Copy)]
struct Spot<'a> {
    whole: &'a Node,
    /// The innermost alternative, which may be the schema itself; else the whole.
    alternative: &'a Node,
    depth: usize,
}

impl<'a> Spot<'a> {
    /// For one of several schemas, or one that applies on a condition.
    fn for_alternative(self) -> Outer<'a> {
        Outer { whole: self.whole, alternative: None }
    }

    /// For a schema that applies in any case.
    fn for_part(self) -> Outer<'a> {
        Outer { whole: self.whole, alternative: Some(self.alternative) }
    }
}

impl<'a> Converter<'a> {
    fn with_definitions(&mut self, node: &'a Node) -> Value {
        let mut schema = self.schema(node, None, 0);
        let mut definitions: Map<_, _> = iter::from_fn(|| self.next_definition()).collect();
        cycles::cut(&mut schema, &mut definitions, self.notes);
        json!({ "allOf": [schema], "$defs": definitions })
    }

    /// What applies in any case takes the room first, and what is near before what is far.
    fn next_definition(&mut self) -> Option<(String, Value)> {
        if let Some((name, target)) = self.waiting.pop_front() {
            self.defined = Some(target);
            return Some((name, self.schema(target, None, 0)));
        }
        self.next_family()
    }

    /// One schema. `outer` is what it is part of, if that applies to the same value.
    fn schema(&mut self, node: &'a Node, outer: Option<Outer<'a>>, depth: usize) -> Value {
        let Some(keywords) = node.as_object() else {
            return self.instead(node);
        };
        let Some(left) = self.left.checked_sub(1).filter(|_| depth < DEEPEST) else {
            self.notes.note("schema", "The schema is too large to be checked in full.");
            return Value::Bool(true);
        };
        self.left = left;
        let spot = Spot {
            whole: outer.map_or(node, |outer| outer.whole),
            alternative: outer.and_then(|outer| outer.alternative).unwrap_or(node),
            depth: depth + 1,
        };
        let mut converted = Map::new();
        for (keyword, value) in keywords {
            if let Some(shape) = Shape::of(keyword)
                && let Some(value) = self.keyword(keyword, shape, value, spot)
            {
                let keyword = if matches!(shape, Shape::Reference) { "$ref" } else { keyword };
                converted.insert(keyword.to_owned(), value);
            }
        }
        let is_text = ["enum", "const"].iter().any(|keyword| converted.contains_key(*keyword))
            && self.views(spot).iter().any(Schema::takes_only_texts);
        keyword::modern(node, converted, is_text)
    }

    /// What is known of the value of a schema from around it.
    fn views(&self, spot: Spot<'a>) -> Vec<Schema<'a>> {
        let is_apart = !std::ptr::eq(spot.whole, spot.alternative);
        let nodes = [spot.whole].into_iter().chain(is_apart.then_some(spot.alternative));
        nodes.map(|node| Schema::read(self.resolver, node)).collect()
    }

    fn instead(&self, node: &Node) -> Value {
        if !is_schema(node) && !node.is_null() {
            self.notes.note("schema", "A schema is neither an object nor a boolean.");
        }
        Value::Bool(node.as_bool().unwrap_or(true))
    }

    /// The value of a keyword. `None`, with a note, when it has the wrong type or says nothing.
    fn keyword(&mut self, keyword: &str, shape: Shape, value: &'a Node, spot: Spot<'a>) -> Option<Value> {
        let converted = match shape {
            Shape::Plain(check) => check(value),
            Shape::Reference => return self.reference(value.as_str()?, spot),
            Shape::Required => return self.required(value, spot),
            Shape::Beside => {
                is_schema(value).then(|| self.schema(value, Some(spot.for_alternative()), spot.depth))
            }
            Shape::BesideEach if keyword == "allOf" => self.each(value, Some(spot.for_part()), spot.depth),
            Shape::BesideEach => self.each(value, Some(spot.for_alternative()), spot.depth),
            Shape::BesideNamed => self.named(value, Some(spot.for_alternative()), spot.depth),
            Shape::Inside | Shape::Not => is_schema(value).then(|| self.schema(value, None, spot.depth)),
            Shape::InsideEach => self.each(value, None, spot.depth),
            Shape::InsideNamed => self.named(value, None, spot.depth),
            Shape::Items => self.items(value, spot.depth),
        };
        if converted.is_none() && !value.is_null() {
            self.notes.note(keyword, "The keyword has a value that it cannot have, and is not checked.");
        }
        converted
    }

    fn each(&mut self, value: &'a Node, outer: Option<Outer<'a>>, depth: usize) -> Option<Value> {
        let nodes = value.as_array().filter(|nodes| !nodes.is_empty())?;
        Some(nodes.iter().map(|node| self.schema(node, outer, depth)).collect())
    }

    fn named(&mut self, value: &'a Node, outer: Option<Outer<'a>>, depth: usize) -> Option<Value> {
        let nodes = value.as_object()?.iter();
        let schemas = nodes.map(|(name, node)| (name.to_owned(), self.schema(node, outer, depth)));
        Some(Value::Object(schemas.collect()))
    }

    /// A list of schemas, one for each item, is called `prefixItems` since 2020-12.
    fn items(&mut self, value: &'a Node, depth: usize) -> Option<Value> {
        match value {
            Node::Array(_) => self.each(value, None, depth),
            value => is_schema(value).then(|| self.schema(value, None, depth)),
        }
    }

    /// The reference to the definition that will stand for what is referred to.
    fn reference(&mut self, reference: &'a str, spot: Spot<'a>) -> Option<Value> {
        let (alone, target) = self.definition(reference)?;
        let name = self.family_name(reference, target, spot).unwrap_or(alone);
        Some(json!(to_definition(&name)))
    }

    /// The name of the definition that will stand for what is referred to, and that itself.
    fn definition(&mut self, reference: &'a str) -> Option<(String, &'a Node)> {
        if !self.names.contains_key(reference) {
            let target = self.notes.target(reference)?;
            let name = self.free_name(reference);
            self.waiting.push_back((name.clone(), target));
            self.names.insert(reference, (name, target));
        }
        self.names.get(reference).cloned()
    }

    /// A name of letters and digits only, so that it needs no escapes in a reference.
    fn free_name(&mut self, reference: &str) -> String {
        let last = reference.rsplit('/').next().unwrap_or_default();
        let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
        let name: String = last.chars().map(plain).collect();
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut free =
            std::iter::once(name.clone()).chain(numbered).filter(|name| !self.taken.contains(name));
        let free = free.next().unwrap_or_default();
        self.taken.insert(free.clone());
        free
    }

    /// The members that have to be sent. (`required: true` belongs to a member, in documents of long ago.)
    fn required(&mut self, value: &'a Node, spot: Spot<'a>) -> Option<Value> {
        let views = self.views(spot);
        let is_left_out = |name: &str| views.iter().any(|view| self.is_left_out(&view.property(name)));
        let mut known = HashSet::new();
        let names = value.as_array()?.iter().filter_map(Node::as_str);
        let names = names.filter(|name| known.insert(*name) && !is_left_out(name));
        let names: Vec<&str> = names.collect();
        Some(json!(names)).filter(|_| !names.is_empty())
    }

    fn is_left_out(&self, property: &Schema) -> bool {
        property.flag("readOnly") || (self.is_multipart && property.is_upload())
    }
}

fn to_definition(name: &str) -> String {
    format!("#/$defs/{name}")
}

fn is_schema(node: &Node) -> bool {
    matches!(node, Node::Object(_) | Node::Bool(_))
}

#[cfg(test)]
mod tests;
