//! What is a password by its format.

use super::body;
use super::document::Document;
use super::index::OperationSummary;
use super::reference::Resolver;
use super::schema::Schema;
use crate::json_pointer::unescaped;

/// The format of texts that nobody should see.
pub const PASSWORD: &str = "password";

/// Schemas that a part of a body may have.
const MOST_DIFFERENT: usize = 100;

impl Document {
    /// Whether the part of a body at a JSON Pointer is a password, by its schema or by any of its alternatives.
    #[must_use]
    pub fn is_password(&self, operation: &OperationSummary, media_type: &str, pointer: &str) -> bool {
        let resolver = Resolver::new(self.root());
        let schema = body::schema_in(&resolver, operation, media_type);
        let whole = schema.map_or_else(Vec::new, |node| Schema::read(&resolver, node).with_alternatives());
        let names = pointer.split('/').skip(1).map(unescaped);
        let parts = names.fold(whole, |around, name| {
            let inside = around.iter().map(|schema| inside(schema, &name)).filter(|part| !part.is_empty());
            different(inside).into_iter().flat_map(Schema::with_alternatives).collect()
        });
        parts.iter().flat_map(|part| part.all("format")).any(|format| *format == *PASSWORD)
    }
}

/// Those schemas that do not say the same as an earlier one.
fn different<'a>(schemas: impl Iterator<Item = Schema<'a>>) -> Vec<Schema<'a>> {
    let mut different: Vec<Schema> = Vec::new();
    for schema in schemas {
        let is_known = different.iter().any(|known| schema.is_within(known) && known.is_within(&schema));
        if !is_known && different.len() < MOST_DIFFERENT {
            different.push(schema);
        }
    }
    different
}

/// The schema of a member, or of an item.
fn inside<'a>(schema: &Schema<'a>, name: &str) -> Schema<'a> {
    let (member, item) = (schema.property(name), schema.items());
    match name.parse::<usize>() {
        _ if !member.is_empty() => member,
        Ok(_) if !item.is_empty() => item,
        _ => schema.other(name),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn passwords_are_found_wherever_they_are() {
        let secret = json!({ "type": "string", "format": "password" });
        let schema = json!({ "type": "object", "properties": {
            "pin": secret, "a/b": { "$ref": "#/schemas/Login" }, "list": { "items": { "$ref": "#/schemas/Login" } },
            "map": { "additionalProperties": secret }, "named": { "patternProperties": { "^x-": secret, "^y-": {} } }, "either": { "oneOf": [{ "type": "null" }, { "anyOf": [secret] }] },
            "plain": { "type": "string" }, "heirs": { "items": { "$ref": "#/definitions/Base" } },
        } });
        let base = json!({ "discriminator": "kind", "properties": { "kind": { "type": "string" } } });
        let heir =
            json!({ "allOf": [{ "$ref": "#/definitions/Base" }, { "properties": { "own": secret } }] });
        let login = json!({ "allOf": [{ "properties": { "own": secret } }] });
        let content = json!({ "application/json": { "schema": schema } });
        let document = json!({
            "paths": { "/": { "post": { "requestBody": { "content": content } } } },
            "schemas": { "Login": login }, "definitions": { "Base": base, "Heir": heir },
        });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let is_password =
            |pointer| document.is_password(&document.operations()[0], "application/json", pointer);
        for pointer in
            ["/pin", "/a~1b/own", "/list/7/own", "/map/any", "/either", "/heirs/0/own", "/named/x-1"]
        {
            assert!(is_password(pointer), "{pointer}");
        }
        for pointer in
            ["", "/plain", "/list/7", "/list/7/other", "/nowhere/pin", "/map", "/heirs/0/kind", "/named/y-1"]
        {
            assert!(!is_password(pointer), "{pointer}");
        }
    }

    #[test]
    fn passwords_are_found_in_a_media_type_that_is_shared() {
        let schema = json!({ "properties": { "pin": { "type": "string", "format": "password" } } });
        let content = json!({ "application/json": { "$ref": "#/components/mediaTypes/Login" } });
        let document = json!({
            "paths": { "/": { "post": { "requestBody": { "content": content } } } },
            "components": { "mediaTypes": { "Login": { "schema": schema } } },
        });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        assert!(document.is_password(&document.operations()[0], "application/json", "/pin"));
    }
}
