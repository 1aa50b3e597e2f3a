//! Schemas that apply to the same value as themselves.
//!
//! A schema may hold itself in a member or an item: a value ends somewhere, and so does its check. But one that
//! says "myself, and more" never comes to an end, and one that says "twice what the next one says" takes twice as
//! long with every step. The references that make them so are taken out.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::keyword::Shape;
use crate::openapi::reference::Resolver;

/// How many schemas may apply to one value.
const MOST_AT_ONCE: usize = 10_000;
/// How many references may follow each other for one value.
const LONGEST_CHAIN: usize = 48;

/// What it takes to check one value, without what is inside it.
#[derive(Clone, Copy)]
struct Cost {
    schemas: usize,
    chain: usize,
}

impl Cost {
    const ONE: Self = Self { schemas: 1, chain: 0 };

    fn and(self, other: Self) -> Self {
        Self { schemas: self.schemas.saturating_add(other.schemas), chain: self.chain.max(other.chain) }
    }

    fn is_bearable(self) -> bool {
        self.schemas <= MOST_AT_ONCE && self.chain <= LONGEST_CHAIN
    }
}

enum Definition {
    Waiting(Value),
    Open,
    Done(Value, Cost),
}

/// Takes out the references that lead back to where they stand, or to more than can be checked.
pub(super) fn cut(schema: &mut Value, definitions: &mut Map<String, Value>, notes: &Resolver) {
    let waiting = definitions.iter_mut().map(|(name, one)| (name.clone(), Definition::Waiting(one.take())));
    let mut cutter = Cutter { definitions: waiting.collect(), notes, depth: 0 };
    for name in definitions.keys() {
        cutter.definition(name);
    }
    for (name, definition) in definitions {
        if let Some(Definition::Done(done, _)) = cutter.definitions.get_mut(name) {
            *definition = done.take();
        }
        cutter.inside(definition);
    }
    cutter.beside(schema);
    cutter.inside(schema);
}

struct Cutter<'n, 'a> {
    definitions: HashMap<String, Definition>,
    notes: &'n Resolver<'a>,
    depth: usize,
}

impl Cutter<'_, '_> {
    /// The cost of a definition. `None` when it is being looked at already, so that the reference leads in a circle.
    fn definition(&mut self, name: &str) -> Option<Cost> {
        let definition = self.definitions.get_mut(name)?;
        let mut schema = match definition {
            Definition::Done(_, cost) => return Some(*cost),
            Definition::Waiting(schema) if self.depth <= LONGEST_CHAIN => schema.take(),
            Definition::Waiting(_) | Definition::Open => return None,
        };
        *definition = Definition::Open;
        self.depth += 1;
        let cost = self.beside(&mut schema);
        self.depth -= 1;
        self.definitions.insert(name.to_owned(), Definition::Done(schema, cost));
        Some(cost)
    }

    /// Adds up what applies to the same value as a schema.
    fn beside(&mut self, schema: &mut Value) -> Cost {
        let mut cost = Cost::ONE;
        if let Some(keywords) = schema.as_object_mut()
            && let Some(name) = keywords.get("$ref").and_then(referred)
        {
            let target =
                self.definition(&name).map(|target| Cost { chain: target.chain + 1, ..target }.and(cost));
            match target.filter(|cost| cost.is_bearable()) {
                Some(with_target) => cost = with_target,
                None => self.cut_off(keywords),
            }
        }
        for (_, part) in parts(schema).into_iter().filter(|(is_beside, _)| *is_beside) {
            let with_part = cost.and(self.beside(part));
            if with_part.is_bearable() { cost = with_part } else { *part = Value::Bool(true) }
        }
        cost
    }

    fn cut_off(&self, keywords: &mut Map<String, Value>) {
        keywords.remove("$ref");
        self.notes.note(
            "schema",
            "A schema applies to the same value as itself, or is too large: part of it is not checked.",
        );
    }

    /// The same for everything inside, each place by itself.
    fn inside(&mut self, schema: &mut Value) {
        for (is_beside, part) in parts(schema) {
            if !is_beside {
                self.beside(part);
            }
            self.inside(part);
        }
    }
}

/// The name in a reference to a definition.
fn referred(reference: &Value) -> Option<String> {
    reference.as_str()?.strip_prefix("#/$defs/").map(str::to_owned)
}

/// The schemas in a schema, and whether they apply to the same value.
fn parts(schema: &mut Value) -> Vec<(bool, &mut Value)> {
    let keywords = schema.as_object_mut().into_iter().flatten();
    let parts = keywords.flat_map(|(keyword, value)| match Shape::of(keyword) {
        Some(Shape::Beside | Shape::Not) => vec![(true, value)],
        Some(Shape::BesideEach | Shape::BesideNamed) => each(value).map(|part| (true, part)).collect(),
        Some(Shape::Inside | Shape::Items) => vec![(false, value)],
        Some(Shape::InsideEach | Shape::InsideNamed) => each(value).map(|part| (false, part)).collect(),
        _ => Vec::new(),
    });
    parts.collect()
}

fn each(value: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    match value {
        Value::Array(list) => Box::new(list.iter_mut()),
        Value::Object(named) => Box::new(named.values_mut()),
        _ => Box::new(std::iter::empty()),
    }
}
