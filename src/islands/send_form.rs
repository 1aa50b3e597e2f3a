use js_sys::Array;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, File, FormData, HtmlElement, HtmlFormElement, SubmitEvent, UrlSearchParams};

use crate::{
    client::{dom, enliven},
    error::ServerFnError,
    server_fns::operations::send_operation,
};

/// The attribute of a form that says what it is busy with.
const BUSY: &str = "data-busy";
const SENDING: &str = "sending";
const DRAWING: &str = "drawing";

/// Sends the form inside without leaving the page, and puts the form and its answer, as the server renders them, in
/// place; so do the buttons that only change the form. Without JavaScript the same form is posted to the page's own
/// address, and so are files, which the browser streams.
#[island]
pub fn SendForm(
    /// The operation's address.
    address: String,
    children: Children,
) -> impl IntoView {
    let panel = NodeRef::<html::Div>::new();
    let problem = RwSignal::new(None::<String>);
    // The newest wish; what comes of an older one is dropped.
    let newest = StoredValue::new(0_u32);
    let submit = move |event: SubmitEvent| {
        let Some(wish) = Wish::of(&event) else { return };
        event.prevent_default();
        // What was sent is sent once. A form that is only being drawn anew holds nobody up.
        if wish.form.get_attribute(BUSY).is_some_and(|with| with == SENDING) {
            return;
        }
        let turn = newest.get_value() + 1;
        newest.set_value(turn);
        let _ = wish.form.set_attribute(BUSY, if sends(&wish.intent) { SENDING } else { DRAWING });
        let _ = wish.form.set_attribute("aria-busy", "true");
        problem.set(None);
        let (address, focus) = (address.clone(), next_focus(&event));
        leptos::task::spawn_local(async move {
            let sent = wish.ask(&address, || newest.get_value() == turn).await;
            if newest.get_value() != turn {
                return;
            }
            let _ = wish.form.remove_attribute(BUSY);
            let _ = wish.form.remove_attribute("aria-busy");
            match sent {
                Ok(html) => replace(panel, &html, &focus),
                Err(ServerFnError::Unauthorized) => {}
                Err(error) => problem.set(Some(error.to_string())),
            }
        });
    };
    view! {
        <div role="alert">
            {move || problem.get().map(|text| view! { <p class="alert" data-tone="danger">{text}</p> })}
        </div>
        <div node_ref=panel on:submit=submit on:change=move |event| redraw(&event)>
            {children()}
        </div>
    }
}

/// What a button of the form asks for.
struct Wish {
    form: HtmlFormElement,
    button: String,
    intent: String,
}

impl Wish {
    /// None when sending the form is the browser's business: files are, and so are the answers of a `GET`, which have
    /// addresses.
    fn of(event: &SubmitEvent) -> Option<Self> {
        let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
        let (button, intent) = dom::pressed(event).unwrap_or_default();
        let (_, has_files) = filled(&form)?;
        (!sends(&intent) || (dom::is_changing(&form) && !has_files)).then_some(Self { form, button, intent })
    }

    /// What the server makes of it; of what is filled in by the time that it answers, when nothing is sent.
    async fn ask(&self, address: &str, is_wanted: impl Fn() -> bool) -> Result<String, ServerFnError> {
        let mut filled = self.filled();
        loop {
            let answer = send_operation(address.to_owned(), filled.clone()).await;
            let now = self.filled();
            if sends(&self.intent) || now == filled || !is_wanted() {
                return answer;
            }
            filled = now;
        }
    }

    fn filled(&self) -> String {
        let Some((query, _)) = filled(&self.form) else { return String::new() };
        query.append(&self.button, &self.intent);
        String::from(query.to_string())
    }
}

fn sends(intent: &str) -> bool {
    matches!(intent, "" | "1" | "anyway" | "confirmed" | "confirmed-anyway")
}

/// What is filled in, files by their names, and whether there are any.
fn filled(form: &HtmlFormElement) -> Option<(UrlSearchParams, bool)> {
    let (data, query) = (FormData::new_with_form(form).ok()?, UrlSearchParams::new().ok()?);
    let mut has_files = false;
    for pair in js_sys::try_iter(&data).ok()??.flatten() {
        let pair = Array::from(&pair);
        let value = pair.get(1);
        let text = match value.dyn_ref::<File>() {
            Some(file) => file.name(),
            None => value.as_string().unwrap_or_default(),
        };
        has_files |= value.is_instance_of::<File>() && !text.is_empty();
        query.append(&pair.get(0).as_string()?, &text);
    }
    Some((query, has_files))
}

/// A choice that changes the form is as good as its button.
fn redraw(event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(choice) = target.filter(|target| target.has_attribute("data-redraw")) else { return };
    let form = choice.closest("form").ok().flatten().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let button = form.as_ref().and_then(|form| form.query_selector("[data-redraws]").ok().flatten());
    if let (Some(form), Some(button)) = (form, button) {
        let _ = form.request_submit_with_submitter(Some(button.unchecked_ref()));
    }
}

/// The id of what gets the focus next: what the button says, or what has it now. When something was sent or shown,
/// that is the news.
fn next_focus(event: &SubmitEvent) -> String {
    if dom::pressed(event).is_none_or(|(_, intent)| sends(&intent) || intent == "preview") {
        return String::new();
    }
    let said = event.submitter().and_then(|button| button.get_attribute("data-focus"));
    said.or_else(|| Some(document().active_element()?.id())).unwrap_or_default()
}

/// Shows what the server has rendered, and moves the focus to it. Files that were chosen stay chosen.
fn replace(panel: NodeRef<html::Div>, html: &str, focus: &str) {
    let Some(panel) = panel.get_untracked() else { return };
    let chosen = files(&panel);
    panel.set_inner_html(html);
    enliven(&panel);
    for new in files(&panel) {
        if let Some(old) = chosen.iter().find(|old| old.get_attribute("name") == new.get_attribute("name")) {
            let _ = new.replace_with_with_node_1(old);
        }
    }
    let news = || panel.query_selector("[data-news]").ok().flatten();
    let next = document().get_element_by_id(focus).or_else(news);
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        let _ = next.focus();
    }
}

fn files(panel: &Element) -> Vec<Element> {
    let Ok(inputs) = panel.query_selector_all("input[type=file]") else { return Vec::new() };
    (0..inputs.length()).filter_map(|number| inputs.get(number)?.dyn_into().ok()).collect()
}
