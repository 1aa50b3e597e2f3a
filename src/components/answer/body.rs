use leptos::prelude::*;
use serde_json::Value;

use super::{
    source::{JsonSource, TextSource},
    table, tree,
};
use crate::{
    types::{AnswerBody, AnswerView},
    ui::EmptyState,
};

/// The body of an answer, by what it is, with the way to its other pages.
pub fn body(answer: AnswerView, pages: Option<AnyView>) -> AnyView {
    let refused = answer.status >= 400;
    match answer.body {
        AnswerBody::Empty if refused => ().into_any(),
        AnswerBody::Empty => empty(emptiness(answer.status)),
        AnswerBody::Json { data, source } => json(&data, source, refused, pages),
        AnswerBody::Text(text) => view! { <TextSource text /> }.into_any(),
        AnswerBody::Image(url) => picture(url),
        AnswerBody::Binary => empty("The answer is neither text nor a picture, so it is not shown."),
    }
}

/// What it means that there is no body.
fn emptiness(status: u16) -> &'static str {
    match status {
        200 => "The answer is empty.",
        300..400 => "The API points to another address; the headers say which.",
        _ => "The API has done it and had nothing to add.",
    }
}

fn empty(text: &'static str) -> AnyView {
    view! {
        <EmptyState>
            <p>{text}</p>
        </EmptyState>
    }
    .into_any()
}

fn picture(url: String) -> AnyView {
    view! {
        <figure class="answer-picture">
            <img src=url alt="The answer as a picture" />
        </figure>
    }
    .into_any()
}

/// JSON: what an error says stands above already, so its body is its source.
fn json(data: &Value, source: String, refused: bool, pages: Option<AnyView>) -> AnyView {
    let shown = (!refused).then(|| shown(data)).flatten();
    let open = shown.is_none();
    view! {
        {shown}
        {pages}
        <JsonSource source open />
    }
    .into_any()
}

fn shown(data: &Value) -> Option<AnyView> {
    if let Some(found) = table::rows(data) {
        return Some(table::answer_table(&found));
    }
    match data {
        Value::Null => None,
        Value::Array(items) if items.is_empty() => Some(empty("The list is empty.")),
        data => Some(tree::framed(data)),
    }
}
