//! What came of an operation: a status line, what it means, the body, and what is folded away.

mod body;
mod events;
mod failure;
mod field_errors;
mod highlight;
mod leaves;
mod links;
mod list;
mod list_links;
mod pagination;
mod plot;
mod source;
mod status;
mod table;
mod tools;
mod tree;
mod verdict;
mod window;

use leptos::prelude::*;

use self::{
    body::body,
    failure::failure,
    pagination::{Pages, Pagination},
    status::status_line,
    verdict::verdict,
};
pub use self::{
    events::event_html,
    highlight::highlighted,
    source::{JsonSource, TextSource},
    status::{duration, size, tone},
    table::{cell, number_type},
    tree::{facts, scalar},
};
use super::{
    operation_link::href,
    request_form::{FORM, NEWS},
};
use crate::{
    openapi::Values,
    paths::LocalPath,
    server::{console::servers, request::RequestContext},
    types::{AnswerView, OperationPage, Outcome, SEND},
    ui::{DefinitionList, Disclosure, EmptyState},
};

/// The id of the part of an answer that changes when it is looked at in another way.
const PART: &str = "answer-reading";

/// How the same operation is sent once more.
#[derive(Debug, Clone)]
pub enum Retry {
    /// By its address.
    Link(LocalPath),
    /// By its form.
    Form,
}

/// The answer to an operation, or why there is none. It gets the focus after sending.
#[component]
pub fn Answer(page: OperationPage) -> impl IntoView {
    let news = page.problems.is_empty();
    let wanted = news && was_sent(&page);
    let retry = Retry::of(&page);
    let base = use_context::<RequestContext>()
        .and_then(|request| servers::called(request.state(), &page.operation, &page.values));
    let pages = base.and_then(|base| Pages::of(&page, &base));
    let content = match page.outcome {
        Outcome::NotSent if !news => {
            not_sent("Not sent", "Nothing has been sent to the API: some fields need another look.")
        }
        Outcome::NotSent => {
            not_sent("Nothing sent yet", "Fill in what you need and press Send. The answer will stand here.")
        }
        Outcome::HeldBack | Outcome::Restored => {
            not_sent("Not sent", "Nothing has been sent to the API yet.")
        }
        Outcome::Failed(error) => failure(error, retry),
        Outcome::Answered(answer) => answered(*answer, retry, pages),
    };
    view! {
        <section
            class="answer"
            id=if news { NEWS } else { "answer" }
            aria-labelledby="answer-title"
            tabindex="-1"
            data-news=news.then_some("")
        >
            <h2 id="answer-title" tabindex="-1" autofocus=wanted>
                "Answer"
            </h2>
            {content}
        </section>
    }
}

/// Whether the person has just pressed the button; a link or a bookmark leaves the focus alone.
fn was_sent(page: &OperationPage) -> bool {
    let came = !matches!(page.outcome, Outcome::NotSent | Outcome::HeldBack | Outcome::Restored);
    came && (!page.operation.is_by_address() || page.values.count(SEND) > 0)
}

impl Retry {
    fn of(page: &OperationPage) -> Self {
        if !page.operation.is_by_address() {
            return Self::Form;
        }
        Self::Link(href(&page.operation.summary).with_query(&page.values.to_query()))
    }
}

/// Sends the operation once more.
#[component]
fn TryAgain(retry: Retry) -> impl IntoView {
    match retry {
        Retry::Link(address) => {
            view! { <a class="button" data-size="small" href=address>"Try again"</a> }.into_any()
        }
        Retry::Form => {
            view! { <button class="button" data-size="small" type="submit" form=FORM>"Try again"</button> }
                .into_any()
        }
    }
}

fn not_sent(title: &'static str, text: &'static str) -> AnyView {
    view! {
        <EmptyState>
            <h3>{title}</h3>
            <p>{text}</p>
        </EmptyState>
    }
    .into_any()
}

fn answered(answer: AnswerView, retry: Retry, pages: Option<Pages>) -> AnyView {
    let headers = answer.headers.clone();
    let pages = pages.map(|pages| view! { <Pagination pages /> }.into_any());
    let notes = answer.notes.iter().cloned().map(|note| view! { <p class="small">{note}</p> }).collect_view();
    view! {
        {status_line(&answer)}
        {verdict(&answer, retry)}
        {notes}
        {body(answer, pages)}
        <Headers headers />
    }
    .into_any()
}

/// An answer that is kept, on a page of its own.
#[component]
pub fn KeptAnswer(answer: AnswerView) -> impl IntoView {
    let headers = answer.headers.clone();
    view! {
        <section class="answer" id="answer" aria-label="Answer">
            {status_line(&answer)}
            {body(answer, None)}
            <Headers headers />
        </section>
    }
}

/// What a form sends along unseen.
fn hidden_inputs(values: &Values) -> AnyView {
    let inputs = values.iter().map(|(name, value)| {
        view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
    });
    inputs.collect_view().into_any()
}

#[component]
fn Headers(headers: Vec<(String, String)>) -> impl IntoView {
    let summary = format!("Headers ({})", headers.len());
    let facts = headers.into_iter().map(|(name, value)| (name, view! { <code>{value}</code> }.into_any()));
    let facts: Vec<_> = facts.collect();
    view! {
        <Disclosure summary>
            <DefinitionList facts framed=true />
        </Disclosure>
    }
}
