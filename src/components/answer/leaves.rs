use leptos::prelude::*;

use super::{
    links::Links,
    tree::scalar,
    window::{WindowLinks, caption},
};
use crate::{openapi::as_typed, types::reading::PathsView, ui::TableScroll};

/// The longest text that a button copies, in bytes: the page holds it once more for that.
const MOST_COPIED: usize = 20_000;

/// Every value with its JSON pointer, each to be copied.
pub fn leaves(view: PathsView, links: Option<&Links>) -> AnyView {
    let caption = match &view.window {
        Some(window) => caption(window, links.map(Links::reading)),
        None => format!("{} values", view.leaves.len()),
    };
    let more =
        view.more.then(|| view! { <p class="small muted">"There are more values than are shown here."</p> });
    let rows = view.leaves.into_iter().map(|(pointer, value)| {
        let text = as_typed(&value);
        let value_copy = (text.len() <= MOST_COPIED).then(|| copy("Copy value", text));
        view! {
            <tr>
                <th scope="row">
                    <code>{pointer.clone()}</code>
                </th>
                <td>{scalar(&value)}</td>
                <td class="copies">{value_copy} {copy("Copy path", pointer)}</td>
            </tr>
        }
    });
    let window =
        view.window.zip(links.cloned()).map(|(window, links)| view! { <WindowLinks window links /> });
    view! {
        <TableScroll labelled_by="answer-caption">
            <table class="table">
                <caption id="answer-caption">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Path"</th>
                        <th scope="col">"Value"</th>
                        <th scope="col" class="copies">
                            <span class="visually-hidden">"Copy"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </TableScroll>
        {more}
        {window}
    }
    .into_any()
}

/// A button that copies a text; without JavaScript there is none, and the text can be selected.
fn copy(words: &'static str, text: String) -> AnyView {
    view! {
        <button class="button" data-kind="quiet" data-size="small" type="button" data-copy=text>
            {words}
        </button>
    }
    .into_any()
}
