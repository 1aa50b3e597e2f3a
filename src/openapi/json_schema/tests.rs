use serde_json::json;

use super::families::MOST_HEIRS;
use super::*;

fn read(root: &Value, schema: &Value) -> JsonSchema {
    let document = json!({
        "paths": { "/": { "post": { "requestBody": { "content": {
            "application/json": { "schema": schema }, "multipart/form-data": { "schema": schema },
        } } } } },
        "schemas": root, "components": { "schemas": root },
    });
    let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
    document.body_schema(&document.operations()[0], "application/json").unwrap()
}

/// What a schema becomes that refers to nothing.
fn converted(schema: &Value) -> Value {
    read(&json!({}), schema).schema["allOf"][0].clone()
}

#[test]
fn older_dialects_become_todays() {
    let cases = [
        (json!({ "type": "string", "nullable": true }), json!({ "type": ["string", "null"] })),
        (json!({ "type": "string", "x-nullable": true }), json!({ "type": ["string", "null"] })),
        (json!({ "enum": ["a"], "nullable": true }), json!({ "enum": ["a", null] })),
        (
            json!({ "oneOf": [{ "type": "string" }], "nullable": true }),
            json!({ "anyOf": [{ "oneOf": [{ "type": "string" }] }, { "type": "null" }] }),
        ),
        (json!({ "type": "integer", "enum": ["1 (one)"] }), json!({ "enum": ["1 (one)"] })),
        (json!({ "type": "string", "enum": [1, true] }), json!({ "type": "string", "enum": ["1", "true"] })),
        (
            json!({ "type": ["string", "null"], "enum": ["a", 1, null] }),
            json!({ "type": ["string", "null"], "enum": ["a", "1", null] }),
        ),
        (json!({ "type": "string", "const": 1 }), json!({ "type": "string", "const": "1" })),
        (
            json!({ "allOf": [{ "type": "string" }, { "enum": [1] }] }),
            json!({ "allOf": [{ "type": "string" }, { "enum": ["1"] }] }),
        ),
        (json!({ "type": ["null", "string"], "nullable": true }), json!({ "type": ["null", "string"] })),
        (json!({ "type": ["string", "null", "string"] }), json!({ "type": ["string", "null"] })),
        (json!({ "minimum": 1, "exclusiveMinimum": true }), json!({ "exclusiveMinimum": 1 })),
        (json!({ "maximum": 1, "exclusiveMaximum": false }), json!({ "maximum": 1 })),
        (json!({ "type": "file", "example": 1, "discriminator": {}, "x-y": 1, "title": "T" }), json!({})),
        (
            json!({ "items": [{}, false], "additionalItems": false }),
            json!({ "prefixItems": [{}, false], "items": false }),
        ),
        (json!({ "required": true, "maxLength": "9", "pattern": 1, "enum": [] }), json!({})),
        (json!({ "properties": { "a": 7 }, "allOf": [] }), json!({ "properties": { "a": true } })),
        (json!({ "type": ["string", "any"], "const": null }), json!({ "type": ["string"], "const": null })),
    ];
    for (schema, expected) in cases {
        assert_eq!(converted(&schema), expected, "{schema}");
    }
}

#[test]
fn references_become_definitions_once_each() {
    let node = json!({ "properties": { "next": { "$ref": "#/schemas/Node" }, "of": { "$ref": "#/schemas/a~1Node" } } });
    let root = json!({ "Node": node, "a/Node": { "$ref": "other.json#/Node" } });
    let schema = read(&root, &json!({ "$ref": "#/schemas/Node", "minProperties": 1 }));
    let expected = json!({
        "allOf": [{ "$ref": "#/$defs/Node", "minProperties": 1 }],
        "$defs": {
            "Node": { "properties": { "next": { "$ref": "#/$defs/Node" }, "of": { "$ref": "#/$defs/a_1Node" } } },
            "a_1Node": {},
        },
    });
    assert_eq!(schema.schema, expected);
    assert_eq!(schema.notes[0].part, "other.json#/Node");
}

#[test]
fn what_is_only_read_is_not_required() {
    let root =
        json!({ "Base": { "properties": { "id": { "readOnly": true }, "file": { "format": "binary" } } } });
    let schema =
        json!({ "allOf": [{ "$ref": "#/schemas/Base" }, { "required": ["id", "file", "name", "name"] }] });
    assert_eq!(read(&root, &schema).schema["allOf"][0]["allOf"][1], json!({ "required": ["file", "name"] }));
}

#[test]
fn what_is_only_read_is_not_required_of_an_alternative_either() {
    let (id, name) = (json!({ "readOnly": true }), json!({ "type": "string" }));
    let own = json!({ "required": ["id", "name"], "properties": { "id": id, "name": name } });
    let parts = json!({ "allOf": [{ "required": ["id", "name"] }, { "properties": { "id": id } }] });
    let schema = json!({ "properties": { "at": id }, "oneOf": [own, parts, { "required": ["at", "url"] }] });
    let converted = converted(&schema);
    assert_eq!(converted["oneOf"][0]["required"], json!(["name"]));
    assert_eq!(converted["oneOf"][1]["allOf"][0], json!({ "required": ["name"] }));
    assert_eq!(converted["oneOf"][2], json!({ "required": ["url"] }));
}

#[test]
fn circles_that_never_end_are_cut() {
    let root = json!({
        "Pet": { "oneOf": [{ "$ref": "#/schemas/Cat" }] },
        "Cat": { "allOf": [{ "$ref": "#/schemas/Pet" }, { "properties": { "friend": { "$ref": "#/schemas/Pet" } } }] },
        "Self": { "$ref": "#/schemas/Self" },
    });
    let schema = read(
        &root,
        &json!({ "properties": { "pet": { "$ref": "#/schemas/Pet" }, "self": { "$ref": "#/schemas/Self" } } }),
    );
    let definitions = &schema.schema["$defs"];
    let references = definitions.to_string().matches("$ref").count();
    assert_eq!((references, &definitions["Self"]), (2, &json!({})), "{definitions}");
    assert_eq!(definitions["Cat"]["allOf"][1]["properties"]["friend"], json!({ "$ref": "#/$defs/Pet" }));
    assert_eq!(schema.notes.len(), 1);
}

#[test]
fn what_others_build_on_stands_for_the_one_that_a_value_names() {
    let pet = json!({ "$ref": "#/components/schemas/Pet" });
    let mapping = json!({ "tom": "Cat", "cat": "#/components/schemas/Cat", "dog": "Dog" });
    let told = json!({ "propertyName": "kind", "mapping": mapping });
    let root = json!({
        "Pet": { "discriminator": told, "properties": { "friend": pet } },
        "Animal": { "allOf": [pet] },
        "Cat": { "allOf": [{ "$ref": "#/components/schemas/Animal" }, { "required": ["lives"] }] },
        "Dog": { "required": ["barks"] },
    });
    let kind = json!({ "kind": { "enum": ["cat", "tom"] } });
    let named = json!({ "type": "object", "required": ["kind"], "properties": kind });
    let whichever = json!({ "allOf": [
        { "if": named, "else": { "$ref": "#/$defs/Pet" } }, { "if": named, "then": { "$ref": "#/$defs/Cat" } },
    ] });
    let expected = json!({
        "allOf": [{ "$ref": "#/$defs/Pet_2" }],
        "$defs": {
            "Pet": { "properties": { "friend": { "$ref": "#/$defs/Pet_2" } } }, "Pet_2": whichever,
            "Cat": { "allOf": [{ "$ref": "#/$defs/Animal" }, { "required": ["lives"] }] },
            "Animal": { "allOf": [{ "$ref": "#/$defs/Pet" }] },
        },
    });
    assert_eq!(read(&root, &pet), JsonSchema { schema: expected, notes: Vec::new() });
}

#[test]
fn what_builds_on_a_schema_is_no_other_one_that_does() {
    let pet = json!({ "$ref": "#/components/schemas/Pet" });
    let cat = json!({ "$ref": "#/components/schemas/Cat" });
    let (on, both) = (json!({ "allOf": [pet] }), json!({ "allOf": [pet, cat] }));
    let root = json!({ "Pet": { "discriminator": { "propertyName": "kind" } }, "Cat": on, "Dog": on });
    for (schema, is_open) in [(pet, true), (on, true), (cat, false), (both, false)] {
        let converted = read(&root, &schema).schema.to_string();
        assert_eq!(converted.contains("Dog"), is_open, "{schema}");
    }
}

#[test]
fn families_are_bounded() {
    const EACH: usize = 25;
    let of = |family: usize| json!({ "$ref": format!("#/components/schemas/b{family}") });
    let (mut root, mut properties) = (Map::new(), Map::new());
    for family in 0..=MOST_HEIRS / EACH {
        root.insert(format!("b{family}"), json!({ "discriminator": { "propertyName": "kind" } }));
        root.extend((0..EACH).map(|child| (format!("b{family}c{child}"), json!({ "allOf": [of(family)] }))));
        properties.insert(family.to_string(), of(family));
    }
    let schema = read(&Value::Object(root), &json!({ "properties": properties })).schema;
    assert_eq!(schema.to_string().matches("\"then\"").count(), MOST_HEIRS);
    let properties = &schema["allOf"][0]["properties"];
    assert_eq!(properties["0"], json!({ "$ref": "#/$defs/b0_2" }));
    assert_eq!(properties[&(MOST_HEIRS / EACH).to_string()], json!({ "$ref": "#/$defs/b20" }));
}

#[test]
fn size_is_bounded() {
    let doubled = |number: usize| {
        let next = json!({ "$ref": format!("#/schemas/{}", number + 1) });
        json!({ "allOf": [next, next] })
    };
    let root: Map<String, Value> = (0..60).map(|number| (number.to_string(), doubled(number))).collect();
    let schema = read(&Value::Object(root), &json!({ "$ref": "#/schemas/0" }));
    assert!(!schema.notes.is_empty() && schema.schema["$defs"].to_string().contains("true"));

    let wide: Map<String, Value> =
        (0..30_000).map(|number| (number.to_string(), json!({ "type": "string" }))).collect();
    let wide = read(&json!({}), &json!({ "properties": wide }));
    assert_eq!(wide.notes.len(), 1);

    let deep = (0..60).fold(json!({ "type": "string" }), |inner, _| json!({ "items": inner }));
    assert_eq!(read(&json!({}), &deep).notes.len(), 1);
}

#[test]
fn forms_leave_out_files_and_parameters_have_schemas_too() {
    let schema = json!({ "required": ["file", "files", "name"], "properties": {
        "file": { "type": "string", "format": "binary" }, "files": { "items": { "format": "binary" } },
    } });
    let document = json!({ "paths": { "/{id}": {
        "parameters": [{ "name": "id", "in": "path", "schema": { "type": "string" } }, { "name": "q", "in": "query" }],
        "post": {
            "parameters": [{ "name": "id", "in": "path", "schema": { "type": "integer", "nullable": true } }],
            "requestBody": { "content": { "multipart/form-data": { "schema": schema } } },
        },
    } } });
    let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
    let summary = &document.operations()[0];
    let body = document.body_schema(summary, "multipart/form-data").unwrap();
    assert_eq!(body.schema["allOf"][0]["required"], json!(["name"]));
    assert_eq!(document.body_schema(summary, "text/plain"), None);
    let parameters = document.operation(summary).parameters;
    let id = document.parameter_schema(summary, &parameters[0]).unwrap();
    assert_eq!(id.schema["allOf"][0], json!({ "type": ["integer", "null"] }));
    assert_eq!(document.parameter_schema(summary, &parameters[1]).unwrap().schema["allOf"][0], json!(true));
}

#[test]
fn dynamic_references_lead_somewhere_too() {
    let schema = read(&json!({ "A": { "type": "string" } }), &json!({ "$dynamicRef": "#/schemas/A" }));
    assert_eq!(schema.schema["allOf"][0], json!({ "$ref": "#/$defs/A" }));
}
