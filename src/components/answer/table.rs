//! Lists of objects, as tables.

use std::collections::HashSet;

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::tree::Tree;
use crate::ui::{DefinitionList, TableScroll};

type Object = Map<String, Value>;

/// Rows that a page holds.
const MOST_ROWS: usize = 200;
/// Columns in view; the other members of a row fold away.
const MOST_COLUMNS: usize = 12;

/// Names under which a wrapper has its list.
const LISTS: [&str; 12] = [
    "items",
    "data",
    "results",
    "content",
    "records",
    "rows",
    "entries",
    "values",
    "list",
    "hits",
    "documents",
    "objects",
];
/// Members that go with a page of a list, in lower case and without separators.
const PAGING: [&str; 23] = [
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalpages",
    "count",
    "page",
    "pages",
    "pagenumber",
    "pagesize",
    "perpage",
    "size",
    "limit",
    "offset",
    "next",
    "nextpage",
    "nextcursor",
    "cursor",
    "hasmore",
    "hasnext",
    "links",
    "meta",
    "pagination",
];

/// A list of objects, and what stood around it.
#[derive(Debug)]
pub struct Rows<'a> {
    pub rows: Vec<&'a Object>,
    /// The other members of the wrapper.
    pub about: Vec<(&'a String, &'a Value)>,
}

/// The list of objects that `data` is, or that it wraps as a page: `{"items": […], "total": 7}`.
#[must_use]
pub fn rows(data: &Value) -> Option<Rows<'_>> {
    match data {
        Value::Array(items) => objects(items).map(|rows| Rows { rows, about: Vec::new() }),
        Value::Object(members) => wrapped(members),
        _ => None,
    }
}

fn wrapped(members: &Object) -> Option<Rows<'_>> {
    let mut lists = members.iter().filter_map(|(name, value)| Some((name, objects(value.as_array()?)?)));
    let (name, rows) =
        lists.next().filter(|_| members.values().filter(|value| value.is_array()).count() == 1)?;
    let about: Vec<_> = members.iter().filter(|(other, _)| *other != name).collect();
    let is_wrapper = LISTS.contains(&name.as_str()) || about.iter().any(|(name, _)| is_paging(name));
    is_wrapper.then_some(Rows { rows, about })
}

fn is_paging(name: &str) -> bool {
    let name = name.replace(['_', '-', '$'], "").to_ascii_lowercase();
    PAGING.contains(&name.as_str())
}

fn objects(items: &[Value]) -> Option<Vec<&Object>> {
    let rows: Vec<_> = items.iter().map_while(Value::as_object).collect();
    (!rows.is_empty() && rows.len() == items.len()).then_some(rows)
}

/// The names of all members, in the order in which they first come.
#[must_use]
pub fn columns<'a>(rows: &[&'a Object]) -> Vec<&'a String> {
    let mut seen = HashSet::new();
    rows.iter().flat_map(|row| row.keys()).filter(|name| seen.insert(*name)).collect()
}

/// The answer as a table, with what stood around the list below it.
pub fn answer_table(found: &Rows) -> AnyView {
    let tree = Tree::default();
    let about = found.about.iter().map(|(name, value)| ((*name).clone(), tree.value(value, 0)));
    let about: Vec<_> = about.collect();
    let (caption, cells) = (caption(found.rows.len()), cells(&tree, first(&found.rows), 0));
    view! {
        <TableScroll labelled_by="answer-caption">
            <table class="table">
                <caption id="answer-caption">{caption}</caption>
                {cells}
            </table>
        </TableScroll>
        {(!about.is_empty()).then(|| view! { <DefinitionList facts=about framed=true /> })}
    }
    .into_any()
}

/// A table inside a value.
pub fn inner_table(tree: &Tree, rows: &[&Object], name: &str, depth: usize) -> AnyView {
    let caption = format!("{name}: {}", caption(rows.len()));
    let cells = cells(tree, first(rows), depth);
    view! {
        <TableScroll label=caption.clone()>
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                {cells}
            </table>
        </TableScroll>
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
    let mut columns = columns(rows);
    let folded = if columns.len() > MOST_COLUMNS { columns.split_off(MOST_COLUMNS - 1) } else { Vec::new() };
    let columns: Vec<_> = columns.into_iter().map(|name| (name, number_type(rows, name))).collect();
    let heads =
        columns.iter().map(|(name, kind)| view! { <th scope="col" data-type=*kind>{(*name).clone()}</th> });
    let more = (!folded.is_empty()).then(|| view! { <th scope="col">"more"</th> });
    let body = rows.iter().map(|row| {
        let value = |name: &String| row.get(name).map(|value| tree.value(value, depth + 2));
        let cells = columns.iter().enumerate().map(|(at, (name, kind))| cell(value(name), at == 0, *kind));
        let rest = (!folded.is_empty()).then(|| view! { <td>{tree.members(row, &folded, depth)}</td> });
        view! { <tr>{cells.collect::<Vec<_>>()} {rest}</tr> }
    });
    view! {
        <thead>
            <tr>{heads.collect::<Vec<_>>()} {more}</tr>
        </thead>
        <tbody>{body.collect::<Vec<_>>()}</tbody>
    }
    .into_any()
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

    #[test]
    fn lists_are_found_with_and_without_a_wrapper() {
        let rows_of = |data: &Value| rows(data).map(|found| (found.rows.len(), found.about.len()));
        assert_eq!(rows_of(&json!([{ "a": 1 }, {}])), Some((2, 0)));
        assert_eq!(rows_of(&json!({ "items": [{ "a": 1 }], "total": 1 })), Some((1, 1)));
        assert_eq!(rows_of(&json!({ "orders": [{}], "nextPage": 2 })), Some((1, 1)));
        for other in [
            json!([]),
            json!([1, {}]),
            json!({ "id": 7, "totalCents": 8, "lines": [{}] }),
            json!({ "items": [{}], "tags": [1] }),
            json!("a"),
        ] {
            assert_eq!(rows_of(&other), None, "{other}");
        }
    }

    #[test]
    fn columns_are_all_members_in_order() {
        let data = json!([{ "a": 1, "b": null }, { "c": "x", "a": 2.5 }]);
        let found = rows(&data).unwrap();
        assert_eq!(columns(&found.rows), ["a", "b", "c"]);
        assert_eq!(number_type(&found.rows, "a"), Some("number"));
        assert_eq!((number_type(&found.rows, "b"), number_type(&found.rows, "c")), (None, None));
    }
}
