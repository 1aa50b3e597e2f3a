//! Following `$ref` inside one document.

use std::cell::{Cell, RefCell};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::note::Note;

/// References followed while one part is read. Real operations need a few hundred; a document made to keep the
/// server busy stops here.
const MOST_REFERENCES: u32 = 20_000;
/// References that lead straight on to another one.
const LONGEST_CHAIN: usize = 16;

/// Follows references, and keeps a note of each that leads nowhere.
pub(super) struct Resolver<'a> {
    root: &'a Value,
    left: Cell<u32>,
    notes: RefCell<Vec<Note>>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root, left: Cell::new(MOST_REFERENCES), notes: RefCell::default() }
    }

    pub(super) fn root(&self) -> &'a Value {
        self.root
    }

    /// The node itself, or what its `$ref` leads to in the end. `None`, with a note, when that is nothing.
    pub(super) fn resolve(&self, node: &'a Value) -> Option<&'a Value> {
        let mut node = node;
        for _ in 0..LONGEST_CHAIN {
            match node.get("$ref").and_then(Value::as_str) {
                Some(reference) => node = self.target(reference)?,
                None => return Some(node),
            }
        }
        self.note("reference", "References lead round in a circle.");
        None
    }

    /// What one reference points at. `None`, with a note, when that is nothing.
    pub(super) fn target(&self, reference: &str) -> Option<&'a Value> {
        let Some(left) = self.left.get().checked_sub(1) else {
            self.note("reference", "The part holds too many references to follow them all.");
            return None;
        };
        self.left.set(left);
        let target = self.pointed_at(reference);
        if target.is_none() {
            self.note(reference, complaint(reference));
        }
        target
    }

    /// Adds a note, once.
    pub(super) fn note(&self, part: impl Into<String>, message: impl Into<String>) {
        let note = Note::new(part, message);
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    pub(super) fn into_notes(self) -> Vec<Note> {
        self.notes.into_inner()
    }

    /// JSON Pointer in a URI fragment (RFC 6901, section 6).
    fn pointed_at(&self, reference: &str) -> Option<&'a Value> {
        let fragment = reference.strip_prefix('#')?;
        let pointer = percent_decode_str(fragment).decode_utf8().ok()?;
        self.root.pointer(&pointer)
    }
}

fn complaint(reference: &str) -> &'static str {
    if reference.starts_with('#') {
        "The reference leads to nothing in this document."
    } else {
        "The reference leads out of this document, and other documents are not fetched."
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn follows_chains_and_escapes() {
        let root = json!({ "a": { "$ref": "#/b~1c/d%20e" }, "b/c": { "d e": { "here": true } } });
        let resolver = Resolver::new(&root);
        assert_eq!(resolver.resolve(&root["a"]), Some(&json!({ "here": true })));
        assert!(resolver.into_notes().is_empty());
    }

    #[test]
    fn circles_dead_ends_and_other_documents_become_notes() {
        let root = json!({
            "circle": { "$ref": "#/circle" },
            "dead": { "$ref": "#/nowhere" },
            "away": { "$ref": "other.json#/a" },
        });
        let resolver = Resolver::new(&root);
        for part in ["circle", "dead", "away", "dead"] {
            assert_eq!(resolver.resolve(&root[part]), None, "{part}");
        }
        let parts: Vec<_> = resolver.into_notes().into_iter().map(|note| note.part).collect();
        assert_eq!(parts, ["reference", "#/nowhere", "other.json#/a"]);
    }

    #[test]
    fn stops_after_too_many() {
        let root = json!({ "a": { "$ref": "#/b" }, "b": {} });
        let resolver = Resolver::new(&root);
        let followed = (0..=MOST_REFERENCES).filter(|_| resolver.resolve(&root["a"]).is_some()).count();
        assert_eq!(followed, MOST_REFERENCES as usize);
        assert_eq!(resolver.into_notes().len(), 1);
    }
}
