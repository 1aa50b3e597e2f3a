//! How an answer that is kept is read: what a person asks to see of it, and what is there to see.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::openapi::Values;

/// How an answer is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// As what it is: a table, facts, a picture.
    #[default]
    Read,
    /// Every value with its JSON pointer.
    Paths,
    /// As it came.
    Source,
    /// HTML as a page, without scripts.
    Page,
}

/// What a person asks to see of an answer, as the query of its address says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub look: Look,
    /// The JSON pointer of the one list that is shown, of several.
    pub list: Option<String>,
    /// The first row, or the first byte of a text.
    pub from: u64,
    /// The column that the rows are sorted by.
    pub sort: Option<String>,
    pub descending: bool,
    /// The columns that are shown; all when there are none.
    pub columns: Vec<String>,
    /// Only what holds this text.
    pub find: String,
}

impl Reading {
    /// Reads the query of an answer's address.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        let values = Values::parse(query);
        let first = |name: &str| values.first(name).map(str::to_owned);
        Self {
            look: match values.first("look") {
                Some("paths") => Look::Paths,
                Some("source") => Look::Source,
                Some("page") => Look::Page,
                _ => Look::Read,
            },
            list: first("list"),
            from: values.first("from").and_then(|from| from.parse().ok()).unwrap_or_default(),
            sort: first("sort"),
            descending: values.first("order") == Some("down"),
            columns: values.all("column").map(str::to_owned).collect(),
            find: first("find").unwrap_or_default(),
        }
    }

    /// The same, written.
    #[must_use]
    pub fn to_values(&self) -> Values {
        let look = match self.look {
            Look::Read => None,
            Look::Paths => Some("paths"),
            Look::Source => Some("source"),
            Look::Page => Some("page"),
        };
        let mut values = Values::default();
        let from = (self.from > 0).then(|| self.from.to_string());
        let order = (self.descending && self.sort.is_some()).then_some("down");
        for (name, value) in [
            ("look", look),
            ("list", self.list.as_deref()),
            ("find", Some(self.find.as_str()).filter(|find| !find.is_empty())),
            ("sort", self.sort.as_deref()),
            ("order", order),
            ("from", from.as_deref()),
        ] {
            if let Some(value) = value {
                values.push(name, value);
            }
        }
        self.columns.iter().for_each(|column| values.push("column", column));
        values
    }
}

/// The answer in the store, for the links that lead to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLink {
    pub id: String,
    /// Whether all of it is there.
    pub arrived: bool,
    pub reading: Reading,
    /// The lists of objects in it that are not shown by themselves: JSON pointers, and how many items each has.
    pub lists: Vec<(String, u64)>,
}

/// A part of a list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Window {
    pub rows: Vec<Row>,
    /// The number of the first row that is shown, from 0.
    pub from: u64,
    /// How many rows there are to go through: all, or those found; unknown while a search is not through.
    pub count: Option<u64>,
    /// How many rows the list has, as far as it has come.
    pub total: u64,
    /// Where the rows before these begin.
    pub previous: Option<u64>,
    /// Where the rows after these begin.
    pub next: Option<u64>,
    /// Whether the list is short enough to be sorted.
    pub sortable: bool,
}

impl Window {
    /// The same without its rows: what leads to others.
    #[must_use]
    pub fn without_rows(&self) -> Self {
        let Self { from, count, total, previous, next, sortable, .. } = *self;
        Self { rows: Vec::new(), from, count, total, previous, next, sortable }
    }
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its place in the list, from 0.
    pub number: u64,
    pub value: Value,
}

/// A list of the answer, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListView {
    /// JSON pointer of the list.
    pub pointer: String,
    pub window: Window,
    /// What stands around the list.
    pub about: Map<String, Value>,
    /// Numbers over time, to be drawn.
    pub plots: Vec<Plot>,
    /// The whole body, indented, when it is short.
    pub source: Option<String>,
}

/// Values with the way to each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PathsView {
    /// JSON pointer (RFC 6901) and value, in the order of the answer.
    pub leaves: Vec<(String, Value)>,
    /// The part of the list that they are of, without its rows.
    pub window: Option<Window>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// A number over time, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    pub name: String,
    /// The first and the last moment, as they are written.
    pub from: String,
    pub to: String,
    /// Seconds since the Unix epoch, and the number; in order.
    pub points: Vec<(f64, f64)>,
}

/// A part of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextView {
    pub text: String,
    /// The place of its first byte.
    pub from: u64,
    /// The place after its last byte, which says nothing of how long the text is: it may be in any encoding.
    pub end: u64,
    /// Bytes of the whole, as far as they have come.
    pub total: u64,
    pub previous: Option<u64>,
    /// Where it goes on, or where a search goes on.
    pub next: Option<u64>,
    /// What a search for a text has come to.
    pub search: Option<Search>,
}

/// What a search in a long text has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Search {
    /// The part begins shortly before it.
    Found,
    /// It has not come as far as was looked at once.
    NotYet,
    /// It does not stand in the rest.
    Nowhere,
}

impl TextView {
    /// A text that is not in parts.
    #[must_use]
    pub fn whole(text: String) -> Self {
        let length = text.len() as u64;
        Self { text, end: length, total: length, ..Self::default() }
    }

    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.from == 0 && self.next.is_none()
    }
}

/// Events that have come so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsView {
    pub events: Vec<StreamEvent>,
    /// The place of the first byte after them.
    pub next: u64,
    /// Whether there are more here than are shown.
    pub more: bool,
}

/// One event of a stream, or one line of JSON lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamEvent {
    pub id: Option<String>,
    /// The event's type, when it is told.
    pub kind: Option<String>,
    pub data: String,
}

#[cfg(test)]
mod tests {
    use super::Reading;

    #[test]
    fn a_reading_survives_being_written() {
        for query in
            ["", "look=paths&list=%2Fa%2Fb&find=a%20b&sort=x%2Fy&order=down&from=100&column=a&column=b"]
        {
            assert_eq!(Reading::parse(query).to_values().to_query(), query);
        }
        assert_eq!(Reading::parse("from=x&look=?&order=down").to_values().to_query(), "");
    }
}
