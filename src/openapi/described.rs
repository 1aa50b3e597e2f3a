//! What a value holds, part by part, as its schema describes it: to be read, where a [form](super::FormNode) is to be
//! filled in.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::node;
use super::schema::{Around, Schema};
use super::tree::Node;

/// How deep parts are unfolded.
const DEEPEST: usize = 10;
/// How many parts there are before nothing more is unfolded.
const MANY_PARTS: usize = 400;
/// How many parts there are at most.
const MOST_PARTS: usize = 2000;
/// How many choices between schemas are told for one part.
const MOST_CHOICES: usize = 4;

/// One part of a value, and all that is inside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Described {
    /// The name of a member or of a variant. Empty for the whole, and for the items of a list.
    pub name: String,
    /// Whether what it is part of always has it.
    pub required: bool,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// What it means, in `CommonMark`.
    pub description: Option<String>,
    /// The types that it may have besides `null`, in the words of JSON Schema; none when it may have any.
    pub types: Vec<String>,
    /// Its format, limits and choices. The kind of a list or an object is left to `inside`.
    pub field: Field,
    /// What it holds.
    pub inside: Inside,
    /// Lists of which one each applies besides (`oneOf`, `anyOf`, and what builds on the schema).
    pub choices: Vec<Vec<Described>>,
}

/// What a part holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Inside {
    /// Nothing more: it is a text, a number or the like.
    Nothing,
    /// The members of an object.
    Members {
        /// Those that the document names.
        named: Vec<Described>,
        /// How many more it names.
        more: usize,
        /// What others are like, where the document says so.
        others: Option<Box<Described>>,
    },
    /// The items of a list.
    Items(Box<Described>),
    /// The same as a part around it, with the name of their schema.
    Again(Option<String>),
    /// More than is shown, with the name of its schema.
    Folded(Option<String>),
}

impl Described {
    /// Members that are only written are left out: this is about what is read.
    pub(super) fn read(schema: &Schema) -> Self {
        Walk { made: 0 }.part(schema, "", false, None)
    }

    /// A list of what a schema describes.
    pub(super) fn list_of(schema: &Schema) -> Self {
        let item = Self::read(schema);
        Self {
            name: String::new(),
            required: false,
            deprecated: false,
            nullable: false,
            description: None,
            types: vec!["array".to_owned()],
            field: Field::default(),
            inside: Inside::Items(Box::new(item)),
            choices: Vec::new(),
        }
    }
}

/// Counts the parts made so far.
struct Walk {
    made: usize,
}

impl Walk {
    fn part(&mut self, schema: &Schema, name: &str, required: bool, outer: Option<&Around>) -> Described {
        self.made += 1;
        let nullable = schema.is_nullable();
        let schema = schema.clone().settled();
        let (inside, choices) = match self.stop(&schema, outer) {
            Some(stop) => (stop, Vec::new()),
            None => self.unfolded(&Around::new(&schema, outer)),
        };
        Described {
            name: name.to_owned(),
            required,
            deprecated: schema.flag("deprecated"),
            nullable,
            description: schema.text("description").map(str::to_owned),
            types: types(&schema),
            inside,
            choices,
            field: Field::read_flat(schema),
        }
    }

    /// Where a schema begins anew what is shown around it, or there is too much already.
    fn stop(&self, schema: &Schema, outer: Option<&Around>) -> Option<Inside> {
        let is_plain = !matches!(schema.kind(), Some("object" | "array")) && schema.alternatives().is_empty();
        let outer = outer.filter(|_| !is_plain)?;
        if outer.repeats(schema) {
            return Some(Inside::Again(schema.name()));
        }
        let is_enough = outer.depth >= DEEPEST || self.made > MANY_PARTS;
        is_enough.then(|| Inside::Folded(schema.name()))
    }

    fn unfolded(&mut self, around: &Around) -> (Inside, Vec<Vec<Described>>) {
        let inside = match around.schema.kind() {
            _ if around.schema.choices().is_some() => Inside::Nothing,
            Some("object") => self.members(around),
            Some("array") => {
                Inside::Items(Box::new(self.part(&around.schema.items(), "", false, Some(around))))
            }
            _ => Inside::Nothing,
        };
        (inside, self.choices(around))
    }

    fn members(&mut self, around: &Around) -> Inside {
        let required: HashSet<&str> = around.schema.required().into_iter().collect();
        let (mut named, mut more) = (Vec::new(), 0);
        for (name, property) in around.schema.properties() {
            if property.flag("writeOnly") {
                continue;
            }
            if self.made < MOST_PARTS {
                named.push(self.part(&property, name, required.contains(&name), Some(around)));
            } else {
                more += 1;
            }
        }
        let others = around.schema.others();
        let is_told = around.schema.allows_others() && !others.is_empty();
        let others = is_told.then(|| Box::new(self.part(&others, "", false, Some(around))));
        Inside::Members { named, more, others }
    }

    fn choices(&mut self, around: &Around) -> Vec<Vec<Described>> {
        let mut choices = Vec::new();
        let lists = around.schema.choices_of_schema();
        let lists = lists.filter(|list| list.len() > 1 && says_something(list));
        let heirs = around.schema.heirs().map(|heirs| heirs.nodes);
        for list in lists.chain(heirs).take(MOST_CHOICES) {
            let left = MOST_PARTS.saturating_sub(self.made);
            let variants = list.into_iter().enumerate().take(left).map(|(at, node)| {
                let name = around.schema.name_of(node, at);
                self.part(&around.schema.apart(node), &name, false, Some(around))
            });
            choices.push(variants.collect());
        }
        choices
    }
}

/// Alternatives often only say which members go together.
fn says_something(list: &[&Node]) -> bool {
    let says = |node: &Node| node.as_object().is_some_and(|node| node.keys().any(|key| key != "required"));
    list.iter().any(|node| says(node))
}

fn types(schema: &Schema) -> Vec<String> {
    let named = schema.types();
    let named: Vec<&str> = if named.is_empty() { schema.kind().into_iter().collect() } else { named };
    let is_only_null = named == ["null"];
    named.into_iter().filter(|name| is_only_null || *name != "null").map(str::to_owned).collect()
}

/// The name that a document gives to something, and the schema of that.
pub(super) fn named<'a>(schema: &Schema<'a>, name: &str, about: &'a Node) -> Described {
    let described = Described::read(schema);
    Described {
        name: name.to_owned(),
        required: node::flag(about, "required"),
        deprecated: node::flag(about, "deprecated") || described.deprecated,
        description: node::string(about, "description").or(described.description),
        ..described
    }
}

#[cfg(test)]
mod tests {
    use crate::openapi::tree::node;

    use super::*;
    use crate::openapi::reference::Resolver;

    fn described(root: &Node) -> Described {
        let resolver = Resolver::new(root);
        Described::read(&Schema::read(&resolver, root))
    }

    fn members(part: &Described) -> &[Described] {
        match &part.inside {
            Inside::Members { named, .. } => named,
            Inside::Items(item) => members(item),
            _ => &[],
        }
    }

    fn member<'p>(part: &'p Described, name: &str) -> &'p Described {
        members(part).iter().find(|member| member.name == name).unwrap()
    }

    fn count(part: &Described) -> usize {
        let others = match &part.inside {
            Inside::Members { others: Some(others), .. } => count(others),
            Inside::Items(item) if members(item).is_empty() => count(item),
            _ => 0,
        };
        let inner = members(part).iter().chain(part.choices.iter().flatten());
        1 + others + inner.map(count).sum::<usize>()
    }

    #[test]
    fn layers_are_one_and_what_is_only_written_is_left_out() {
        let schema = node!({
            "allOf": [
                { "required": ["id"], "properties": { "id": { "type": "integer", "readOnly": true, "minimum": 1 } } },
                { "properties": { "secret": { "writeOnly": true }, "tags": { "items": { "enum": ["a", "b"] } } } },
            ],
            "properties": { "note": { "description": "A *note*.", "type": ["string", "integer", "null"], "deprecated": true } },
        });
        let whole = described(&schema);
        let names: Vec<_> = members(&whole).iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["note", "id", "tags"]);
        let id = member(&whole, "id");
        assert!(id.required && id.field.minimum.is_some() && id.types == ["integer"]);
        let note = member(&whole, "note");
        assert!(note.nullable && note.deprecated && !note.required);
        assert_eq!((note.description.as_deref(), note.types.len()), (Some("A *note*."), 2));
        let Inside::Items(item) = &member(&whole, "tags").inside else { panic!("a list") };
        assert_eq!(item.field.kind, crate::openapi::Kind::Choice(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn a_schema_that_holds_itself_is_named_and_ends() {
        let customer = node!({ "type": "object", "properties": {
            "account": { "anyOf": [{ "type": "string" }, { "$ref": "#/schemas/Account" }], "nullable": true },
            "friends": { "type": "array", "items": { "$ref": "#/schemas/Customer" } },
        } });
        let account = node!({ "properties": { "owner": { "$ref": "#/schemas/Customer" } } });
        let root =
            node!({ "$ref": "#/schemas/Customer", "schemas": { "Customer": customer, "Account": account } });
        let whole = described(&root);
        let Inside::Items(friend) = &member(&whole, "friends").inside else { panic!("a list") };
        assert_eq!(friend.inside, Inside::Again(Some("Customer".to_owned())));
        let variants = &member(&whole, "account").choices[0];
        assert_eq!(variants.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["string", "Account"]);
        let owner = member(&variants[1], "owner");
        assert_eq!(owner.inside, Inside::Again(Some("Customer".to_owned())));
        assert!(member(&whole, "account").nullable);
    }

    #[test]
    fn a_part_that_says_less_than_what_is_around_it_is_no_repetition() {
        let root = node!({
            "allOf": [{ "$ref": "#/schemas/Brief" }, { "properties": { "last": { "$ref": "#/schemas/Brief" } } }],
            "schemas": { "Brief": { "properties": { "id": {} } } },
        });
        assert_eq!(
            member(&described(&root), "last").inside,
            described(root.pointer("/schemas/Brief").unwrap()).inside
        );
    }

    #[test]
    fn alternatives_that_only_say_what_goes_together_are_no_choice() {
        let either = node!({ "properties": { "a": {}, "b": {} }, "oneOf": [{ "required": ["a"] }, { "required": ["b"] }] });
        assert!(described(&either).choices.is_empty());
        let map = described(&node!({ "additionalProperties": { "type": "integer" } }));
        let Inside::Members { others: Some(others), .. } = map.inside else { panic!("a map") };
        assert_eq!(others.types, ["integer"]);
        assert!(described(&node!({})).types.is_empty());
    }

    #[test]
    fn what_is_wide_or_deep_ends() {
        let level = |below: usize| {
            let members =
                (0..60).map(|n| (format!("m{n}"), serde_json::json!({ "$ref": format!("#/l/{below}") })));
            node!({ "type": "object", "properties": members.collect::<serde_json::Map<_, _>>() })
        };
        let root = node!({ "$ref": "#/l/0", "l": (1..=30).map(level).collect::<Vec<_>>() });
        let wide = described(&root);
        assert!((400..1200).contains(&count(&wide)), "{}", count(&wide));
        let many =
            (0..5000).map(|n| (n.to_string(), serde_json::json!({}))).collect::<serde_json::Map<_, _>>();
        let Inside::Members { named, more, .. } = described(&node!({ "properties": many })).inside else {
            panic!("an object")
        };
        assert_eq!((named.len() + more, named.len() < MOST_PARTS), (5000, true));
        let deep = (0..100).fold(node!({}), |inner, _| node!({ "properties": { "a": inner } }));
        let mut part = &described(&deep);
        let mut depth = 0;
        while let [inner] = members(part) {
            (part, depth) = (inner, depth + 1);
        }
        assert_eq!((&part.inside, depth), (&Inside::Folded(None), DEEPEST));
    }
}
