use leptos::prelude::*;

use super::{PART, links::Links};
use crate::components::text::grouped;

/// Links to the lists of an answer that holds more than one thing: each by itself can be sorted and searched.
#[component]
pub fn ListLinks(links: Links) -> impl IntoView {
    // One that is the whole answer has nothing beside it.
    let inside = links.kept().lists.iter().filter(|(pointer, _)| !pointer.is_empty());
    let lists = inside.map(|(pointer, count)| {
        let (name, count) = (pointer.trim_start_matches('/').to_owned(), format!(" ({})", grouped(*count)));
        view! { <li><a href=links.list(Some(pointer)) data-part=PART>{name}</a> {count}</li> }
    });
    let whole = links.reading().list.is_some().then(|| {
        view! { <li><a href=links.list(None) data-part=PART>"The whole answer"</a></li> }
    });
    let lists: Vec<_> = lists.collect();
    let words = (!lists.is_empty()).then(|| view! { <li class="muted">"Sort or search one list:"</li> });
    (!lists.is_empty() || whole.is_some()).then(|| {
        view! {
            <nav class="small" aria-label="Lists in the answer">
                <ul class="cluster">
                    {whole}
                    {words}
                    {lists}
                </ul>
            </nav>
        }
    })
}
