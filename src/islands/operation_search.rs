use std::time::Duration;

use leptos::{html, prelude::*};
use web_sys::{Element, Event, HtmlInputElement, KeyboardEvent};

use crate::{
    client::{self, dom},
    error::ServerFnError,
    server_fns::operations::search_operations,
};

/// How long somebody stops typing before the server is asked.
const PAUSE: Duration = Duration::from_millis(120);

/// Searches as somebody types in the search inside, and shows what the server renders. Arrow keys lead through it.
/// Without JavaScript the form inside leads to the same results.
#[island]
pub fn OperationSearch(children: Children) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    // The newest search; the answer to an older one is dropped.
    let newest = StoredValue::new(0_u32);
    let search = move |query: String, turn: u32| {
        leptos::task::spawn_local(async move {
            match search_operations(query.clone()).await {
                Ok(found) if newest.get_value() == turn => show(root, &query, &found.status, &found.html),
                // The form still works, and the wrapper has dealt with a session that is over.
                Ok(_) | Err(ServerFnError::Unauthorized | _) => {}
            }
        });
    };
    let typed = move |event: Event| {
        let Some(query) = dom::target::<HtmlInputElement>(&event).map(|input| input.value()) else { return };
        let turn = newest.get_value() + 1;
        newest.set_value(turn);
        set_timeout(
            move || {
                if newest.get_value() == turn {
                    search(query, turn);
                }
            },
            PAUSE,
        );
    };
    view! {
        <div class="stack" node_ref=root on:input=typed on:keydown=move |event| step(root, &event)>
            {children()}
        </div>
    }
}

fn show(root: NodeRef<html::Div>, query: &str, status: &str, html: &str) {
    // The answer may come when another page is shown.
    let Some(root) = root.get_untracked().filter(|root| root.is_connected()) else { return };
    let part = |name: &str| root.query_selector(&format!("[data-search={name}]")).ok()?;
    if let (Some(results), Some(told)) = (part("results"), part("status")) {
        results.set_inner_html(html);
        told.set_text_content(Some(status));
    }
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let address = match query.trim() {
        "" => path,
        query => format!("{path}?q={}", String::from(js_sys::encode_uri_component(query))),
    };
    client::replace_address(&address);
}

/// Moves the focus from the search to the results, among them, and back.
fn step(root: NodeRef<html::Div>, event: &KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let (Some(root), Some(focused)) = (root.get_untracked(), document().active_element()) else { return };
    let stops: Vec<Element> = dom::all(&root, "#q, [data-search=results] a");
    let here = stops.iter().position(|stop| *stop == focused);
    let next = here.and_then(|here| stops.get(here.checked_add_signed(step)?));
    if let Some(next) = next {
        event.prevent_default();
        dom::focus(next);
    }
}
