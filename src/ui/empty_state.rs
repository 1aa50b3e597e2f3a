use leptos::prelude::*;

/// Where there is nothing to show: why, and the way on.
#[component]
pub fn EmptyState(children: Children) -> impl IntoView {
    view! { <div class="empty-state">{children()}</div> }
}
