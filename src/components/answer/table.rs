//! Lists of objects, as tables.

use std::collections::HashSet;

use leptos::prelude::*;
use serde_json::Value;

use super::tree::Tree;
use crate::{reading::list::Object, ui::TableScroll};

/// Rows that a page holds.
const MOST_ROWS: usize = 200;
/// Columns in view; the other members of a row fold away.
const MOST_COLUMNS: usize = 12;

/// The names of all members, in the order in which they first come.
#[must_use]
pub fn columns<'a>(rows: &[&'a Object]) -> Vec<&'a String> {
    let mut seen = HashSet::new();
    rows.iter().flat_map(|row| row.keys()).filter(|name| seen.insert(*name)).collect()
}

/// A table inside a value.
pub fn inner_table(tree: &Tree, rows: &[&Object], name: &str, depth: usize) -> AnyView {
    let caption = format!("{name}: {}", caption(rows.len()));
    let cells = cells(tree, first(rows), depth);
    let more = rows.get(MOST_ROWS..).filter(|more| !more.is_empty());
    let more = more.map(|more| tree.rest(more.len(), depth, || inner_table(tree, more, name, depth)));
    view! {
        <TableScroll label=caption.clone()>
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                {cells}
            </table>
        </TableScroll>
        {more}
    }
    .into_any()
}

fn first<'a, 'b>(rows: &'b [&'a Object]) -> &'b [&'a Object] {
    rows.get(..MOST_ROWS).unwrap_or(rows)
}

fn caption(count: usize) -> String {
    match count {
        1 => "1 item".into(),
        count if count > MOST_ROWS => format!("Showing the first {MOST_ROWS} of {count} items"),
        count => format!("{count} items"),
    }
}

fn cells(tree: &Tree, rows: &[&Object], depth: usize) -> AnyView {
    let columns = Columns::of(rows, &[]);
    let heads = columns
        .shown
        .iter()
        .map(|(name, kind)| view! { <th scope="col" data-type=*kind>{name.clone()}</th> });
    let heads = heads.collect_view();
    let more = (!columns.folded.is_empty()).then(|| view! { <th scope="col">"more"</th> });
    view! {
        <thead>
            <tr>{heads} {more}</tr>
        </thead>
        {body(tree, rows, &columns, depth)}
    }
    .into_any()
}

/// The columns of a table.
#[derive(Debug)]
pub struct Columns {
    /// Their names, with `number` for those that hold nothing else.
    pub shown: Vec<(String, Option<&'static str>)>,
    /// Those that fold away.
    pub folded: Vec<String>,
}

impl Columns {
    /// Those that are `chosen`; without a choice all, as far as they are not too many.
    pub fn of(rows: &[&Object], chosen: &[String]) -> Self {
        let all = columns(rows);
        let mut shown: Vec<_> =
            all.into_iter().filter(|name| chosen.is_empty() || chosen.contains(name)).collect();
        let is_many = chosen.is_empty() && shown.len() > MOST_COLUMNS;
        let folded = if is_many { shown.split_off(MOST_COLUMNS - 1) } else { Vec::new() };
        Self {
            shown: shown.into_iter().map(|name| (name.clone(), number_type(rows, name))).collect(),
            folded: folded.into_iter().cloned().collect(),
        }
    }
}

/// The rows of a table.
pub fn body(tree: &Tree, rows: &[&Object], columns: &Columns, depth: usize) -> AnyView {
    let folded: Vec<_> = columns.folded.iter().collect();
    let rows = rows.iter().map(|row| {
        let value = |name: &String| row.get(name).map(|value| tree.value(value, depth + 2));
        let cells = columns.shown.iter().enumerate();
        let cells = cells.map(|(at, (name, kind))| cell(value(name), at == 0, *kind)).collect_view();
        let rest = (!folded.is_empty()).then(|| view! { <td>{tree.members(row, &folded, depth)}</td> });
        view! { <tr>{cells} {rest}</tr> }
    });
    view! { <tbody>{rows.collect_view()}</tbody> }.into_any()
}

/// One cell; the first one names its row.
#[must_use]
pub fn cell(value: Option<AnyView>, first: bool, kind: Option<&'static str>) -> AnyView {
    if first {
        view! { <th scope="row" data-type=kind>{value}</th> }.into_any()
    } else {
        view! { <td data-type=kind>{value}</td> }.into_any()
    }
}

/// `number` for a column that holds nothing else.
#[must_use]
pub fn number_type(rows: &[&Object], name: &str) -> Option<&'static str> {
    let mut values = rows.iter().filter_map(|row| row.get(name)).filter(|value| !value.is_null()).peekable();
    (values.peek().is_some() && values.all(Value::is_number)).then_some("number")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::reading::list::rows;

    #[test]
    fn columns_are_all_members_in_order() {
        let data = json!([{ "a": 1, "b": null }, { "c": "x", "a": 2.5 }]);
        let found = rows(&data).unwrap();
        assert_eq!(columns(&found.rows), ["a", "b", "c"]);
        let chosen = Columns::of(&found.rows, &["c".into(), "x".into()]);
        assert_eq!(chosen.shown, [("c".into(), None)]);
        assert_eq!(number_type(&found.rows, "a"), Some("number"));
        assert_eq!((number_type(&found.rows, "b"), number_type(&found.rows, "c")), (None, None));
    }
}
