//! What people call a schema.

use super::super::reference::last_name;
use super::Schema;
use crate::openapi::node;
use crate::openapi::tree::Node;

/// How many of its choices the name of an alternative holds.
const MOST_CHOICES: usize = 3;
/// How many characters of each.
const LONGEST_CHOICE: usize = 40;

impl Schema<'_> {
    /// The name under which it is referred to, else its title.
    pub(in crate::openapi) fn name(&self) -> Option<String> {
        let reference = self.all("$ref").find_map(Node::as_str).and_then(last_name);
        reference.or_else(|| self.text("title").map(str::to_owned))
    }

    /// The name of one of its alternatives: a title, a name, the only value of a member, what there is to choose, a type, or
    /// its number.
    pub(in crate::openapi) fn name_of(&self, alternative: &Node, position: usize) -> String {
        let reference = || node::text(alternative, "$ref").and_then(last_name);
        let kind = || {
            let alternative = self.apart(alternative);
            let only = alternative.only_choice().map(str::to_owned);
            only.or_else(|| alternative.first_choices()).or_else(|| alternative.kind().map(str::to_owned))
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

    /// Its own choices, or the first of them. Others of the same type have others, or any.
    fn first_choices(&self) -> Option<String> {
        let choices = self.choices()?;
        let mut typed = choices.into_iter().map(node::as_typed).filter(|choice| !choice.is_empty());
        let shown = typed.by_ref().take(MOST_CHOICES);
        let mut shown: Vec<String> =
            shown.map(|choice| choice.chars().take(LONGEST_CHOICE).collect()).collect();
        shown.extend(typed.next().map(|_| "…".to_owned()));
        Some(shown.join(", ")).filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use crate::openapi::tree::node;

    use super::*;
    use crate::openapi::reference::Resolver;

    #[test]
    fn alternatives_of_one_type_have_names_of_their_own() {
        let root = node!({ "oneOf": [
            { "type": "string" }, { "type": "string", "enum": ["a", "b"] }, { "const": "auto" },
            { "enum": [1, 2, "", 3, 4] }, { "type": "string", "enum": [""] }, { "title": "T", "const": 1 },
            { "properties": { "kind": { "const": "card" } } }, {},
            { "$ref": "#/definitions/Page%20of%20Book" },
        ] });
        let resolver = Resolver::new(&root);
        let schema = Schema::read(&resolver, &root);
        let names = schema.alternatives().into_iter().enumerate().map(|(at, node)| schema.name_of(node, at));
        let names: Vec<String> = names.collect();
        let expected =
            ["string", "a, b", "auto", "1, 2, 3, …", "string", "T", "card", "Variant 8", "Page of Book"];
        assert_eq!(names, expected);
    }
}
