//! The answers that the document describes, and on demand what one of them holds.

mod detail;
mod part;

use leptos::prelude::*;

use self::detail::detail;
use super::{operation_link::href, prose::first_paragraph};
use crate::{
    openapi::{RESPONSE, RESPONSE_TYPE, Response, Values},
    paths::LocalPath,
    types::{OperationPage, Outcome, SEND},
    ui::{DefinitionList, Disclosure},
};

/// The id of this part of a page, which changes by itself.
const PART: &str = "responses";

/// What an operation answers. Nothing when the document does not say.
#[must_use]
pub fn responses(page: &OperationPage) -> Option<AnyView> {
    if page.operation.responses.is_empty() {
        return None;
    }
    let links = Links(page);
    let asked = page.detail.as_deref();
    let facts = page.operation.responses.iter().map(|response| {
        let is_current = asked.is_some_and(|asked| asked.response.status == response.status);
        (response.status.clone(), described(response, &links, is_current))
    });
    let facts: Vec<_> = facts.collect();
    let detail = asked.map(|asked| detail(asked, &links));
    let open = detail.is_some() || is_untouched(page);
    Some(
        view! {
            <section id=PART class="stack" tabindex="-1" aria-label="What it answers">
                <Disclosure summary="What it answers" open>
                    <DefinitionList facts framed=true />
                </Disclosure>
                {detail}
            </section>
        }
        .into_any(),
    )
}

/// Whether there is nothing more urgent on the page.
fn is_untouched(page: &OperationPage) -> bool {
    page.outcome == Outcome::NotSent && page.problems.is_empty() && page.preview.is_none()
}

fn described(response: &Response, links: &Links, is_current: bool) -> AnyView {
    let text = response.description.as_deref().and_then(first_paragraph);
    let media_types =
        response.media_types.iter().cloned().map(|media_type| view! { " " <code>{media_type}</code> });
    let media_types: Vec<_> = media_types.collect();
    let fields = response.has_detail.then(|| {
        let label = format!("Fields of {}", response.status);
        view! {
            " "
            <a
                href=links.to(&response.status, None)
                data-part=PART
                aria-label=label
                aria-current=is_current.then_some("true")
            >
                "Fields"
            </a>
        }
    });
    view! {
        {text}
        {media_types}
        {fields}
    }
    .into_any()
}

/// The addresses of this page that ask what an answer holds. What was asked by address stays filled in.
struct Links<'a>(&'a OperationPage);

impl Links<'_> {
    fn to(&self, status: &str, media_type: Option<&str>) -> LocalPath {
        let OperationPage { operation, values, .. } = self.0;
        let mut values = if operation.is_by_address() { values.clone() } else { Values::default() };
        values.retain(|name| !matches!(name, SEND | RESPONSE | RESPONSE_TYPE));
        values.set(RESPONSE, status);
        if let Some(media_type) = media_type {
            values.set(RESPONSE_TYPE, media_type);
        }
        href(&operation.summary).with_query(&values.to_query()).and(format_args!("#{PART}"))
    }
}
