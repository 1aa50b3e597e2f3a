//! What a reference stands for that leads to a schema on which others build (see
//! [`inheritance`](super::super::inheritance)).
//!
//! A value has to fit the one of them that it names. So there are two definitions: one for all of them, and one for the
//! schema alone. The others refer to the latter, so that nothing leads back to itself; and as they say all that it says, no
//! value is checked by both, which would take twice as long with every level of a deep value.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::ptr;

use serde_json::{Value, json};

use super::super::inheritance::HEIRS;
use super::super::node;
use super::super::reference::Resolver;
use super::super::schema::{Alternatives, Schema};
use super::super::tree::Node;
use super::{Converter, Spot, to_definition};

/// How many schemas that build on others are told from each other. What would be more is checked without them.
pub(super) const MOST_HEIRS: usize = 500;

/// The definitions of schemas together with all that build on them.
pub(super) struct Families<'a> {
    /// Follows the references by which schemas build on each other. Large families take nothing away from what else is
    /// looked up.
    kin: &'a Resolver<'a>,
    /// The names under `$defs`, by reference.
    names: HashMap<&'a str, String>,
    waiting: VecDeque<(String, &'a str)>,
    heirs_left: usize,
}

impl<'a> Families<'a> {
    pub(super) fn new(kin: &'a Resolver<'a>) -> Self {
        Self { kin, names: HashMap::new(), waiting: VecDeque::new(), heirs_left: MOST_HEIRS }
    }

    /// Whether a value may be of any schema that builds on `base`, which `node` refers to. Beside another one that is open
    /// it stays closed, or the value would be checked by both.
    fn is_open(&self, base: &Node, node: &'a Node) -> bool {
        let opened = || Schema::read(self.kin, node).heirs()?.base;
        base.get(HEIRS).is_some() && opened().is_some_and(|first| ptr::eq(first, base))
    }
}

impl<'a> Converter<'a> {
    /// The name of the definition that will stand for what is referred to and all that builds on it. `None` where a value
    /// is of no other schema than that, and where there would be too many.
    pub(super) fn family_name(&mut self, reference: &'a str, base: &Node, spot: Spot<'a>) -> Option<String> {
        // What is referred to itself may be what builds on this.
        let is_definition = self.defined.is_some_and(|defined| ptr::eq(defined, spot.alternative));
        if is_definition || !self.families.is_open(base, spot.alternative) {
            return None;
        }
        if !self.families.names.contains_key(reference) {
            let heirs = node::items(base, HEIRS).len();
            self.families.heirs_left = self.families.heirs_left.checked_sub(heirs)?;
            let name = self.free_name(reference);
            self.families.waiting.push_back((name.clone(), reference));
            self.families.names.insert(reference, name);
        }
        self.families.names.get(reference).cloned()
    }

    pub(super) fn next_family(&mut self) -> Option<(String, Value)> {
        let (name, reference) = self.families.waiting.pop_front()?;
        let (alone, base) = self.definition(reference)?;
        Some((name, self.family(base, &alone)))
    }

    /// The one that a value names of those that build on `base`, the first by that name; else the base, which `alone` stands
    /// for.
    fn family(&mut self, base: &'a Node, alone: &str) -> Value {
        let heirs = Alternatives::on(base);
        let (mut known, mut schemas) = (BTreeSet::new(), Vec::new());
        for heir in heirs.nodes.iter().copied() {
            let can_be = self.left > 0 && heirs.can_be(&Schema::read(self.families.kin, heir));
            let Some(mut tag) = heirs.tag(heir).filter(|_| can_be) else { continue };
            tag.values.retain(|value| known.insert(*value));
            schemas.push(json!({ "if": naming(tag.name, tag.values), "then": self.schema(heir, None, 1) }));
        }
        let named = naming(heirs.told_by().unwrap_or_default(), known);
        schemas.insert(0, json!({ "if": named, "else": { "$ref": to_definition(alone) } }));
        json!({ "allOf": schemas })
    }
}

/// The schema of objects whose member `name` has one of these values.
fn naming<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Value {
    let values: Vec<&str> = values.into_iter().collect();
    json!({ "type": "object", "required": [name], "properties": { name: { "enum": values } } })
}
