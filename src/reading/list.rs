//! Which list an answer is about.

use serde_json::{Map, Value};

pub type Object = Map<String, Value>;

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
    /// The member of the wrapper that holds the list, if there is a wrapper.
    pub name: Option<&'a String>,
    /// The other members of the wrapper.
    pub about: Vec<(&'a String, &'a Value)>,
}

/// The list of objects that `data` is, or that it wraps as a page: `{"items": […], "total": 7}`.
#[must_use]
pub fn rows(data: &Value) -> Option<Rows<'_>> {
    match data {
        Value::Array(items) => objects(items).map(|rows| Rows { rows, name: None, about: Vec::new() }),
        Value::Object(members) => wrapped(members),
        _ => None,
    }
}

fn wrapped(members: &Object) -> Option<Rows<'_>> {
    let mut lists = members.iter().filter_map(|(name, value)| Some((name, objects(value.as_array()?)?)));
    let (name, rows) =
        lists.next().filter(|_| members.values().filter(|value| value.is_array()).count() == 1)?;
    let about: Vec<_> = members.iter().filter(|(other, _)| *other != name).collect();
    let paging = about.iter().filter(|(name, _)| is_paging(name)).count();
    // A book has pages too: what says more of itself than of its list is no wrapper.
    let is_wrapper = LISTS.contains(&name.as_str()) || (paging > 0 && paging * 2 >= about.len());
    is_wrapper.then_some(Rows { rows, name: Some(name), about })
}

fn is_paging(name: &str) -> bool {
    let name = name.replace(['_', '-', '$'], "").to_ascii_lowercase();
    PAGING.contains(&name.as_str())
}

fn objects(items: &[Value]) -> Option<Vec<&Object>> {
    let rows: Vec<_> = items.iter().map_while(Value::as_object).collect();
    (!rows.is_empty() && rows.len() == items.len()).then_some(rows)
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
            json!({ "id": 7, "title": "Emma", "pages": 474, "related": [{}] }),
            json!({ "items": [{}], "tags": [1] }),
            json!("a"),
        ] {
            assert_eq!(rows_of(&other), None, "{other}");
        }
    }
}
