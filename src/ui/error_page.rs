use leptos::prelude::*;

/// A page behind which there is nothing: why, and the way on.
#[component]
pub fn ErrorPage(
    status: u16,
    #[prop(into)] title: String,
    /// What happened, for people.
    text: AnyView,
    /// The links that lead on.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="error-page" aria-labelledby="error-title">
            <p class="door" aria-hidden="true">
                {status}
            </p>
            <div class="stack">
                <h1 id="error-title">{title}</h1>
                <p class="measure">{text}</p>
                <div class="cluster">{children()}</div>
            </div>
        </section>
    }
}
