//! The form of an operation: an input for each parameter, and the body. It works without JavaScript.

mod body;
mod control;
mod errors;
mod input;
mod words;

use leptos::prelude::*;

use self::{body::BodyInput, errors::ErrorSummary, input::Inputs};
use super::operation_link::href;
use crate::{
    openapi::{Operation, Parameter, Place},
    paths::LocalPath,
    types::{OperationPage, Outcome},
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
    let errors = (!page.problems.is_empty()).then(|| view! { <ErrorSummary errors=inputs.errors() /> });
    let groups = groups(operation, &inputs);
    let body = operation.body.clone().map(|body| {
        let error =
            page.problems.iter().find(|problem| problem.input == body::NAME).map(|e| e.message.clone());
        view! { <BodyInput body text=body::text(page) error /> }
    });
    let empty = groups.is_empty() && operation.body.is_none();
    let is_get = is_get(operation);

    let send = is_get.then(|| view! { <input type="hidden" name="send" value="1" /> });
    view! {
        <form
            class="card form"
            id=FORM
            method=if is_get { "get" } else { "post" }
            action=action(operation)
            aria-labelledby="request"
        >
            <h2 id="request">"Request"</h2>
            {errors}
            {groups}
            {body}
            {empty.then(|| view! { <p class="small muted">"This operation takes no parameters."</p> })}
            {send}
            {actions(page, empty)}
        </form>
    }
    .into_any()
}

/// Whether the form is sent by `GET`: its address then holds everything, and can be kept.
#[must_use]
pub fn is_get(operation: &Operation) -> bool {
    matches!(operation.summary.method.as_str(), "GET" | "HEAD") && operation.body.is_none()
}

/// A posted form leads to its news. One that is sent by `GET` cannot: the same address with a fragment loads nothing.
fn action(operation: &Operation) -> LocalPath {
    let page = href(&operation.summary);
    if is_get(operation) { page } else { page.and(format_args!("#{NEWS}")) }
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

fn actions(page: &OperationPage, empty: bool) -> AnyView {
    let operation = &page.operation;
    let (deletes, sent) =
        (operation.summary.method == "DELETE", matches!(page.outcome, Outcome::Answered(_)));
    let words = if empty && sent { "Send again" } else { "Send" };
    let clear = (is_get(operation) && !empty).then(|| {
        view! {
            <a class="button" data-kind="quiet" href=href(&operation.summary)>
                "Clear"
            </a>
        }
    });
    let warning = deletes.then(|| view! { <span class="small muted">"This changes data in the API."</span> });
    view! {
        <div class="form-actions">
            <button class="button" data-kind=if deletes { "danger" } else { "primary" } type="submit">
                {words}
            </button>
            {clear}
            {warning}
        </div>
    }
    .into_any()
}
