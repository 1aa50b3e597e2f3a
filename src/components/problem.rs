//! What a page shows when there is something else than what was asked for.

use leptos::prelude::*;

use crate::{
    error::{ServerFnError, Transient},
    paths,
    server::error::set_status,
    ui::{Alert, ErrorPage, Tone},
};

/// A page's worth of error: why, and the way on. Nothing when the session is over, for then another answer takes the
/// page's place. The page gets the status of the error, so it has to be one that is rendered whole before its first
/// byte is sent.
#[component]
pub fn Problem(error: ServerFnError) -> impl IntoView {
    set_status(error.status());
    let shown = error != ServerFnError::Unauthorized;
    shown.then(|| {
        view! {
            <ErrorPage status=error.status() title=title(&error) text=explanation(&error).into_any()>
                {way_on(&error)}
                <a class="button" href=paths::HOME>
                    "Go home"
                </a>
            </ErrorPage>
        }
    })
}

/// There is no such operation.
#[component]
pub fn NoSuchOperation(path: String) -> impl IntoView {
    let text = view! { "Nothing stands at " <code>{path}</code> ". The operation may have been renamed, or the address mistyped." };
    view! {
        <ErrorPage status=404 title="There is no such page" text=text.into_any()>
            <a class="button" data-kind="primary" href=paths::OPERATIONS>
                "All operations"
            </a>
            <a class="button" href=paths::HOME>
                "Go home"
            </a>
        </ErrorPage>
    }
}

/// Trying again, where that may help.
fn way_on(error: &ServerFnError) -> Option<impl IntoView + use<>> {
    let final_word =
        matches!(error, ServerFnError::NotFound | ServerFnError::Refused { .. } | ServerFnError::Invalid(_));
    (!final_word).then(|| view! { <Again primary=true /> })
}

/// A part's worth of error, in a page that goes on.
#[component]
pub fn PartProblem(error: ServerFnError) -> impl IntoView {
    let shown = error != ServerFnError::Unauthorized;
    shown.then(|| {
        view! {
            <Alert tone=Tone::Danger role="alert">
                <h2>{error.to_string()}</h2>
                <p>"You are still signed in."</p>
                <p>
                    <Again />
                </p>
            </Alert>
        }
    })
}

/// The page's own address once more.
#[component]
fn Again(#[prop(optional)] primary: bool) -> impl IntoView {
    let (kind, size) = if primary { (Some("primary"), None) } else { (None, Some("small")) };
    view! {
        <a class="button" data-kind=kind data-size=size href="">
            "Try again"
        </a>
    }
}

fn title(error: &ServerFnError) -> &'static str {
    match error {
        ServerFnError::NotFound => "There is no such page",
        ServerFnError::TooLarge => "That is too large",
        ServerFnError::Refused { status: 403, .. } => "This is not open to you",
        ServerFnError::Refused { .. } | ServerFnError::Invalid(_) => "The API did not accept this",
        ServerFnError::Transient(Transient::Braked) => "The API is refusing everyone right now",
        ServerFnError::Transient(Transient::Unreachable) => "The API cannot be reached",
        ServerFnError::Transient(Transient::TimedOut) => "The API did not answer in time",
        ServerFnError::Transient(Transient::Store | Transient::NoDocument(None)) => "One moment, please",
        ServerFnError::Transient(Transient::NoDocument(Some(_))) => "There is nothing to list yet",
        ServerFnError::Transient(_) => "The API’s answer cannot be used",
        ServerFnError::Unauthorized | ServerFnError::Connection | ServerFnError::Internal { .. } => {
            "Something went wrong here"
        }
    }
}

fn explanation(error: &ServerFnError) -> String {
    match error {
        ServerFnError::Refused { status: 403, message } => {
            format!("{message}. The API knows who you are and does not allow this. You are still signed in.")
        }
        error => format!("{error} You are still signed in."),
    }
}
