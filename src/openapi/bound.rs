//! The ends of a range of numbers.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::schema::Schema;
use super::tree::Node;

/// An end of a range of numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The number at the end.
    pub value: Number,
    /// Whether that number itself is outside the range.
    pub exclusive: bool,
}

impl Bound {
    /// The least number that a schema allows.
    pub(super) fn minimum(schema: &Schema) -> Option<Self> {
        Self::read(schema, "minimum", "exclusiveMinimum", Ordering::Greater)
    }

    /// The greatest number that a schema allows.
    pub(super) fn maximum(schema: &Schema) -> Option<Self> {
        Self::read(schema, "maximum", "exclusiveMaximum", Ordering::Less)
    }

    /// `exclusive…` is a number of its own since 3.1, and before that a flag on the bound beside it. Of two, the one that
    /// lets in less counts.
    fn read(schema: &Schema, inclusive: &str, exclusive: &str, inside: Ordering) -> Option<Self> {
        let value = |keyword| schema.all(keyword).find_map(Node::as_number).cloned();
        let own = value(exclusive).map(|value| Self { value, exclusive: true });
        let beside = value(inclusive).map(|value| Self { value, exclusive: schema.flag(exclusive) });
        match (own, beside) {
            (Some(own), Some(beside)) if own.lets(&beside.value, inside) => Some(beside),
            (own, beside) => own.or(beside),
        }
    }

    /// Whether a number lies on the `inside` of this end. Of one that is too large to be compared, nobody here can tell, so
    /// it does.
    pub(super) fn lets(&self, number: &Number, inside: Ordering) -> bool {
        let Some((number, end)) = number.as_f64().zip(self.value.as_f64()) else { return true };
        match number.partial_cmp(&end) {
            Some(Ordering::Equal) => !self.exclusive,
            ordering => ordering == Some(inside),
        }
    }

    /// What to give instead of a number that it does not let.
    pub(super) fn says(&self, outside: &str, inside: &str) -> String {
        if self.exclusive {
            format!("Give a number {outside} than {}.", self.value)
        } else {
            format!("Give a number of {inside} {}.", self.value)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::reference::Resolver;
    use crate::openapi::tree::node;

    #[test]
    fn each_way_of_writing_an_end_is_read() {
        let cases = [
            (node!({ "minimum": 1 }), Some((1, false))),
            (node!({ "minimum": 1, "exclusiveMinimum": false }), Some((1, false))),
            (node!({ "minimum": 1, "exclusiveMinimum": true }), Some((1, true))),
            (node!({ "exclusiveMinimum": 1 }), Some((1, true))),
            (node!({ "minimum": 5, "exclusiveMinimum": 1 }), Some((5, false))),
            (node!({ "minimum": 1, "exclusiveMinimum": 5 }), Some((5, true))),
            (node!({ "exclusiveMinimum": true }), None),
        ];
        for (schema, expected) in cases {
            let resolver = Resolver::new(&schema);
            let bound = Bound::minimum(&Schema::read(&resolver, &schema));
            let expected = expected.map(|(value, exclusive)| Bound { value: Number::from(value), exclusive });
            assert_eq!(bound, expected, "{schema}");
        }
    }

    #[test]
    fn a_number_is_let_in_by_its_size() {
        let least = |exclusive| Bound { value: 1.into(), exclusive };
        let lets = |bound: &Bound, text: &str| bound.lets(&text.parse().unwrap(), Ordering::Greater);
        assert!(lets(&least(false), "1.0") && !lets(&least(true), "1") && !lets(&least(false), "0.5"));
        assert!(lets(&least(true), "2") && lets(&least(false), "1e999"), "too large to be compared");
    }
}
