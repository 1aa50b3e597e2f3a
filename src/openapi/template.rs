//! Path templates, such as `/books/{id}`.

/// One piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that stands as it is.
    Fixed(&'a str),
    /// What takes a value.
    Slot(Slot<'a>),
}

/// A place for a value, between braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot<'a> {
    /// What stands there, without operators.
    pub(super) name: &'a str,
    /// Whether the value may hold several segments of a path.
    pub(super) is_reserved: bool,
}

/// The pieces of a template in order. A brace without its partner is text.
pub(super) fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, inside, after)) = next_braces(rest) {
        pieces.push(Piece::Fixed(before));
        pieces.extend(slot(inside).map(Piece::Slot));
        rest = after;
    }
    pieces.push(Piece::Fixed(rest));
    pieces
}

/// The names between braces.
pub(super) fn names(template: &str) -> Vec<&str> {
    let names = pieces(template).into_iter().filter_map(|piece| match piece {
        Piece::Slot(slot) => Some(slot.name),
        Piece::Fixed(_) => None,
    });
    names.collect()
}

/// What stands before the first mark that is not between braces, and what stands behind it.
pub(super) fn split_at(template: &str, mark: char) -> (&str, &str) {
    let mut rest = template;
    while let Some((_, _, after)) = next_braces(rest).filter(|(before, ..)| !before.contains(mark)) {
        rest = after;
    }
    let Some((before, after)) = rest.split_once(mark) else { return (template, "") };
    let passed = template.len() - rest.len();
    (template.get(..passed + before.len()).unwrap_or(template), after)
}

fn next_braces(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, inside, after))
}

/// Some documents write operators of RFC 6570 into the braces, or what routers make of them. `{+path}`, `{key+}` and
/// `{rest*}` take several segments; `{?page}`, `{&page}` and `{#part}` are no part of the path.
fn slot(inside: &str) -> Option<Slot<'_>> {
    let name = inside.trim_matches(['+', '*']);
    let is_of_path = !inside.starts_with(['?', '&', '#']);
    is_of_path.then_some(Slot { name, is_reserved: name.len() < inside.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_and_text_are_told_apart() {
        use Piece::Fixed;
        let slot = |name, is_reserved| Piece::Slot(Slot { name, is_reserved });
        assert_eq!(
            pieces("/a/{b}:{+c}"),
            [Fixed("/a/"), slot("b", false), Fixed(":"), slot("c", true), Fixed("")]
        );
        assert_eq!(pieces("/a/{b"), [Fixed("/a/{b")]);
        assert_eq!(names("/{a+}/{b*}{?c,d*}{&e}{#f}"), ["a", "b"]);
    }

    #[test]
    fn marks_between_braces_split_nothing() {
        for (template, before, after) in [
            ("/s{?q}", "/s{?q}", ""),
            ("/s/{a}?b={?b}?", "/s/{a}", "b={?b}?"),
            ("/s/{a?b", "/s/{a", "b"),
            ("/s?a={b}", "/s", "a={b}"),
        ] {
            assert_eq!(split_at(template, '?'), (before, after), "{template}");
        }
    }
}
