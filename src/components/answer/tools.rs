use leptos::prelude::*;

use super::{PART, body::download, links::Links};
use crate::types::reading::Look;

/// The ways to look at an answer, a search in it, and the whole of it to be stored.
#[component]
pub fn Tools(links: Links, body: Vec<(Look, &'static str)>) -> impl IntoView {
    let now = links.reading().look;
    let looks = std::iter::once((Look::Read, "View")).chain(body.clone()).map(|(look, name)| {
        let current = (look == now).then_some("true");
        view! {
            <li>
                <a href=links.look(look) data-part=PART aria-current=current>
                    {name}
                </a>
            </li>
        }
    });
    let looks = (!body.is_empty() || now != Look::Read).then(|| {
        view! {
            <nav class="looks" aria-label="Ways to look at the answer">
                <ul>{looks.collect_view()}</ul>
            </nav>
        }
    });
    let search = body.iter().any(|(look, _)| matches!(look, Look::Paths | Look::Source));
    let search = search.then(|| view! { <Search links=links.clone() body /> });
    let arriving = (!links.kept().arrived).then(|| {
        view! {
            <a class="button" data-size="small" href=links.to(links.reading()) data-part=PART>
                "Still arriving: look again"
            </a>
        }
    });
    view! {
        <div class="answer-tools">
            {looks}
            {search}
            <div class="cluster">
                {arriving}
                {download(links.kept())}
            </div>
        </div>
    }
}

/// Keeps how the answer is looked at, and asks for what holds a text.
#[component]
fn Search(links: Links, body: Vec<(Look, &'static str)>) -> impl IntoView {
    let reading = links.reading().clone();
    // Facts have no rows to search: what is found stands in the list of their paths.
    let is_list = body.iter().any(|(look, _)| *look == Look::Source) && body.len() > 1;
    let look = match (reading.look, is_list, body.first()) {
        (Look::Read, false, Some((look, _))) => *look,
        (look, ..) => look,
    };
    let kept = crate::types::reading::Reading { look, from: 0, find: String::new(), ..reading.clone() };
    let hidden = kept.to_values();
    let hidden = hidden.iter().map(|(name, value)| {
        view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
    });
    view! {
        <form class="search" role="search" method="get" action=links.page() data-part=PART data-size="small">
            {hidden.collect_view()}
            <label class="visually-hidden" for="answer-find">
                "Find in the answer"
            </label>
            <input id="answer-find" class="input" type="search" name="find" value=reading.find placeholder="Find in the answer" />
            <button class="button" data-size="small" type="submit">
                "Find"
            </button>
        </form>
    }
}
