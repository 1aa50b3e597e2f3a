use leptos::prelude::*;

use super::operation_link::OperationSuggestion;
use crate::{
    openapi::OperationSummary,
    server::{console, history, request::RequestContext},
};

/// How many operations are shown.
const SHOWN: usize = 6;

/// The operations that the person has used last. Nothing while there are none.
#[component]
pub fn RecentlyUsed() -> impl IntoView {
    let recent = Resource::new_blocking(|| (), |()| recent(use_context()));
    view! { <Suspense>{move || Suspend::new(async move { shown(recent.await) })}</Suspense> }
}

async fn recent(request: Option<RequestContext>) -> Vec<OperationSummary> {
    let Some(request) = request else { return Vec::new() };
    let latest = history::latest_of_each(&request, SHOWN).await.into_iter();
    let addresses: Vec<_> = latest.map(|past| past.request.operation.address).collect();
    console::find_all(&request, &addresses)
}

fn shown(recent: Vec<OperationSummary>) -> AnyView {
    if recent.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = recent.into_iter().map(|summary| view! { <OperationSuggestion summary /> }).collect();
    view! {
        <section class="card" aria-labelledby="recent">
            <h2 id="recent">"Recently used"</h2>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}
