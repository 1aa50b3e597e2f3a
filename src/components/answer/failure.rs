use leptos::prelude::*;

use super::{Retry, TryAgain, status::status_without_answer};
use crate::{
    error::{ServerFnError, Transient},
    ui::{Alert, Tone},
};

/// Why there is no answer. Nothing when the session is over, for then another answer takes the page's place.
pub fn failure(error: ServerFnError, retry: Retry) -> AnyView {
    if error == ServerFnError::Unauthorized {
        return ().into_any();
    }
    let words = format!("{} {}", error.status(), words(&error));
    view! {
        {status_without_answer(words)}
        <Alert tone=Tone::Danger role="alert">
            <h3>{error.to_string()}</h3>
            <p>{advice(&error)} "You are still signed in."</p>
            <p>
                <TryAgain retry />
            </p>
        </Alert>
    }
    .into_any()
}

/// What stands beside the status.
fn words(error: &ServerFnError) -> &'static str {
    match error {
        ServerFnError::Transient(transient) => match transient {
            Transient::Unreachable | Transient::Failed { .. } => "No answer",
            Transient::TimedOut => "Too late",
            Transient::TooLarge => "Too large",
            Transient::NotJson | Transient::Unexpected | Transient::Garbled => "Not readable",
            Transient::BrokeOff => "Not whole",
            Transient::Braked | Transient::Store | Transient::NoDocument(_) => "Not now",
            Transient::BadCall | Transient::BodySpent => "Not sent",
        },
        _ => "No answer",
    }
}

fn advice(error: &ServerFnError) -> &'static str {
    match error {
        ServerFnError::Transient(Transient::Unreachable) => {
            "This is not about you: nothing answers at its address. "
        }
        ServerFnError::Transient(Transient::Braked) => "Nobody is signed out because of it. ",
        _ => "",
    }
}
