//! A part of a document as JSON, and JSON as a part of a document.

use std::{fmt, sync::Arc};

use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

use super::{Node, Object};

impl Node {
    /// A copy to keep and to change.
    pub(in crate::openapi) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(number.as_ref().clone()),
            Self::String(text) => Value::String(text.as_ref().to_owned()),
            Self::Array(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(members) => {
                members.iter().map(|(name, node)| (name.to_owned(), node.to_json())).collect()
            }
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items.iter()),
            Self::Object(members) => serializer.collect_map(members.iter()),
        }
    }
}

/// As JSON on one line.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => number.into(),
            Value::String(text) => text.into(),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name.into(), value.into()));
                members.collect::<Object>().into()
            }
        }
    }
}

impl From<Number> for Node {
    fn from(number: Number) -> Self {
        Self::Number(Arc::new(number))
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Vec<Node>> for Node {
    fn from(items: Vec<Node>) -> Self {
        Self::Array(items.into())
    }
}

impl From<Object> for Node {
    fn from(members: Object) -> Self {
        Self::Object(Arc::new(members))
    }
}

/// An object of a few members.
impl<const N: usize> From<[(&str, Node); N]> for Node {
    fn from(members: [(&str, Node); N]) -> Self {
        members.into_iter().map(|(name, node)| (name.into(), node)).collect::<Object>().into()
    }
}

/// A text in a document is often compared with one that is known.
impl PartialEq<str> for Node {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == Some(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_becomes_a_node_and_json_again() {
        let json = json!({ "b": [null, true, 1, 0.5, "x"], "a": { "c": {} } });
        let node = Node::from(json.clone());
        assert_eq!(node.to_json(), json);
        assert_eq!(node.to_string(), json.to_string());
        assert_eq!(
            serde_json::to_string_pretty(&node).unwrap(),
            serde_json::to_string_pretty(&json).unwrap()
        );
    }
}
