use leptos::prelude::*;

use crate::components::page::Page;

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <Page title="AccountPage"><h1>"AccountPage"</h1></Page> }
}
