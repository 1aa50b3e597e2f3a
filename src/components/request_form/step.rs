use leptos::prelude::*;

use super::{NEWS, button::FormButton};
use crate::{openapi::Operation, types::Intent};

/// Asks whether something that cannot be undone is meant. It gets the focus after sending.
#[component]
pub fn Confirm(
    operation: Operation,
    /// Where it would be sent, without the query.
    path: String,
    /// Although it is not what the document asks for.
    anyway: bool,
) -> impl IntoView {
    let send = Intent::Send { anyway, confirmed: true };
    let yes = if operation.summary.method == "DELETE" { "Yes, delete" } else { "Yes, send" };
    view! {
        <div
            class="alert"
            id=NEWS
            data-tone="warning"
            role="alert"
            tabindex="-1"
            aria-labelledby="confirm"
            data-news=""
            autofocus
        >
            <h3 id="confirm">"Is this really meant?"</h3>
            <p>
                <code>{operation.summary.method} " " {path}</code>
                " may take something away for good. Nothing has been sent yet."
            </p>
            <div class="form-actions">
                <button class="button" data-kind="danger" type="submit" name="send" value=send.to_string()>
                    {yes}
                </button>
                <FormButton intent=Intent::Redraw kind="quiet" focus=super::FORM>
                    "Cancel"
                </FormButton>
            </div>
        </div>
    }
}
