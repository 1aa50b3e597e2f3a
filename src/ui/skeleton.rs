use leptos::prelude::*;

/// Stands in for what is still on its way.
#[component]
pub fn Skeleton(
    /// What is on its way, for those who do not see it.
    #[prop(into)]
    label: String,
    /// About as many as there will be rows.
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{label}</span>
            {(0..lines).map(|_| view! { <i></i> }).collect::<Vec<_>>()}
        </div>
    }
}
