//! A value that a schema allows, to begin with.

use std::collections::HashSet;

use serde_json::Number;

use super::bound::Bound;
use super::conformance::{conforms, matches};
use super::pattern;
use super::schema::{Alternatives, Around, Schema};
use super::tree::{Member, Node, Object};

/// How deep optional members are filled in; below that only required ones.
const DEEPEST_OPTIONAL: usize = 3;
/// How deep anything is filled in.
const DEEPEST: usize = 24;
/// How many values an example holds before optional members are left out.
const MANY_VALUES: usize = 400;
/// How many values an example holds at most.
const MOST_VALUES: usize = 4000;
/// How many alternatives are tried before one is taken that does not fit.
const MOST_TRIED: usize = 4;
/// How many members an object may have of which one is left out to see whether it fits then.
const MOST_MEMBERS: usize = 64;
/// Items that a minimum may ask for.
const MOST_ASKED_FOR: u64 = 100;
/// Characters of the name of an entry.
const LONGEST_KEY: u64 = 100;
/// Characters that a minimum may ask for.
const LONGEST_ASKED_FOR: u64 = 1000;

/// A value made from what the schema says: its example, default or first choice, else one that fits its type. Files
/// are left out of a multipart form, for they are sent beside it.
pub(super) fn from_schema(schema: &Schema, is_multipart: bool) -> Node {
    Maker { made: 0, is_multipart }.value(schema, None)
}

/// Counts the values made so far.
struct Maker {
    made: usize,
    is_multipart: bool,
}

impl Maker {
    fn value(&mut self, schema: &Schema, outer: Option<&Around>) -> Node {
        self.chosen(schema, outer, 0)
    }

    /// Makes the first of several choices between schemas that are not `settled`, then the next, so that the value fits
    /// if it can.
    fn chosen(&mut self, schema: &Schema, outer: Option<&Around>, settled: usize) -> Node {
        self.made += 1;
        if let Some(given) = given(schema) {
            return without_read_only(schema, given);
        }
        let tried = if self.made < MOST_VALUES { MOST_TRIED } else { 1 };
        let mut first = None;
        if let Some((alternatives, settled)) = schema.next_choice(settled) {
            let nodes = alternatives.nodes.iter().filter(|node| says_something(node));
            for node in nodes.take(tried) {
                let value = self.chosen(&schema.and(node), outer, settled);
                let named = named(schema, &alternatives, node, &value);
                let fits = |value: &Node| conforms(schema, value) && !alternatives.names_another(node, value);
                if let Some(value) = named.into_iter().chain([value.clone()]).find(fits) {
                    return value;
                }
                // What others build on can do without them.
                first = first.or_else(|| Some(value).filter(|_| alternatives.base.is_none()));
            }
        }
        let first = first.unwrap_or_else(|| self.of_type(schema, outer));
        without_one(schema, &first).unwrap_or(first)
    }

    fn of_type(&mut self, schema: &Schema, outer: Option<&Around>) -> Node {
        match schema.kind() {
            Some("object") => self.object(&Around::new(schema, outer)).into(),
            Some("array") => self.array(&Around::new(schema, outer)).into(),
            Some("integer") => number(schema, true),
            Some("number") => number(schema, false),
            Some("boolean") => Node::Bool(false),
            Some("string") => text(schema).into(),
            Some("null") => Node::Null,
            _ => Object::default().into(),
        }
    }

    fn object(&mut self, around: &Around) -> Object {
        let required: HashSet<&str> = around.schema.required().into_iter().collect();
        let mut members = Vec::new();
        for (name, property) in around.schema.properties() {
            let is_allowed = around.schema.allows(name);
            if is_allowed && self.is_wanted(&property, around, required.contains(&name)) {
                members.push((name.into(), self.value(&property, Some(around))));
            }
        }
        if around.schema.allows_others() && !self.is_full(around) {
            self.add_others(around, &mut members);
        }
        members.into_iter().collect()
    }

    /// Required members that nothing describes, and one entry of what is nothing but a map.
    fn add_others(&mut self, around: &Around, members: &mut Vec<Member>) {
        let Around { schema, .. } = around;
        let undescribed = schema.required().into_iter().filter(|name| schema.property(name).is_empty());
        let is_map = schema.properties().is_empty() && !schema.others().is_empty();
        let key = if is_map { key(schema) } else { None };
        for name in undescribed.map(str::to_owned).chain(key) {
            let other = schema.other(&name);
            let value = if other.is_empty() { "string".into() } else { self.value(&other, Some(around)) };
            members.push((name.into(), value));
        }
    }

    fn is_wanted(&self, property: &Schema, around: &Around, required: bool) -> bool {
        let is_left_out = property.flag("readOnly") || (self.is_multipart && property.is_upload());
        if is_left_out || self.is_full(around) || around.holds(property) {
            return false;
        }
        let roomy = around.depth <= DEEPEST_OPTIONAL && self.made < MANY_VALUES;
        required || (roomy && !property.flag("deprecated") && !property.is_upload())
    }

    fn array(&mut self, around: &Around) -> Vec<Node> {
        let items = around.schema.items();
        if self.is_full(around) || around.holds(&items) {
            return Vec::new();
        }
        let most = around.schema.count("maxItems").unwrap_or(u64::MAX);
        let wanted = around.schema.count("minItems").unwrap_or(0).clamp(1, MOST_ASKED_FOR).min(most);
        (0..wanted).map(|_| self.value(&items, Some(around))).collect()
    }

    fn is_full(&self, around: &Around) -> bool {
        around.depth > DEEPEST || self.made > MOST_VALUES
    }
}

fn says_something(node: &Node) -> bool {
    node.as_object().is_some_and(|node| !node.is_empty())
}

/// The value with what tells its schema from the alternatives, where it says something else.
fn named<'a>(
    schema: &Schema<'a>,
    alternatives: &Alternatives<'a>,
    alternative: &'a Node,
    value: &Node,
) -> Option<Node> {
    let tag = alternatives.settled_tag(schema, alternative)?;
    let members = value.as_object()?;
    let says_it = |text: &str| tag.values.contains(&text);
    let property = schema.and(alternative).property(tag.name);
    if members.get(tag.name).and_then(Node::as_str).is_some_and(says_it) || property.flag("readOnly") {
        return None;
    }
    let mut named = members.clone();
    named.insert(tag.name, *tag.values.first()?);
    Some(named.into()).filter(|_| !property.is_empty())
}

/// The name of an entry.
fn key(schema: &Schema) -> Option<String> {
    match schema.only_pattern() {
        Some((pattern, _)) => pattern::sample(pattern, 1, LONGEST_KEY),
        None => Some("key".to_owned()),
    }
}

/// What the document itself gives as a value, when it keeps to its own schema.
fn given(schema: &Schema) -> Option<Node> {
    let examples = schema.get("examples").and_then(|examples| examples.as_array()?.first());
    let choice = schema.choices().and_then(|choices| choices.first().copied());
    let named = [schema.get("example"), examples, schema.get("default"), choice];
    named.into_iter().flatten().map(|value| schema.as_sent(value)).find(|value| conforms(schema, value))
}

/// Examples are written for answers, too.
pub(super) fn without_read_only(schema: &Schema, value: Node) -> Node {
    match value {
        Node::Object(members) => {
            let sent = members.iter().filter_map(|(name, member)| {
                let property = schema.property(name);
                let is_sent = !property.flag("readOnly");
                is_sent.then(|| (name.into(), without_read_only(&property, member.clone())))
            });
            sent.collect::<Object>().into()
        }
        Node::Array(items) => {
            let item = schema.items();
            Node::Array(items.iter().map(|value| without_read_only(&item, value.clone())).collect())
        }
        value => value,
    }
}

/// Alternatives may exclude each other's members: the value without one of its members, if only then it fits.
fn without_one(schema: &Schema, value: &Node) -> Option<Node> {
    let members = value.as_object().filter(|members| members.len() <= MOST_MEMBERS)?;
    if schema.alternatives().is_empty() || conforms(schema, value) {
        return None;
    }
    let mut without = members.keys().map(|name| members.only(|other| other != name).into());
    without.find(|rest| conforms(schema, rest))
}

fn text(schema: &Schema) -> String {
    let least = schema.count("minLength").unwrap_or(0).min(LONGEST_ASKED_FOR);
    let most = schema.count("maxLength").unwrap_or(u64::MAX);
    let patterns: Vec<&str> = schema.all("pattern").filter_map(Node::as_str).collect();
    let fits = |text: &&str| patterns.iter().all(|pattern| matches(pattern, text));
    let known = schema.text("format").and_then(formatted);
    let capitals = known.map(str::to_uppercase);
    let known = known.into_iter().chain(capitals.as_deref()).find(fits);
    if known.is_none()
        && let Some(text) = schema.text("pattern").and_then(|pattern| pattern::sample(pattern, least, most))
    {
        return text;
    }
    let text = known.unwrap_or("string");
    let length = (text.chars().count() as u64).clamp(least.min(most), most);
    text.chars().cycle().take(usize::try_from(length).unwrap_or(usize::MAX)).collect()
}

/// An example of a format (JSON Schema 2020-12, section 7.3, and the `OpenAPI` format registry).
fn formatted(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2025-01-31",
        "date-time" => "2025-01-31T12:00:00Z",
        "time" => "12:00:00Z",
        "duration" => "P1D",
        "uuid" => "123e4567-e89b-12d3-a456-426614174000",
        "email" | "idn-email" => "name@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "url" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/path",
        "uri-template" => "/path/{id}",
        "json-pointer" => "/member",
        "relative-json-pointer" => "0",
        "regex" => ".*",
        "binary" => "",
        "byte" => "dGV4dA==",
        _ => return None,
    })
}

/// The number in range that is nearest to 0, on the grid of `multipleOf`.
fn number(schema: &Schema, whole: bool) -> Node {
    let step = schema.all("multipleOf").find_map(Node::as_f64).filter(|step| *step > 0.0);
    let grid = step.unwrap_or(if whole { 1.0 } else { 0.01 });
    let least = Bound::minimum(schema).and_then(|end| {
        let steps = end.value.as_f64()? / grid;
        Some(if end.exclusive { steps.floor() + 1.0 } else { steps.ceil() } * grid)
    });
    let most = Bound::maximum(schema).and_then(|end| {
        let steps = end.value.as_f64()? / grid;
        Some(if end.exclusive { steps.ceil() - 1.0 } else { steps.floor() } * grid)
    });
    let number = 0.0_f64.max(least.unwrap_or(f64::MIN)).min(most.unwrap_or(f64::MAX));
    as_number(number)
}

/// A whole number is written without a fraction.
fn as_number(number: f64) -> Node {
    serde_json::from_str::<Number>(&number.to_string()).map_or(Node::Null, Node::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::inheritance;
    use crate::openapi::reference::Resolver;
    use crate::openapi::tree::node;

    fn example(schema: &Node) -> Node {
        let resolver = Resolver::new(schema);
        from_schema(&Schema::read(&resolver, schema), true)
    }

    #[test]
    fn what_the_document_gives_comes_first() {
        assert_eq!(example(&node!({ "type": "integer", "example": 7, "default": 1 })), node!(7));
        assert_eq!(example(&node!({ "type": "integer", "example": "7", "default": 1 })), node!(1));
        assert_eq!(example(&node!({ "enum": ["b", "a"], "example": "c" })), node!("b"));
        assert_eq!(example(&node!({ "type": "string", "enum": [1, true] })), node!("1"));
        assert_eq!(example(&node!({ "type": "string", "example": 7 })), node!("7"));
        assert_eq!(example(&node!({ "type": "null" })), node!(null));
        let shared = node!({ "example": { "id": 1, "a": 2 }, "properties": { "id": { "readOnly": true } } });
        assert_eq!(example(&shared), node!({ "a": 2 }));
        let list = node!({ "example": [{ "of": { "id": 1, "a": 2 } }], "items": { "properties": { "of": shared } } });
        assert_eq!(example(&list), node!([{ "of": { "a": 2 } }]));
    }

    #[test]
    fn what_excludes_each_other_is_told_apart() {
        let schema = node!({
            "properties": { "url": { "type": "string" }, "html": { "type": "string" } },
            "oneOf": [{ "required": ["url"] }, { "required": ["html"] }],
        });
        assert_eq!(example(&schema), node!({ "url": "string" }));
        let pattern = "^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$";
        let id = node!({ "type": "string", "format": "uuid", "pattern": pattern });
        assert_eq!(example(&id), node!("123E4567-E89B-12D3-A456-426614174000"));
        let closed = node!({
            "additionalProperties": false, "properties": { "a": { "type": "boolean" } },
            "allOf": [{ "properties": { "b": {} } }],
        });
        assert_eq!(example(&closed), node!({ "a": false }));
    }

    #[test]
    fn types_and_bounds_are_kept() {
        assert_eq!(example(&node!({ "type": "integer", "minimum": 3, "exclusiveMinimum": true })), node!(4));
        assert_eq!(example(&node!({ "type": "number", "exclusiveMinimum": 0 })), node!(0.01));
        assert_eq!(example(&node!({ "type": "integer", "maximum": -5, "multipleOf": 4 })), node!(-8));
        assert_eq!(example(&node!({ "type": "string", "maxLength": 3 })), node!("str"));
        assert_eq!(example(&node!({ "type": "string", "minLength": 8 })), node!("stringst"));
        assert_eq!(
            example(&node!({ "type": "array", "items": { "type": "boolean" }, "minItems": 2 })),
            node!([false, false])
        );
    }

    #[test]
    fn objects_take_what_may_be_sent_and_stop_where_they_repeat() {
        let schema = node!({
            "required": ["name", "undescribed"],
            "properties": {
                "id": { "type": "integer", "readOnly": true },
                "name": { "oneOf": [{ "type": "null" }, {}, { "type": "string", "format": "date" }] },
                "children": { "type": "array", "items": { "$ref": "#" } },
                "parent": { "$ref": "#" },
                "old": { "deprecated": true },
            },
        });
        assert_eq!(
            example(&schema),
            node!({ "name": "2025-01-31", "children": [], "undescribed": "string" })
        );
    }

    #[test]
    fn what_builds_on_a_schema_is_shown_where_it_fits() {
        let on = |base: &str, own: serde_json::Value| serde_json::json!({ "allOf": [{ "$ref": format!("#/definitions/{base}") }, own] });
        let kind = serde_json::json!({ "kind": { "type": "string" } });
        let mut root = node!({ "definitions": {
            "Base": { "discriminator": "kind", "required": ["kind"], "properties": { "kind": { "enum": ["Leaf"] } } },
            "Middle": on("Base", serde_json::json!({})),
            "Leaf": on("Middle", serde_json::json!({ "properties": { "size": { "type": "integer" } } })),
            "Map": { "discriminator": "kind", "properties": kind, "additionalProperties": { "type": "object" } },
            "List": on("Map", serde_json::json!({ "properties": { "list": { "type": "array" } } })),
            "Pet": { "discriminator": "kind", "properties": kind, "example": { "kind": "Cat" } },
            "Cat": on("Pet", serde_json::json!({ "required": ["lives"], "properties": { "lives": { "type": "integer" } } })),
        } });
        inheritance::note(&mut root);
        let resolver = Resolver::new(&root);
        let example = |name: &str| {
            let schema = root.pointer(&format!("/definitions/{name}")).unwrap();
            from_schema(&Schema::read(&resolver, schema), false)
        };
        assert_eq!(example("Base"), node!({ "kind": "Leaf", "size": 0 }));
        assert_eq!(example("Map"), node!({ "kind": "string" }));
        assert_eq!(example("Pet"), node!({ "kind": "Cat", "lives": 0 }), "its own is no whole cat");
    }

    #[test]
    fn the_entry_of_a_map_has_a_name_that_it_may_have() {
        let named = node!({ "type": "object", "patternProperties": { "^x-[a-z]+$": { "type": "boolean" } } });
        assert_eq!(example(&named), node!({ "x-a": false }));
        let any = node!({ "type": "object", "additionalProperties": { "type": "integer" } });
        assert_eq!(example(&any), node!({ "key": 0 }));
    }

    #[test]
    fn a_schema_that_requires_itself_ends() {
        let properties =
            node!({ "a": { "$ref": "#" }, "b": { "anyOf": [{ "$ref": "#" }, { "type": "string" }] } });
        let schema = node!({ "type": "object", "required": ["a", "b"], "properties": properties });
        assert_eq!(example(&schema), node!({ "b": "string" }));
    }
}
