//! Texts of the API's document. They are `CommonMark`, and untrusted.

mod commonmark;
mod sanitiser;

use leptos::prelude::*;

pub use self::commonmark::first_paragraph;
use crate::ui::Disclosure;

/// A description beside an input. Most are plain and short, and need no rendering.
#[must_use]
pub fn note(text: &str) -> AnyView {
    if commonmark::is_plain(text) {
        return text.to_owned().into_any();
    }
    view! { <Prose text=Some(text.to_owned()) class="" /> }.into_any()
}

/// A description from the API's document. A long one begins, and the rest folds away.
#[component]
pub fn Prose(text: Option<String>, #[prop(default = "measure")] class: &'static str) -> impl IntoView {
    let (beginning, rest) = commonmark::html(text.as_deref().unwrap_or_default());
    let class = format!("prose {class}");
    let rest = (!rest.is_empty()).then(|| {
        let class = class.clone();
        view! {
            <Disclosure summary="Read on">
                <div class=class inner_html=rest></div>
            </Disclosure>
        }
    });
    (!beginning.is_empty()).then(|| {
        view! {
            <div class=class inner_html=beginning></div>
            {rest}
        }
    })
}
