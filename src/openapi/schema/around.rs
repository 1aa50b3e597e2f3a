//! Where a walk through schemas stands: they may hold themselves, so it has to know what it has been through.

use super::Schema;

/// The schemas around the one that is looked at, from the inside out.
#[derive(Clone, Copy)]
pub(in crate::openapi) struct Around<'s, 'a> {
    pub(in crate::openapi) schema: &'s Schema<'a>,
    outer: Option<&'s Around<'s, 'a>>,
    /// How many there are, this one included.
    pub(in crate::openapi) depth: usize,
}

impl<'s, 'a> Around<'s, 'a> {
    pub(in crate::openapi) fn new(schema: &'s Schema<'a>, outer: Option<&'s Self>) -> Self {
        Self { schema, outer, depth: outer.map_or(1, |outer| outer.depth + 1) }
    }

    /// Whether one of them says all that the schema says.
    pub(in crate::openapi) fn holds(&self, schema: &Schema) -> bool {
        schema.is_within(self.schema) || self.outer.is_some_and(|outer| outer.holds(schema))
    }

    /// Whether one of them says the same as the schema, and no more.
    pub(in crate::openapi) fn repeats(&self, schema: &Schema) -> bool {
        (schema.is_within(self.schema) && self.schema.is_within(schema))
            || self.outer.is_some_and(|outer| outer.repeats(schema))
    }
}
