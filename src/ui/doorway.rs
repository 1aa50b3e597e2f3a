use leptos::prelude::*;

/// The entrance: a page for people who are outside, or about to leave.
#[component]
pub fn Doorway(
    /// The small line above the title.
    #[prop(into)]
    above: String,
    #[prop(into)] title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <main class="entrance">
            <div class="doorway">
                <Fanlight />
                <div class="doorway-body">
                    <hgroup class="doorway-title">
                        <p>{above}</p>
                        <h1>{title}</h1>
                    </hgroup>
                    {children()}
                </div>
            </div>
            <div class="threshold" aria-hidden="true"></div>
        </main>
    }
}

#[component]
fn Fanlight() -> impl IntoView {
    let bars = "M120 80V0M120 80 28 28M120 80l92-52M120 80 74 10.7M120 80l46-69.3M120 80 4 60M120 80l116-20";
    view! {
        <svg class="fanlight" viewBox="0 0 240 80" preserveAspectRatio="none" aria-hidden="true">
            <path d=bars />
            <path d="M84 80a36 26 0 0 1 72 0z" />
        </svg>
    }
}
