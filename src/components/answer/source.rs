use leptos::prelude::*;

use super::highlight::highlighted;
use crate::ui::{CodeBlock, Disclosure};

/// The most of a text that a page holds, in bytes.
const MOST: usize = 200_000;
/// The most of it in colours: each piece is an element.
const MOST_COLOURED: usize = 50_000;

/// JSON as it came, indented, folded away unless it is all there is to see.
#[component]
pub fn JsonSource(source: String, open: bool) -> impl IntoView {
    let (shown, note) = capped(&source);
    let shown = if shown.len() > MOST_COLOURED { shown.into_any() } else { highlighted(&shown).into_any() };
    view! {
        <Disclosure summary="JSON" open>
            <CodeBlock label="Answer as JSON">{shown}</CodeBlock>
            {note}
        </Disclosure>
    }
}

/// Text as it came.
#[component]
pub fn TextSource(text: String) -> impl IntoView {
    let (shown, note) = capped(&text);
    view! {
        <CodeBlock label="Answer as text" wrap=true>
            {shown}
        </CodeBlock>
        {note}
    }
}

fn capped(text: &str) -> (String, Option<impl IntoView + use<>>) {
    let shown = head(text, MOST);
    let note = (shown.len() < text.len()).then(|| {
        let (shown, whole) = (shown.len() / 1000, text.len() / 1000);
        view! { <p class="small muted">{format!("The first {shown} of {whole} KB.")}</p> }
    });
    (shown.to_owned(), note)
}

/// At most so many bytes of a text, never half a character.
pub fn head(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn no_character_is_cut() {
        assert_eq!((head("aé", 2), head("aé", 3), head("aé", 9)), ("a", "aé", "aé"));
    }
}
