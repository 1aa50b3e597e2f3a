use leptos::prelude::*;

use super::Tone;

/// A message inside the page, beside what it is about.
#[component]
pub fn Alert(
    tone: Tone,
    /// `alert` for errors that answer an action, `status` for other news, none for plain content.
    #[prop(optional)]
    role: Option<&'static str>,
    #[prop(optional)] id: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="alert" data-tone=tone.name() role=role id=id>
            {children()}
        </div>
    }
}
