use leptos::prelude::*;

use super::{Links, PART, part};
use crate::{
    components::{
        answer::highlighted,
        operation_header::Notes,
        prose::{Prose, first_paragraph},
        text::head,
    },
    openapi::{NamedExample, ResponseDetail},
    ui::{CodeBlock, Disclosure},
};

/// The most of an example that a page holds, in bytes.
const LONGEST_EXAMPLE: usize = 20_000;

/// What one answer holds: its fields, headers and examples.
pub fn detail(detail: &ResponseDetail, links: &Links) -> AnyView {
    let title = format!("Answer {}", detail.response.status);
    let body = detail.body.as_ref().map(part::whole);
    let body = body.unwrap_or_else(|| {
        view! { <p class="small muted">"The document does not say what its body holds."</p> }.into_any()
    });
    view! {
        <div class="card stack">
            <h3>{title}</h3>
            {more_words(detail)}
            {media_types(detail, links)}
            {body}
            {headers(detail)}
            {detail.examples.iter().map(example).collect::<Vec<_>>()}
            <Notes notes=detail.notes.clone() />
        </div>
    }
    .into_any()
}

/// The description, where it has more than the paragraph that stands in the list.
fn more_words(detail: &ResponseDetail) -> Option<AnyView> {
    let text = detail.response.description.clone()?;
    let is_told = first_paragraph(&text).is_some_and(|first| first == text);
    (!is_told).then(|| view! { <Prose text=Some(text) /> }.into_any())
}

/// Where there are several, a choice.
fn media_types(detail: &ResponseDetail, links: &Links) -> Option<AnyView> {
    if detail.response.media_types.len() < 2 {
        return None;
    }
    let ways = detail.response.media_types.iter().map(|media_type| {
        let is_shown = detail.media_type.as_ref() == Some(media_type);
        let href = links.to(&detail.response.status, Some(media_type));
        let media_type = media_type.clone();
        view! {
            <li>
                <a href=href data-part=PART aria-current=is_shown.then_some("true")>
                    {media_type}
                </a>
            </li>
        }
    });
    Some(
        view! {
            <nav class="looks" aria-label="Media types">
                <ul>{ways.collect::<Vec<_>>()}</ul>
            </nav>
        }
        .into_any(),
    )
}

fn headers(detail: &ResponseDetail) -> Option<AnyView> {
    let summary = format!("Headers ({})", detail.headers.len());
    (!detail.headers.is_empty()).then(|| {
        let headers = part::list(&detail.headers);
        view! { <Disclosure summary>{headers}</Disclosure> }.into_any()
    })
}

fn example(example: &NamedExample) -> AnyView {
    let text = head(&example.text, LONGEST_EXAMPLE);
    let cut = (text.len() < example.text.len())
        .then(|| view! { <p class="small muted">"The example goes on."</p> });
    let summary =
        if example.name.is_empty() { "Example".to_owned() } else { format!("Example: {}", example.name) };
    let label = summary.clone();
    let text = highlighted(text);
    view! {
        <Disclosure summary>
            <CodeBlock label>{text}</CodeBlock>
            {cut}
        </Disclosure>
    }
    .into_any()
}
