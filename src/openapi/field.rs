//! What one input takes, read from a schema.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::bound::Bound;
use super::input_name::add_input;
use super::node;
use super::schema::{Schema, that_differ};
use super::tree::Node;
use super::values::Values;

/// How deep lists and objects in a field go before the rest is asked for as JSON.
const DEEPEST: usize = 3;
/// How many members of an object have inputs of their own.
const MOST_NAMED: usize = 1000;
/// How many members of an object the person can name.
const MOST_ADDED: usize = 200;
/// From this length on, a text deserves more than one line.
const LONG_TEXT: u64 = 255;

/// An input: what it takes, and what may help to fill it in. By default any text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact by itself")]
pub struct Field {
    /// What kind of value it takes.
    pub kind: Kind,
    /// The format that the document names, such as `date-time`, `uuid`, `binary` or `int64`.
    pub format: Option<String>,
    /// What applies when nothing is sent, as it would be typed: one text, or one for each item of a list.
    pub default: Vec<String>,
    /// An example, as it would be typed: one text, or one for each item of a list.
    pub example: Vec<String>,
    /// The least number.
    pub minimum: Option<Bound>,
    /// The greatest number.
    pub maximum: Option<Bound>,
    /// The step between numbers, counted from 0.
    pub multiple_of: Option<Number>,
    /// The least length of a text, in Unicode characters.
    pub min_length: Option<u64>,
    /// The greatest length of a text, in Unicode characters.
    pub max_length: Option<u64>,
    /// The least number of items in a list.
    pub min_items: Option<u64>,
    /// The greatest number of items in a list.
    pub max_items: Option<u64>,
    /// A regular expression (ECMA-262) that a text holds somewhere. It is left to the API to insist on it.
    pub pattern: Option<String>,
    /// Those texts of a [choice](Kind::Choice) that are JSON: `1` and `true` instead of `"1"` and `"true"`.
    pub json_choices: Vec<String>,
    /// Whether the document says that it may be sent empty.
    pub allow_empty: bool,
    /// Whether a text is likely to need several lines.
    pub multiline: bool,
    /// Whether it tells the chosen one of several schemas from the others, so that it begins with the first of its choices.
    pub is_tag: bool,
    /// Whether it takes texts, or `null`, and nothing else.
    pub only_texts: bool,
}

/// What kind of value an input takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// Any text.
    #[default]
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of these texts.
    Choice(Vec<String>),
    /// A list: the input is repeated, or holds a JSON array.
    List(Box<Field>),
    /// An object: one input for each member, named `name[member]`, or one input that holds a JSON object.
    Object(Members),
    /// Any JSON value; a text that is not JSON counts as a JSON string.
    Json,
}

/// The members of an object that is filled in member by member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Members {
    /// Those that the document names.
    pub named: Vec<Member>,
    /// What others take, where there may be others: the person names them.
    pub others: Option<Box<Field>>,
}

/// One member of an object that is filled in member by member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The name in the object.
    pub name: String,
    /// Whether the object needs it.
    pub required: bool,
    /// What it means, in `CommonMark`.
    pub description: Option<String>,
    /// What it takes.
    pub field: Field,
}

impl Members {
    /// Whether there is anything to fill in member by member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && self.others.is_none()
    }

    /// The members of an input that the document does not name and the person does: those that have an input
    /// already, and the one that is about to be added, which [`add_input`] names.
    #[must_use]
    pub fn added(&self, input: &str, values: &Values) -> Vec<String> {
        let mut added: Vec<&str> = Vec::new();
        let inside = |name| str::strip_prefix(name, input)?.strip_prefix('[')?.strip_suffix(']');
        let given = values.iter().filter_map(|(name, _)| inside(name));
        let mut all = given.chain(values.first(&add_input(input))).filter(|_| self.others.is_some());
        while let Some(name) = all.next().filter(|_| added.len() < MOST_ADDED) {
            if !added.contains(&name) && !self.named.iter().any(|member| member.name == name) {
                added.push(name);
            }
        }
        added.into_iter().map(str::to_owned).collect()
    }
}

impl Field {
    pub(super) fn read(schema: Schema) -> Self {
        Self::at_depth(schema, DEEPEST)
    }

    /// Without what is inside: a list or an object is [`Kind::Json`].
    pub(super) fn read_flat(schema: Schema) -> Self {
        Self::at_depth(schema, 0)
    }

    fn at_depth(schema: Schema, depth: usize) -> Self {
        let schema = schema.settled();
        let kind = kind(&schema, depth);
        let format = schema.text("format").map(str::to_owned);
        Self {
            default: schema.get("default").map_or_else(Vec::new, as_inputs),
            example: example(&schema).map_or_else(Vec::new, as_inputs),
            minimum: Bound::minimum(&schema),
            maximum: Bound::maximum(&schema),
            multiple_of: schema.all("multipleOf").find_map(Node::as_number).cloned(),
            min_length: schema.count("minLength"),
            max_length: schema.count("maxLength"),
            min_items: schema.count("minItems"),
            max_items: schema.count("maxItems"),
            pattern: schema.text("pattern").map(str::to_owned),
            json_choices: json_choices(&schema),
            allow_empty: schema.flag("allowEmptyValue"),
            multiline: kind == Kind::Text && is_long(&schema),
            is_tag: false,
            only_texts: schema.takes_only_texts(),
            format,
            kind,
        }
    }
}

fn kind(schema: &Schema, depth: usize) -> Kind {
    if let Some(choices) = schema.choices() {
        return Kind::Choice(choices.into_iter().map(node::as_typed).collect());
    }
    if let Some(kind) = of_several(&schema.types_to_choose()) {
        return kind;
    }
    match (schema.kind(), depth.checked_sub(1)) {
        (Some("integer"), _) => Kind::Integer,
        (Some("number"), _) => Kind::Number,
        (Some("boolean"), _) => Kind::Boolean,
        (Some("array"), Some(depth)) => Kind::List(Box::new(Field::at_depth(schema.items(), depth))),
        (Some("object"), Some(depth)) => Kind::Object(members(schema, depth)),
        (Some("array" | "object"), None) => Kind::Json,
        (Some(_), _) => Kind::Text,
        (None, _) => mixed(schema, depth),
    }
}

fn json_choices(schema: &Schema) -> Vec<String> {
    let choices = schema.choices_as_sent().into_iter().flatten();
    choices.filter(|choice| !choice.is_string()).map(|choice| node::as_typed(&choice)).collect()
}

/// What takes a value of each type. A list or an object that comes first is filled in as such.
fn of_several(types: &[&str]) -> Option<Kind> {
    let is_structured = |name: &&str| matches!(*name, "array" | "object");
    match types {
        [] => None,
        [first, ..] if is_structured(first) => None,
        types if types.iter().any(is_structured) || !types.contains(&"string") => Some(Kind::Json),
        _ => Some(Kind::Text),
    }
}

/// A schema that names no type: what takes a value of each of its alternatives. One that says nothing may be a text.
fn mixed(schema: &Schema, depth: usize) -> Kind {
    let named = |node| schema.and(node).kind().unwrap_or("string");
    let named: Vec<&str> = schema.alternatives().into_iter().map(named).collect();
    let kind = match that_differ(&named).as_slice() {
        [] | ["string"] => Kind::Text,
        ["integer"] => Kind::Integer,
        ["number"] => Kind::Number,
        ["boolean"] => Kind::Boolean,
        types => of_several(types).unwrap_or(Kind::Json),
    };
    if kind == Kind::Json && depth == 0 { Kind::Text } else { kind }
}

fn members(schema: &Schema, depth: usize) -> Members {
    let required: HashSet<&str> = schema.required().into_iter().collect();
    let member = |(name, schema): (&str, Schema)| Member {
        name: name.to_owned(),
        required: required.contains(&name),
        description: schema.text("description").map(str::to_owned),
        field: Field::at_depth(schema, depth),
    };
    let named: Vec<_> = schema.properties().into_iter().take(MOST_NAMED).map(member).collect();
    let others = schema.others();
    let is_map = schema.invites_others() || (named.is_empty() && schema.allows_others());
    Members { named, others: is_map.then(|| Field::at_depth(others, depth).into()) }
}

fn example<'a>(schema: &Schema<'a>) -> Option<&'a Node> {
    schema.get("example").or_else(|| schema.get("examples")?.as_array()?.first())
}

fn is_long(schema: &Schema) -> bool {
    schema.count("maxLength").is_some_and(|length| length > LONG_TEXT)
        || matches!(schema.text("format"), Some("markdown" | "html" | "multiline" | "textarea" | "xml"))
}

/// A value as it would be typed into repeated inputs.
pub(super) fn as_inputs(value: &Node) -> Vec<String> {
    match value {
        Node::Array(items) => items.iter().map(node::as_typed).collect(),
        value => vec![node::as_typed(value)],
    }
}

#[cfg(test)]
mod tests {
    use crate::openapi::tree::node;

    use super::*;
    use crate::openapi::reference::Resolver;

    fn field(schema: &Node) -> Field {
        let resolver = Resolver::new(schema);
        Field::read(Schema::read(&resolver, schema))
    }

    #[test]
    fn kinds_follow_the_schema() {
        let kind = |schema: Node| field(&schema).kind;
        assert_eq!(kind(node!({})), Kind::Text);
        assert_eq!(kind(node!({ "type": ["integer", "null"] })), Kind::Integer);
        assert_eq!(kind(node!({ "type": ["integer", "number"] })), Kind::Number);
        assert_eq!(kind(node!({ "type": ["integer", "string"] })), Kind::Text);
        assert_eq!(kind(node!({ "type": ["integer", "array"] })), Kind::Json);
        assert_eq!(kind(node!({ "enum": [1, "b", null] })), Kind::Choice(vec!["1".into(), "b".into()]));
        assert_eq!(kind(node!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] })), Kind::Text);
        assert_eq!(kind(node!({ "anyOf": [{ "type": "integer" }, { "type": "object" }] })), Kind::Json);
        assert_eq!(kind(node!({ "anyOf": [{ "type": "integer" }, { "type": "boolean" }] })), Kind::Json);
        assert_eq!(kind(node!({ "anyOf": [{ "type": "array" }, { "type": "string" }] })), Kind::Json);
        let numbers = node!({ "anyOf": [{ "type": "integer" }, { "type": "number" }, { "type": "null" }] });
        assert_eq!(kind(numbers), Kind::Number);
        assert_eq!(kind(node!({ "anyOf": [{}, { "type": "integer" }] })), Kind::Text);
        let Kind::List(item) = kind(node!({ "items": { "type": "boolean" } })) else { panic!("a list") };
        assert_eq!(item.kind, Kind::Boolean);
        let Kind::Object(members) = kind(node!({ "properties": { "a": {} }, "required": ["a"] })) else {
            panic!("an object")
        };
        assert!(members.named[0].name == "a" && members.named[0].required && members.others.is_none());
        let Kind::Object(members) = kind(node!({ "additionalProperties": { "type": "integer" } })) else {
            panic!("an object")
        };
        assert_eq!(members.others.map(|field| field.kind), Some(Kind::Integer));
        let closed = kind(node!({ "type": "object", "additionalProperties": false }));
        assert_eq!(closed, Kind::Object(Members::default()));
    }

    #[test]
    fn a_schema_that_holds_itself_ends_in_json() {
        let schema = node!({ "type": "array", "items": { "$ref": "#" } });
        let mut field = field(&schema);
        while let Kind::List(item) = field.kind {
            field = *item;
        }
        assert_eq!(field.kind, Kind::Json);
    }

    #[test]
    fn both_forms_of_exclusive_bounds_are_read() {
        for schema in [node!({ "minimum": 1, "exclusiveMinimum": true }), node!({ "exclusiveMinimum": 1 })] {
            assert_eq!(field(&schema).minimum, Some(Bound { value: 1.into(), exclusive: true }), "{schema}");
        }
        let limits = field(&node!({ "minimum": 1, "default": [1, "a"], "examples": [7] }));
        assert!(!limits.minimum.unwrap().exclusive);
        assert_eq!((limits.default, limits.example), (vec!["1".into(), "a".into()], vec!["7".into()]));
    }
}
