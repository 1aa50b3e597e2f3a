//! Members of an answer that lead to other pages.

use serde_json::{Map, Value};

use super::{follow::Follow, plain};
use crate::paths::LocalPath;

/// Where such members stand besides the answer itself.
const PLACES: [&str; 8] =
    ["links", "meta", "pagination", "paging", "cursors", "page", "pageinfo", "responsemetadata"];
/// Parameters that take a cursor, best first.
const CURSORS: [&str; 12] = [
    "cursor",
    "nextcursor",
    "pagetoken",
    "nextpagetoken",
    "after",
    "startingafter",
    "continuationtoken",
    "continuation",
    "nexttoken",
    "marker",
    "token",
    "start",
];
const CURSORS_BACK: [&str; 4] = ["cursor", "before", "endingbefore", "prevcursor"];
const PAGES: [&str; 3] = ["page", "pagenumber", "p"];
const MORE: [&str; 3] = ["hasmore", "hasnext", "hasnextpage"];

/// The names of members that lead there, in lower case and without separators.
fn names(relation: &str) -> &'static [&'static str] {
    match relation {
        "next" => &[
            "next",
            "nextpage",
            "nextlink",
            "nexturl",
            "nextpageurl",
            "odatanextlink",
            "nextcursor",
            "nextpagetoken",
            "nexttoken",
            "continuationtoken",
            "endcursor",
            "after",
        ],
        "prev" => &[
            "prev",
            "previous",
            "prevpage",
            "previouspage",
            "prevlink",
            "previouslink",
            "prevpageurl",
            "prevcursor",
        ],
        "first" => &["first", "firstpageurl"],
        _ => &["last", "lastpageurl"],
    }
}

/// The page that a member of `about` leads to.
pub fn way(
    follow: &Follow,
    about: &Map<String, Value>,
    last_row: Option<&Value>,
    relation: &str,
) -> Option<LocalPath> {
    if relation == "next" && find(about, &MORE).is_some_and(|more| *more == Value::Bool(false)) {
        return None;
    }
    let told = names(relation).iter().find_map(|name| target(follow, find(about, &[name])?, name, relation));
    told.or_else(|| after_last(follow, about, last_row).filter(|_| relation == "next"))
}

/// What a member says: an address, a page's number, or a cursor for a parameter that takes one.
fn target(follow: &Follow, value: &Value, name: &str, relation: &str) -> Option<LocalPath> {
    let value = value.get("href").unwrap_or(value);
    match value {
        Value::String(text) if is_address(text) => follow.address(text),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) if !matches!(relation, "first" | "last") => {
            let parameters: &[&str] = if relation == "next" { &CURSORS } else { &CURSORS_BACK };
            let own = follow.input(&[name]);
            Some(follow.with(own.or_else(|| follow.input(parameters))?, text))
        }
        Value::Number(number)
            if matches!(name, "next" | "nextpage" | "prev" | "previous" | "prevpage" | "previouspage") =>
        {
            Some(follow.with(follow.input(&PAGES)?, &number.to_string()))
        }
        _ => None,
    }
}

/// The way of APIs that ask for what comes after the last row by its id.
fn after_last(follow: &Follow, about: &Map<String, Value>, last_row: Option<&Value>) -> Option<LocalPath> {
    find(about, &MORE).filter(|more| **more == Value::Bool(true))?;
    let id = last_row?.get("id")?;
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    Some(follow.with(follow.input(&["startingafter", "afterid"])?, &id))
}

fn find<'a>(about: &'a Map<String, Value>, wanted: &[&str]) -> Option<&'a Value> {
    let own = |members: &'a Map<String, Value>| {
        members.iter().find(|(name, value)| !value.is_null() && wanted.contains(&plain(name).as_str()))
    };
    let inner = about.iter().filter(|(name, _)| PLACES.contains(&plain(name).as_str()));
    let mut objects = std::iter::once(about).chain(inner.filter_map(|(_, value)| value.as_object()));
    let found = objects.find_map(own).map(|(_, value)| value);
    found.or_else(|| {
        about.values().find_map(|value| value.get("cursors")?.as_object().and_then(own)).map(|(_, v)| v)
    })
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "/", "?"].iter().any(|start| text.starts_with(start))
}
