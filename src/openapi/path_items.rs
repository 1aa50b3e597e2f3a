//! Path Item Objects with a `$ref`.
//!
//! One that has nothing else is followed like any other reference. One that has more is merged with what it refers
//! to, its own members first: no version of the specification says what else it should mean. In Swagger 2.0 all of
//! them are merged, since what they hold is still to be rewritten.

use super::copies::Copies;
use super::reference::pointed_at;
use super::tree::Node;

/// References that lead straight on to another one.
const LONGEST_CHAIN: usize = 8;

pub(super) fn merge(root: &mut Node, copies: &Copies) {
    let is_swagger_2 = root.get("swagger").is_some();
    let Some(paths) = root.get("paths").and_then(Node::as_object) else { return };
    let referring = paths.iter().filter(|(_, item)| {
        item.get("$ref").is_some_and(Node::is_string)
            && (is_swagger_2 || item.as_object().is_some_and(|item| item.len() > 1))
    });
    let merged: Vec<_> =
        referring.filter_map(|(path, item)| Some((path.to_owned(), whole(root, item, copies)?))).collect();
    let paths = root.as_object_mut().and_then(|root| root.get_mut("paths")?.as_object_mut());
    let Some(paths) = paths else { return };
    for (path, item) in merged {
        paths.insert(path, item);
    }
}

/// The item with all that its references lead to. `None` when that is nothing at all: then the reference stays, to
/// be noted.
fn whole(root: &Node, item: &Node, copies: &Copies) -> Option<Node> {
    let mut whole = item.as_object()?.clone();
    for _ in 0..LONGEST_CHAIN {
        let Some(Node::String(reference)) = whole.remove("$ref") else { break };
        let target = pointed_at(root, &reference).and_then(|target| copies.of(target));
        let Some(target) = target.as_ref().and_then(Node::as_object) else { break };
        let further = target.iter().filter(|(key, _)| !whole.contains_key(key));
        let further: Vec<_> = further.map(|(key, member)| (key.into(), member.clone())).collect();
        whole = whole.into_iter().chain(further).collect();
    }
    whole.remove("$ref");
    (!whole.is_empty()).then(|| whole.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::openapi::Document;

    #[test]
    fn a_reference_and_what_stands_beside_it_are_one() {
        let document = json!({
            "components": { "pathItems": {
                "a": { "parameters": [{ "name": "shared", "in": "query" }], "get": { "operationId": "theirs" }, "post": {} },
                "b": { "$ref": "#/components/pathItems/a", "put": {} },
            } },
            "paths": {
                "/a": { "get": { "operationId": "ours" }, "$ref": "#/components/pathItems/a" },
                "/b": { "delete": {}, "$ref": "#/components/pathItems/b" },
                "/c": { "$ref": "#/nowhere", "get": { "operationId": "kept" } },
                "/d": { "$ref": "#/paths/~1d", "get": {} },
                "/e": { "$ref": "#/nowhere" },
            },
        });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let names: Vec<_> = document.operations().iter().map(|one| one.address.as_str()).collect();
        assert_eq!(names, ["ours", "post/a", "delete/b", "put/b", "theirs", "post/b", "kept", "get/d"]);
        let ours = document.operation(document.find("ours").unwrap());
        assert_eq!(ours.parameters[0].name, "shared");
        assert_eq!(document.notes()[0].part, "#/nowhere");
    }
}
