use leptos::prelude::*;

use crate::{components::page::Page, paths, server::error::set_status, ui::ErrorPage};

/// Whatever is at no other address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    set_status(404);
    let text = view! { "Nothing stands at " <code>{super::path()}</code> "." };
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
