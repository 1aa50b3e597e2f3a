//! The parts of a list, and the way from one to the next.

use leptos::prelude::*;

use super::{PART, links::Links};
use crate::{
    components::text::grouped,
    server::console::ROWS_ON_A_PAGE,
    types::reading::{Reading, Window},
    ui::Pager,
};

/// At whose multiples the pages of a list begin.
const PAGE: u64 = ROWS_ON_A_PAGE as u64;

/// Which rows are shown, of how many.
pub fn caption(window: &Window, reading: Option<&Reading>) -> String {
    let shown = window.rows.len() as u64;
    let find = reading.map(|reading| reading.find.as_str()).filter(|find| !find.is_empty());
    if let Some(find) = find {
        return searched(window, shown, find);
    }
    match (window.count.unwrap_or(window.total), shown) {
        (0, _) => "The list is empty.".into(),
        (_, 0) => format!("There are no more than {} items.", grouped(window.total)),
        (1, _) => "1 item".into(),
        (count, shown) if shown >= count => format!("{} items", grouped(count)),
        (count, shown) => span(window.from, shown, count),
    }
}

fn searched(window: &Window, shown: u64, find: &str) -> String {
    let total = grouped(window.total);
    match window.count {
        Some(0) => format!("None of {total} items holds “{find}”."),
        Some(count) if count > shown => {
            format!("{}, of those that hold “{find}”", span(window.from, shown, count))
        }
        Some(count) => format!("{} of {total} items with “{find}”", grouped(count)),
        None if shown == 0 => {
            format!("Nothing with “{find}” from item {} on, so far.", grouped(window.from + 1))
        }
        None => format!("{} items with “{find}” from item {} on", grouped(shown), grouped(window.from + 1)),
    }
}

fn span(from: u64, shown: u64, count: u64) -> String {
    format!("Items {} to {} of {}", grouped(from + 1), grouped(from + shown), grouped(count))
}

/// Links to the rows before and after.
#[component]
pub fn WindowLinks(window: Window, links: Links) -> impl IntoView {
    let last = window.count.filter(|_| window.next.is_some());
    let last = last.map(|count| count.saturating_sub(1) / PAGE * PAGE);
    // Where rows are long, a page holds fewer of them, and this may be on the last page but one.
    let last = last.filter(|last| *last > window.from && Some(*last) != window.next);
    let first = (window.from > 0).then_some(0);
    let ways =
        [(first, "First"), (window.previous, "Previous items"), (window.next, "Next items"), (last, "Last")];
    let ways: Vec<_> = ways
        .into_iter()
        .filter_map(|(from, words)| {
            let href = links.from(from?);
            let way = view! { <a class="button" data-size="small" href=href data-part=PART>{words}</a> };
            Some(way.into_any())
        })
        .collect();
    view! { <Pager label="Parts of the list" ways /> }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::types::reading::Row;

    #[test]
    fn a_caption_says_which_rows_are_shown() {
        let rows = |count: u64| (0..count).map(|number| Row { number, value: Value::Null }).collect();
        let window = |rows, from, count, total| Window { rows, from, count, total, ..Window::default() };
        let find = Reading { find: "x".into(), ..Reading::default() };
        for (window, reading, expected) in [
            (window(rows(7), 0, Some(7), 7), None, "7 items"),
            (window(rows(100), 100, Some(20_000), 20_000), None, "Items 101 to 200 of 20,000"),
            (window(rows(2), 0, Some(2), 1_000_000), Some(&find), "2 of 1,000,000 items with “x”"),
            (window(rows(0), 0, Some(0), 9), Some(&find), "None of 9 items holds “x”."),
            (window(rows(100), 300, None, 9_000), Some(&find), "100 items with “x” from item 301 on"),
        ] {
            assert_eq!(caption(&window, reading), expected);
        }
    }
}
