//! What an operation says, by where it says it.

use super::super::body;
use super::super::index::Found;
use super::super::node;
use super::super::reference::Resolver;
use super::super::tree::Node;

/// Names of fields that are read for one operation, and how deep they may lie.
const MOST_FIELDS: usize = 250;
const DEEPEST: u8 = 6;
/// Bytes of a description that are searched, and of one of a parameter or field.
const LONGEST: usize = 2_000;
const LONGEST_REMARK: usize = 200;

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Spot {
    Name,
    Path,
    Tag,
    Parameter,
    Field,
    Description,
    /// The description of a parameter or field.
    Remark,
}

impl Spot {
    pub(super) const ALL: [Self; 7] =
        [Self::Name, Self::Path, Self::Tag, Self::Parameter, Self::Field, Self::Description, Self::Remark];

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
            Self::Remark => 0.5,
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
    for text in [text(operation, "description"), text(item, "summary"), text(item, "description")] {
        take(Spot::Description, cut(text, LONGEST));
    }
    let resolver = Resolver::new(root);
    for parameter in [item, operation].into_iter().flat_map(|node| node::items(node, "parameters")) {
        let Some(parameter) = resolver.resolve(parameter) else { continue };
        if let Some(name) = node::text(parameter, "name") {
            take(Spot::Parameter, name);
            take(Spot::Remark, cut(text(parameter, "description"), LONGEST_REMARK));
        }
    }
    Fields { resolver: &resolver, left: MOST_FIELDS, read: Vec::new(), take }.of_operation(operation);
}

fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    node::text(node, name).unwrap_or_default()
}

fn cut(text: &str, longest: usize) -> &str {
    text.get(..text.floor_char_boundary(longest)).unwrap_or_default()
}

/// A walk through the schemas of the bodies that an operation takes and answers.
struct Fields<'r, 'a, F> {
    resolver: &'r Resolver<'a>,
    left: usize,
    /// The schemas of whole bodies that are done: one stands in many places.
    read: Vec<*const Node>,
    take: F,
}

impl<'a, F: FnMut(Spot, &str)> Fields<'_, 'a, F> {
    /// What it takes and answers when all goes well comes first: there may be more than is read.
    fn of_operation(&mut self, operation: &'a Node) {
        if let Some(body) = operation.get("requestBody") {
            self.of_message(body);
        }
        let is_well = |(status, _): &(&str, &Node)| status.starts_with('2');
        let answers = || node::members(operation, "responses");
        answers().filter(is_well).for_each(|(_, answer)| self.of_message(answer));
        answers().filter(|answer| !is_well(answer)).for_each(|(_, answer)| self.of_message(answer));
    }

    fn of_message(&mut self, message: &'a Node) {
        let Some(message) = self.resolver.resolve(message) else { return };
        for (_, media) in node::members(message, "content") {
            let schema = body::media_of(self.resolver, media).get("schema");
            let schema = schema.and_then(|schema| self.resolver.resolve(schema));
            if let Some(schema) = schema.filter(|schema| !self.read.contains(&std::ptr::from_ref(*schema))) {
                self.read.push(schema);
                self.of_schema(schema, DEEPEST);
            }
        }
    }

    fn of_schema(&mut self, schema: &'a Node, depth: u8) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let Some(schema) = self.resolver.resolve(schema) else { return };
        for (name, property) in schema.get("properties").and_then(Node::as_object).into_iter().flatten() {
            let Some(left) = self.left.checked_sub(1) else { return };
            self.left = left;
            (self.take)(Spot::Field, name);
            (self.take)(Spot::Remark, cut(text(property, "description"), LONGEST_REMARK));
            self.of_schema(property, depth);
        }
        let parts = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| node::items(schema, key));
        for part in schema.get("items").into_iter().chain(parts) {
            self.of_schema(part, depth);
        }
    }
}
