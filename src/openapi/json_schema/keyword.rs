//! The keywords of a schema that are checked, and what becomes of those that have changed their meaning.

use std::slice;

use serde_json::{Map, Value, json};

use crate::openapi::schema::{NULLABLE, type_of};
use crate::openapi::tree::Node;
use crate::openapi::values::as_typed;

const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];
/// What a schema may hold that a further `null` does not fit into.
const NO_ROOM_FOR_NULL: [&str; 6] = ["$ref", "allOf", "anyOf", "oneOf", "const", "not"];

/// What the value of a keyword is made of.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// No schema.
    Plain(fn(&Node) -> Option<Value>),
    /// A reference to a schema.
    Reference,
    /// The names of members.
    Required,
    /// A schema for the same value.
    Beside,
    /// A list of schemas for the same value.
    BesideEach,
    /// Schemas for the same value, by name.
    BesideNamed,
    /// What the same value must not be.
    Not,
    /// A schema for what is inside the value.
    Inside,
    /// A list of schemas for what is inside.
    InsideEach,
    /// Schemas for what is inside, by name.
    InsideNamed,
    /// A schema for all items, or one for each.
    Items,
}

impl Shape {
    /// `None` for whatever only describes, or is not JSON Schema.
    pub(super) fn of(keyword: &str) -> Option<Self> {
        Some(match keyword {
            "$ref" | "$dynamicRef" => Self::Reference,
            "required" => Self::Required,
            "allOf" | "anyOf" | "oneOf" => Self::BesideEach,
            "if" | "then" | "else" => Self::Beside,
            "dependentSchemas" => Self::BesideNamed,
            "items" => Self::Items,
            "prefixItems" => Self::InsideEach,
            "properties" | "patternProperties" => Self::InsideNamed,
            "not" => Self::Not,
            "additionalProperties"
            | "additionalItems"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties" => Self::Inside,
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => Self::Plain(bound),
            "multipleOf" => Self::Plain(step),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
            | "minContains" | "maxContains" => Self::Plain(count),
            "uniqueItems" => Self::Plain(|value| value.as_bool().map(Value::Bool)),
            "pattern" | "format" => Self::Plain(|value| value.as_str().map(Value::from)),
            "const" => Self::Plain(|value| Some(value.to_json())),
            "enum" => {
                Self::Plain(|value| value.as_array().filter(|list| !list.is_empty()).map(|_| value.to_json()))
            }
            "type" => Self::Plain(types),
            "dependentRequired" => Self::Plain(names_by_name),
            _ => return None,
        })
    }
}

/// `exclusive…` was a flag once; [`modern`] reads it from the document.
fn bound(value: &Node) -> Option<Value> {
    matches!(value, Node::Number(_) | Node::Bool(_)).then(|| value.to_json())
}

fn step(value: &Node) -> Option<Value> {
    value.as_f64().filter(|step| *step > 0.0).map(|_| value.to_json())
}

fn count(value: &Node) -> Option<Value> {
    value.as_u64().map(Value::from)
}

/// The types that JSON has, of those that are named, each once.
fn types(value: &Node) -> Option<Value> {
    let known = |name: &Node| name.as_str().filter(|name| TYPES.contains(name)).map(Value::from);
    match value {
        Node::Array(names) => {
            let mut types: Vec<Value> = Vec::new();
            for name in names.iter().filter_map(known) {
                if !types.contains(&name) {
                    types.push(name);
                }
            }
            Some(Value::Array(types)).filter(|types| *types != json!([]))
        }
        name => known(name),
    }
}

fn names_by_name(value: &Node) -> Option<Value> {
    let is_names = |names: &Node| names.as_array().is_some_and(|names| names.iter().all(Node::is_string));
    value.as_object().filter(|lists| lists.values().all(is_names)).map(|_| value.to_json())
}

/// Gives keywords of older drafts the form that they have today. `is_text` where nothing but texts go.
pub(super) fn modern(node: &Node, mut schema: Map<String, Value>, is_text: bool) -> Value {
    exclusive(&mut schema, "exclusiveMinimum", "minimum");
    exclusive(&mut schema, "exclusiveMaximum", "maximum");
    if schema.get("items").is_some_and(Value::is_array) {
        let each = schema.remove("items").unwrap_or_default();
        let rest = schema.remove("additionalItems");
        schema.insert("prefixItems".to_owned(), each);
        schema.extend(rest.map(|rest| ("items".to_owned(), rest)));
    }
    schema.remove("additionalItems");
    if !(is_text && in_quotes(&mut schema)) {
        contradicted_type(node, &mut schema);
    }
    if node.get("discriminator").is_some() && !schema.contains_key("anyOf") {
        told_apart(&mut schema);
    }
    let is_nullable = NULLABLE.iter().any(|keyword| node.get(keyword) == Some(&Node::Bool(true)));
    if is_nullable { nullable(schema) } else { Value::Object(schema) }
}

/// Where a discriminator says which alternative is meant, it does no harm that another one fits as well.
fn told_apart(schema: &mut Map<String, Value>) {
    if let Some(alternatives) = schema.remove("oneOf") {
        schema.insert("anyOf".to_owned(), alternatives);
    }
}

/// Texts that were written without quotes, as YAML lets people do, are texts all the same. Whether there are any.
fn in_quotes(schema: &mut Map<String, Value>) -> bool {
    let mut is_any = schema.get_mut("const").is_some_and(quoted);
    for choice in schema.get_mut("enum").and_then(Value::as_array_mut).into_iter().flatten() {
        is_any |= quoted(choice);
    }
    is_any
}

fn quoted(choice: &mut Value) -> bool {
    if choice.is_number() || choice.is_boolean() {
        *choice = as_typed(choice).into();
    }
    choice.is_string()
}

/// Choices of which none has the type beside them say more than the type does.
fn contradicted_type(node: &Node, schema: &mut Map<String, Value>) {
    let named =
        schema.get("type").map(|named| named.as_array().map_or(slice::from_ref(named), Vec::as_slice));
    let choices = node.get("enum").and_then(Node::as_array).filter(|choices| !choices.is_empty());
    let Some((named, choices)) = named.zip(choices) else { return };
    let has_type = |choice: &Node| {
        let kind = type_of(choice);
        named.iter().any(|name| name == kind || (name == "number" && kind == "integer"))
    };
    if !choices.iter().any(has_type) {
        schema.remove("type");
    }
}

/// `exclusiveMinimum: true` beside `minimum` became `exclusiveMinimum` with the number.
fn exclusive(schema: &mut Map<String, Value>, exclusive: &str, inclusive: &str) {
    let Some(Value::Bool(is_exclusive)) = schema.get(exclusive) else { return };
    let is_exclusive = *is_exclusive;
    schema.remove(exclusive);
    if is_exclusive && let Some(bound) = schema.remove(inclusive) {
        schema.insert(exclusive.to_owned(), bound);
    }
}

/// `null` as one more type and one more choice, or as an alternative to everything.
fn nullable(mut schema: Map<String, Value>) -> Value {
    if NO_ROOM_FOR_NULL.iter().any(|keyword| schema.contains_key(*keyword)) {
        return json!({ "anyOf": [schema, { "type": "null" }] });
    }
    if let Some(named) = schema.get_mut("type") {
        let mut names = named.as_array().cloned().unwrap_or_else(|| vec![named.take()]);
        if !names.contains(&json!("null")) {
            names.push(json!("null"));
        }
        *named = Value::Array(names);
    }
    if let Some(Value::Array(choices)) = schema.get_mut("enum") {
        choices.push(Value::Null);
    }
    Value::Object(schema)
}
