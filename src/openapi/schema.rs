//! One schema as it applies in the end: its own keywords, those it refers to, and all of `allOf`, as layers.

mod alternatives;
mod around;
mod members;
mod name;
mod types;

use super::bundle::REFERENCES;
use super::reference::Resolver;
use super::tree::Node;

pub(super) use alternatives::{Alternatives, Tag, told_by};
pub(super) use around::Around;
pub(super) use types::{NULLABLE, that_differ, type_of};

/// Layers of one schema. Real ones have less than twenty.
const MOST_LAYERS: usize = 64;
/// Alternatives of alternatives that are taken together.
const DEEPEST_ALTERNATIVES: usize = 3;

/// A view of a schema. Nothing is copied: every layer is a node of the document, the outermost first.
#[derive(Clone)]
pub(super) struct Schema<'a> {
    resolver: &'a Resolver<'a>,
    layers: Vec<&'a Node>,
    /// The one type that was chosen among several.
    chosen: Option<&'a str>,
}

impl<'a> Schema<'a> {
    pub(super) fn read(resolver: &'a Resolver<'a>, node: &'a Node) -> Self {
        Self::of(resolver, [node])
    }

    /// What all of the nodes together ask for.
    fn of(resolver: &'a Resolver<'a>, nodes: impl IntoIterator<Item = &'a Node>) -> Self {
        let mut schema = Self { resolver, layers: Vec::new(), chosen: None };
        nodes.into_iter().for_each(|node| schema.add(node));
        schema
    }

    /// This schema and another one at the same time, such as one of its alternatives.
    pub(super) fn and(&self, node: &'a Node) -> Self {
        let mut both = self.clone();
        both.add(node);
        both
    }

    /// Another schema of the same document.
    pub(super) fn apart(&self, node: &'a Node) -> Self {
        Self::read(self.resolver, node)
    }

    /// A layer that is there already is not added again, so circles end here.
    fn add(&mut self, node: &'a Node) {
        if !node.is_object() || self.layers.len() >= MOST_LAYERS || self.builds_on(node) {
            return;
        }
        self.layers.push(node);
        for reference in REFERENCES.iter().filter_map(|keyword| node.get(keyword)?.as_str()) {
            if let Some(target) = self.resolver.target(reference) {
                self.add(target);
            }
        }
        node.get("allOf").and_then(Node::as_array).into_iter().flatten().for_each(|part| self.add(part));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// Whether a node of the document is one of its layers.
    pub(super) fn builds_on(&self, node: &Node) -> bool {
        self.layers.iter().any(|layer| std::ptr::eq(*layer, node))
    }

    /// Every value of a keyword, the outermost first.
    pub(super) fn all(&self, keyword: &str) -> impl Iterator<Item = &'a Node> {
        self.layers.iter().filter_map(move |layer| layer.get(keyword)).filter(|value| !value.is_null())
    }

    /// The outermost value of a keyword.
    pub(super) fn get(&self, keyword: &str) -> Option<&'a Node> {
        self.all(keyword).next()
    }

    pub(super) fn text(&self, keyword: &str) -> Option<&'a str> {
        self.all(keyword).find_map(Node::as_str)
    }

    pub(super) fn count(&self, keyword: &str) -> Option<u64> {
        self.all(keyword).find_map(Node::as_u64)
    }

    pub(super) fn flag(&self, keyword: &str) -> bool {
        self.get(keyword).and_then(Node::as_bool).unwrap_or(false)
    }

    /// Whether the other schema says all that this one does, as in a schema that holds itself.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        let mut said = self.layers.iter().filter(|layer| layer.get("$ref").is_none()).peekable();
        said.peek().is_some()
            && said.all(|layer| other.layers.iter().any(|theirs| std::ptr::eq(*layer, *theirs)))
    }

    /// Every list of alternatives (`oneOf`, `anyOf`), the outermost first, without those that only allow `null`.
    pub(super) fn choices_of_schema(&self) -> impl Iterator<Item = Vec<&'a Node>> {
        let lists = self.layers.iter().flat_map(|layer| [layer.get("oneOf"), layer.get("anyOf")]);
        let lists = lists.flatten().filter_map(Node::as_array);
        let lists = lists.map(|list| list.iter().filter(|node| !only_null(node)).collect::<Vec<_>>());
        lists.filter(|list| !list.is_empty())
    }

    /// The outermost alternatives, without those that only allow `null`.
    pub(super) fn alternatives(&self) -> Vec<&'a Node> {
        self.choices_of_schema().next().unwrap_or_default()
    }

    /// The schema without alternatives that are none: `anyOf: [T, null]` is `T`.
    pub(super) fn settled(self) -> Self {
        match self.alternatives().as_slice() {
            [only] => self.and(only),
            _ => self,
        }
    }

    /// With all alternatives at once, and theirs: one schema, and one for each that builds on it.
    pub(super) fn with_alternatives(self) -> Vec<Self> {
        let whole = self.with_listed();
        let heirs = whole.heirs().map_or_else(Vec::new, |heirs| heirs.nodes);
        let heirs: Vec<_> = heirs.into_iter().map(|heir| whole.and(heir).with_listed()).collect();
        [whole].into_iter().chain(heirs).collect()
    }

    fn with_listed(mut self) -> Self {
        for _ in 0..DEEPEST_ALTERNATIVES {
            let all: Vec<&Node> = self.choices_of_schema().flatten().collect();
            for node in all {
                self.add(node);
            }
        }
        self
    }
}

fn only_null(node: &Node) -> bool {
    node.get("type").is_some_and(|name| name == "null")
}

#[cfg(test)]
mod tests {
    use crate::openapi::tree::node;

    use super::*;

    #[test]
    fn layers_merge_references_and_all_of() {
        let root = node!({
            "schemas": {
                "Pet": { "type": "object", "required": ["kind"], "properties": {
                    "kind": { "type": "string", "enum": ["cat", "dog"] },
                    "friend": { "$ref": "#/schemas/Cat" },
                } },
                "Cat": { "allOf": [{ "$ref": "#/schemas/Pet" }, { "$ref": "#/schemas/Cat" }, {
                    "required": ["lives"],
                    "properties": { "kind": { "enum": ["cat"] }, "lives": { "type": ["null", "integer"] } },
                }] },
            },
        });
        let resolver = Resolver::new(&root);
        let cat = Schema::read(&resolver, root.pointer("/schemas/Cat").unwrap());
        let names: Vec<_> = cat.properties().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["kind", "friend", "lives"]);
        assert_eq!(cat.required(), ["kind", "lives"]);
        assert_eq!(cat.property("kind").choices(), Some(vec![&node!("cat")]));
        assert_eq!(cat.property("lives").kind(), Some("integer"));
        assert!(cat.property("friend").is_within(&cat) && !cat.is_within(&cat.property("kind")));
    }

    #[test]
    fn a_choice_between_something_and_null_is_something() {
        let root =
            node!({ "anyOf": [{ "type": "null" }, { "type": "string", "maxLength": 3 }], "title": "T" });
        let resolver = Resolver::new(&root);
        let schema = Schema::read(&resolver, &root).settled();
        assert_eq!((schema.kind(), schema.count("maxLength")), (Some("string"), Some(3)));
    }
}
