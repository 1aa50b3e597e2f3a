use http::request::Parts;
use leptos::prelude::*;

use crate::{components::page::Page, paths, server::error::set_status, ui::ErrorPage};

/// Whatever is at no other address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    set_status(404);
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let text = view! { "Nothing stands at " <code>{path}</code> "." };
    view! {
        <Page title="Not found">
            <ErrorPage status=404 title="There is no such page" text=text.into_any()>
                <a class="button" data-kind="primary" href=paths::HOME>
                    "Go home"
                </a>
                <a class="button" href=paths::OPERATIONS>
                    "All operations"
                </a>
            </ErrorPage>
        </Page>
    }
}
