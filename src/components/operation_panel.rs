use leptos::prelude::*;

use crate::types::OperationPage;

/// The form of an operation and its answer, as HTML for a page that is already open.
pub fn html(page: OperationPage) -> String {
    view! { <OperationPanel page /> }.to_html()
}

/// The form of an operation, and what came of sending it.
#[component]
pub fn OperationPanel(page: OperationPage) -> impl IntoView {
    view! { <p>{page.operation.summary.name}</p> }
}
