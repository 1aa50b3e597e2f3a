//! Lenient reading of one JSON node: what is missing and what has the wrong type are both "not there".

use super::tree::{Node, Object};

/// The text under `key`, unless it is blank.
pub(super) fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The text under `key` as an owned string, unless it is blank.
pub(super) fn string(node: &Node, key: &str) -> Option<String> {
    text(node, key).map(str::to_owned)
}

/// Whether `key` is there and true.
pub(super) fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::as_bool).unwrap_or(false)
}

/// The items of the array under `key`.
pub(super) fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).and_then(Node::as_array).unwrap_or_default()
}

/// The members of the object under `key`, without extensions (`x-…`) where those may stand among them.
pub(super) fn members<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = (&'a str, &'a Node)> {
    entries(node, key).filter(|(name, _)| !name.starts_with("x-"))
}

/// The entries of the map under `key`. Its names are those of the API, such as `x-next` for a header, so that none of them
/// is an extension.
pub(super) fn entries<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = (&'a str, &'a Node)> {
    node.get(key).and_then(Node::as_object).into_iter().flat_map(Object::iter)
}

/// A node as a person would type it: a string without its quotes, anything else as JSON.
pub(super) fn as_typed(node: &Node) -> String {
    node.as_str().map_or_else(|| node.to_string(), str::to_owned)
}
