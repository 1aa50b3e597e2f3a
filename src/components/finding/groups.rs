use leptos::prelude::*;

use crate::{
    components::{
        operation_link::{OperationRow, tag_id},
        prose::{Prose, first_paragraph},
    },
    paths,
    server::console,
    types::{OperationGroup, OperationIndex},
    ui::{EmptyState, Pager},
};

/// The operations by tag. A document with too many for one page shows its tags, each with a page of its own.
#[component]
pub(super) fn Groups(index: OperationIndex) -> impl IntoView {
    if index.groups.is_empty() {
        return view! { <Nothing is_all=index.tag.is_none() /> }.into_any();
    }
    if index.tag.is_none() && index.groups.iter().all(|group| group.operations.is_empty()) {
        return view! { <Tags groups=index.groups /> }.into_any();
    }
    let links = side_links(&index.groups);
    let pages = index.tag.as_ref().and(index.groups.first()).map(|group| pages(group, index.from));
    let groups: Vec<_> = index.groups.into_iter().map(|group| view! { <Group group /> }).collect();
    let groups = view! { <div class="stack" data-gap="large">{groups}</div> };
    if index.tag.is_some() {
        return view! { {groups} {pages} }.into_any();
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

/// The ways to the other operations of a tag that has too many for one page.
fn pages(group: &OperationGroup, from: u32) -> AnyView {
    let shown = console::count(group.operations.len());
    let before = (from > 0).then(|| (from.saturating_sub(console::MOST_ON_A_PAGE), "Previous operations"));
    let after = Some(from + shown).filter(|end| *end < group.count).map(|end| (end, "Next operations"));
    let ways = before.into_iter().chain(after).map(|(from, words)| {
        let href = paths::tag_from(&group.tag, from);
        view! { <a class="button" data-size="small" href=href>{words}</a> }.into_any()
    });
    let ways: Vec<_> = ways.collect();
    view! { <Pager label="Pages" ways /> }.into_any()
}

fn side_links(groups: &[OperationGroup]) -> Vec<AnyView> {
    let link = |group: &OperationGroup| {
        let (href, tag, count) = (format!("#{}", tag_id(&group.tag)), group.tag.clone(), group.count);
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
    let (id, heading, count) = (tag_id(&group.tag), tag_id(&group.tag), group.count);
    let rows: Vec<_> =
        group.operations.into_iter().map(|summary| view! { <OperationRow summary /> }).collect();
    view! {
        <section class="operation-group stack" data-gap="small" aria-labelledby=id>
            <h2 id=heading>{group.tag} " " <span class="count">{count}</span></h2>
            <Prose text=group.description class="small muted" />
            <ul class="operation-list">{rows}</ul>
        </section>
    }
}

#[component]
fn Tags(groups: Vec<OperationGroup>) -> impl IntoView {
    let rows = groups.into_iter().map(|group| {
        let href = paths::tag(&group.tag);
        let description = group.description.as_deref().and_then(first_paragraph);
        view! {
            <li>
                <a class="tag-card" href=href>
                    <strong>{group.tag}</strong>
                    " "
                    <span class="count">{group.count}</span>
                    {description.map(|description| view! { <span class="summary">{description}</span> })}
                </a>
            </li>
        }
    });
    view! { <ul class="tag-cards">{rows.collect::<Vec<_>>()}</ul> }
}

#[component]
fn Nothing(
    /// Whether there is no operation at all.
    is_all: bool,
) -> impl IntoView {
    let words = if is_all {
        "The API’s document describes no operations."
    } else {
        "The API’s document describes no such operation."
    };
    view! {
        <EmptyState>
            <h2>"There is nothing to list"</h2>
            <p>{words}</p>
            <a class="button" href=paths::HOME>
                "Go home"
            </a>
        </EmptyState>
    }
}
