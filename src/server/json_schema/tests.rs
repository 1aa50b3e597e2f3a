use serde_json::json;

use super::*;

fn validator(schema: Value) -> Validator {
    Validator::new(&JsonSchema { schema, notes: Vec::new() })
}

fn told(schema: Value, value: &Value) -> Vec<(String, String)> {
    let violations = validator(schema).violations(value);
    violations.into_iter().map(|violation| (violation.pointer, violation.message)).collect()
}

#[test]
fn violations_are_told_where_they_are() {
    let schema = json!({
        "type": "object", "required": ["a/b"], "additionalProperties": false,
        "properties": {
            "a/b": {}, "count": { "type": "integer", "minimum": 1 }, "mail": { "format": "email" },
            "tags": { "items": { "enum": ["x"] } },
        },
    });
    let value = json!({ "count": 0, "mail": "nobody", "tags": ["x", "y"], "more": 1 });
    let expected = [
        ("/count", "Give at least 1."),
        ("/mail", "This does not have the format email."),
        ("/tags/1", "This is not one of the choices."),
        ("/a~1b", "This is required."),
        ("/more", "This is not expected here."),
    ];
    let mut told = told(schema, &value);
    told.sort();
    let mut expected = expected.map(|(pointer, message)| (pointer.to_owned(), message.to_owned()));
    expected.sort();
    assert_eq!(told, expected);
}

#[test]
fn of_alternatives_the_nearest_is_told() {
    let schema = json!({ "anyOf": [
        { "type": "object", "required": ["a", "b"] }, { "type": "null" }, { "type": "object", "required": ["a"] },
    ] });
    assert_eq!(told(schema.clone(), &json!({})), [("/a".to_owned(), "This is required.".to_owned())]);
    assert_eq!(told(schema, &json!(1)), [(String::new(), "This fits none of the alternatives.".to_owned())]);
}

#[test]
fn regular_expressions_that_are_none_are_left_out() {
    let schema = json!({
        "allOf": [{ "$ref": "#/$defs/A" }],
        "$defs": { "A": { "properties": {
            "a": { "pattern": "[" }, "b": { "pattern": "^b$" }, "c": { "patternProperties": { "(": {} } },
        } } },
    });
    let validator = validator(schema);
    assert!(
        validator.allows(&json!({ "a": "x", "b": "b", "c": {} })) && !validator.allows(&json!({ "b": "c" }))
    );
}

#[test]
fn hostile_schemas_end_soon() {
    let started = std::time::Instant::now();
    let slow = validator(json!({ "pattern": "^(a|a)*\\1b$" }));
    assert!(slow.allows(&json!("a".repeat(40))));
    let mut definitions = serde_json::Map::new();
    for number in 0..5000 {
        let next = format!("#/$defs/{}", number + 1);
        definitions.insert(number.to_string(), json!({ "properties": { "next": { "$ref": next } } }));
    }
    definitions.insert("5000".to_owned(), json!({ "type": "string" }));
    let deep = validator(json!({ "$ref": "#/$defs/0", "$defs": definitions }));
    assert!(deep.allows(&json!({ "next": { "next": {} } })));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn nothing_is_fetched() {
    let schema = json!({ "$ref": "http://127.0.0.1:9/schema.json" });
    assert!(validator(schema).allows(&json!(1)));
}
