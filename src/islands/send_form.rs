mod submission;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement, SubmitEvent};

use self::submission::{Outcome, Submission, intent};
use crate::client::{activate, dom};

/// The attribute of a form that says what it is busy with.
const BUSY: &str = "data-busy";
const SENDING: &str = "sending";
const DRAWING: &str = "drawing";

/// Sends the form inside without leaving the page, and puts the form and its answer, as the server renders them, in
/// place; so do the buttons that only change the form. Without JavaScript the same form is posted to the page's own
/// address, and so are files in any case, which the browser streams: then the panel is taken from that page.
#[island]
pub fn SendForm(
    /// The operation's address.
    address: String,
    children: Children,
) -> impl IntoView {
    let panel = NodeRef::<html::Div>::new();
    let problem = RwSignal::new(None::<String>);
    // The newest submission; what comes of an older one is dropped.
    let newest = StoredValue::new(0_u32);
    let submit = move |event: SubmitEvent| {
        let Some(submission) = Submission::of(&event) else { return };
        event.prevent_default();
        // What was sent is sent once. A form that is only being drawn anew holds nobody up.
        if submission.form.get_attribute(BUSY).is_some_and(|with| with == SENDING) {
            return;
        }
        let turn = newest.get_value() + 1;
        newest.set_value(turn);
        let _ = submission.form.set_attribute(BUSY, if submission.sends() { SENDING } else { DRAWING });
        let _ = submission.form.set_attribute("aria-busy", "true");
        problem.set(None);
        let (address, focus) = (address.clone(), next_focus(&event));
        leptos::task::spawn_local(async move {
            let outcome = submission.ask(&address, || newest.get_value() == turn).await;
            if newest.get_value() != turn {
                return;
            }
            let _ = submission.form.remove_attribute(BUSY);
            let _ = submission.form.remove_attribute("aria-busy");
            match outcome {
                Outcome::Panel(html) => replace(panel, &html, &focus),
                Outcome::Problem(words) => problem.set(Some(words)),
                Outcome::Nowhere => {}
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

/// A choice that changes the form is as good as its button.
fn redraw(event: &Event) {
    let target = dom::target::<Element>(event);
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
    if dom::pressed(event).is_none_or(|(_, value)| !intent(&value).is_about_form()) {
        return String::new();
    }
    let said = event.submitter().and_then(|button| button.get_attribute("data-focus"));
    said.or_else(|| Some(document().active_element()?.id())).unwrap_or_default()
}

/// Shows what the server has rendered, and moves the focus to it. Files that were chosen stay chosen.
fn replace(panel: NodeRef<html::Div>, html: &str, focus: &str) {
    // The answer may come when another page is shown, whose elements have the same ids.
    let Some(panel) = panel.get_untracked().filter(|panel| panel.is_connected()) else { return };
    let chosen = file_inputs(&panel);
    panel.set_inner_html(html);
    activate(&panel);
    for new in file_inputs(&panel) {
        if let Some(old) = chosen.iter().find(|old| old.name() == new.name()) {
            new.set_files(old.files().as_ref());
        }
    }
    let news = || panel.query_selector("[data-news]").ok().flatten();
    if let Some(next) = document().get_element_by_id(focus).or_else(news) {
        dom::focus(&next);
    }
}

fn file_inputs(within: &Element) -> Vec<HtmlInputElement> {
    dom::all(within, "input[type=file]")
}
