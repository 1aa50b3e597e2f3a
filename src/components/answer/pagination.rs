//! The way to the other pages of a list, where the API tells how many there are.

use leptos::prelude::*;

use super::table::{Rows, rows};
use crate::{
    components::{operation_link::href, request_form::is_get},
    openapi::{Place, Values},
    paths::LocalPath,
    types::{AnswerBody, OperationPage, Outcome},
};

/// The parameter that chooses a page.
const PAGE: &str = "page";
/// Members that tell the number of the last page, in lower case and without separators.
const LAST: [&str; 4] = ["pages", "totalpages", "pagecount", "lastpage"];
const TOTAL: [&str; 4] = ["total", "totalcount", "totalitems", "totalresults"];
const SIZE: [&str; 4] = ["pagesize", "perpage", "size", "limit"];

/// Which page this is, and the addresses of its neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    current: u64,
    last: u64,
    previous: Option<LocalPath>,
    next: Option<LocalPath>,
}

impl Pages {
    /// `None` unless the operation has a `page` to ask for and the answer tells how many there are.
    pub fn of(page: &OperationPage) -> Option<Self> {
        let Outcome::Answered(answer) = &page.outcome else { return None };
        let AnswerBody::Json { data, .. } = &answer.body else { return None };
        let (current, last) = (current(page)?, last(&rows(data)?)?);
        let previous = current.checked_sub(1).filter(|number| *number > 0);
        let next = (current < last).then(|| current + 1);
        let link = |number: u64| address(page, number);
        Some(Self { current, last, previous: previous.map(link), next: next.map(link) })
    }
}

/// Links to the pages before and after.
#[component]
pub fn Pagination(pages: Pages) -> impl IntoView {
    let links = [(pages.previous, "prev", "Previous"), (pages.next, "next", "Next")];
    let links = links.into_iter().filter_map(|(href, rel, words)| {
        let href = href?;
        Some(view! { <li><a class="button" data-size="small" rel=rel href=href>{words}</a></li> })
    });
    let links: Vec<_> = links.collect();
    view! {
        <nav class="pagination" aria-label="Pages">
            <p>{format!("Page {} of {}", pages.current, pages.last)}</p>
            <ul>{links}</ul>
        </nav>
    }
}

/// The number of this page, where pages are chosen by number and counted from 1.
fn current(page: &OperationPage) -> Option<u64> {
    let mut parameters = page.operation.parameters.iter().filter(|_| is_get(&page.operation));
    let parameter =
        parameters.find(|parameter| parameter.place == Place::Query && parameter.input == PAGE)?;
    let default = parameter.field.default.first().map_or("1", String::as_str);
    let current = page.values.first(PAGE).unwrap_or(default).parse().ok();
    current.filter(|_| default == "1")
}

fn last(found: &Rows) -> Option<u64> {
    let number = |names: &[&str]| {
        let mut about = found.about.iter();
        about.find_map(|(name, value)| value.as_u64().filter(|_| names.contains(&plain(name).as_str())))
    };
    let counted = || Some(number(&TOTAL)?.div_ceil(number(&SIZE).filter(|size| *size > 0)?));
    number(&LAST).or_else(counted)
}

fn plain(name: &str) -> String {
    name.replace(['_', '-'], "").to_ascii_lowercase()
}

/// The same values, another page.
fn address(page: &OperationPage, number: u64) -> LocalPath {
    let mut values: Values = page.values.iter().filter(|(name, _)| *name != PAGE).collect();
    values.push(PAGE, number.to_string());
    href(&page.operation.summary).and(format_args!("?{}", values.to_query()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn the_last_page_is_told_or_counted() {
        let last = |data: Value| last(&rows(&data).unwrap());
        assert_eq!(last(json!({ "items": [{}], "total_pages": 3 })), Some(3));
        assert_eq!(last(json!({ "items": [{}], "total": 21, "pageSize": 10 })), Some(3));
        assert_eq!(last(json!({ "items": [{}], "total": 21, "pageSize": 0 })), None);
        assert_eq!(last(json!([{}])), None);
    }
}
