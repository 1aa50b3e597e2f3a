use leptos::prelude::*;

use super::operation_link::OperationSuggestion;
use crate::{
    openapi::OperationSummary,
    server::{console, history, request::RequestContext},
};

/// How many operations are shown, and how far back the history is asked for them.
const SHOWN: usize = 6;
const LOOKED_AT: u32 = 50;

/// The operations that the person has used last. Nothing while there are none.
#[component]
pub fn RecentlyUsed() -> impl IntoView {
    let recent = Resource::new_blocking(|| (), |()| recent(use_context()));
    view! { <Suspense>{move || Suspend::new(async move { shown(recent.await) })}</Suspense> }
}

async fn recent(request: Option<RequestContext>) -> Vec<OperationSummary> {
    let Some(request) = request else { return Vec::new() };
    let mut addresses: Vec<String> = Vec::new();
    for past in history::latest(&request, LOOKED_AT).await {
        let address = past.request.operation.address;
        if addresses.len() < SHOWN && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
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
            <ul class="list recent">{rows}</ul>
        </section>
    }
    .into_any()
}
