use leptos::prelude::*;

use crate::paths;

/// Signs out by `POST`, which no link of another site can do.
#[component]
pub fn SignOutForm(kind: &'static str, #[prop(optional)] size: Option<&'static str>) -> impl IntoView {
    view! {
        <form class="form-actions" method="post" action=paths::LOGOUT>
            <button class="button" data-kind=kind data-size=size type="submit">
                "Sign out"
            </button>
        </form>
    }
}
