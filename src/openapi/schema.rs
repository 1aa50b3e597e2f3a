//! One schema as it applies in the end: its own keywords, those it refers to, and all of `allOf`, as layers.

mod alternatives;
mod around;
mod name;

use std::collections::HashSet;

use super::bundle::REFERENCES;
use super::conformance::matches;
use super::node;
use super::reference::Resolver;
use super::tree::{Node, Object};

pub(super) use alternatives::{Alternatives, Tag, told_by};
pub(super) use around::Around;

/// By which a schema allows `null`: that of 3.0, and what stands for it in Swagger 2.0.
pub(super) const NULLABLE: [&str; 2] = ["nullable", "x-nullable"];

/// Layers of one schema. Real ones have less than twenty.
const MOST_LAYERS: usize = 64;
/// Patterns for the names of members that are looked at.
const MOST_PATTERNS: usize = 8;
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

    /// The types that the schema names.
    pub(super) fn types(&self) -> Vec<&'a str> {
        if let Some(chosen) = self.chosen {
            return vec![chosen];
        }
        let named = self.get("type");
        let one = named.and_then(Node::as_str);
        let several = named.and_then(Node::as_array).into_iter().flatten().filter_map(Node::as_str);
        one.into_iter().chain(several).collect()
    }

    /// The types to choose from, where the schema names several that differ.
    pub(super) fn types_to_choose(&self) -> Vec<&'a str> {
        let types = that_differ(&self.types());
        if types.len() > 1 && self.choices().is_none() { types } else { Vec::new() }
    }

    /// Whether a value is a text or `null`, and nothing else.
    pub(super) fn takes_only_texts(&self) -> bool {
        let types = self.types();
        types.contains(&"string") && types.iter().all(|name| matches!(*name, "string" | "null"))
    }

    /// As if the schema named this type only.
    pub(super) fn of_type(self, chosen: &'a str) -> Self {
        Self { chosen: Some(chosen), ..self }
    }

    /// Whether it stands for the bytes of a file. (`contentMediaType` since 3.1.)
    pub(super) fn is_file(&self) -> bool {
        let media_type = self.text("contentMediaType").filter(|_| self.get("contentEncoding").is_none());
        self.text("format") == Some("binary") || media_type == Some("application/octet-stream")
    }

    /// Whether a multipart form sends it as a file or as several, be they optional or not.
    pub(super) fn is_upload(&self) -> bool {
        let schema = self.clone().settled();
        schema.is_file() || schema.items().settled().is_file()
    }

    /// The type of the schema: the first that it names, rather not `null`, else what its other keywords are for.
    pub(super) fn kind(&self) -> Option<&'a str> {
        let types = self.types();
        let is_narrow = |name: &str| name == "null" || (name == "integer" && types.contains(&"number"));
        let first = types.iter().find(|name| !is_narrow(name)).or(types.first());
        first.copied().or_else(|| self.implied_type())
    }

    fn implied_type(&self) -> Option<&'static str> {
        const SIGNS: [(&str, &str); 12] = [
            ("properties", "object"),
            ("additionalProperties", "object"),
            ("patternProperties", "object"),
            ("required", "object"),
            ("items", "array"),
            ("prefixItems", "array"),
            ("pattern", "string"),
            ("minLength", "string"),
            ("maxLength", "string"),
            ("minimum", "number"),
            ("maximum", "number"),
            ("format", "string"),
        ];
        let by_format = || self.text("format").and_then(number_of_format);
        match SIGNS.iter().find(|(keyword, _)| self.get(keyword).is_some()) {
            Some(("minimum" | "maximum" | "format", kind)) => by_format().or(Some(*kind)),
            Some((_, kind)) => Some(*kind),
            None => self.choices()?.first().map(|choice| type_of(choice)),
        }
    }

    /// The values that are allowed, without `null`, when they are listed: by `const`, or by every `enum` at once.
    pub(super) fn choices(&self) -> Option<Vec<&'a Node>> {
        if let Some(only) = self.get("const") {
            return Some(vec![only]);
        }
        let mut lists = self.all("enum").filter_map(Node::as_array);
        let mut choices: Vec<_> = lists.next()?.iter().filter(|choice| !choice.is_null()).collect();
        lists.for_each(|list| choices.retain(|choice| list.contains(choice)));
        Some(choices)
    }

    /// The same as they are sent.
    pub(super) fn choices_as_sent(&self) -> Option<Vec<Node>> {
        Some(self.choices()?.into_iter().map(|choice| self.as_sent(choice)).collect())
    }

    /// A value that the document gives, as it is sent: where nothing but texts go, a number or a flag is a text that was
    /// written without quotes, as YAML lets people do.
    pub(super) fn as_sent(&self, value: &Node) -> Node {
        match value {
            Node::Number(_) | Node::Bool(_) if self.takes_only_texts() => node::as_typed(value).into(),
            value => value.clone(),
        }
    }

    /// Whether it says that it may be `null`, apart from its types.
    pub(super) fn says_nullable(&self) -> bool {
        NULLABLE.iter().any(|keyword| self.flag(keyword))
    }

    /// Whether it may be `null`: by its type, by `nullable` (3.0), or by an alternative.
    pub(super) fn is_nullable(&self) -> bool {
        let types = self.types();
        let lists = self.layers.iter().flat_map(|layer| [layer.get("oneOf"), layer.get("anyOf")]);
        (types.len() > 1 && types.contains(&"null"))
            || self.says_nullable()
            || lists.flatten().filter_map(Node::as_array).flatten().any(only_null)
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

    pub(super) fn items(&self) -> Self {
        Self::of(self.resolver, self.all("items"))
    }

    /// The named properties in the order of the layers, each as every layer describes it.
    pub(super) fn properties(&self) -> Vec<(&'a str, Self)> {
        self.property_names().into_iter().map(|name| (name, self.property(name))).collect()
    }

    pub(super) fn property_names(&self) -> Vec<&'a str> {
        let mut known = HashSet::new();
        let names = self.all("properties").filter_map(Node::as_object).flat_map(Object::keys);
        names.filter(|name| known.insert(*name)).collect()
    }

    pub(super) fn property(&self, name: &str) -> Self {
        Self::of(self.resolver, self.all("properties").filter_map(|properties| properties.get(name)))
    }

    /// What members are like that have no schema of their own, as far as their names do not matter.
    pub(super) fn others(&self) -> Self {
        let others = self.additional();
        match self.only_pattern() {
            Some((_, only)) if others.is_empty() => self.apart(only),
            _ => others,
        }
    }

    /// What a member of the name is like that has no schema of its own.
    pub(super) fn other(&self, name: &str) -> Self {
        let matching = self.patterns().filter(|(pattern, _)| matches(pattern, name));
        let matching = Self::of(self.resolver, matching.map(|(_, node)| node));
        if matching.is_empty() { self.additional() } else { matching }
    }

    fn additional(&self) -> Self {
        Self::of(self.resolver, self.all("additionalProperties"))
    }

    /// Regular expressions for names, and what members are like whose names match.
    fn patterns(&self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        let patterns = self.all("patternProperties").filter_map(Node::as_object).flat_map(Object::iter);
        patterns.take(MOST_PATTERNS)
    }

    /// The same, where there is one for all members that have no schema of their own.
    pub(super) fn only_pattern(&self) -> Option<(&'a str, &'a Node)> {
        let mut patterns = self.patterns();
        patterns.next().filter(|_| patterns.next().is_none() && self.additional().is_empty())
    }

    /// Whether members are allowed that have no schema of their own.
    pub(super) fn allows_others(&self) -> bool {
        let allows = |layer: &&Node| {
            layer.get("additionalProperties") != Some(&Node::Bool(false))
                || layer.get("patternProperties").is_some()
        };
        self.layers.iter().all(allows)
    }

    /// Whether there are to be members that have no schema of their own: it says what they are like, or that they may be
    /// anything.
    pub(super) fn invites_others(&self) -> bool {
        let is_open = || self.all("additionalProperties").any(|others| *others == Node::Bool(true));
        let is_told = || self.patterns().next().is_some() || !self.additional().is_empty();
        self.allows_others() && (is_told() || is_open())
    }

    /// Whether a member of the name is allowed: each layer that allows no others has to know it.
    pub(super) fn allows(&self, name: &str) -> bool {
        self.layers.iter().all(|layer| {
            let is_open = layer.get("additionalProperties") != Some(&Node::Bool(false));
            let is_known = || layer.get("properties").is_some_and(|known| known.get(name).is_some());
            is_open || is_known() || layer.get("patternProperties").is_some()
        })
    }

    /// The names of the properties that must be there.
    pub(super) fn required(&self) -> Vec<&'a str> {
        self.all("required").filter_map(Node::as_array).flatten().filter_map(Node::as_str).collect()
    }
}

/// The types among these names, each once. Every integer is a number.
pub(super) fn that_differ<'a>(named: &[&'a str]) -> Vec<&'a str> {
    const KNOWN: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
    let mut types = Vec::new();
    for name in named.iter().copied().filter(|name| KNOWN.contains(name)) {
        let is_number = name == "integer" && named.contains(&"number");
        if !is_number && !types.contains(&name) {
            types.push(name);
        }
    }
    types
}

/// The type of number that a format stands for (`OpenAPI` format registry).
fn number_of_format(format: &str) -> Option<&'static str> {
    match format {
        "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" => Some("integer"),
        "float" | "double" => Some("number"),
        _ => None,
    }
}

fn only_null(node: &Node) -> bool {
    node.get("type").is_some_and(|name| name == "null")
}

/// The name that JSON Schema has for the type of a value.
pub(super) fn type_of(value: &Node) -> &'static str {
    match value {
        Node::Null => "null",
        Node::Bool(_) => "boolean",
        Node::Number(number) if number.is_f64() => "number",
        Node::Number(_) => "integer",
        Node::String(_) => "string",
        Node::Array(_) => "array",
        Node::Object(_) => "object",
    }
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
    fn the_format_of_a_number_says_that_it_is_one() {
        for (schema, kind) in [
            (node!({ "format": "int64" }), Some("integer")),
            (node!({ "format": "int32", "minimum": 1 }), Some("integer")),
            (node!({ "format": "double" }), Some("number")),
            (node!({ "format": "date" }), Some("string")),
            (node!({ "format": "int64", "pattern": "^[0-9]+$" }), Some("string")),
            (node!({ "format": "int64", "type": "string" }), Some("string")),
        ] {
            let resolver = Resolver::new(&schema);
            assert_eq!(Schema::read(&resolver, &schema).kind(), kind, "{schema}");
        }
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
