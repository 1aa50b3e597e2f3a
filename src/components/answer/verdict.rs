use leptos::prelude::*;

use super::{Retry, TryAgain, field_errors::field_errors};
use crate::{
    components::prose::first_paragraph,
    error::Transient,
    types::{AnswerBody, AnswerView},
    ui::{Alert, Tone},
};

/// What there is to say about an answer besides its body.
#[derive(Debug, Clone)]
pub struct Facts {
    status: u16,
    reason: String,
    /// The API's own words.
    message: Option<String>,
    /// The document's words about this status.
    meaning: Option<String>,
    /// What the API says about single fields.
    fields: Vec<String>,
    problem: Option<Transient>,
}

impl Facts {
    pub fn of(answer: &AnswerView) -> Self {
        let meaning = answer.meaning.as_deref().and_then(first_paragraph);
        Self {
            status: answer.status,
            reason: answer.reason.clone(),
            meaning: meaning.filter(|meaning| answer.message.as_ref() != Some(meaning)),
            message: answer.message.clone().filter(|message| says_something(message, &answer.reason)),
            fields: match &answer.body {
                AnswerBody::Json { data, .. } if answer.status >= 400 => field_errors(data),
                _ => Vec::new(),
            },
            problem: answer.problem.clone(),
        }
    }
}

/// Many APIs say “OK” with every answer; the status line has said so.
fn says_something(message: &str, reason: &str) -> bool {
    let message = message.trim();
    !["", "ok", "success", reason].iter().any(|word| message.eq_ignore_ascii_case(word))
}

/// What an answer means: the API's own words first, then those of the document.
#[component]
pub fn Verdict(verdict: Facts, retry: Retry) -> impl IntoView {
    match verdict.status {
        400.. => refused(verdict, retry),
        _ => match &verdict.problem {
            Some(problem) => unreadable(problem, retry),
            None => accepted(verdict),
        },
    }
}

fn accepted(verdict: Facts) -> AnyView {
    let message = verdict.message.map(|message| view! { <Alert tone=Tone::Success><p>{message}</p></Alert> });
    let meaning = verdict.meaning.map(|meaning| view! { <p class="small muted">{meaning}</p> });
    view! {
        {message}
        {meaning}
    }
    .into_any()
}

fn refused(verdict: Facts, retry: Retry) -> AnyView {
    let tone = if verdict.status < 500 { Tone::Warning } else { Tone::Danger };
    let advice = advice(verdict.status);
    let mut words = [verdict.message, verdict.meaning].into_iter().flatten();
    let title = words.next().unwrap_or(verdict.reason);
    let more = words.next().map(|meaning| view! { <p>{meaning}</p> });
    let fields: Vec<_> = verdict.fields.into_iter().map(|field| view! { <li>{field}</li> }).collect();
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
