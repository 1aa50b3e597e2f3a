//! Whether a value fits a schema, for choosing between values that a document offers.
//!
//! This is not a validator: the rarer keywords are left out, and so are regular expressions that look around, so it
//! lets more pass than JSON Schema does. The API has the last word in any case.

use std::cmp::Ordering;
use std::collections::HashSet;

use regex::bytes::RegexBuilder;
use serde_json::Number;

use super::bound::Bound;
use super::schema::{Schema, type_of};
use super::tree::{Node, Object};

/// How deep values are looked at.
const DEEPEST: usize = 12;
/// Bytes of a regular expression, read.
const LARGEST_PATTERN: usize = 1 << 18;

/// Whether the value fits, as something to send: members that are only read are not missed.
pub(super) fn conforms(schema: &Schema, value: &Node) -> bool {
    fits(schema, value, DEEPEST)
}

fn fits(schema: &Schema, value: &Node, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    if value.is_null() && schema.says_nullable() {
        return true;
    }
    let by_type = match value {
        Node::String(text) => is_text(schema, text),
        Node::Number(number) => is_in_range(schema, number),
        Node::Array(items) => are_items(schema, items, depth),
        Node::Object(members) => are_members(schema, members, depth) && is_heir(schema, value, depth),
        Node::Null | Node::Bool(_) => true,
    };
    by_type && is_of_type(schema, value) && is_choice(schema, value) && is_alternative(schema, value, depth)
}

/// Choices of which none has the type of the schema say more than the type does.
fn is_of_type(schema: &Schema, value: &Node) -> bool {
    let is_choice_of_type = |choices: Vec<Node>| choices.iter().any(|choice| has_type(schema, choice));
    has_type(schema, value) || schema.choices_as_sent().is_some_and(|choices| !is_choice_of_type(choices))
}

fn has_type(schema: &Schema, value: &Node) -> bool {
    let kind = type_of(value);
    let is = |name: &Node| name == kind || (kind == "integer" && name == "number");
    schema.all("type").all(|named| named.as_array().map_or_else(|| is(named), |names| names.iter().any(is)))
}

fn is_choice(schema: &Schema, value: &Node) -> bool {
    value.is_null() || schema.choices_as_sent().is_none_or(|choices| choices.contains(value))
}

fn is_alternative(schema: &Schema, value: &Node, depth: usize) -> bool {
    let count = |alternatives: &Node| {
        let alternatives = alternatives.as_array().into_iter().flatten();
        alternatives.filter(|alternative| fits(&schema.apart(alternative), value, depth)).count()
    };
    let is_told = schema.get("discriminator").is_some();
    let is_right = |count: usize| count == 1 || (count > 1 && is_told);
    schema.all("oneOf").all(|list| is_right(count(list))) && schema.all("anyOf").all(|list| count(list) > 0)
}

/// What builds on the schema has to fit as well, where the value says that it is that.
fn is_heir(schema: &Schema, value: &Node, depth: usize) -> bool {
    let Some(heirs) = schema.heirs() else { return true };
    let mut named = heirs.named(value).map(|heir| schema.and(heir)).filter(|both| heirs.can_be(both));
    named.next().is_none_or(|both| fits(&both, value, depth))
}

fn is_text(schema: &Schema, text: &str) -> bool {
    let length = text.chars().count() as u64;
    schema.count("minLength").is_none_or(|least| length >= least)
        && schema.count("maxLength").is_none_or(|most| length <= most)
        && schema.text("format").is_none_or(|format| is_of_format(format, text))
        && schema.all("pattern").filter_map(Node::as_str).all(|pattern| matches(pattern, text))
}

/// Whether a text has a match. Every text has one of a regular expression that cannot be read, such as one that
/// looks around.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let mut expression = RegexBuilder::new(pattern);
    let expression = expression.unicode(!text.is_ascii()).size_limit(LARGEST_PATTERN).build();
    expression.map_or(true, |expression| expression.is_match(text.as_bytes()))
}

/// The shape of the formats whose examples are most often wrong.
fn is_of_format(format: &str, text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let has_zone = ["Z", "z", "+00:00", "-00:00"].iter().any(|zone| shape.ends_with(zone));
    match format {
        "date" => shape == "0000-00-00",
        "date-time" => has_zone && shape.starts_with("0000-00-00T00:00:00"),
        "time" => has_zone && shape.starts_with("00:00:00"),
        "uuid" => text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]),
        "email" => text.contains('@') && !text.contains(' '),
        "uri" => text.contains(':') && !text.contains(' '),
        _ => true,
    }
}

fn is_in_range(schema: &Schema, number: &Number) -> bool {
    Bound::minimum(schema).is_none_or(|least| least.lets(number, Ordering::Greater))
        && Bound::maximum(schema).is_none_or(|most| most.lets(number, Ordering::Less))
}

fn are_items(schema: &Schema, items: &[Node], depth: usize) -> bool {
    let count = items.len() as u64;
    let item = schema.items();
    let mut known = HashSet::new();
    let mut is_unique =
        || !schema.flag("uniqueItems") || items.iter().all(|item| known.insert(item.to_string()));
    schema.count("minItems").is_none_or(|least| count >= least)
        && schema.count("maxItems").is_none_or(|most| count <= most)
        && items.iter().all(|value| fits(&item, value, depth))
        && is_unique()
}

fn are_members(schema: &Schema, members: &Object, depth: usize) -> bool {
    let count = members.len() as u64;
    let is_there = |name: &str| members.contains_key(name) || schema.property(name).flag("readOnly");
    let fits_its_schema = |(name, value): (&str, &Node)| {
        let property = schema.property(name);
        let described = if property.is_empty() { schema.other(name) } else { property };
        schema.allows(name) && fits(&described, value, depth)
    };
    schema.count("minProperties").is_none_or(|least| count >= least)
        && schema.count("maxProperties").is_none_or(|most| count <= most)
        && schema.required().into_iter().all(is_there)
        && members.iter().all(fits_its_schema)
}

#[cfg(test)]
mod tests {
    use crate::openapi::tree::node;

    use super::*;
    use crate::openapi::reference::Resolver;

    #[test]
    fn what_fits_is_told_from_what_does_not() {
        let cases = [
            (node!({ "type": "number" }), node!(1), node!("1")),
            (node!({ "type": ["string", "null"] }), node!(null), node!(1)),
            (node!({ "type": "string", "nullable": true, "enum": ["a"] }), node!(null), node!("b")),
            (node!({ "format": "date" }), node!("2025-01-31"), node!("2025-01-31T00:00:00Z")),
            (node!({ "format": "date-time" }), node!("2025-01-31T00:00:00.5Z"), node!("2025-01-31T00:00:00")),
            (node!({ "format": "time" }), node!("12:00:00Z"), node!("12:00:00")),
            (node!({ "format": "uuid" }), node!("123e4567-e89b-12d3-a456-426614174000"), node!("123")),
            (node!({ "minimum": 1, "exclusiveMinimum": true }), node!(2), node!(1)),
            (node!({ "minimum": 5, "exclusiveMinimum": 1 }), node!(5), node!(2)),
            (node!({ "pattern": "^[A-Z]+$" }), node!("A"), node!("a")),
            (node!({ "type": "integer", "enum": ["1 (one)"] }), node!("1 (one)"), node!(1)),
            (node!({ "type": "string", "enum": [1, true] }), node!("1"), node!(1)),
            (node!({ "type": "array", "uniqueItems": true }), node!([1, 2]), node!([1, 1])),
            (node!({ "items": { "maxLength": 1 }, "minItems": 1 }), node!(["a"]), node!(["ab"])),
            (node!({ "required": ["a"], "properties": { "a": {} } }), node!({ "a": 1 }), node!({ "b": 1 })),
            (
                node!({ "properties": { "a": {} }, "additionalProperties": false }),
                node!({ "a": 1 }),
                node!({ "b": 1 }),
            ),
            (node!({ "additionalProperties": { "type": "object" } }), node!({ "a": {} }), node!({ "a": [] })),
            (
                node!({ "patternProperties": { "^x": { "maxLength": 1 } } }),
                node!({ "x": "a" }),
                node!({ "x": "ab" }),
            ),
            (node!({ "oneOf": [{ "type": "number" }, { "type": "integer" }] }), node!(1.5), node!(1)),
            (node!({ "anyOf": [{ "type": "number" }, { "type": "integer" }] }), node!(1), node!("")),
        ];
        for (schema, right, wrong) in cases {
            let resolver = Resolver::new(&schema);
            let read = Schema::read(&resolver, &schema);
            assert!(conforms(&read, &right), "{schema} {right}");
            assert!(!conforms(&read, &wrong), "{schema} {wrong}");
        }
    }
}
