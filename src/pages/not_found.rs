use leptos::prelude::*;

use crate::{components::page::Page, server::error::set_status};

/// Whatever is at no other address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    set_status(404);
    view! {
        <Page title="Not found">
            <h1>"There is no such page"</h1>
        </Page>
    }
}
