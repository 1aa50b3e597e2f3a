//! The form of an operation: an input for each parameter, and the body. It works without JavaScript: its buttons post
//! it back to the page, and what they ask for is the value of their name, `send`.

mod body;
mod button;
mod control;
mod errors;
mod input;
mod line;
mod list;
mod node;
mod object;
mod server;
mod step;
pub mod words;

use leptos::prelude::*;

use self::{
    body::body_input,
    button::FormButton,
    errors::ErrorSummary,
    input::Inputs,
    server::server_inputs,
    step::{AskedInForm, Confirm},
};
use super::operation_link::href;
use crate::{
    openapi::{Body, KEYS, Operation, Parameter, Place},
    paths::LocalPath,
    types::{BodyEntry, Intent, OperationPage, Outcome, SEND, Step},
};

/// The id of the form, by which a button outside belongs to it.
pub const FORM: &str = "request-form";
/// The id of what there is to say after sending: the answer, or what is wrong with the form.
pub const NEWS: &str = "news";

/// The form, filled in as far as it is.
#[must_use]
pub fn request_form(page: &OperationPage) -> AnyView {
    let operation = &page.operation;
    let inputs = Inputs::of(page);
    let errors = (!page.problems.is_empty()).then(|| {
        let asked_about = asks_in_form(page).then(|| operation.clone());
        view! { <ErrorSummary errors=inputs.errors() can_be_sent=page.step == Step::Correct asked_about /> }
    });
    let confirm = match page.step {
        Step::Confirm { anyway } => {
            Some(view! { <Confirm operation=operation.clone() path=path(page) anyway /> })
        }
        Step::Fill | Step::Correct => None,
    };
    let groups = groups(operation, &inputs);
    let body = operation.body.as_ref().map(|body| body_input(body, &inputs));
    let empty = groups.is_empty() && operation.body.is_none();
    // Its address then holds everything, and can be kept.
    let is_get = operation.is_by_address();
    let is_multipart =
        page.body == BodyEntry::File || operation.body.as_ref().is_some_and(Body::is_multipart);

    view! {
        <form
            class="card form"
            id=FORM
            method=if is_get { "get" } else { "post" }
            enctype=is_multipart.then_some("multipart/form-data")
            action=action(operation)
            aria-labelledby="request"
            tabindex="-1"
            novalidate
        >
            <h2 id="request">"Request"</h2>
            // The first button is the one that the Enter key presses; nothing happens while it is disabled.
            <button type="submit" name=SEND value=Intent::SEND_IT.to_string() hidden disabled=asks_in_form(page)></button>
            <button type="submit" name=SEND value=Intent::Redraw.to_string() hidden data-redraws=""></button>
            {errors}
            {confirm}
            {server_inputs(page, &inputs)}
            {groups}
            {keys(page)}
            {body}
            {empty.then(|| view! { <p class="small muted">"This operation takes no parameters."</p> })}
            {actions(page, empty)}
        </form>
    }
    .into_any()
}

/// Whether the form itself asks if it is meant, because no page can ask afterwards and keep the files.
fn asks_in_form(page: &OperationPage) -> bool {
    page.operation.dangerous && page.takes_files()
}

/// A posted form leads to its news. One that is sent by `GET` cannot: the same address with a fragment loads nothing.
fn action(operation: &Operation) -> LocalPath {
    let page = href(&operation.summary);
    if operation.is_by_address() { page } else { page.and(format_args!("#{NEWS}")) }
}

/// The path of the request, as it is filled in.
fn path(page: &OperationPage) -> String {
    let OperationPage { operation, values, .. } = page;
    let filled = operation.path(values);
    filled.unwrap_or_else(|| operation.summary.path.clone())
}

fn groups(operation: &Operation, inputs: &Inputs) -> Vec<AnyView> {
    let places = [
        (Place::Path, "Path"),
        (Place::Query, "Query"),
        (Place::Header, "Headers"),
        (Place::Cookie, "Cookies"),
    ];
    let groups = places.into_iter().filter_map(|(place, legend)| {
        let of_place: Vec<&Parameter> = operation.parameters.iter().filter(|p| p.place == place).collect();
        let fields: Vec<AnyView> = of_place.into_iter().map(|parameter| inputs.field(parameter)).collect();
        (!fields.is_empty()).then(|| group(legend, fields))
    });
    groups.collect()
}

fn group(legend: &'static str, fields: Vec<AnyView>) -> AnyView {
    view! {
        <fieldset class="form-group">
            <legend>{legend}</legend>
            {fields}
        </fieldset>
    }
    .into_any()
}

/// Keys stand in no address, so they are asked for in a form that is posted.
fn keys(page: &OperationPage) -> Option<AnyView> {
    let OperationPage { operation, values, .. } = page;
    if values.first(KEYS).is_some() {
        return Some(view! { <input type="hidden" name=KEYS value="1" /> }.into_any());
    }
    let mut values = values.clone();
    values.retain(|name| name != SEND);
    values.set(KEYS, "1");
    let address = href(&operation.summary).with_query(&values.to_query());
    let names = operation.keys.join(", ");
    (!operation.keys.is_empty()).then(|| {
        view! {
            <p class="small muted">
                {format!("The document names a key besides the sign-in: {names}. ")} <a href=address>"Give a key"</a>
            </p>
        }
        .into_any()
    })
}

fn actions(page: &OperationPage, empty: bool) -> AnyView {
    let operation = &page.operation;
    let sent = matches!(page.outcome, Outcome::Answered(_));
    let words = if empty && sent { "Send again" } else { "Send" };
    let clear = (operation.is_by_address() && !empty).then(|| {
        view! {
            <a class="button" data-kind="quiet" href=href(&operation.summary)>
                "Clear"
            </a>
        }
    });
    let kind = if operation.dangerous { "danger" } else { "primary" };
    let warning = operation
        .dangerous
        .then(|| view! { <span class="small muted">"This changes data in the API."</span> });
    let button = if asks_in_form(page) {
        view! { <AskedInForm operation=operation.clone() /> }.into_any()
    } else {
        view! {
            <button class="button" data-kind=kind type="submit" name=SEND value=Intent::SEND_IT.to_string()>
                {words}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="form-actions">
            {button}
            <FormButton intent=Intent::Preview kind="quiet">
                "Preview"
            </FormButton>
            {clear}
            {warning}
        </div>
    }
    .into_any()
}
