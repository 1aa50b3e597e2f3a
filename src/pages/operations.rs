use leptos::prelude::*;

use crate::components::page::Page;

/// `/operations`
#[component]
pub fn OperationsPage() -> impl IntoView {
    view! { <Page title="OperationsPage"><h1>"OperationsPage"</h1></Page> }
}
