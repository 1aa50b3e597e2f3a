//! The names of inputs: how they are made, and how they are read.
//!
//! The parts of a body are named like JSON Pointers (RFC 6901) behind `body`: `body/tags/0`. What a form has to know
//! besides, such as how many rows a list has, stands in inputs of its own: the name of the part, a `~`, and a word.

use crate::json_pointer::{escaped, unescaped};

const ADD: &str = "~add";
const EMPTY: &str = "~empty";
const NULL: &str = "~null";
const OPEN: &str = "~open";
const ROWS: &str = "~rows";
/// Followed by the number of the choice, or by what is chosen.
const VARIANT: &str = "~variant";
/// What may follow the name of a part in that of one of the form's own inputs.
const SUFFIXES: [&str; 6] = [OPEN, ROWS, ADD, NULL, EMPTY, VARIANT];

/// The name of the input of one member of an object that is a parameter.
#[must_use]
pub fn member_input(input: &str, member: &str) -> String {
    format!("{input}[{member}]")
}

/// The name of the input that takes the name of one more member.
#[must_use]
pub fn add_input(input: &str) -> String {
    format!("{input}{ADD}")
}

/// The name of the input that says, with any text, that another one is sent although it is empty.
#[must_use]
pub fn empty_input(input: &str) -> String {
    format!("{input}{EMPTY}")
}

/// The name of the input that says, with any text, that another one is `null`.
#[must_use]
pub fn null_input(input: &str) -> String {
    format!("{input}{NULL}")
}

/// The name of the input that unfolds, with any text, the object at another one.
#[must_use]
pub fn open_input(input: &str) -> String {
    format!("{input}{OPEN}")
}

/// The name of the input that takes the number of rows to show of the list at another one.
#[must_use]
pub fn rows_input(input: &str) -> String {
    format!("{input}{ROWS}")
}

/// Whether an input takes the number of rows of a list.
#[must_use]
pub fn is_rows_input(input: &str) -> bool {
    input.ends_with(ROWS)
}

/// The name of the input that takes the number of the variant that applies, for one of several choices between schemas.
pub(super) fn variant_input(input: &str, choice: usize) -> String {
    format!("{input}{VARIANT}{choice}")
}

/// The name of the input that takes the number of the type that applies.
pub(super) fn type_input(input: &str) -> String {
    format!("{input}{VARIANT}-type")
}

/// The name of the input of a member or a row of a body.
pub(super) fn inside(input: &str, name: &str) -> String {
    format!("{input}/{}", escaped(name))
}

/// The member or the row in one part of the name of an input, be it one of the form's own.
pub(super) fn plain(part: &str) -> String {
    let name = SUFFIXES.iter().find_map(|suffix| Some(part.split_once(suffix)?.0));
    unescaped(name.unwrap_or(part))
}

/// Whether an input is the outer one, inside it, or one of the form's own for it. (`~0` and `~1` are part of a name.)
#[must_use]
pub fn is_within(input: &str, outer: &str) -> bool {
    input.strip_prefix(outer).is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with('/')
            || (rest.starts_with('~') && !rest.starts_with("~0") && !rest.starts_with("~1"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_own_inputs_are_those_of_a_part() {
        let part = inside("body", "a/b~c");
        assert_eq!(part, "body/a~1b~0c");
        let own = [add_input, empty_input, null_input, open_input, rows_input, type_input];
        for input in own.map(|name| name(&part)).into_iter().chain([variant_input(&part, 1)]) {
            assert_eq!(input.strip_prefix("body/").map(plain).as_deref(), Some("a/b~c"), "{input}");
            assert!(is_within(&input, &part) && is_within(&input, "body"), "{input}");
        }
        for other in ["body/a", "body/a~1b", "bod", "body/a~1b~"] {
            assert!(!is_within(&part, other), "{other}");
        }
        assert!(
            is_within("body", "body") && !is_within("body~0", "body") && !is_within("bodybuilder", "body")
        );
    }
}
