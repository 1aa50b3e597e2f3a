use leptos::prelude::*;

use crate::{
    openapi::OperationSummary,
    paths::{self, LocalPath},
    ui::{DeprecatedBadge, Endpoint},
};

/// The canonical address of an operation's page.
#[must_use]
pub fn href(summary: &OperationSummary) -> LocalPath {
    paths::operation(&summary.address, summary.is_by_id())
}

/// The id of a tag's section in the index of operations.
#[must_use]
pub fn tag_id(tag: &str) -> String {
    format!("tag-{}", tag.replace(char::is_whitespace, "-"))
}

/// An operation as a row of the index.
#[component]
pub fn OperationRow(summary: OperationSummary) -> impl IntoView {
    let href = href(&summary);
    view! {
        <li>
            <a href=href>
                <Endpoint method=summary.method path=summary.path deprecated=summary.deprecated />
                " "
                <span class="summary">{summary.name} <DeprecatedBadge deprecated=summary.deprecated /></span>
            </a>
        </li>
    }
}

/// An operation as something to try.
#[component]
pub fn OperationSuggestion(summary: OperationSummary) -> impl IntoView {
    let href = href(&summary);
    view! {
        <li>
            <a class="list-row" href=href>
                <span class="list-title">{summary.name}</span>
                <span class="endpoint small">
                    <Endpoint method=summary.method path=summary.path />
                </span>
            </a>
        </li>
    }
}
