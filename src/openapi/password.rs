//! What is a password by its format.

use super::document::Document;
use super::index::OperationSummary;
use super::operation::locate;
use super::reference::Resolver;
use super::schema::Schema;
use super::tree::Node;

/// The format of texts that nobody should see.
pub const PASSWORD: &str = "password";

impl Document {
    /// Whether the part of a body at a JSON Pointer is a password, by its schema or by any of its alternatives.
    #[must_use]
    pub fn is_password(&self, operation: &OperationSummary, media_type: &str, pointer: &str) -> bool {
        let resolver = Resolver::new(self.root());
        let schema = body_schema(&resolver, operation, media_type);
        let whole = schema.map(|node| Schema::read(&resolver, node).with_alternatives());
        let names = pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
        let part = names.fold(whole, |schema, name| Some(inside(&schema?, &name).with_alternatives()));
        part.is_some_and(|part| part.all("format").any(|format| *format == *PASSWORD))
    }
}

fn body_schema<'a>(
    resolver: &Resolver<'a>,
    operation: &OperationSummary,
    media_type: &str,
) -> Option<&'a Node> {
    let (_, operation) = locate(resolver, operation)?;
    resolver.resolve(operation.get("requestBody")?)?.get("content")?.get(media_type)?.get("schema")
}

/// The schema of a member, or of an item.
fn inside<'a>(schema: &Schema<'a>, name: &str) -> Schema<'a> {
    let (member, item) = (schema.property(name), schema.items());
    match name.parse::<usize>() {
        _ if !member.is_empty() => member,
        Ok(_) if !item.is_empty() => item,
        _ => schema.others(),
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
            "map": { "additionalProperties": secret }, "either": { "oneOf": [{ "type": "null" }, { "anyOf": [secret] }] },
            "plain": { "type": "string" },
        } });
        let login = json!({ "allOf": [{ "properties": { "own": secret } }] });
        let content = json!({ "application/json": { "schema": schema } });
        let document = json!({
            "paths": { "/": { "post": { "requestBody": { "content": content } } } },
            "schemas": { "Login": login },
        });
        let document = Document::from_json(document.to_string().as_bytes()).unwrap();
        let is_password =
            |pointer| document.is_password(&document.operations()[0], "application/json", pointer);
        for pointer in ["/pin", "/a~1b/own", "/list/7/own", "/map/any", "/either"] {
            assert!(is_password(pointer), "{pointer}");
        }
        for pointer in ["", "/plain", "/list/7", "/list/7/other", "/nowhere/pin", "/map"] {
            assert!(!is_password(pointer), "{pointer}");
        }
    }
}
