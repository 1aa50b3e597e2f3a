use leptos::prelude::*;

use super::prose::Prose;
use crate::{
    openapi::{Note, Operation},
    paths,
    ui::{DeprecatedBadge, Disclosure, Endpoint},
};

/// What an operation is.
#[component]
pub fn OperationHeader(operation: Operation) -> impl IntoView {
    let summary = operation.summary;
    view! {
        <header class="page-header">
            <Breadcrumb tag=summary.tags.into_iter().next() />
            <h1>{summary.name} <DeprecatedBadge deprecated=summary.deprecated /></h1>
            <p class="endpoint">
                <Endpoint method=summary.method path=summary.path deprecated=summary.deprecated />
            </p>
            <Prose text=operation.description />
            <Notes notes=operation.notes />
        </header>
    }
}

#[component]
fn Breadcrumb(tag: Option<String>) -> impl IntoView {
    let tag = tag.map(|tag| {
        let href = paths::tag(&tag);
        view! { <li><a href=href>{tag}</a></li> }
    });
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                <li>
                    <a href=paths::OPERATIONS>"Operations"</a>
                </li>
                {tag}
            </ol>
        </nav>
    }
}

/// What is wrong in a part of the document, or in the whole: for those who look after the API.
#[component]
pub fn Notes(notes: Vec<Note>) -> impl IntoView {
    (!notes.is_empty()).then(|| {
        let summary = format!("Notes on the API’s document ({})", notes.len());
        let items =
            notes.into_iter().map(|note| view! { <li><code>{part(&note)}</code> ": " {note.message}</li> });
        view! {
            <Disclosure summary>
                <ul class="small muted">{items.collect::<Vec<_>>()}</ul>
            </Disclosure>
        }
    })
}

/// A reference is shown as what it names, not as it is written.
fn part(note: &Note) -> String {
    note.part.rsplit_once("#/").map_or(note.part.as_str(), |(_, pointer)| pointer).to_owned()
}
