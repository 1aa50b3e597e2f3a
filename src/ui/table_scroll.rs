use leptos::prelude::*;

/// A frame in which a wide or long table scrolls. The keyboard reaches it.
#[component]
pub fn TableScroll(
    /// The id of what names the table.
    #[prop(optional, into)]
    labelled_by: Option<String>,
    /// The name of the table, when nothing on the page does.
    #[prop(optional, into)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-scroll" role="region" aria-labelledby=labelled_by aria-label=label tabindex="0">
            {children()}
        </div>
    }
}
