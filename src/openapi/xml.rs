//! A value as XML, to begin with: an element for each member, named like it, and one for each item of a list.

use super::node;
use super::tree::Node;

/// The name of an element that the document has no name for.
const UNNAMED: &str = "root";

/// An element for a value of a schema, indented.
pub(super) fn element(schema: &Node, value: &Node) -> String {
    let named = schema.get("xml").and_then(|xml| node::text(xml, "name"));
    let reference = node::text(schema, "$ref").and_then(|reference| reference.rsplit('/').next());
    let mut text = String::new();
    write(named.or(reference).unwrap_or(UNNAMED), value, 0, &mut text);
    text.trim_end().to_owned()
}

fn write(name: &str, value: &Node, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Node::Array(items) => items.iter().for_each(|item| write(name, item, depth, text)),
        Node::Object(members) => {
            text.extend([&indent, "<", name, ">\n"]);
            members.iter().for_each(|(name, value)| write(name, value, depth + 1, text));
            text.extend([&indent, "</", name, ">\n"]);
        }
        Node::Null => text.extend([&indent, "<", name, "/>\n"]),
        value => text.extend([&indent, "<", name, ">", &escaped(&node::as_typed(value)), "</", name, ">\n"]),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use crate::openapi::tree::node;

    use super::*;

    #[test]
    fn members_and_items_become_elements() {
        let value = node!({ "id": 7, "name": "a<b", "tags": ["x", "y"], "none": null });
        let expected = "<Pet>\n  <id>7</id>\n  <name>a&lt;b</name>\n  <tags>x</tags>\n  <tags>y</tags>\n  \
                        <none/>\n</Pet>";
        assert_eq!(element(&node!({ "$ref": "#/components/schemas/Pet" }), &value), expected);
        assert_eq!(element(&node!({ "xml": { "name": "pet" } }), &node!(1)), "<pet>1</pet>");
    }
}
