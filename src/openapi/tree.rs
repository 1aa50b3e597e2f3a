//! A document in memory: JSON whose equal parts are held once.
//!
//! Documents repeat themselves. Of the 258,000 values in a description of GitHub's API, 46,000 differ; the rest are
//! the same examples, schemas and parameters over again. `serde_json::Value` holds each of them anew, in 72 bytes
//! and more, so a tree of our own takes a fifth of the memory. It is shared, and a part is copied when it changes.

mod object;
mod read;
mod write;

use std::sync::Arc;

use serde_json::Number;

use crate::json_pointer::unescaped;

pub(super) use object::{Member, Object};
pub(super) use read::{MOST_VALUES, Tree};

/// A JSON value in a document. A clone costs next to nothing, and shares everything inside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Node {
    #[default]
    Null,
    Bool(bool),
    Number(Arc<Number>),
    String(Arc<str>),
    Array(Arc<[Node]>),
    Object(Arc<Object>),
}

/// Stands for a node that is not there.
pub(super) static NULL: Node = Node::Null;

impl Node {
    /// The member of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// What a JSON Pointer leads to (RFC 6901).
    pub(super) fn pointer(&self, pointer: &str) -> Option<&Self> {
        let mut steps = pointer.split('/');
        // Before the first slash stands nothing.
        steps.next().filter(|before| before.is_empty())?;
        steps.try_fold(self, |node, step| node.step(&unescaped(step)))
    }

    fn step(&self, step: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.get(step),
            Self::Array(items) => items.get(index(step)?),
            _ => None,
        }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    pub(super) fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        self.as_number()?.as_u64()
    }

    pub(super) fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(super) fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    pub(super) fn as_object(&self) -> Option<&Object> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The members, to be changed here and nowhere else.
    pub(super) fn as_object_mut(&mut self) -> Option<&mut Object> {
        if let Self::Object(members) = self { Some(Arc::make_mut(members)) } else { None }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

/// The number of an item, as a JSON Pointer writes it: without a sign, and without zeros in front.
fn index(step: &str) -> Option<usize> {
    let is_plain = step == "0" || !step.starts_with(['0', '+']);
    step.parse().ok().filter(|_| is_plain)
}

/// A node written as JSON.
#[cfg(test)]
macro_rules! node {
    ($($json:tt)+) => { $crate::openapi::tree::Node::from(serde_json::json!($($json)+)) };
}

#[cfg(test)]
pub(super) use node;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pointers_lead_into_objects_and_lists() {
        let node = Node::from(json!({ "a/b": [{ "~": 1 }, 2], "": { "": 3 } }));
        let at = |pointer| node.pointer(pointer).and_then(Node::as_u64);
        assert_eq!([at("/a~1b/0/~0"), at("/a~1b/1"), at("//")], [Some(1), Some(2), Some(3)]);
        assert_eq!(node.pointer(""), Some(&node));
        for nowhere in ["a", "/a", "/a~1b/01", "/a~1b/+1", "/a~1b/2", "/a~1b/1/x", "/a~1b/-"] {
            assert_eq!(node.pointer(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn a_change_stays_where_it_is_made() {
        let one = Node::from(json!({ "a": { "b": 1 }, "c": [1] }));
        let mut other = one.clone();
        let inside = other.as_object_mut().unwrap().get_mut("a").unwrap();
        inside.as_object_mut().unwrap().insert("b", Node::Null);
        assert_eq!(one.to_string(), r#"{"a":{"b":1},"c":[1]}"#);
        assert_eq!(other.to_string(), r#"{"a":{"b":null},"c":[1]}"#);
    }
}
