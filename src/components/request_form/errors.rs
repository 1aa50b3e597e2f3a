use leptos::prelude::*;

use super::NEWS;

/// What needs another look, with links to the inputs. It gets the focus after sending.
#[component]
pub fn ErrorSummary(
    /// Ids of inputs, with what is wrong with them.
    errors: Vec<(String, String)>,
) -> impl IntoView {
    let title = match errors.len() {
        1 => "One field needs another look".to_owned(),
        count => format!("{count} fields need another look"),
    };
    let errors =
        errors.into_iter().map(|(id, message)| view! { <li><a href=format!("#{id}")>{message}</a></li> });
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
        </div>
    }
}
