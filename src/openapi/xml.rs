//! A value as XML, to begin with: an element for each member and for each item of a list, named and put together as the
//! `xml` of their schemas says, else named like the member.

use super::node;
use super::reference::last_name;
use super::schema::Schema;
use super::tree::{NULL, Node, Object};

/// Attributes of one element. Each is compared with all before it.
const MOST_ATTRIBUTES: usize = 100;

/// The name of an element that the document has no name for.
const UNNAMED: &str = "root";

/// An element for a value of a schema, indented.
pub(super) fn element(schema: &Schema, value: &Node) -> String {
    let schema = schema.clone().settled();
    let usual = referred_to(&schema);
    let mut text = String::new();
    write(&schema, usual.as_deref().unwrap_or(UNNAMED), value, 0, &mut text);
    text.trim_end().to_owned()
}

/// `usual` is what the element is called where its schema has no other name for it.
fn write(schema: &Schema, usual: &str, value: &Node, depth: usize, text: &mut String) {
    let mut tag = Tag::of(schema, usual);
    let inside = match value {
        Node::Array(items) if is_wrapped(schema, depth) => wrapped(schema, usual, items, depth),
        Node::Array(items) => return each(&schema.items().settled(), usual, items, depth, text),
        Node::Object(members) => tag.around(schema, members, depth),
        Node::Null => String::new(),
        value => escaped(&node::as_typed(value)),
    };
    let (indent, open) = ("  ".repeat(depth), tag.open());
    if inside.is_empty() {
        text.extend([indent.as_str(), "<", &open, "/>\n"]);
    } else {
        text.extend([indent.as_str(), "<", &open, ">", &inside, "</", &tag.name, ">\n"]);
    }
}

/// An element for each item, one after the other.
fn each(item: &Schema, usual: &str, items: &[Node], depth: usize, text: &mut String) {
    for value in items {
        write(item, usual, value, depth, text);
    }
}

/// Whether a list is an element of its own. The whole is: XML has one root.
fn is_wrapped(schema: &Schema, depth: usize) -> bool {
    depth == 0 || node::flag(xml(schema), "wrapped")
}

/// The items of such a list. They are called like it, unless their schema has another name.
fn wrapped(schema: &Schema, usual: &str, items: &[Node], depth: usize) -> String {
    let item = schema.items().settled();
    let of_items = referred_to(&item).filter(|_| depth == 0);
    let own = node::text(xml(schema), "name").unwrap_or(usual);
    let mut elements = String::new();
    each(&item, of_items.as_deref().unwrap_or(own), items, depth + 1, &mut elements);
    on_lines(&elements, depth)
}

/// What begins an element.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn of(schema: &Schema, usual: &str) -> Self {
        Self { name: named(schema, usual), attributes: namespace(schema).into_iter().collect() }
    }

    /// Takes those members of an object that are attributes. The others are what is inside the element.
    fn around(&mut self, schema: &Schema, members: &Object, depth: usize) -> String {
        let mut elements = String::new();
        for (name, value) in members {
            let property = schema.property(name).settled();
            if node::flag(xml(&property), "attribute") {
                self.take(&property, name, value);
            } else {
                write(&property, name, value, depth + 1, &mut elements);
            }
        }
        on_lines(&elements, depth)
    }

    /// The prefix of an attribute has to be declared, too. No element has two attributes of one name.
    fn take(&mut self, schema: &Schema, usual: &str, value: &Node) {
        let prefix = namespace(schema).filter(|(name, _)| name.contains(':'));
        let own = (!value.is_null()).then(|| (named(schema, usual), node::as_typed(value)));
        for (name, value) in prefix.into_iter().chain(own) {
            if self.attributes.len() < MOST_ATTRIBUTES
                && !self.attributes.iter().any(|(other, _)| *other == name)
            {
                self.attributes.push((name, value));
            }
        }
    }

    fn open(&self) -> String {
        let mut open = self.name.clone();
        for (name, value) in &self.attributes {
            open.extend([" ", name, "=\"", &escaped(value).replace('"', "&quot;"), "\""]);
        }
        open
    }
}

fn xml<'a>(schema: &Schema<'a>) -> &'a Node {
    schema.get("xml").unwrap_or(&NULL)
}

/// The name of an element or an attribute, behind its prefix.
fn named(schema: &Schema, usual: &str) -> String {
    let xml = xml(schema);
    let name = allowed(node::text(xml, "name").unwrap_or(usual));
    match node::text(xml, "prefix") {
        Some(prefix) => format!("{}:{name}", allowed(prefix)),
        None => name,
    }
}

/// The declaration of its namespace.
fn namespace(schema: &Schema) -> Option<(String, String)> {
    let xml = xml(schema);
    let prefix = node::text(xml, "prefix").map(|prefix| format!("xmlns:{}", allowed(prefix)));
    Some((prefix.unwrap_or_else(|| "xmlns".to_owned()), node::string(xml, "namespace")?))
}

/// The name under which the document refers to a schema.
fn referred_to(schema: &Schema) -> Option<String> {
    schema.all("$ref").find_map(Node::as_str).and_then(last_name)
}

/// A name in which nothing stands that would end it (XML 1.0, section 2.3).
fn allowed(name: &str) -> String {
    let is_allowed = |letter: char| letter.is_alphanumeric() || "._-:".contains(letter);
    let mut allowed: String =
        name.chars().map(|letter| if is_allowed(letter) { letter } else { '_' }).collect();
    if !allowed.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        allowed.insert(0, '_');
    }
    allowed
}

fn on_lines(elements: &str, depth: usize) -> String {
    if elements.is_empty() { String::new() } else { format!("\n{elements}{}", "  ".repeat(depth)) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::openapi::reference::Resolver;
    use crate::openapi::tree::node;

    use super::*;

    /// The value as an element of the schema that stands beside those to which it refers.
    fn written(root: &Node, value: &Node) -> String {
        let resolver = Resolver::new(root);
        element(&Schema::read(&resolver, root.get("schema").unwrap()), value)
    }

    #[test]
    fn members_and_items_become_elements() {
        let value = node!({ "id": 7, "name": "a<b", "tags": ["x", "y"], "none": null });
        let expected = "<Pet>\n  <id>7</id>\n  <name>a&lt;b</name>\n  <tags>x</tags>\n  <tags>y</tags>\n  \
                        <none/>\n</Pet>";
        assert_eq!(written(&node!({ "schema": { "$ref": "#/components/schemas/Pet" } }), &value), expected);
        assert_eq!(written(&node!({ "schema": { "xml": { "name": "pet" } } }), &node!(1)), "<pet>1</pet>");
    }

    #[test]
    fn schemas_say_how_they_are_written() {
        let kind = json!({ "xml": { "name": "k", "prefix": "x", "namespace": "urn:x" } });
        let pet = json!({ "xml": { "name": "pet" }, "properties": {
            "id": { "xml": { "attribute": true } },
            "lang": { "xml": { "attribute": true, "prefix": "l", "namespace": "urn:l" } },
            "photoUrls": { "xml": { "wrapped": true }, "items": { "xml": { "name": "photoUrl" } } },
            "tags": { "xml": { "wrapped": true, "name": "labels" }, "items": { "$ref": "#/schemas/Tag" } },
            "names": { "xml": { "name": "ignored" }, "items": { "xml": { "name": "name" } } },
            "words": { "xml": { "name": "own", "wrapped": true } },
            "kind": { "anyOf": [kind, { "type": "null" }] },
        } });
        let tag = json!({ "xml": { "name": "tag", "namespace": "urn:t" } });
        let root = node!({ "schema": { "$ref": "#/schemas/Pet" }, "schemas": { "Pet": pet, "Tag": tag } });
        let value = node!({
            "id": "a\"b", "lang": "en", "photoUrls": ["string"], "tags": [{ "name": "n" }], "names": ["m"],
            "words": ["w"], "kind": 1,
        });
        let expected = [
            "<pet id=\"a&quot;b\" xmlns:l=\"urn:l\" l:lang=\"en\">",
            "  <photoUrls>",
            "    <photoUrl>string</photoUrl>",
            "  </photoUrls>",
            "  <labels>",
            "    <tag xmlns=\"urn:t\">",
            "      <name>n</name>",
            "    </tag>",
            "  </labels>",
            "  <name>m</name>",
            "  <own>",
            "    <own>w</own>",
            "  </own>",
            "  <x:k xmlns:x=\"urn:x\">1</x:k>",
            "</pet>",
        ];
        assert_eq!(written(&root, &value), expected.join("\n"));
    }

    #[test]
    fn there_is_one_root_and_every_name_is_one_of_xml() {
        let list = node!({ "schema": { "type": "array", "items": { "$ref": "#/schemas/Pet" } } });
        assert_eq!(written(&list, &node!([{}, 1])), "<root>\n  <Pet/>\n  <Pet>1</Pet>\n</root>");
        for (reference, expected) in [
            ("#/schemas/a~1b%20c", "<a_b_c>1</a_b_c>"),
            ("#/schemas/2", "<_2>1</_2>"),
            ("#/schemas/Stra%C3%9Fe", "<Straße>1</Straße>"),
            ("#", "<root>1</root>"),
        ] {
            assert_eq!(written(&node!({ "schema": { "$ref": reference } }), &node!(1)), expected);
        }
    }
}
