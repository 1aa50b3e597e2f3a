use leptos::prelude::*;

use super::{NEWS, step::AskedInForm};
use crate::{
    openapi::Operation,
    types::{Intent, SEND},
};

/// What needs another look, with links to the inputs. It gets the focus after sending.
#[component]
pub fn ErrorSummary(
    /// Ids of inputs, with what is wrong with them.
    errors: Vec<(String, String)>,
    /// Whether it can be sent all the same.
    can_be_sent: bool,
    /// What is asked about in the form itself.
    asked_about: Option<Operation>,
) -> impl IntoView {
    let title = match errors.len() {
        1 => "One field needs another look".to_owned(),
        count => format!("{count} fields need another look"),
    };
    let errors =
        errors.into_iter().map(|(id, message)| view! { <li><a href=format!("#{id}")>{message}</a></li> });
    let anyway = can_be_sent.then(|| send_anyway(asked_about));
    view! {
        <div
            class="alert"
            id=NEWS
            data-tone="danger"
            role="alert"
            tabindex="-1"
            aria-labelledby="errors"
            data-news=""
            autofocus
        >
            <h3 id="errors">{title}</h3>
            <ul>{errors.collect::<Vec<_>>()}</ul>
            {anyway}
        </div>
    }
}

fn send_anyway(asked_about: Option<Operation>) -> AnyView {
    if let Some(operation) = asked_about {
        return view! { <AskedInForm operation anyway=true /> }.into_any();
    }
    let send = Intent::Send { anyway: true, confirmed: false };
    view! {
        <button class="button" data-size="small" type="submit" name=SEND value=send.to_string()>
            "Send anyway"
        </button>
    }
    .into_any()
}
