//! Path templates, such as `/books/{id}`.

/// One piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that stands as it is.
    Fixed(&'a str),
    /// The name between braces.
    Slot(&'a str),
}

/// The pieces of a template in order. A brace without its partner is text.
pub(super) fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, inside, after)) = next_slot(rest) {
        pieces.extend([Piece::Fixed(before), Piece::Slot(inside)]);
        rest = after;
    }
    pieces.push(Piece::Fixed(rest));
    pieces
}

/// The names between braces.
pub(super) fn names(template: &str) -> Vec<&str> {
    let names = pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Slot(name) => Some(name),
        Piece::Fixed(_) => None,
    });
    names.collect()
}

fn next_slot(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, plain_name(inside), after))
}

/// Some documents write RFC 6570 operators into the braces, as in `{+path}`, `{key+}` or `{rest*}`.
fn plain_name(inside: &str) -> &str {
    inside.trim_matches(['+', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_and_text_are_told_apart() {
        use Piece::{Fixed, Slot};
        assert_eq!(pieces("/a/{b}:{+c}"), [Fixed("/a/"), Slot("b"), Fixed(":"), Slot("c"), Fixed("")]);
        assert_eq!(pieces("/a/{b"), [Fixed("/a/{b")]);
    }
}
