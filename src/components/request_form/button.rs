use leptos::prelude::*;

use crate::types::{Intent, SEND};

/// A button that changes the form or shows something of it.
#[component]
pub fn FormButton(
    intent: Intent,
    /// `quiet` for those that stand beside others.
    #[prop(default = "plain")]
    kind: &'static str,
    #[prop(optional, into)] id: Option<String>,
    /// Words for those who do not see what it stands beside.
    #[prop(optional, into)]
    label: Option<String>,
    /// Where the focus goes when the form is drawn anew: the id of an element. Otherwise it stays.
    #[prop(optional, into)]
    focus: Option<String>,
    children: Children,
) -> impl IntoView {
    let size = (kind != "quiet").then_some("small");
    view! {
        <button
            class="button"
            data-kind=kind
            data-size=size
            type="submit"
            name=SEND
            value=intent.to_string()
            id=id
            aria-label=label
            formaction=focus.as_ref().map(|focus| format!("#{focus}"))
            data-focus=focus
        >
            {children()}
        </button>
    }
}
