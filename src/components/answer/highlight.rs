//! JSON in colours: names, texts, and the rest of the values.

use leptos::prelude::*;

/// The pieces of a JSON text, each with its class in the stylesheet.
pub fn highlighted(json: &str) -> Vec<AnyView> {
    let piece = |(class, text): (Option<&'static str>, &str)| {
        let text = text.to_owned();
        match class {
            Some(class) => view! { <span class=class>{text}</span> }.into_any(),
            None => text.into_any(),
        }
    };
    pieces(json).map(piece).collect()
}

fn pieces(json: &str) -> impl Iterator<Item = (Option<&'static str>, &str)> {
    let mut rest = json;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = match first {
            '"' => text_length(rest),
            _ if is_literal(first) => rest.find(|c| !is_literal(c)).unwrap_or(rest.len()),
            _ => rest.find(|c| c == '"' || is_literal(c)).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at_checked(length)?;
        rest = after;
        let class = match first {
            '"' if after.starts_with(':') => Some("key"),
            '"' => Some("string"),
            _ => is_literal(first).then_some("literal"),
        };
        Some((class, piece))
    })
}

/// Up to the quote that ends the text; all of it when it is cut off.
fn text_length(json: &str) -> usize {
    let mut escaped = false;
    let end = json.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(json.len(), |(at, _)| at + 1)
}

/// What numbers, `true`, `false` and `null` are made of.
fn is_literal(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_make_up_the_whole() {
        let json = "{\n  \"a\\\"\\\\\": [-1.5e+3, null, \"b: \\\" é\"],\n  \"cut";
        let found: Vec<_> = pieces(json).collect();
        assert_eq!(found.iter().map(|(_, text)| *text).collect::<String>(), json);
        let of = |class: &str| {
            found.iter().filter(|(c, _)| *c == Some(class)).map(|(_, t)| *t).collect::<Vec<_>>()
        };
        assert_eq!(of("key"), ["\"a\\\"\\\\\""]);
        assert_eq!(of("literal"), ["-1.5e+3", "null"]);
        assert_eq!(of("string"), ["\"b: \\\" é\"", "\"cut"]);
    }
}
