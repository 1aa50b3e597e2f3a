use leptos::prelude::*;

use crate::components::page::Page;

/// `/login`
#[component]
pub fn LoginPage() -> impl IntoView {
    view! { <Page title="LoginPage"><h1>"LoginPage"</h1></Page> }
}
