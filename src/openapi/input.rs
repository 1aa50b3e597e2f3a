//! From the texts of inputs to the value of a parameter, checked against what its field takes.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::field::{Field, Kind, Member, Members};
use super::input_name::member_input;
use super::moment;
use super::parameter::Parameter;
use super::request::{Check, FieldError};
use super::values::Values;

/// The value that was filled in for a parameter. `None` when it was left empty.
pub(super) fn value(
    parameter: &Parameter,
    values: &Values,
    check: Check,
) -> Result<Option<Value>, Vec<FieldError>> {
    let input = &parameter.input;
    let texts = values.sent(input);
    if let (Kind::Object(members), []) = (&parameter.field.kind, texts.as_slice()) {
        return object(input, members, values, check);
    }
    let value = of_texts(&parameter.field, &texts, check).transpose();
    value.map(|value| value.filter(says_something)).map_err(|message| vec![FieldError::new(input, message)])
}

/// What the texts of one input stand for, or why they do not fit. `None` where there are none.
fn of_texts(field: &Field, texts: &[&str], check: Check) -> Option<Result<Value, String>> {
    Some(match (&field.kind, texts) {
        (_, []) => return None,
        (_, [""]) => single(field, "", check),
        (Kind::List(item), texts) => list(field, item, texts, check),
        (_, [text, ..]) => single(field, text, check),
    })
}

/// An empty list or object is not sent: no style can write it.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}

/// An object from one input per member.
fn object(
    input: &str,
    members: &Members,
    values: &Values,
    check: Check,
) -> Result<Option<Value>, Vec<FieldError>> {
    let mut given = Map::new();
    let mut errors = Vec::new();
    let named = members.named.iter().map(|member| (member.name.clone(), &member.field));
    let added = members
        .others
        .iter()
        .flat_map(|field| members.added(input, values).into_iter().map(move |name| (name, &**field)));
    for (name, field) in named.chain(added) {
        let input = member_input(input, &name);
        match of_texts(field, &values.sent(&input), check) {
            None => {}
            Some(Ok(value)) => drop(given.insert(name, value)),
            Some(Err(message)) => errors.push(FieldError::new(input, message)),
        }
    }
    if !given.is_empty() && check == Check::Strict {
        let is_missing = |member: &&Member| member.required && !given.contains_key(&member.name);
        let missing = members.named.iter().filter(is_missing);
        errors.extend(missing.map(|member| FieldError::missing(member_input(input, &member.name))));
    }
    if errors.is_empty() { Ok(Some(Value::Object(given)).filter(says_something)) } else { Err(errors) }
}

/// A list from repeated inputs, or from one that holds a JSON array.
fn list(field: &Field, item: &Field, texts: &[&str], check: Check) -> Result<Value, String> {
    let json = match texts {
        [text] => whole_list(item, text),
        _ => None,
    };
    let items = match json {
        Some(items) => items,
        None => texts.iter().map(|text| single(item, text, check)).collect::<Result<_, _>>()?,
    };
    let count = items.len() as u64;
    match (field.min_items, field.max_items) {
        _ if check == Check::Lenient => Ok(Value::Array(items)),
        (Some(least), _) if count < least => Err(format!("Give at least {least}.")),
        (_, Some(most)) if count > most => Err(format!("Give at most {most}.")),
        _ => Ok(Value::Array(items)),
    }
}

/// All items at once, as JSON. Where only texts may be, JSON that holds something else is not meant as such: `[::1]` and
/// `[1,2]` are one item each.
fn whole_list(item: &Field, text: &str) -> Option<Vec<Value>> {
    let items: Vec<Value> = serde_json::from_str(text).ok()?;
    let is_meant = !item.only_texts || items.iter().all(Value::is_string);
    is_meant.then_some(items)
}

/// The value that one text stands for. Without a check there always is one.
pub(super) fn single(field: &Field, text: &str, check: Check) -> Result<Value, String> {
    match fitting(field, text) {
        Err(_) if check == Check::Lenient => Ok(as_it_is(field, text)),
        value => value,
    }
}

/// What does not fit is sent as the JSON that it is, or else as a text.
fn as_it_is(field: &Field, text: &str) -> Value {
    let is_text = match field.kind {
        Kind::Text => true,
        Kind::Choice(_) => field.json_choices.is_empty(),
        _ => false,
    };
    let json = (!is_text).then(|| serde_json::from_str(text).ok()).flatten();
    json.unwrap_or_else(|| Value::from(text))
}

fn fitting(field: &Field, text: &str) -> Result<Value, String> {
    match &field.kind {
        _ if field.allow_empty && text.is_empty() => Ok(Value::from("")),
        Kind::Text => within_length(field, text).map(|()| Value::from(moment::zoned(field, text))),
        Kind::Integer => number(field, text, whole_number(text.trim())),
        Kind::Number => number(field, text, any_number(text.trim())),
        Kind::Boolean => boolean(text.trim()),
        Kind::Choice(choices) => choice(field, choices, text),
        Kind::List(_) => serde_json::from_str(text)
            .map(Value::Array)
            .map_err(|error| format!("This is not a JSON array: {error}.")),
        Kind::Object(_) => serde_json::from_str(text)
            .map(Value::Object)
            .map_err(|error| format!("This is not a JSON object: {error}.")),
        Kind::Json => Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))),
    }
}

fn within_length(field: &Field, text: &str) -> Result<(), String> {
    let length = text.chars().count() as u64;
    match (field.min_length, field.max_length) {
        (Some(least), _) if length < least => Err(format!("Give at least {least} characters.")),
        (_, Some(most)) if length > most => Err(format!("Give at most {most} characters.")),
        _ => Ok(()),
    }
}

/// Of any size: it goes out digit by digit as it was typed.
fn whole_number(text: &str) -> Option<Number> {
    let small = text.parse::<i64>().map(Number::from).ok();
    small.or_else(|| {
        text.parse().ok().filter(|_| text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// As exact as it was typed, where it is typed as JSON has it.
fn any_number(text: &str) -> Option<Number> {
    whole_number(text).or_else(|| text.parse().ok()).or_else(|| Number::from_f64(text.parse().ok()?))
}

fn number(field: &Field, text: &str, number: Option<Number>) -> Result<Value, String> {
    let wanted = if field.kind == Kind::Integer { "a whole number" } else { "a number" };
    let number = number.ok_or_else(|| format!("“{text}” is not {wanted}."))?;
    match (&field.minimum, &field.maximum) {
        (Some(bound), _) if !bound.lets(&number, Ordering::Greater) => Err(bound.says("greater", "at least")),
        (_, Some(bound)) if !bound.lets(&number, Ordering::Less) => Err(bound.says("less", "at most")),
        _ => Ok(Value::Number(number)),
    }
}

/// `on` is what a checkbox without a value sends.
fn boolean(text: &str) -> Result<Value, String> {
    match text {
        "true" | "on" => Ok(Value::Bool(true)),
        "false" => Ok(Value::Bool(false)),
        _ => Err("Give true or false.".to_owned()),
    }
}

fn choice(field: &Field, choices: &[String], text: &str) -> Result<Value, String> {
    if !choices.iter().any(|choice| choice == text) {
        return Err(format!("“{text}” is not one of the choices."));
    }
    let is_json = field.json_choices.iter().any(|choice| choice == text);
    let json = is_json.then(|| serde_json::from_str(text).ok()).flatten();
    Ok(json.unwrap_or_else(|| Value::from(text)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::reference::Resolver;
    use crate::openapi::schema::Schema;
    use crate::openapi::tree::Node;

    fn field(schema: &Value) -> Field {
        let schema = Node::from(schema.clone());
        let resolver = Resolver::new(&schema);
        Field::read(Schema::read(&resolver, &schema))
    }

    fn read(schema: &Value, text: &str) -> Result<Value, String> {
        single(&field(schema), text, Check::Strict)
    }

    #[test]
    fn texts_become_values_of_the_type() {
        let cases = [
            (json!({ "type": "integer" }), " 7 ", json!(7)),
            (json!({ "type": "integer" }), "18446744073709551615", json!(18_446_744_073_709_551_615_u64)),
            (json!({ "type": "number", "maximum": 2 }), "1.5", json!(1.5)),
            (
                json!({ "type": "string", "format": "date-time" }),
                "2024-05-01T10:30",
                json!("2024-05-01T10:30:00Z"),
            ),
            (json!({ "type": "boolean" }), "on", json!(true)),
            (json!({ "type": "string" }), "7", json!("7")),
            (json!({ "enum": [1, 2] }), "2", json!(2)),
            (json!({ "enum": [1, "2"] }), "2", json!("2")),
            (json!({ "type": "string", "enum": [1, true] }), "1", json!("1")),
            (json!({ "type": ["string", "null"], "enum": [1, true, null] }), "true", json!("true")),
            (json!({ "enum": [1, "auto", true] }), "1", json!(1)),
            (json!({ "enum": [1, "auto", true] }), "auto", json!("auto")),
            (json!({ "type": "string", "format": "time" }), "10:30", json!("10:30:00Z")),
            (json!({ "type": "object" }), "{\"a\":1}", json!({ "a": 1 })),
            (json!({ "oneOf": [{ "type": "string" }, { "type": "object" }] }), "plain", json!("plain")),
        ];
        for (schema, text, value) in cases {
            assert_eq!(read(&schema, text), Ok(value), "{schema}");
        }
    }

    #[test]
    fn one_input_holds_one_item_or_json_for_all() {
        let cases = [
            (json!({ "type": "string" }), "[::1]", json!(["[::1]"])),
            (json!({ "type": "string" }), "[1,2]", json!(["[1,2]"])),
            (json!({ "type": "string" }), "[\"a\",\"b\"]", json!(["a", "b"])),
            (json!({ "type": "integer" }), " [1,2]", json!([1, 2])),
            (json!({ "type": "array", "items": {} }), "[[1],[]]", json!([[1], []])),
            (json!({}), "[{\"a\":1}, 2]", json!([{ "a": 1 }, 2])),
            (json!({}), "[::1]", json!(["[::1]"])),
            (json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] }), "[1,\"a\"]", json!([1, "a"])),
        ];
        for (items, text, value) in cases {
            let field = field(&json!({ "type": "array", "items": items }));
            let Kind::List(item) = &field.kind else { panic!("a list") };
            assert_eq!(list(&field, item, &[text], Check::Strict), Ok(value), "{items} {text}");
        }
    }

    #[test]
    fn numbers_keep_every_digit() {
        let cases = [
            ("integer", "123456789012345678901234567890", "123456789012345678901234567890"),
            ("integer", "-007", "-7"),
            ("number", "0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
            ("number", "1.50", "1.50"),
            ("number", ".5", "0.5"),
        ];
        for (kind, text, sent) in cases {
            assert_eq!(read(&json!({ "type": kind }), text).unwrap().to_string(), sent);
        }
    }

    #[test]
    fn whatever_is_typed_can_be_sent() {
        let cases = [
            (json!({ "type": "integer", "minimum": 5 }), "1", json!(1)),
            (json!({ "type": "integer" }), "many", json!("many")),
            (json!({ "type": "string", "maxLength": 1 }), "12", json!("12")),
            (json!({ "enum": ["a"] }), "b", json!("b")),
            (json!({ "enum": ["a"] }), "1", json!("1")),
            (json!({ "enum": [1] }), "2", json!(2)),
            (json!({ "type": "object" }), "[]", json!([])),
        ];
        for (schema, text, value) in cases {
            assert_eq!(single(&field(&schema), text, Check::Lenient), Ok(value), "{schema}");
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let cases = [
            (json!({ "type": "integer" }), "1.5", "“1.5” is not a whole number."),
            (json!({ "type": "number" }), "NaN", "“NaN” is not a number."),
            (json!({ "type": "integer", "minimum": 1 }), "0", "Give a number of at least 1."),
            (
                json!({ "type": "number", "maximum": 1, "exclusiveMaximum": true }),
                "1",
                "Give a number less than 1.",
            ),
            (json!({ "type": "boolean" }), "maybe", "Give true or false."),
            (json!({ "type": "string", "minLength": 3 }), "äö", "Give at least 3 characters."),
            (json!({ "enum": ["a"] }), "b", "“b” is not one of the choices."),
        ];
        for (schema, text, message) in cases {
            assert_eq!(read(&schema, text), Err(message.to_owned()), "{schema}");
        }
        assert!(
            read(&json!({ "type": "object" }), "[]").unwrap_err().starts_with("This is not a JSON object")
        );
    }
}
