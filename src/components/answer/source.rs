use leptos::prelude::*;

use super::{PART, highlight::highlighted, links::Links, window::grouped};
use crate::{
    types::reading::TextView,
    ui::{CodeBlock, Disclosure},
};

/// The most of a text that a page holds, in bytes.
const MOST: usize = 200_000;
/// The most of it in colours: each piece is an element.
const MOST_COLOURED: usize = 50_000;

/// JSON, indented, folded away unless it is all there is to see.
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

/// Text as it came, one part of it.
#[component]
pub fn TextSource(view: TextView, links: Option<Links>) -> impl IntoView {
    if view.found == Some(false) {
        return view! { <p class="small">"The text does not stand in the rest of the answer."</p> }
            .into_any();
    }
    let end = view.from + view.text.len() as u64;
    let is_part = view.from > 0 || end < view.total;
    let note = is_part.then(|| {
        let (from, end, total) = (grouped(view.from + 1), grouped(end), grouped(view.total));
        view! { <p class="small muted">{format!("Bytes {from} to {end} of {total}.")}</p> }
    });
    let next = if view.found.is_some() { "Find next" } else { "Next part" };
    let ways = [(view.previous, "Previous part"), (view.next, next)];
    let ways = ways.into_iter().filter_map(|(from, words)| {
        let href = links.as_ref()?.source(from?);
        Some(view! { <li><a class="button" data-size="small" href=href data-part=PART>{words}</a></li> })
    });
    let ways: Vec<_> = ways.collect();
    let ways = (!ways.is_empty())
        .then(|| view! { <nav class="pagination" aria-label="Parts of the text"><ul>{ways}</ul></nav> });
    view! {
        <CodeBlock label="Answer as text" wrap=true>
            {view.text}
        </CodeBlock>
        {note}
        {ways}
    }
    .into_any()
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
