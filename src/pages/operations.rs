use leptos::prelude::*;

use crate::{
    components::{
        operation_link::{OperationRow, tag_id},
        page::{Page, Section},
        problem::Problem,
        recently_used::RecentlyUsed,
    },
    error::ServerFnError,
    openapi::Values,
    paths,
    server_fns::operations::list_operations,
    types::{OperationGroup, OperationIndex},
    ui::{EmptyState, SearchForm},
};

/// `/operations`
#[component]
pub fn OperationsPage() -> impl IntoView {
    let query = Values::parse(&super::query()).first("q").unwrap_or_default().trim().to_owned();
    let index = Resource::new_blocking(|| (), move |()| list_operations(query.clone()));
    view! {
        <Page title="Operations" section=Section::Operations>
            <Suspense>{move || Suspend::new(async move { found(index.await) })}</Suspense>
        </Page>
    }
}

fn found(index: Result<OperationIndex, ServerFnError>) -> AnyView {
    let index = match index {
        Ok(index) => index,
        Err(error) => return view! { <Problem error /> }.into_any(),
    };
    if let (true, Some(problem)) = (index.total == 0, index.problem.clone()) {
        return view! { <Unread problem /> }.into_any();
    }
    let recent = index.query.is_empty().then(|| view! { <RecentlyUsed /> });
    view! {
        <header class="page-header">
            <h1>"Operations"</h1>
            <SearchForm
                action=paths::OPERATIONS
                id="q"
                label="Name, path or words of the summary"
                value=index.query.clone()
            />
            {status(&index)}
        </header>
        {recent}
        {groups(index)}
    }
    .into_any()
}

/// How many there are, or were found.
fn status(index: &OperationIndex) -> AnyView {
    let found: usize = index.groups.iter().map(|group| group.operations.len()).sum();
    let (total, query) = (index.total, &index.query);
    if query.is_empty() {
        let text = format!("{} in {}", counted(found, "operation"), counted(index.groups.len(), "group"));
        return view! { <p class="small muted" role="status">{text}</p> }.into_any();
    }
    let verb = if found == 1 { "matches" } else { "match" };
    let text = format!("{found} of {total} operations {verb} “{query}”. ");
    view! {
        <p class="small muted" role="status">
            {text}
            <a href=paths::OPERATIONS>"Show all"</a>
        </p>
    }
    .into_any()
}

fn counted(count: usize, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn groups(index: OperationIndex) -> AnyView {
    if index.groups.is_empty() {
        return view! { <Nothing query=index.query total=index.total /> }.into_any();
    }
    let links = side_links(&index.groups);
    let groups: Vec<_> = index.groups.into_iter().map(|group| view! { <Group group /> }).collect();
    let groups = view! { <div class="stack" data-gap="large">{groups}</div> };
    if !index.query.is_empty() {
        return groups.into_any();
    }
    view! {
        <div class="split" data-lead="narrow">
            <nav class="side-nav" aria-label="Groups">
                <ul>{links}</ul>
            </nav>
            {groups}
        </div>
    }
    .into_any()
}

fn side_links(groups: &[OperationGroup]) -> Vec<AnyView> {
    let link = |group: &OperationGroup| {
        let (href, tag, count) =
            (format!("#{}", tag_id(&group.tag)), group.tag.clone(), group.operations.len());
        view! {
            <li>
                <a href=href>{tag} " " <span class="count">{count}</span></a>
            </li>
        }
        .into_any()
    };
    groups.iter().map(link).collect()
}

#[component]
fn Group(group: OperationGroup) -> impl IntoView {
    let (id, heading, count) = (tag_id(&group.tag), tag_id(&group.tag), group.operations.len());
    let rows: Vec<_> =
        group.operations.into_iter().map(|summary| view! { <OperationRow summary /> }).collect();
    view! {
        <section class="operation-group stack" data-gap="small" aria-labelledby=id>
            <h2 id=heading>{group.tag} " " <span class="count">{count}</span></h2>
            {group.description.map(|description| view! { <p class="small muted">{description}</p> })}
            <ul class="operation-list">{rows}</ul>
        </section>
    }
}

#[component]
fn Nothing(query: String, total: u32) -> impl IntoView {
    if query.is_empty() {
        return view! {
            <EmptyState>
                <h2>"There is nothing to list"</h2>
                <p>"The API’s document describes no operation."</p>
                <a class="button" href=paths::HOME>
                    "Go home"
                </a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <EmptyState>
            <h2>{format!("Nothing matches “{query}”")}</h2>
            <p>"Try a shorter word, or part of a path such as " <code>"/orders"</code> "."</p>
            <a class="button" href=paths::OPERATIONS>
                {format!("Show all {total} operations")}
            </a>
        </EmptyState>
    }
    .into_any()
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
