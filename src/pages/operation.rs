use leptos::prelude::*;

use crate::components::page::Page;

/// `/operations/x`
#[component]
pub fn OperationPage() -> impl IntoView {
    view! { <Page title="OperationPage"><h1>"OperationPage"</h1></Page> }
}
