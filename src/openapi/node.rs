//! Lenient reading of one JSON node: what is missing and what has the wrong type are both "not there".

use serde_json::{Map, Value};

/// The text under `key`, unless it is blank.
pub(super) fn text<'a>(node: &'a Value, key: &str) -> Option<&'a str> {
    node.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The text under `key` as an owned string, unless it is blank.
pub(super) fn string(node: &Value, key: &str) -> Option<String> {
    text(node, key).map(str::to_owned)
}

/// Whether `key` is there and true.
pub(super) fn flag(node: &Value, key: &str) -> bool {
    node.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// The items of the array under `key`.
pub(super) fn items<'a>(node: &'a Value, key: &str) -> &'a [Value] {
    node.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The members of the object under `key`, without extensions (`x-…`) where those may stand among them.
pub(super) fn members<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    node.get(key)
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
        .filter(|(name, _)| !name.starts_with("x-"))
}

/// A value as a person would type it: a string without its quotes, anything else as JSON.
pub(super) fn as_typed(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
