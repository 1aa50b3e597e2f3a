use leptos::prelude::*;

/// The mark of the application: a door with a lit fanlight.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 20 26" aria-hidden="true">
            <path d="M1 26V10a9 9 0 0 1 18 0v16z" />
            <path class="lit" d="M4 10.5a6 6 0 0 1 12 0z" />
            <path class="bars" d="M10 10.5v-6M10 10.5 5.8 6.3M10 10.5l4.2-4.2" />
            <circle class="lit" cx="15" cy="17.5" r="1.2" />
        </svg>
    }
}
