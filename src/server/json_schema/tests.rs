use serde_json::json;

use super::*;
use crate::openapi::Document;

fn validator(schema: Value) -> Validator {
    Validator::new(&JsonSchema { schema, notes: Vec::new() })
}

fn told(schema: Value, value: &Value) -> Vec<(String, String)> {
    let violations = validator(schema).violations(value);
    violations.into_iter().map(|violation| (violation.pointer, violation.message)).collect()
}

/// What is told of a body of this schema, in a document that has these.
fn told_of_body(schemas: &Value, schema: &Value, value: &Value) -> Vec<(String, String)> {
    let content = json!({ "application/json": { "schema": schema } });
    let paths = json!({ "/": { "post": { "requestBody": { "content": content } } } });
    let document = json!({ "openapi": "3.0.3", "paths": paths, "components": { "schemas": schemas } });
    let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
    let schema = document.body_schema(&document.operations()[0], "application/json").unwrap();
    told(schema.schema, value)
}

fn pet() -> Value {
    json!({ "$ref": "#/components/schemas/Pet" })
}

/// Schemas of which two build on a third, one of them by way of the other.
fn pets(discriminator: &Value) -> Value {
    let skill = json!({ "huntingSkill": { "enum": ["lazy", "keen"] } });
    let cat = json!({ "$ref": "#/components/schemas/Cat" });
    let members = json!({ "petType": { "type": "string" }, "friend": pet() });
    json!({
        "Pet": {
            "type": "object", "discriminator": discriminator, "required": ["petType"], "properties": members,
        },
        "Cat": { "allOf": [pet(), { "required": ["huntingSkill"], "properties": skill }] },
        "Lion": { "allOf": [cat, { "required": ["mane"] }] },
    })
}

fn required(pointer: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), "This is required.".to_owned())]
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
fn a_value_has_to_be_what_its_discriminator_says() {
    let mapping = json!({ "cat": "Cat", "#lion": "#/components/schemas/Lion" });
    let schemas = pets(&json!({ "propertyName": "petType", "mapping": mapping }));
    let told = |value: &Value| told_of_body(&schemas, &pet(), value);
    let one = |pointer: &str, message: &str| vec![(pointer.to_owned(), message.to_owned())];
    for (value, expected) in [
        (json!({ "petType": "cat" }), required("/huntingSkill")),
        (json!({ "petType": "#lion", "huntingSkill": "keen" }), required("/mane")),
        (
            json!({ "petType": "cat", "huntingSkill": "none" }),
            one("/huntingSkill", "This is not one of the choices."),
        ),
        (json!({ "petType": "cat", "huntingSkill": "lazy" }), Vec::new()),
        (json!({ "petType": "Cat" }), Vec::new()),
        (json!({ "petType": "bird" }), Vec::new()),
        (json!({ "petType": 1 }), one("/petType", "This must be text.")),
        (json!({}), required("/petType")),
        (json!(7), one("", "This must be an object.")),
    ] {
        assert_eq!(told(&value), expected, "{value}");
    }
}

#[test]
fn a_value_inside_another_one_has_to_be_it_too() {
    let schemas = pets(&json!({ "propertyName": "petType" }));
    let schema = json!({ "type": "object", "properties": {
        "one": pet(), "many": { "items": pet() }, "others": { "additionalProperties": pet() },
        "either": { "oneOf": [pet(), { "type": "string" }] },
        "maybe": { "allOf": [pet()], "nullable": true },
    } });
    let told = |value: &Value| told_of_body(&schemas, &schema, value);
    let cat = json!({ "petType": "Cat" });
    assert_eq!(told(&json!({ "one": cat })), required("/one/huntingSkill"));
    assert_eq!(told(&json!({ "many": [{ "petType": "bird" }, cat] })), required("/many/1/huntingSkill"));
    assert_eq!(told(&json!({ "others": { "a": cat } })), required("/others/a/huntingSkill"));
    assert_eq!(told(&json!({ "either": cat })), required("/either/huntingSkill"));
    assert_eq!(told(&json!({ "maybe": cat })), required("/maybe/huntingSkill"));
    assert!(told(&json!({ "maybe": null, "either": "cat" })).is_empty());
}

#[test]
fn of_deep_values_every_level_is_checked_once() {
    let schemas = pets(&json!({ "propertyName": "petType" }));
    let (inmost, depth) = (json!({ "petType": "Lion", "huntingSkill": "keen" }), 60);
    let lion = json!({ "petType": "Lion", "huntingSkill": "keen", "mane": true });
    let deep = (0..depth).fold(inmost, |friend, _| {
        let mut outer = lion.clone();
        outer["friend"] = friend;
        outer
    });
    let started = std::time::Instant::now();
    assert_eq!(told_of_body(&schemas, &pet(), &deep), required(&("/friend".repeat(depth) + "/mane")));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn what_a_discriminator_names_may_have_one_of_its_own() {
    let mapping = json!({ "cat": "Cat" });
    let mut schemas = pets(&json!({ "propertyName": "petType", "mapping": mapping }));
    schemas["Cat"]["discriminator"] = json!({ "propertyName": "breed" });
    let told = |breed: &str| {
        let value = json!({ "petType": "cat", "huntingSkill": "keen", "breed": breed });
        told_of_body(&schemas, &pet(), &value)
    };
    assert_eq!(told("Lion"), required("/mane"));
    assert!(told("Manx").is_empty());
}

#[test]
fn what_leaves_no_room_for_its_discriminator_is_told_by_its_base() {
    let told = json!({ "propertyName": "petType" });
    let mut closed = pets(&told);
    closed["Cat"]["allOf"][1]["additionalProperties"] = json!(false);
    let mut closed_base = pets(&told);
    closed_base["Pet"]["additionalProperties"] = json!(false);
    for schemas in [closed, closed_base] {
        let told = told_of_body(&schemas, &pet(), &json!({ "petType": "Cat" }));
        assert!(told.is_empty(), "{told:?}");
    }
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
