use serde_json::{Value, json};

use super::*;
use crate::openapi::{Kind, Operation};

/// What lies where, with the first document first.
fn opened(files: &[(&str, Value)]) -> Document {
    let text = |value: &Value| value.to_string().into_bytes();
    let mut bundle = Bundle::new(&text(&files[0].1)).unwrap();
    let mut names = vec![files[0].0];
    let mut part = 0;
    while part < bundle.len() {
        for reference in bundle.references(part) {
            let found = files.iter().find(|(name, _)| *name == reference);
            let target = match (names.iter().position(|name| *name == reference), found) {
                (Some(known), _) => Ok(known),
                (None, Some((name, file))) => {
                    names.push(name);
                    Ok(bundle.add(name, &text(file)).unwrap())
                }
                (None, None) => Err("There is no such file.".to_owned()),
            };
            bundle.link(part, reference, target);
        }
        part += 1;
    }
    bundle.open().unwrap()
}

fn parameter(name: &str, reference: &str) -> Value {
    json!({ "name": name, "in": "query", "schema": { "$ref": reference } })
}

fn only(document: &Document) -> Operation {
    document.operation(&document.operations()[0])
}

#[test]
fn parts_refer_to_one_another_and_to_themselves() {
    let document = opened(&[
        (
            "api.json",
            json!({ "openapi": "3.1.0", "components": { "schemas": { "Id": { "type": "integer" } } },
            "paths": { "/a": { "$ref": "paths/a.json#/item" } } }),
        ),
        (
            "paths/a.json",
            json!({ "item": { "get": { "parameters": [
            { "name": "id", "in": "query", "schema": { "$ref": "api.json#/components/schemas/Id" } },
            { "name": "on", "in": "query", "schema": { "$ref": "#/flag" } },
            { "$ref": "tree%20~.json" },
        ] } }, "flag": { "type": "boolean" } }),
        ),
        (
            "tree%20~.json",
            json!({ "name": "tree", "in": "query", "schema": { "$ref": "#/x~1y" },
            "x/y": { "type": "object", "properties": { "self": { "$ref": "tree%20~.json#/x~1y" }, "n": { "type": "number" } } } }),
        ),
    ]);
    let operation = only(&document);
    let kinds: Vec<_> = operation.parameters.iter().map(|parameter| &parameter.field.kind).collect();
    assert!(matches!(kinds[..], [Kind::Integer, Kind::Boolean, Kind::Object(_)]), "{kinds:?}");
    assert_eq!(operation.notes, []);
}

#[test]
fn what_cannot_be_had_is_a_note_with_the_reason() {
    let document = opened(&[(
        "api.json",
        json!({ "paths": { "/a": { "get": { "parameters": [
        { "$ref": "gone.json#/x" },
        { "name": "ok", "in": "query" },
    ] } } } }),
    )]);
    let operation = only(&document);
    assert_eq!(operation.parameters.len(), 1);
    assert_eq!(
        (operation.notes[0].part.as_str(), operation.notes[0].message.as_str()),
        ("gone.json#/x", "There is no such file.")
    );
}

#[test]
fn anchors_are_found_in_their_own_part() {
    let integer = json!({ "$anchor": "Id", "type": "integer" });
    let parameters = [
        parameter("a", "#Id"),
        parameter("b", "other.json#Id"),
        parameter("c", "#old"),
        parameter("d", "#none"),
    ];
    let document = opened(&[
        (
            "api.json",
            json!({ "paths": { "/a": { "get": { "parameters": parameters } } },
                "components": { "examples": { "e": { "value": { "$anchor": "Id" } } },
                    "schemas": { "a~/b %": integer, "Old": { "$id": "#old", "type": "number" } } } }),
        ),
        ("other.json", json!({ "$defs": { "x": [{ "$dynamicAnchor": "Id", "type": "boolean" }] } })),
    ]);
    let operation = only(&document);
    let kinds: Vec<_> = operation.parameters.iter().map(|parameter| &parameter.field.kind).collect();
    assert!(matches!(kinds[..], [Kind::Integer, Kind::Boolean, Kind::Number, Kind::Text]), "{kinds:?}");
    assert_eq!(operation.notes.iter().map(|note| note.part.as_str()).collect::<Vec<_>>(), ["#none"]);
    let alone = json!({ "paths": { "/a": { "get": { "parameters": [parameter("a", "#Id")] } } }, "$defs": { "Id": integer } });
    assert_eq!(only(&opened(&[("api.json", alone)])).parameters[0].field.kind, Kind::Integer);
}

#[test]
fn what_has_an_id_is_found_without_being_fetched() {
    let parameters = [
        parameter("a", "https://example.com/id"),
        parameter("b", "https://example.com/parts#/$defs/flag"),
        parameter("c", "https://example.com/api.json#/components/schemas/Id"),
        parameter("d", "https://example.com/parts#size"),
        json!({ "name": "e", "in": "query", "schema": { "$dynamicRef": "#size" } }),
    ];
    let parts = json!({ "$id": "https://example.com/parts", "$defs": {
        "flag": { "type": "boolean" }, "size": { "$dynamicAnchor": "size", "type": "number" },
    } });
    let document = opened(&[(
        "api.json",
        json!({ "openapi": "3.2.0", "$self": "https://example.com/api.json",
            "paths": { "/a": { "get": { "parameters": parameters } } },
            "components": { "schemas": {
                "Id": { "$id": "https://example.com/id", "type": "integer" }, "Parts": parts,
            } } }),
    )]);
    let operation = only(&document);
    let kinds: Vec<_> = operation.parameters.iter().map(|parameter| &parameter.field.kind).collect();
    assert!(
        matches!(kinds[..], [Kind::Integer, Kind::Boolean, Kind::Integer, Kind::Number, Kind::Number]),
        "{kinds:?}"
    );
    assert_eq!(operation.notes, []);
}

/// An object whose schema has an `$id`, and parts with names and places of their own.
fn schema_with_id() -> Value {
    let reference = |reference: &str| json!({ "$ref": reference });
    json!({
        "$id": "https://example.com/schemas/parts.json",
        "$defs": { "flag": { "$id": "flag.json", "type": "boolean" }, "size": { "type": "number" } },
        "properties": {
            "relative": reference("flag.json"),
            "inside": reference("#/$defs/size"),
            "from-the-top": reference("#/components/schemas/Id"),
            "file": reference("beside.json#/integer"),
        },
    })
}

#[test]
fn a_schema_with_an_id_is_what_references_inside_it_are_relative_to() {
    let parameters = [
        parameter("a", "#/components/schemas/Parts"),
        parameter("b", "https://example.com/schemas/flag.json"),
        parameter("c", "https://example.com/schemas/parts.json#/$defs/size"),
    ];
    let schemas = json!({ "Id": { "type": "integer" }, "Parts": schema_with_id() });
    let paths = json!({ "/a": { "get": { "parameters": parameters } } });
    let document = opened(&[
        ("api.json", json!({ "openapi": "3.1.0", "paths": paths, "components": { "schemas": schemas } })),
        ("beside.json", json!({ "integer": { "type": "integer" } })),
    ]);
    let operation = only(&document);
    let [object, by_id, by_id_and_place] = &operation.parameters[..] else { panic!("{operation:?}") };
    assert_eq!((&by_id.field.kind, &by_id_and_place.field.kind), (&Kind::Boolean, &Kind::Number));
    let Kind::Object(members) = &object.field.kind else { panic!("{object:?}") };
    let kinds: Vec<_> = members.named.iter().map(|member| &member.field.kind).collect();
    assert!(matches!(kinds[..], [Kind::Boolean, Kind::Number, Kind::Integer, Kind::Integer]), "{kinds:?}");
    assert_eq!(operation.notes, []);
}

#[test]
fn the_same_name_may_have_an_id_in_one_schema_and_lead_to_a_file_from_another() {
    let bundle = Bundle::new(
        json!({ "components": { "schemas": {
            "Parts": schema_with_id(),
            "Other": { "properties": { "flag": { "$ref": "flag.json" }, "again": { "$ref": "flag.json#/x" } } },
        } } })
        .to_string()
        .as_bytes(),
    )
    .unwrap();
    assert_eq!(bundle.references(0), ["beside.json", "flag.json"]);
}

#[test]
fn names_are_found_beside_one_that_is_no_address_or_far_too_long() {
    let order = json!({ "$id": "order:v1", "properties": { "to": { "$ref": "Flag" } } });
    let long = json!({ "$id": format!("https://x/{}/", "a".repeat(1 << 20)), "properties": { "to": { "$ref": "Flag" } } });
    let nested = json!({ "$id": "https://<host>/x", "properties": { "to": { "$ref": "urn:flag" } } });
    for schema in [order, long, nested] {
        let flags = json!({ "A": { "$id": "Flag", "type": "boolean" }, "B": { "$id": "urn:flag", "type": "boolean" }, "C": schema });
        let parameters = [parameter("p", "#/components/schemas/C")];
        let paths = json!({ "/a": { "get": { "parameters": parameters } } });
        let operation =
            only(&opened(&[("api.json", json!({ "paths": paths, "components": { "schemas": flags } }))]));
        let Kind::Object(members) = &operation.parameters[0].field.kind else { panic!("{operation:?}") };
        assert_eq!(members.named[0].field.kind, Kind::Boolean);
        assert_eq!(operation.notes, []);
    }
}

#[test]
fn only_references_are_followed() {
    let data = json!({ "$ref": "no.json" });
    let bundle = Bundle::new(
        json!({ "paths": { "/a": { "get": { "responses": { "default": { "$ref": "yes.json" } }, "requestBody": { "content": { "a/b": {
            "example": data, "examples": { "value": { "value": data } },
            "schema": { "default": data, "enum": [data], "examples": [data], "properties": { "$ref": { "type": "string" }, "example": { "$ref": "too.json" } },
                "discriminator": { "mapping": { "a": "A", "b": "b.yaml" } } },
        } } } } } } })
        .to_string()
        .as_bytes(),
    )
    .unwrap();
    assert_eq!(bundle.references(0), ["yes.json", "too.json", "b.yaml"]);
}
