use leptos::prelude::*;

/// Names and their values.
#[component]
pub fn DefinitionList(
    facts: Vec<(String, AnyView)>,
    /// Whether it has a frame of its own.
    #[prop(optional)]
    framed: bool,
) -> impl IntoView {
    let facts = facts.into_iter().map(|(name, value)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! { <dl class=if framed { "facts card" } else { "facts" }>{facts.collect::<Vec<_>>()}</dl> }
}
