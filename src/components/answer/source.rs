use leptos::prelude::*;

use super::{PART, highlight::highlighted, links::Links};
use crate::{
    components::text::{grouped, head},
    types::reading::{Search, TextView},
    ui::{CodeBlock, Disclosure, Pager},
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
    let note = note(&view).map(|words| view! { <p class="small muted">{words}</p> });
    let ways = ways(&view, links.as_ref());
    let is_shown = !matches!(view.search, Some(Search::NotYet | Search::Nowhere));
    let text = is_shown.then(|| {
        view! {
            <CodeBlock label="Answer as text" wrap=true>
                {view.text}
            </CodeBlock>
        }
    });
    view! {
        {text}
        {note}
        {ways}
    }
}

/// Which part it is, or what came of a search.
fn note(view: &TextView) -> Option<String> {
    let (end, total) = (grouped(view.end), grouped(view.total));
    match view.search {
        Some(Search::Nowhere) => Some("The text does not stand in the rest of the answer.".into()),
        Some(Search::NotYet) => {
            let looked = grouped(view.next.unwrap_or(view.total));
            Some(format!("The text has not come up to byte {looked} of {total}."))
        }
        _ if view.from == 0 && view.end >= view.total => None,
        _ => Some(format!("Bytes {} to {end} of {total}.", grouped(view.from + 1))),
    }
}

fn ways(view: &TextView, links: Option<&Links>) -> Option<AnyView> {
    let next = match view.search {
        Some(Search::Found) => "Find next",
        Some(_) => "Search on",
        None => "Next part",
    };
    let links = links?;
    let previous = view.previous.map(|from| (links.part(from), "Previous part"));
    let ways = previous.into_iter().chain(view.next.map(|from| (links.source(from), next)));
    let ways: Vec<_> = ways
        .map(|(href, words)| {
            view! { <a class="button" data-size="small" href=href data-part=PART>{words}</a> }.into_any()
        })
        .collect();
    Some(view! { <Pager label="Parts of the text" ways /> }.into_any())
}

fn capped(text: &str) -> (String, Option<impl IntoView + use<>>) {
    let shown = head(text, MOST);
    let note = (shown.len() < text.len()).then(|| {
        let (shown, whole) = (shown.len() / 1000, text.len() / 1000);
        view! { <p class="small muted">{format!("The first {shown} of {whole} kB.")}</p> }
    });
    (shown.to_owned(), note)
}
