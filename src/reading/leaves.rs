use serde_json::Value;

use crate::json_pointer::escaped;

/// A value that holds no others, and the way to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf<'a> {
    /// JSON pointer (RFC 6901).
    pub pointer: String,
    pub value: &'a Value,
}

/// The leaves of `value`, at most `most` of them, in order. Empty lists and objects are leaves too.
pub fn leaves<'a>(value: &'a Value, base: &str, most: usize) -> Vec<Leaf<'a>> {
    let mut found = Vec::new();
    collect(value, base.to_owned(), most, &mut found);
    found
}

fn collect<'a>(value: &'a Value, place: String, most: usize, found: &mut Vec<Leaf<'a>>) {
    if found.len() >= most {
        return;
    }
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                collect(value, format!("{place}/{}", escaped(name)), most, found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (at, value) in items.iter().enumerate() {
                collect(value, format!("{place}/{at}"), most, found);
            }
        }
        value => found.push(Leaf { pointer: place, value }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_leaf_is_found_again_by_its_pointer() {
        let value = json!({ "a/b": [1, { "c~": null }, []], "": "x" });
        let found = leaves(&value, "", 100);
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|leaf| value.pointer(&leaf.pointer) == Some(leaf.value)), "{found:?}");
        assert_eq!(leaves(&value, "", 2).len(), 2);
    }
}
