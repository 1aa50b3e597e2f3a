use leptos::prelude::*;

use super::NEWS;
use crate::types::Intent;

/// What needs another look, with links to the inputs. It gets the focus after sending.
#[component]
pub fn ErrorSummary(
    /// Ids of inputs, with what is wrong with them.
    errors: Vec<(String, String)>,
    /// Whether it can be sent all the same.
    can_be_sent: bool,
) -> impl IntoView {
    let title = match errors.len() {
        1 => "One field needs another look".to_owned(),
        count => format!("{count} fields need another look"),
    };
    let errors =
        errors.into_iter().map(|(id, message)| view! { <li><a href=format!("#{id}")>{message}</a></li> });
    let send = Intent::Send { anyway: true, confirmed: false };
    let anyway = can_be_sent.then(|| {
        view! {
            <button class="button" data-size="small" type="submit" name="send" value=send.to_string()>
                "Send anyway"
            </button>
        }
    });
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
