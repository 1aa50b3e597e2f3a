use leptos::prelude::*;

use crate::paths;

/// Signs out by `POST`, which no link of another site can do.
#[component]
pub fn SignOutForm(
    #[prop(optional)] class: Option<&'static str>,
    kind: &'static str,
    #[prop(optional)] size: Option<&'static str>,
) -> impl IntoView {
    view! {
        <form class=class method="post" action=paths::LOGOUT>
            <button class="button" data-kind=kind data-size=size type="submit">
                "Sign out"
            </button>
        </form>
    }
}
