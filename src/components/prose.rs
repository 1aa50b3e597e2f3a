use leptos::prelude::*;

/// A description from the API's document, paragraph by paragraph.
#[component]
pub fn Prose(text: Option<String>, #[prop(default = "measure")] class: &'static str) -> impl IntoView {
    let text = text.unwrap_or_default();
    paragraphs(&text)
        .map(|paragraph| {
            let paragraph = paragraph.to_owned();
            view! { <p class=class>{paragraph}</p> }
        })
        .collect::<Vec<_>>()
}

/// What stands between blank lines.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
}

/// The first paragraph of a description, for where there is room for no more.
#[must_use]
pub fn first_paragraph(text: &str) -> Option<String> {
    paragraphs(text).next().map(str::to_owned)
}
