use leptos::prelude::*;

use super::{PART, body::download, hidden_inputs, links::Links};
use crate::types::reading::Look;

/// The ways to look at an answer, a search in it, and the whole of it to be stored.
#[component]
pub fn Tools(
    links: Links,
    /// The ways to look at it besides the plain one.
    body: Vec<(Look, &'static str)>,
    /// How it is looked at once it is searched.
    found_in: Look,
) -> impl IntoView {
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
    let search = search.then(|| view! { <Search links=links.clone() found_in /> });
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
fn Search(links: Links, found_in: Look) -> impl IntoView {
    let reading = links.reading().clone();
    let look = if reading.look == Look::Read { found_in } else { reading.look };
    let kept = crate::types::reading::Reading { look, from: 0, find: String::new(), ..reading.clone() };
    view! {
        <form class="search" role="search" method="get" action=links.page() data-part=PART data-size="small">
            {hidden_inputs(&kept.to_values())}
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
