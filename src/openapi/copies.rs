//! What may be copied inside a document while it is brought into shape.
//!
//! A copy shares what is inside, but once it is changed, its own members are held anew. A large part that many
//! places refer to would be held as often, which makes memory of a document's size squared.

use std::cell::Cell;

use super::tree::{MOST_VALUES, Node, Object};

/// Members copied in one document. A quarter of what it may hold.
const MOST_COPIED: usize = MOST_VALUES / 4;

/// Copies as long as there is room for them.
pub(super) struct Copies(Cell<usize>);

impl Default for Copies {
    fn default() -> Self {
        Self(Cell::new(MOST_COPIED))
    }
}

impl Copies {
    /// A copy of the node, or `None` when too much was copied already.
    pub(super) fn of(&self, node: &Node) -> Option<Node> {
        let left = self.0.get().checked_sub(1 + size(node));
        self.0.set(left.unwrap_or_default());
        left.map(|_| node.clone())
    }
}

fn size(node: &Node) -> usize {
    let items = node.as_array().map_or(0, <[Node]>::len);
    items + node.as_object().map_or(0, Object::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_until_there_is_no_room() {
        let copies = Copies(Cell::new(6));
        let three = Node::from(vec![Node::Null, vec![Node::Null].into()]);
        assert_eq!(copies.of(&three), Some(three.clone()));
        assert_eq!(copies.of(&three), Some(three.clone()));
        assert_eq!(copies.of(&three), None);
        assert_eq!(copies.of(&Node::Null), None);
    }
}
