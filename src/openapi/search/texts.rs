//! What an operation says, by where it says it.

use super::super::index::Found;
use super::super::node;
use super::super::reference::Resolver;
use super::super::tree::Node;

/// Names of fields that are read for one operation, and how deep they may lie.
const MOST_FIELDS: usize = 250;
const DEEPEST: u8 = 6;
/// Bytes of a description that are searched.
const LONGEST: usize = 2_000;

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Spot {
    Name,
    Path,
    Tag,
    Parameter,
    Field,
    Description,
}

impl Spot {
    pub(super) const ALL: [Self; 6] =
        [Self::Name, Self::Path, Self::Tag, Self::Parameter, Self::Field, Self::Description];

    pub(super) fn bit(self) -> u8 {
        1 << self as u8
    }

    /// What a word is worth there.
    pub(super) fn weight(self) -> f32 {
        match self {
            Self::Name => 8.0,
            Self::Path => 5.0,
            Self::Tag => 3.0,
            Self::Parameter => 2.0,
            Self::Field => 1.2,
            Self::Description => 1.0,
        }
    }

    /// Whether a result shows the text itself, so that nobody wonders why it is one.
    pub(super) fn is_shown(self) -> bool {
        matches!(self, Self::Name | Self::Path | Self::Tag)
    }
}

/// Hands every text of an operation to `take`.
pub(super) fn read<'a>(root: &'a Node, found: &Found<'a>, mut take: impl FnMut(Spot, &str)) {
    let Found { summary, item, operation } = found;
    take(Spot::Name, &summary.name);
    take(Spot::Name, summary.operation_id.as_deref().unwrap_or_default());
    take(Spot::Path, &summary.method);
    take(Spot::Path, &summary.path);
    summary.tags.iter().for_each(|tag| take(Spot::Tag, tag));
    let description = node::text(operation, "description").unwrap_or_default();
    take(Spot::Description, description.get(..description.floor_char_boundary(LONGEST)).unwrap_or_default());
    let resolver = Resolver::new(root);
    for parameter in [item, operation].into_iter().flat_map(|node| node::items(node, "parameters")) {
        if let Some(name) = resolver.resolve(parameter).and_then(|node| node::text(node, "name")) {
            take(Spot::Parameter, name);
        }
    }
    Fields { resolver: &resolver, left: MOST_FIELDS, take: |name: &str| take(Spot::Field, name) }
        .of_operation(operation);
}

/// A walk through the schemas of the bodies that an operation takes and answers.
struct Fields<'r, 'a, F> {
    resolver: &'r Resolver<'a>,
    left: usize,
    take: F,
}

impl<'a, F: FnMut(&str)> Fields<'_, 'a, F> {
    fn of_operation(&mut self, operation: &'a Node) {
        if let Some(body) = operation.get("requestBody") {
            self.of_message(body);
        }
        let answers = node::members(operation, "responses").filter(|(status, _)| status.starts_with('2'));
        answers.for_each(|(_, answer)| self.of_message(answer));
    }

    fn of_message(&mut self, message: &'a Node) {
        let Some(message) = self.resolver.resolve(message) else { return };
        let media = node::members(message, "content").next();
        if let Some(schema) = media.and_then(|(_, media)| media.get("schema")) {
            self.of_schema(schema, DEEPEST);
        }
    }

    fn of_schema(&mut self, schema: &'a Node, depth: u8) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let Some(schema) = self.resolver.resolve(schema) else { return };
        for (name, property) in schema.get("properties").and_then(Node::as_object).into_iter().flatten() {
            let Some(left) = self.left.checked_sub(1) else { return };
            self.left = left;
            (self.take)(name);
            self.of_schema(property, depth);
        }
        let parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| node::items(schema, key));
        for part in schema.get("items").into_iter().chain(parts) {
            self.of_schema(part, depth);
        }
    }
}
