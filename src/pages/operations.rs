use leptos::prelude::*;

use crate::{
    components::{
        finding::{self, Listing},
        operation_header::Notes,
        page::{Page, Section},
        problem::Problem,
        recently_used::RecentlyUsed,
    },
    error::ServerFnError,
    islands::OperationSearch,
    openapi::Values,
    paths,
    server::{console, request::authorised},
    server_fns::operations::list_operations,
    types::OperationIndex,
    ui::SearchForm,
};

/// `/operations`
#[component]
pub fn OperationsPage() -> impl IntoView {
    let values = Values::parse(&super::query());
    let query = values.first("q").unwrap_or_default().trim().to_owned();
    let tag = values.first("tag").filter(|_| query.is_empty()).map(str::to_owned);
    let from = values.first("from").and_then(|from| from.parse().ok()).unwrap_or_default();
    let index = Resource::new_blocking(|| (), move |()| list_operations(tag.clone(), from));
    view! {
        <Page title="Operations" section=Section::Operations>
            <Suspense>
                {move || {
                    let query = query.clone();
                    Suspend::new(async move { listed(query, index.await) })
                }}
            </Suspense>
        </Page>
    }
}

fn listed(query: String, index: Result<OperationIndex, ServerFnError>) -> AnyView {
    let index = match index {
        Ok(index) => index,
        Err(error) => return view! { <Problem error /> }.into_any(),
    };
    let recent = query.is_empty().then(|| view! { <RecentlyUsed /> });
    let narrowed = !query.is_empty() || index.tag.is_some();
    let notes = if narrowed { Vec::new() } else { index.notes.clone() };
    let all = narrowed.then(|| view! { <a href=paths::OPERATIONS>"Show all"</a> });
    let Listing { status, view } = listing(&query, index);
    view! {
        <OperationSearch>
            <header class="page-header">
                <h1>"Operations"</h1>
                <SearchForm
                    action=paths::OPERATIONS
                    id="q"
                    label="Name, path, field or words of a description"
                    value=query
                />
                <p class="small muted">
                    <span role="status" data-search="status">
                        {status}
                    </span>
                    " "
                    {all}
                </p>
            </header>
            <div class="stack" data-gap="large" data-search="results">{recent} {view}</div>
            <Notes notes />
        </OperationSearch>
    }
    .into_any()
}

fn listing(query: &str, index: OperationIndex) -> Listing {
    let search = |query| authorised().and_then(|context| console::search(&context, query));
    match Some(query).filter(|query| !query.is_empty()).map(search) {
        Some(Ok(results)) => finding::found(results),
        _ => finding::indexed(index),
    }
}
