//! Schemas of which one applies: those that a schema lists, or those that build on it.

use std::collections::HashMap;

use super::{MOST_LAYERS, Schema};
use crate::openapi::inheritance::{HEIRS, TAG};
use crate::openapi::node;
use crate::openapi::tree::Node;

/// Schemas of which one applies.
pub(in crate::openapi) struct Alternatives<'a> {
    pub(in crate::openapi) nodes: Vec<&'a Node>,
    /// The schema that all of them build on. It applies by itself where none of them does.
    pub(in crate::openapi) base: Option<&'a Node>,
    discriminator: Option<&'a Node>,
    /// What the mapping of the discriminator says of each of its targets. There may be hundreds, each asked for often.
    mapped: HashMap<&'a str, Vec<&'a str>>,
}

/// The member that tells alternatives apart, and its values for one of them.
pub(in crate::openapi) struct Tag<'a> {
    pub(in crate::openapi) name: &'a str,
    pub(in crate::openapi) values: Vec<&'a str>,
}

/// The name of the member by which a discriminator tells schemas apart. (In Swagger 2.0 it is nothing but that.)
pub(in crate::openapi) fn told_by(discriminator: &Node) -> Option<&str> {
    discriminator.as_str().or_else(|| node::text(discriminator, "propertyName"))
}

impl<'a> Schema<'a> {
    /// The next choice between schemas, behind so many lists of alternatives that are settled, and how many there are
    /// then: lists come first, and then what builds on the schema.
    pub(in crate::openapi) fn next_choice(&self, settled: usize) -> Option<(Alternatives<'a>, usize)> {
        let listed = self
            .choices_of_schema()
            .nth(settled)
            .map(|nodes| (Alternatives::new(nodes, None, self.get("discriminator")), settled + 1));
        listed.or_else(|| Some((self.heirs()?, settled)))
    }

    /// The schemas that build on this one, where it is none of them itself.
    pub(in crate::openapi) fn heirs(&self) -> Option<Alternatives<'a>> {
        let mut layers = self.layers.iter().copied().filter(|_| self.layers.len() < MOST_LAYERS);
        layers.find(|layer| self.leaves_open(layer)).map(Alternatives::on)
    }

    /// Whether there are schemas that build on `base`, and this one is none of them itself.
    fn leaves_open(&self, base: &Node) -> bool {
        let heirs = node::items(base, HEIRS);
        !heirs.is_empty() && !heirs.iter().any(|heir| self.refers_to(heir))
    }

    /// Whether it refers to the same as the node does.
    fn refers_to(&self, node: &Node) -> bool {
        let target = node.get("$ref");
        target.is_some() && self.layers.iter().any(|layer| layer.get("$ref") == target)
    }
}

impl<'a> Alternatives<'a> {
    fn new(nodes: Vec<&'a Node>, base: Option<&'a Node>, discriminator: Option<&'a Node>) -> Self {
        Self { nodes, base, discriminator, mapped: mapped(discriminator) }
    }

    /// The schemas that build on `base`.
    pub(in crate::openapi) fn on(base: &'a Node) -> Self {
        Self::new(node::items(base, HEIRS).iter().collect(), Some(base), base.get("discriminator"))
    }

    /// The member that tells them apart.
    pub(in crate::openapi) fn told_by(&self) -> Option<&'a str> {
        told_by(self.discriminator?)
    }

    /// How one of them is told from the others: by the `mapping`, else by the name of the schema.
    pub(in crate::openapi) fn tag(&self, alternative: &'a Node) -> Option<Tag<'a>> {
        let name = self.told_by()?;
        let reference = node::text(alternative, "$ref")?;
        let last = reference.rsplit('/').next().unwrap_or(reference);
        let mut values: Vec<&str> = self.mapped.get(reference).into_iter().flatten().copied().collect();
        if last != reference {
            values.extend(self.mapped.get(last).into_iter().flatten());
        }
        if values.is_empty() {
            values.push(node::text(alternative, TAG).unwrap_or(last));
        }
        Some(Tag { name, values })
    }

    /// The same, as far as `schema` lets the alternative have these values. `None` where it lets it have none of them.
    pub(in crate::openapi) fn settled_tag(
        &self,
        schema: &Schema<'a>,
        alternative: &'a Node,
    ) -> Option<Tag<'a>> {
        let mut tag = self.tag(alternative)?;
        if let Some(choices) = schema.and(alternative).property(tag.name).choices_as_sent() {
            tag.values.retain(|value| choices.iter().any(|choice| choice.as_str() == Some(value)));
        }
        Some(tag).filter(|tag| !tag.values.is_empty())
    }

    /// Those that a value says it is.
    pub(in crate::openapi) fn named(&self, value: &Node) -> impl Iterator<Item = &'a Node> {
        let is_named = |node: &&'a Node| {
            let Some(Tag { name, values }) = self.tag(node) else { return false };
            value.get(name).and_then(Node::as_str).is_some_and(|named| values.contains(&named))
        };
        self.nodes.iter().copied().filter(is_named)
    }

    /// Whether a value tells that another one of them is meant.
    pub(in crate::openapi) fn names_another(&self, alternative: &'a Node, value: &Node) -> bool {
        let mut named = self.named(value).peekable();
        named.peek().is_some() && !named.any(|node| std::ptr::eq(node, alternative))
    }

    /// Whether a value can be one of them at the same time as what all of them build on. A mapping may name what does not
    /// build on that, and parts that allow no other members may leave no room for what tells them apart.
    pub(in crate::openapi) fn can_be(&self, heir: &Schema<'a>) -> bool {
        let mut asked_for = self.told_by().into_iter().chain(heir.required());
        self.base.is_some_and(|base| heir.builds_on(base)) && asked_for.all(|name| heir.allows(name))
    }

    /// What they are called, the schema that they build on at the end.
    pub(in crate::openapi) fn names(&self, schema: &Schema<'a>) -> Vec<String> {
        let names = self.nodes.iter().enumerate().map(|(at, node)| schema.name_of(node, at));
        let base = self.base.map(|_| schema.name().unwrap_or_else(|| "Any other".to_owned()));
        names.chain(base).collect()
    }

    pub(in crate::openapi) fn len(&self) -> usize {
        self.nodes.len() + usize::from(self.base.is_some())
    }
}

/// The values that the mapping of a discriminator has for each target.
fn mapped(discriminator: Option<&Node>) -> HashMap<&str, Vec<&str>> {
    let mut mapped: HashMap<&str, Vec<&str>> = HashMap::new();
    let entries = discriminator.into_iter().flat_map(|node| node::entries(node, "mapping"));
    for (value, target) in entries.filter_map(|(value, target)| Some((value, target.as_str()?))) {
        mapped.entry(target).or_default().push(value);
    }
    mapped
}
