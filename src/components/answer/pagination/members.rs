//! Members of an answer that lead to other pages.

use serde_json::{Map, Value};

use super::{
    choosers::Chooser,
    follow::{Follow, Way},
    plain,
};

/// Where such members stand besides the answer itself.
const PLACES: [&str; 9] =
    ["links", "meta", "pagination", "paging", "cursors", "page", "pages", "pageinfo", "responsemetadata"];
/// Inputs that take a cursor, best first.
const CURSORS: [&str; 13] = [
    "cursor",
    "nextcursor",
    "startcursor",
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
const OFFSETS: [&str; 3] = ["offset", "skip", "from"];
/// Members whose number is that of a page.
const PAGE_NAMES: [&str; 7] = ["next", "nextpage", "prev", "previous", "prevpage", "previouspage", "page"];
/// Members that hold an address, where a way is an object.
const ADDRESSES: [&str; 3] = ["href", "url", "link"];
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
            "nextoffset",
            "cursor",
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
            "prevoffset",
            "previousoffset",
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
) -> Option<Way> {
    if relation == "next" && find(about, &MORE).is_some_and(|more| *more == Value::Bool(false)) {
        return None;
    }
    let told = names(relation).iter().find_map(|name| target(follow, find(about, &[name])?, name, relation));
    told.or_else(|| after_last(follow, about, last_row).filter(|_| relation == "next"))
}

/// What a member says: an address, a page's number, a cursor for an input that takes one, or these by their names.
fn target(follow: &Follow, value: &Value, name: &str, relation: &str) -> Option<Way> {
    match value {
        Value::Object(members) => {
            let inner = CURSORS.iter().chain(&PAGES).chain(&OFFSETS).chain(&ADDRESSES);
            let found = |wanted: &&str| members.iter().find(|(name, _)| plain(name) == **wanted);
            let mut inner = inner.filter_map(found).filter(|(_, value)| !value.is_object());
            inner.find_map(|(name, value)| target(follow, value, &plain(name), relation))
        }
        Value::String(text) if is_address(text) => {
            // A cursor may be any text: one of base64 may begin like a path.
            let is_cursor =
                ["cursor", "token"].iter().any(|word| name.contains(word)) && !text.contains("://");
            let as_cursor = || is_cursor.then(|| chosen(follow, value, name, relation)).flatten();
            follow.address(text).or_else(as_cursor)
        }
        Value::String(text) if text.is_empty() => None,
        Value::String(_) | Value::Number(_) => chosen(follow, value, name, relation),
        _ => None,
    }
}

/// The page for which an input takes what a member says.
fn chosen(follow: &Follow, value: &Value, name: &str, relation: &str) -> Option<Way> {
    if matches!(relation, "first" | "last") {
        return None;
    }
    follow.with(chooser(follow, name, value.is_number(), relation)?, value)
}

/// The input that takes what a member of this name says. A cursor is a text, and a number where its name says so.
fn chooser<'f>(follow: &'f Follow, name: &str, is_number: bool, relation: &str) -> Option<&'f Chooser> {
    let cursors: &[&str] = if relation == "next" { &CURSORS } else { &CURSORS_BACK };
    if name.ends_with("offset") {
        follow.chooser(&OFFSETS)
    } else if is_number && PAGE_NAMES.contains(&name) {
        follow.chooser(&PAGES)
    } else if is_number && !name.contains("cursor") && !cursors.contains(&name) {
        None
    } else {
        follow.chooser(&[name]).or_else(|| follow.chooser(cursors))
    }
}

/// The way of APIs that ask for what comes after the last row by its id.
fn after_last(follow: &Follow, about: &Map<String, Value>, last_row: Option<&Value>) -> Option<Way> {
    find(about, &MORE).filter(|more| **more == Value::Bool(true))?;
    follow.with(follow.chooser(&["startingafter", "afterid"])?, last_row?.get("id")?)
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
