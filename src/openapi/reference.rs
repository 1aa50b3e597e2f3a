//! Following `$ref` inside one document.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use percent_encoding::percent_decode_str;

use super::note::Note;
use super::tree::Node;
use crate::json_pointer::unescaped;

/// References followed while one part is read. Real operations need a few hundred; a document made to keep the
/// server busy stops here.
const MOST_REFERENCES: u32 = 20_000;
/// Notes that are kept of one part, or of one document.
const MOST_NOTES: usize = 1000;
/// References that lead straight on to another one.
const LONGEST_CHAIN: usize = 16;

/// Where the other parts of a document that was put together lie in its root.
pub(super) const BUNDLED: &str = "x-vestibule-parts";
/// Where it says why a document that it refers to is not among them.
pub(super) const UNAVAILABLE: &str = "x-vestibule-unavailable";

/// Follows references, and keeps a note of each that leads nowhere.
pub(super) struct Resolver<'a> {
    root: &'a Node,
    left: Cell<u32>,
    notes: RefCell<Notes>,
}

/// Each note once, in their order.
#[derive(Default)]
struct Notes {
    kept: Vec<Note>,
    known: HashSet<Note>,
    /// How many more there are, which are not kept.
    more: usize,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(root: &'a Node) -> Self {
        Self { root, left: Cell::new(MOST_REFERENCES), notes: RefCell::default() }
    }

    pub(super) fn root(&self) -> &'a Node {
        self.root
    }

    /// The node itself, or what its `$ref` leads to in the end. `None`, with a note, when that is nothing.
    pub(super) fn resolve(&self, node: &'a Node) -> Option<&'a Node> {
        let mut node = node;
        for _ in 0..LONGEST_CHAIN {
            match node.get("$ref").and_then(Node::as_str) {
                Some(reference) => node = self.target(reference)?,
                None => return Some(node),
            }
        }
        self.note("reference", "References lead round in a circle.");
        None
    }

    /// What one reference points at. `None`, with a note, when that is nothing.
    pub(super) fn target(&self, reference: &str) -> Option<&'a Node> {
        let Some(left) = self.left.get().checked_sub(1) else {
            self.note("reference", "The part holds too many references to follow them all.");
            return None;
        };
        self.left.set(left);
        let target = pointed_at(self.root, reference);
        if target.is_none() {
            self.note(as_written(reference), self.complaint(reference));
        }
        target
    }

    /// Adds a note, once.
    pub(super) fn note(&self, part: impl Into<String>, message: impl Into<String>) {
        let note = Note::new(part, message);
        let mut notes = self.notes.borrow_mut();
        if notes.known.contains(&note) {
            return;
        }
        if notes.kept.len() < MOST_NOTES {
            notes.known.insert(note.clone());
            notes.kept.push(note);
        } else {
            notes.more += 1;
        }
    }

    pub(super) fn into_notes(self) -> Vec<Note> {
        let Notes { mut kept, more, .. } = self.notes.into_inner();
        if more > 0 {
            kept.push(Note::new("and so on", format!("{more} more notes are left out.")));
        }
        kept
    }

    fn complaint(&self, reference: &str) -> &'a str {
        let document = reference.split('#').next().unwrap_or_default();
        if document.is_empty() {
            return "The reference leads to nothing in this document.";
        }
        let reason = self.root.get(UNAVAILABLE).and_then(|reasons| reasons.get(document)?.as_str());
        reason.unwrap_or("The reference leads to nothing that could be found.")
    }
}

/// JSON Pointer in a URI fragment (RFC 6901, section 6).
pub(super) fn pointed_at<'a>(root: &'a Node, reference: &str) -> Option<&'a Node> {
    let fragment = reference.strip_prefix('#')?;
    let pointer = percent_decode_str(fragment).decode_utf8().ok()?;
    root.pointer(&pointer)
}

/// The name at the end of a reference, without what encodes it in a fragment and in a JSON Pointer (RFC 6901, sections 4
/// and 6). `None` where it ends in none.
pub(super) fn last_name(reference: &str) -> Option<String> {
    let last = reference.rsplit('/').next()?;
    let name = unescaped(&percent_decode_str(last).decode_utf8_lossy());
    Some(name).filter(|name| !name.is_empty() && name != "#")
}

/// A reference as people know it: into another part, it begins with the name of that part.
fn as_written(reference: &str) -> String {
    let inside = reference.strip_prefix("#/").and_then(|rest| rest.strip_prefix(BUNDLED)?.strip_prefix('/'));
    let Some(inside) = inside else { return reference.to_owned() };
    let (part, pointer) =
        inside.split_once('/').map_or((inside, String::new()), |(part, rest)| (part, format!("#/{rest}")));
    format!("{}{pointer}", unescaped(part).replace("%25", "%"))
}

#[cfg(test)]
mod tests {
    use crate::openapi::tree::node;

    use super::*;

    #[test]
    fn follows_chains_and_escapes() {
        let root = node!({ "a": { "$ref": "#/b~1c/d%20e" }, "b/c": { "d e": { "here": true } } });
        let resolver = Resolver::new(&root);
        assert_eq!(resolver.resolve(root.get("a").unwrap()), Some(&node!({ "here": true })));
        assert!(resolver.into_notes().is_empty());
    }

    #[test]
    fn circles_dead_ends_and_other_documents_become_notes() {
        let root = node!({
            "circle": { "$ref": "#/circle" },
            "dead": { "$ref": "#/nowhere" },
            "away": { "$ref": "other.json#/a" },
        });
        let resolver = Resolver::new(&root);
        for part in ["circle", "dead", "away", "dead"] {
            assert_eq!(resolver.resolve(root.get(part).unwrap()), None, "{part}");
        }
        let parts: Vec<_> = resolver.into_notes().into_iter().map(|note| note.part).collect();
        assert_eq!(parts, ["reference", "#/nowhere", "other.json#/a"]);
    }

    #[test]
    fn the_last_name_is_as_the_document_has_it() {
        for (reference, name) in [
            ("#/definitions/Page%20of%20Book", Some("Page of Book")),
            ("#/definitions/a~1b%7E0", Some("a/b~")),
            ("Pet", Some("Pet")),
            ("#", None),
            ("#/definitions/", None),
            ("", None),
        ] {
            assert_eq!(last_name(reference).as_deref(), name, "{reference}");
        }
    }

    #[test]
    fn stops_after_too_many() {
        let root = node!({ "a": { "$ref": "#/b" }, "b": {} });
        let resolver = Resolver::new(&root);
        let followed =
            (0..=MOST_REFERENCES).filter(|_| resolver.resolve(root.get("a").unwrap()).is_some()).count();
        assert_eq!(followed, MOST_REFERENCES as usize);
        assert_eq!(resolver.into_notes().len(), 1);
    }
}
