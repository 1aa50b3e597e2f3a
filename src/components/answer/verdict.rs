use leptos::prelude::*;

use super::{Retry, TryAgain, field_errors::field_errors};
use crate::{
    components::prose::first_paragraph,
    error::Transient,
    types::{AnswerBody, AnswerView},
    ui::{Alert, Tone},
};

/// What an answer means: the API's own words first, then those of the document.
pub fn verdict(answer: &AnswerView, retry: Retry) -> AnyView {
    match (answer.status, &answer.problem) {
        (400.., _) => refused(answer, retry),
        (_, Some(problem)) => unreadable(problem, retry),
        (_, None) => accepted(answer),
    }
}

fn accepted(answer: &AnswerView) -> AnyView {
    let message = message(answer).map(|message| view! { <Alert tone=Tone::Success><p>{message}</p></Alert> });
    let meaning = meaning(answer).map(|meaning| view! { <p class="small muted">{meaning}</p> });
    view! {
        {message}
        {meaning}
    }
    .into_any()
}

fn refused(answer: &AnswerView, retry: Retry) -> AnyView {
    let tone = if answer.status < 500 { Tone::Warning } else { Tone::Danger };
    let advice = advice(answer.status);
    let mut words = [message(answer), meaning(answer)].into_iter().flatten();
    let title = words.next().unwrap_or_else(|| answer.reason.clone());
    let more = words.next().map(|meaning| view! { <p>{meaning}</p> });
    let fields = match &answer.body {
        AnswerBody::Json { data, .. } => field_errors(data),
        _ => Vec::new(),
    };
    let fields: Vec<_> = fields.into_iter().map(|field| view! { <li>{field}</li> }).collect();
    let fields = (!fields.is_empty()).then(|| view! { <ul>{fields}</ul> });
    view! {
        <Alert tone role="alert">
            <h3>{title}</h3>
            {fields}
            {more}
            <p>{advice} " You are still signed in."</p>
            <p>
                <TryAgain retry />
            </p>
        </Alert>
    }
    .into_any()
}

fn unreadable(problem: &Transient, retry: Retry) -> AnyView {
    let title = match problem {
        Transient::NotJson => "The API promises JSON here and sent something else.".into(),
        problem => problem.sentence(),
    };
    view! {
        <Alert tone=Tone::Danger role="alert">
            <h3>{title}</h3>
            <p>"Below is what came. You are still signed in."</p>
            <p>
                <TryAgain retry />
            </p>
        </Alert>
    }
    .into_any()
}

/// The API's own words, where they say something.
fn message(answer: &AnswerView) -> Option<String> {
    answer.message.clone().filter(|message| says_something(message, &answer.reason))
}

/// Many APIs say “OK” with every answer; the status line has said so.
fn says_something(message: &str, reason: &str) -> bool {
    let message = message.trim();
    !["", "ok", "success", reason].iter().any(|word| message.eq_ignore_ascii_case(word))
}

/// The document's words about this status, where the API does not say the same.
fn meaning(answer: &AnswerView) -> Option<String> {
    let meaning = answer.meaning.as_deref().and_then(first_paragraph);
    meaning.filter(|meaning| answer.message.as_ref() != Some(meaning))
}

/// What a status asks of the person.
fn advice(status: u16) -> &'static str {
    match status {
        401 => "The API did not accept this call.",
        403 => "The API knows who you are and does not allow this.",
        404 | 410 => "The API has nothing there.",
        400 | 422 => "The API does not accept what was sent. Correct it and send it again.",
        409 => "This does not go together with what the API has now.",
        429 => "That was too often. Wait a little.",
        400..500 => "The API does not accept this call.",
        _ => "This is a fault of the API, not yours.",
    }
}
