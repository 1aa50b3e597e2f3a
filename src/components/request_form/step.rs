use leptos::prelude::*;

use super::{NEWS, button::FormButton};
use crate::{
    openapi::Operation,
    types::{Intent, SEND},
    ui::Disclosure,
};

/// Asks whether something that cannot be undone is meant. It gets the focus after sending.
#[component]
pub fn Confirm(
    operation: Operation,
    /// Where it would be sent, without the query.
    path: String,
    /// Although it is not what the document asks for.
    anyway: bool,
) -> impl IntoView {
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
                <code>{operation.summary.method.clone()} " " {path}</code>
                " may take something away for good. Nothing has been sent yet."
            </p>
            <div class="form-actions">
                <Yes operation anyway />
                <FormButton intent=Intent::Redraw kind="quiet" focus=super::FORM>
                    "Cancel"
                </FormButton>
            </div>
        </div>
    }
}

/// The same question, folded into a form with files: a page in between would lose those that were chosen.
#[component]
pub fn AskedInForm(
    operation: Operation,
    /// Although it is not what the document asks for.
    #[prop(optional)]
    anyway: bool,
) -> impl IntoView {
    let summary = if anyway { "Send anyway…" } else { "Send…" };
    view! {
        <Disclosure summary>
            <p class="small">
                "Is this really meant? "
                <code>{operation.summary.method.clone()} " " {operation.summary.path.clone()}</code>
                " may take something away for good."
            </p>
            <Yes operation anyway />
        </Disclosure>
    }
}

#[component]
fn Yes(operation: Operation, anyway: bool) -> impl IntoView {
    let send = Intent::Send { anyway, confirmed: true };
    let words = if operation.summary.method == "DELETE" { "Yes, delete" } else { "Yes, send" };
    view! {
        <button class="button" data-kind="danger" type="submit" name=SEND value=send.to_string()>
            {words}
        </button>
    }
}
