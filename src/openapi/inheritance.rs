//! Inheritance: a schema with a `discriminator` and no alternatives of its own stands for the schemas that build on it
//! by `allOf`. Which ones these are is found once, when the document is opened, and kept with the schema.

use std::collections::{HashMap, HashSet, VecDeque};

use super::bundle::pointer;
use super::node;
use super::reference::{BUNDLED, pointed_at};
use super::schema::told_by;
use super::tree::{Member, Node, Object};

/// Where a schema says which schemas build on it: references, each with its [`TAG`] where it has one.
pub(super) const HEIRS: &str = "x-vestibule-heirs";
/// What the discriminator holds for a schema, where neither its name nor a mapping says so.
pub(super) const TAG: &str = "x-ms-discriminator-value";

/// Schemas that build on one. What more than these build on is no choice that anybody makes, but the root of a whole model.
const MOST_HEIRS: usize = 50;
/// The same in a whole document.
const MOST_IN_ALL: usize = 100_000;

/// Notes at every such schema which ones build on it.
pub(super) fn note(root: &mut Node) {
    for (path, heirs) in found(root) {
        let base = path.iter().try_fold(&mut *root, |node, step| node.as_object_mut()?.get_mut(step));
        if let Some(base) = base.and_then(Node::as_object_mut) {
            base.insert(HEIRS, heirs);
        }
    }
}

/// The ways to the schemas that others build on, and these others.
fn found(root: &Node) -> Vec<(Vec<String>, Node)> {
    let folders = folders(root);
    let schemas =
        || folders.iter().flat_map(|folder| folder.schemas.iter().map(move |(name, _)| (folder, name)));
    let bases = schemas().filter(|(folder, name)| folder.schemas.get(name).is_some_and(is_base));
    let mut bases = bases.peekable();
    if bases.peek().is_none() {
        return Vec::new();
    }
    let family = Family { root, children: children(&folders) };
    let (mut found, mut left) = (Vec::new(), MOST_IN_ALL);
    for (folder, name) in bases {
        let heirs = family.heirs(folder, name);
        if (1..=MOST_HEIRS.min(left)).contains(&heirs.len()) {
            left -= heirs.len();
            let path = folder.path.iter().copied().chain([name]).map(str::to_owned);
            found.push((path.collect(), heirs.into()));
        }
    }
    found
}

/// A place where schemas have names.
struct Folder<'a> {
    path: Vec<&'a str>,
    schemas: &'a Object,
}

impl Folder<'_> {
    /// As references are usually written.
    fn reference(&self, name: &str) -> String {
        let path: Vec<String> = self.path.iter().copied().chain([name]).map(pointer).collect();
        format!("#/{}", path.join("/"))
    }
}

/// Those of the document, and those of the others that it was put together from.
fn folders(root: &Node) -> Vec<Folder<'_>> {
    let parts = root.get(BUNDLED).and_then(Node::as_object).into_iter().flatten();
    let parts = parts.map(|(name, part)| (vec![BUNDLED, name], part));
    let places = [vec!["components", "schemas"], vec!["definitions"]];
    let folders = [(Vec::new(), root)].into_iter().chain(parts).flat_map(|(path, part)| {
        let inside = |place: &Vec<&'static str>| {
            let schemas = place.iter().try_fold(part, |node, step| node.get(step))?.as_object()?;
            Some(Folder { path: path.iter().chain(place).copied().collect(), schemas })
        };
        places.iter().filter_map(inside).collect::<Vec<_>>()
    });
    folders.collect()
}

fn is_base(schema: &Node) -> bool {
    let is_told = schema.get("discriminator").and_then(told_by).is_some();
    is_told && schema.get("oneOf").is_none() && schema.get("anyOf").is_none()
}

/// A schema by its name.
#[derive(Clone, Copy)]
struct Child<'f, 'a> {
    folder: &'f Folder<'a>,
    name: &'a str,
}

/// The schemas that refer to others in their `allOf`, by these references.
type Children<'f, 'a> = HashMap<&'a str, Vec<Child<'f, 'a>>>;

fn children<'f, 'a>(folders: &'f [Folder<'a>]) -> Children<'f, 'a> {
    let mut children = Children::new();
    for folder in folders {
        for (name, schema) in folder.schemas {
            let bases: HashSet<&str> =
                node::items(schema, "allOf").iter().filter_map(|part| node::text(part, "$ref")).collect();
            for base in bases {
                children.entry(base).or_default().push(Child { folder, name });
            }
        }
    }
    children
}

struct Family<'f, 'a> {
    root: &'a Node,
    children: Children<'f, 'a>,
}

impl Family<'_, '_> {
    /// Those that the discriminator maps, else all that build on the schema.
    fn heirs(&self, folder: &Folder, name: &str) -> Vec<Node> {
        let own = folder.reference(name);
        let mut mapped = self.mapped(folder, name);
        let mut known = HashSet::from([own.clone()]);
        mapped.retain(|reference| known.insert(reference.clone()));
        if mapped.is_empty() {
            return self.descendants(own);
        }
        mapped.into_iter().map(|reference| [("$ref", reference.into())].into()).collect()
    }

    /// The targets of its mapping are references, or names of schemas beside it.
    fn mapped(&self, folder: &Folder, name: &str) -> Vec<String> {
        let discriminator = folder.schemas.get(name).and_then(|schema| schema.get("discriminator"));
        let targets = discriminator.into_iter().flat_map(|node| node::entries(node, "mapping"));
        let reference = |target: &str| {
            if folder.schemas.contains_key(target) { folder.reference(target) } else { target.to_owned() }
        };
        let targets = targets.filter_map(|(_, target)| target.as_str()).map(reference);
        targets.filter(|target| pointed_at(self.root, target).is_some()).collect()
    }

    /// Also those that build on others that build on it, as far as they count.
    fn descendants(&self, of: String) -> Vec<Node> {
        let (mut known, mut waiting) = (HashSet::from([of.clone()]), VecDeque::from([of]));
        let mut descendants = Vec::new();
        while let Some(base) = waiting.pop_front() {
            for child in self.children.get(base.as_str()).into_iter().flatten() {
                if descendants.len() > MOST_HEIRS {
                    return descendants;
                }
                let reference = child.folder.reference(child.name);
                if known.insert(reference.clone()) {
                    descendants.push(child.as_heir(&reference));
                    waiting.push_back(reference);
                }
            }
        }
        descendants
    }
}

impl Child<'_, '_> {
    fn as_heir(self, reference: &str) -> Node {
        let schema = self.folder.schemas.get(self.name);
        let tag = schema.and_then(|schema| node::text(schema, TAG));
        let reference: Member = ("$ref".into(), reference.into());
        let tag = tag.map(|tag| (TAG.into(), tag.into()));
        [reference].into_iter().chain(tag).collect::<Object>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::tree::node;

    fn noted(schemas: &str, mut root: Node) -> Vec<(String, String)> {
        note(&mut root);
        let schemas = root.pointer(schemas).and_then(Node::as_object).unwrap();
        let heirs = schemas.iter().filter_map(|(name, schema)| Some((name, schema.get(HEIRS)?)));
        heirs.map(|(name, heirs)| (name.to_owned(), heirs.to_string())).collect()
    }

    #[test]
    fn those_that_build_on_a_schema_are_found_also_by_way_of_others() {
        let of = |base: &str| serde_json::json!({ "allOf": [{ "$ref": format!("#/definitions/{base}") }] });
        let told = serde_json::json!({ "x-ms-discriminator-value": "#Lion", "allOf": of("Cat")["allOf"] });
        let root = node!({ "definitions": {
            "Pet": { "discriminator": "kind" }, "Lion": told, "Cat": of("Pet"), "a/b": of("Pet"), "Other": of("Car"),
            "Choice": { "discriminator": "kind", "oneOf": [] }, "Alone": { "discriminator": "kind" },
        } });
        let heirs = r##"[{"$ref":"#/definitions/Cat"},{"$ref":"#/definitions/a~1b"},{"$ref":"#/definitions/Lion","x-ms-discriminator-value":"#Lion"}]"##;
        assert_eq!(noted("/definitions", root), [("Pet".to_owned(), heirs.to_owned())]);
    }

    #[test]
    fn they_are_found_in_other_documents_too() {
        let base = "#/x-vestibule-parts/a~1b.json/definitions/Pet";
        let part = serde_json::json!({ "definitions": { "Pet": { "discriminator": "kind" } } });
        let root = node!({
            "components": { "schemas": { "Cat": { "allOf": [{ "$ref": base }, { "$ref": base }] } } },
            "x-vestibule-parts": { "a/b.json": part },
        });
        let heirs = r##"[{"$ref":"#/components/schemas/Cat"}]"##;
        let noted = noted("/x-vestibule-parts/a~1b.json/definitions", root);
        assert_eq!(noted, [("Pet".to_owned(), heirs.to_owned())]);
    }

    #[test]
    fn a_mapping_says_which_ones_count() {
        let cat = "#/components/schemas/Cat";
        let mapping = serde_json::json!({ "a": "#/nowhere", "b": "Pet", "x-c": "Cat", "x-d": cat });
        let circle =
            serde_json::json!({ "allOf": [{ "$ref": "#/components/schemas/Dog" }], "discriminator": "kind" });
        let root = node!({ "components": { "schemas": {
            "Pet": { "discriminator": { "propertyName": "kind", "mapping": mapping } }, "Cat": {},
            "Dog": circle, "Fox": { "allOf": [{ "$ref": "#/components/schemas/Pet" }] },
        } } });
        let heirs = r##"[{"$ref":"#/components/schemas/Cat"}]"##;
        assert_eq!(noted("/components/schemas", root), [("Pet".to_owned(), heirs.to_owned())]);
    }

    #[test]
    fn their_number_is_bounded() {
        let child = |number: usize| {
            (format!("c{number}"), serde_json::json!({ "allOf": [{ "$ref": "#/definitions/Base" }] }))
        };
        for (count, noted) in [(MOST_HEIRS, Some(MOST_HEIRS)), (MOST_HEIRS + 1, None)] {
            let mut schemas: serde_json::Map<_, _> = (0..count).map(child).collect();
            schemas.insert("Base".to_owned(), serde_json::json!({ "discriminator": "kind" }));
            let mut root = Node::from(serde_json::json!({ "definitions": schemas }));
            note(&mut root);
            let heirs = root.pointer("/definitions/Base").and_then(|base| base.get(HEIRS)?.as_array());
            assert_eq!(heirs.map(<[Node]>::len), noted);
        }
    }
}
