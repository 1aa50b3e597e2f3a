use leptos::prelude::*;

/// A search, sent to `action` as `q`.
#[component]
pub fn SearchForm(
    #[prop(into)] action: String,
    id: &'static str,
    /// What can be typed. It names the input as well.
    label: &'static str,
    #[prop(optional)] value: String,
    #[prop(optional)] small: bool,
) -> impl IntoView {
    let size = small.then_some("small");
    view! {
        <form class="search" role="search" action=action data-size=size>
            <label class="visually-hidden" for=id>
                {label}
            </label>
            <input
                class="input"
                id=id
                name="q"
                type="search"
                value=value
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                aria-keyshortcuts="/"
            />
            <button class="button" data-size=size>
                "Search"
            </button>
        </form>
    }
}
