//! What people call a schema.

use super::super::tree::unescaped;
use super::{Node, Schema, node};

impl Schema<'_> {
    /// The name under which it is referred to, else its title.
    pub(in crate::openapi) fn name(&self) -> Option<String> {
        let reference = self.all("$ref").find_map(Node::as_str).and_then(last);
        reference.or_else(|| self.text("title").map(str::to_owned))
    }

    /// The name of one of its alternatives: a title, a name, the only value of a member, a type, or its number.
    pub(in crate::openapi) fn name_of(&self, alternative: &Node, position: usize) -> String {
        let reference = || node::text(alternative, "$ref").and_then(last);
        let kind = || {
            let alternative = self.apart(alternative);
            alternative.only_choice().or_else(|| alternative.kind()).map(str::to_owned)
        };
        let title = node::string(alternative, "title").or_else(reference);
        title.or_else(kind).unwrap_or_else(|| format!("Variant {}", position + 1))
    }

    /// The value of a member that can have no other, as `card` of `method: card`.
    fn only_choice(&self) -> Option<&str> {
        self.properties().into_iter().find_map(|(_, property)| match property.choices()?.as_slice() {
            [only] => only.as_str(),
            _ => None,
        })
    }
}

/// The last part of a reference, without the escapes of JSON Pointer (RFC 6901).
fn last(reference: &str) -> Option<String> {
    let name = reference.rsplit('/').next().filter(|name| !name.is_empty() && *name != "#");
    name.map(unescaped)
}
