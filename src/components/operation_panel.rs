use leptos::prelude::*;

use super::{
    answer::Answer, past_request::LatestRequests, request_form::request_form,
    request_preview::RequestPreview, responses::responses,
};
use crate::{
    types::{OperationPage, Outcome},
    ui::{Alert, Tone},
};

/// The form of an operation and its answer, as HTML for a page that is already open.
#[must_use]
pub fn html(page: OperationPage) -> String {
    view! { <OperationPanel page /> }.to_html()
}

/// The form of an operation, and what came of sending it.
#[component]
pub fn OperationPanel(mut page: OperationPage) -> impl IntoView {
    let form = request_form(&page);
    let form = match page.outcome {
        Outcome::HeldBack => view! { <div class="stack"><HeldBack />{form}</div> }.into_any(),
        Outcome::Restored => {
            let without_files = page.takes_files();
            view! { <div class="stack"><Restored without_files />{form}</div> }.into_any()
        }
        _ => form,
    };
    let latest = page.latest.clone();
    let responses = responses(&page);
    let news = match page.preview.take() {
        Some(preview) => {
            view! { <RequestPreview preview=*preview is_news=page.problems.is_empty() /> }.into_any()
        }
        None => view! { <Answer page /> }.into_any(),
    };
    view! {
        <div class="stack" data-gap="large" data-panel="">
            <div class="split">
                {form}
                <div class="stack" data-gap="large">
                    {news}
                    {responses}
                </div>
            </div>
            <LatestRequests latest />
        </div>
    }
}

#[component]
fn Restored(without_files: bool) -> impl IntoView {
    let files = without_files.then_some(" Files are not kept: choose them again.");
    view! {
        <Alert tone=Tone::Info role="status">
            <p>"What you had typed is back; nothing was sent." {files}</p>
        </Alert>
    }
}

#[component]
fn HeldBack() -> impl IntoView {
    view! {
        <Alert tone=Tone::Info role="status">
            <p>"This form was filled in by a link from another site. Check it and press Send."</p>
        </Alert>
    }
}
