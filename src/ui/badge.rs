use leptos::prelude::*;

use super::Tone;

/// A short mark beside a name.
#[component]
pub fn ToneBadge(tone: Tone, children: Children) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.name()>
            {children()}
        </span>
    }
}

/// The mark behind the name of what the document advises against.
#[component]
pub fn DeprecatedBadge(deprecated: bool) -> impl IntoView {
    deprecated.then(|| view! { " " <ToneBadge tone=Tone::Warning>"deprecated"</ToneBadge> })
}

/// The status of an answer, told by a shape besides its colour.
#[component]
pub fn StatusBadge(tone: Tone, #[prop(into)] words: String) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.name() data-status=tone.name()>
            {words}
        </span>
    }
}

/// An HTTP method.
#[component]
pub fn MethodBadge(#[prop(into)] method: String) -> impl IntoView {
    let name = method.to_lowercase();
    view! {
        <span class="badge" data-method=name>
            {method}
        </span>
    }
}
