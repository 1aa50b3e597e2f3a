use leptos::prelude::*;

/// Text as it is, in a frame of its own that scrolls.
#[component]
pub fn CodeBlock(
    /// What it is, for those who do not see it.
    #[prop(into)]
    label: String,
    /// Whether long lines are broken.
    #[prop(optional)]
    wrap: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <pre class="code" data-wrap=wrap tabindex="0" role="region" aria-label=label>
            <code>{children()}</code>
        </pre>
    }
}
