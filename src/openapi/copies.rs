//! What may be copied inside a document while it is brought into shape.
//!
//! A large part that many places refer to would otherwise be copied as often, which makes memory of a document's
//! size squared.

use std::cell::Cell;

use serde_json::Value;

/// Values copied in one document. A quarter of what it may hold.
const MOST_COPIED: usize = super::tree::MOST_VALUES / 4;

/// Copies as long as there is room for them.
pub(super) struct Copies(Cell<usize>);

impl Default for Copies {
    fn default() -> Self {
        Self(Cell::new(MOST_COPIED))
    }
}

impl Copies {
    /// A copy of the node, or `None` when too much was copied already.
    pub(super) fn of(&self, node: &Value) -> Option<Value> {
        let mut left = self.0.get();
        let fits = count(node, &mut left);
        self.0.set(left);
        fits.then(|| node.clone())
    }
}

/// Takes the number of values off, and says whether there were as many.
fn count(node: &Value, left: &mut usize) -> bool {
    let Some(less) = left.checked_sub(1) else { return false };
    *left = less;
    match node {
        Value::Array(items) => items.iter().all(|item| count(item, left)),
        Value::Object(members) => members.values().all(|member| count(member, left)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn copies_until_there_is_no_room() {
        let copies = Copies(Cell::new(6));
        let three = json!([1, { "a": 2 }]);
        assert_eq!(copies.of(&three), Some(three.clone()));
        assert_eq!(copies.of(&three), None);
        assert_eq!(copies.of(&json!(1)), None);
    }
}
