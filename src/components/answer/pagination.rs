//! The way to the other pages of a list, as far as the API tells it: by `Link` headers (RFC 8288), by members of the
//! answer that hold an address, a number or a cursor, or by how many pages there are.
//!
//! Every way is the same operation with other values. An address of any other place is no way.

mod follow;
mod link_header;
mod members;
mod numbers;

use leptos::prelude::*;
use serde_json::{Map, Value};
use url::Url;

use self::follow::Follow;
use crate::{
    components::request_form::is_get,
    paths::LocalPath,
    types::{AnswerBody, OperationPage, Outcome},
};

/// The addresses of the other pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// “Page 2 of 3”, where that is told.
    words: Option<String>,
    first: Option<LocalPath>,
    previous: Option<LocalPath>,
    next: Option<LocalPath>,
    last: Option<LocalPath>,
}

impl Pages {
    /// `None` when there are no others, or the API does not tell. `base` is where the API is.
    pub fn of(page: &OperationPage, base: &Url) -> Option<Self> {
        let Outcome::Answered(answer) = &page.outcome else { return None };
        if !is_get(&page.operation) || answer.status >= 400 {
            return None;
        }
        let empty = Map::new();
        let (about, last_row) = match &answer.body {
            AnswerBody::Json { data: Value::Object(members), .. } => (members, None),
            AnswerBody::List(list) => (&list.about, list.window.rows.last().map(|row| &row.value)),
            _ => (&empty, None),
        };
        let follow = Follow { page, base };
        let links = link_header::links(&answer.headers);
        let told = Self::default()
            .or(|rel| follow.address(links.iter().find(|(name, _)| name == rel)?.1.as_str()))
            .or(|rel| members::way(&follow, about, last_row, rel));
        let numbers = numbers::Numbers::of(page, about);
        let numbered = numbers.as_ref().map(|numbers| told.clone().or(|rel| numbers.way(&follow, rel)));
        let words = numbers.map(|numbers| numbers.to_string());
        let pages = Self { words, ..numbered.unwrap_or(told) };
        (pages != Self::default()).then_some(pages)
    }

    /// Fills in what is not known yet.
    fn or(self, way: impl Fn(&str) -> Option<LocalPath>) -> Self {
        Self {
            words: self.words,
            first: self.first.or_else(|| way("first")),
            previous: self.previous.or_else(|| way("prev")),
            next: self.next.or_else(|| way("next")),
            last: self.last.or_else(|| way("last")),
        }
    }
}

/// Links to the other pages.
#[component]
pub fn Pagination(pages: Pages) -> impl IntoView {
    let links = [
        (pages.first, "first", "First"),
        (pages.previous, "prev", "Previous"),
        (pages.next, "next", "Next"),
        (pages.last, "last", "Last"),
    ];
    let links = links.into_iter().filter_map(|(href, rel, words)| {
        let href = href?;
        Some(view! { <li><a class="button" data-size="small" rel=rel href=href>{words}</a></li> })
    });
    let links: Vec<_> = links.collect();
    view! {
        <nav class="pagination" aria-label="Pages">
            <p>{pages.words}</p>
            <ul>{links}</ul>
        </nav>
    }
}

/// A name of a member, however it is written.
fn plain(name: &str) -> String {
    name.replace(['_', '-', '@', '$', '.'], "").to_ascii_lowercase()
}
