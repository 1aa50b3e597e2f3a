use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

use crate::{
    client::{dom, enliven},
    error::ServerFnError,
    server_fns::operations::send_operation,
};

/// Sends the form inside without leaving the page, and puts the form and its answer, as the server renders them, in
/// place. Without JavaScript the same form is posted to the page's own address.
#[island]
pub fn SendForm(
    /// The operation's address.
    address: String,
    children: Children,
) -> impl IntoView {
    let panel = NodeRef::<html::Div>::new();
    let problem = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        let Some(form) = changing_form(&event) else { return };
        event.prevent_default();
        if form.has_attribute("aria-busy") {
            return;
        }
        let _ = form.set_attribute("aria-busy", "true");
        problem.set(None);
        let (address, body) = (address.clone(), encoded(&form));
        leptos::task::spawn_local(async move {
            let sent = send_operation(address, body).await;
            let _ = form.remove_attribute("aria-busy");
            match sent {
                Ok(html) => replace(panel, &html),
                Err(ServerFnError::Unauthorized) => {}
                Err(error) => problem.set(Some(error.to_string())),
            }
        });
    };
    view! {
        <div role="alert">
            {move || problem.get().map(|text| view! { <p class="alert" data-tone="danger">{text}</p> })}
        </div>
        <div node_ref=panel on:submit=submit>
            {children()}
        </div>
    }
}

/// The form, when it is one that changes something and has no files; others are the browser's or navigations.
fn changing_form(event: &SubmitEvent) -> Option<HtmlFormElement> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let plain = form.get_attribute("enctype").is_none();
    (dom::is_changing(&form) && plain).then_some(form)
}

fn encoded(form: &HtmlFormElement) -> String {
    let query =
        FormData::new_with_form(form).and_then(|data| UrlSearchParams::new_with_str_sequence_sequence(&data));
    query.map(|query| String::from(query.to_string())).unwrap_or_default()
}

/// Shows what the server has rendered, and moves the focus to it.
fn replace(panel: NodeRef<html::Div>, html: &str) {
    let Some(panel) = panel.get_untracked() else { return };
    panel.set_inner_html(html);
    enliven(&panel);
    let news = panel.query_selector("[data-news]").ok().flatten();
    if let Some(news) = news.and_then(|news| news.dyn_into::<HtmlElement>().ok()) {
        let _ = news.focus();
    }
}
