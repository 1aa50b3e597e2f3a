use leptos::prelude::*;

use crate::{
    components::{
        finding::{self, Listing},
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
    ui::{EmptyState, SearchForm},
};

/// `/operations`
#[component]
pub fn OperationsPage() -> impl IntoView {
    let values = Values::parse(&super::query());
    let query = values.first("q").unwrap_or_default().trim().to_owned();
    let tag = values.first("tag").filter(|_| query.is_empty()).map(str::to_owned);
    let index = Resource::new_blocking(|| (), move |()| list_operations(tag.clone()));
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
    if let (true, Some(problem)) = (index.total == 0, index.problem.clone()) {
        return view! { <Unread problem /> }.into_any();
    }
    let recent = query.is_empty().then(|| view! { <RecentlyUsed /> });
    let narrowed = !query.is_empty() || index.tag.is_some();
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
            <div data-search="results">{recent} {view}</div>
        </OperationSearch>
    }
    .into_any()
}

fn listing(query: &str, index: OperationIndex) -> Listing {
    match authorised() {
        Ok(context) if !query.is_empty() => finding::found(console::search(&context, query)),
        _ => finding::indexed(index),
    }
}

/// There is no document yet.
#[component]
fn Unread(problem: String) -> impl IntoView {
    view! {
        <header class="page-header">
            <h1>"Operations"</h1>
        </header>
        <EmptyState>
            <h2>"There is nothing to list yet"</h2>
            <p>"The API’s document could not be read: " {problem} ". It is tried again by itself."</p>
            <a class="button" href="">
                "Try again now"
            </a>
        </EmptyState>
    }
}
