use leptos::prelude::*;
use leptos_meta::Title;

/// The frame of every page of a signed-in person.
#[component]
pub fn Page(
    /// What the page is, for the window's title.
    #[prop(into)]
    title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title />
        <header class="site-header"></header>
        <main id="main" class="page" tabindex="-1">
            {children()}
        </main>
    }
}
