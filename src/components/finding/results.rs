use leptos::prelude::*;

use crate::{
    components::operation_link::href,
    openapi::Reason,
    paths,
    types::{SearchResult, SearchResults},
    ui::{DeprecatedBadge, EmptyState, MethodBadge},
};

/// What a search has found, best first.
#[component]
pub(super) fn Results(results: SearchResults) -> impl IntoView {
    if results.results.is_empty() {
        return view! { <Nothing results /> }.into_any();
    }
    let hidden = (results.found as usize).saturating_sub(results.results.len());
    let rows: Vec<_> = results.results.into_iter().map(|result| view! { <Row result /> }).collect();
    let more = (hidden > 0).then(|| {
        let words = format!("{hidden} more are less like it. Add a word to narrow the search.");
        view! { <p class="small muted">{words}</p> }
    });
    view! {
        <div class="stack" data-gap="small">
            <ul class="operation-list">{rows}</ul>
            {more}
        </div>
    }
    .into_any()
}

#[component]
fn Row(result: SearchResult) -> impl IntoView {
    let operation = result.operation;
    let href = href(&operation);
    let reasons = (!result.reasons.is_empty()).then(|| {
        let reasons: Vec<_> = result.reasons.iter().map(reason).collect();
        view! { <span class="reason">{reasons.join(", ")}</span> }
    });
    view! {
        <li>
            <a href=href>
                <MethodBadge method=operation.method />
                " "
                <code class="path" data-deprecated=operation.deprecated>
                    {pieces(result.path)}
                </code>
                " "
                <span class="summary">
                    {pieces(result.name)} <DeprecatedBadge deprecated=operation.deprecated /> {reasons}
                </span>
            </a>
        </li>
    }
}

fn pieces(pieces: Vec<(String, bool)>) -> Vec<AnyView> {
    let piece = |(text, found): (String, bool)| {
        if found { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
    };
    pieces.into_iter().map(piece).collect()
}

fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Parameter(name) => format!("parameter {name}"),
        Reason::Field(name) => format!("field {name}"),
        Reason::Description => "in the description".into(),
        Reason::Remark => "in the description of a parameter or field".into(),
    }
}

#[component]
fn Nothing(results: SearchResults) -> impl IntoView {
    let suggestions = (!results.suggestions.is_empty()).then(|| {
        let links = results.suggestions.into_iter().map(|word| {
            let href = paths::search(&word);
            view! {
                <li>
                    <a href=href>{word}</a>
                </li>
            }
        });
        view! {
            <p>"Did you mean one of these?"</p>
            <ul class="suggestions">{links.collect::<Vec<_>>()}</ul>
        }
    });
    view! {
        <EmptyState>
            <h2>{format!("Nothing matches “{}”", results.query)}</h2>
            {suggestions}
            <p>"Try a shorter word, a field of an answer, or part of a path such as " <code>"/orders"</code> "."</p>
            <a class="button" href=paths::OPERATIONS>
                {format!("Show all {} operations", results.total)}
            </a>
        </EmptyState>
    }
}
