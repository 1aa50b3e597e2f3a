//! A part of a list: the rows from one on, those that hold a text, or the same sorted.

use std::{cmp::Ordering, io, ops::ControlFlow};

use serde_json::Value;

use super::{
    Kept,
    rows::{LONGEST, Raw, each},
};
use crate::{
    reading::Index,
    types::reading::{Reading, Row, Window},
};

/// The bytes of one window, unless a single row has more.
const MOST_SHOWN: usize = 1 << 20;
/// A search reads no more than this before it shows what it has found.
const MOST_SEARCHED: u64 = 64 << 20;
/// Longer lists are not sorted: every row has to be read and its value held.
const MOST_SORTED_BYTES: u64 = 32 << 20;
const MOST_SORTED_ROWS: u64 = 100_000;

/// Where a list lies in an answer.
#[derive(Debug, Clone)]
pub struct Range {
    /// The place after its opening bracket.
    pub start: u64,
    /// The place of its closing bracket, or as far as it has come.
    pub end: u64,
    pub rows: Index,
}

impl Range {
    fn is_sortable(&self) -> bool {
        self.end - self.start <= MOST_SORTED_BYTES && self.rows.count() <= MOST_SORTED_ROWS
    }

    fn from(&self, row: u64) -> (u64, u64) {
        self.rows.locate(row).unwrap_or((0, self.start))
    }
}

/// The rows of `range` that `reading` asks for, at most `size` of them. Blocks.
///
/// # Errors
/// When the answer cannot be read.
pub fn window(kept: &Kept, range: &Range, reading: &Reading, size: usize) -> io::Result<Window> {
    let window = match &reading.sort {
        Some(column) if range.is_sortable() => sorted(kept, range, reading, column, size)?,
        _ if !reading.find.is_empty() => found(kept, range, reading, size)?,
        _ => plain(kept, range, reading.from, size)?,
    };
    Ok(Window { total: range.rows.count(), sortable: range.is_sortable(), ..window })
}

fn plain(kept: &Kept, range: &Range, from: u64, size: usize) -> io::Result<Window> {
    let (known, start) = range.from(from);
    let mut shown = Shown::new(size);
    each(kept, (start, range.end), known, &mut |raw| {
        if raw.number >= from {
            shown.push(raw);
        }
        enough(shown.is_full())
    })?;
    Ok(shown.window(from, range.rows.count()))
}

fn found(kept: &Kept, range: &Range, reading: &Reading, size: usize) -> io::Result<Window> {
    let (known, start) = range.from(reading.from);
    let find = Find::new(&reading.find);
    let (mut shown, mut next) = (Shown::new(size), None);
    each(kept, (start, range.end), known, &mut |raw| {
        if raw.number >= reading.from && find.is_in(raw.text) {
            shown.push(raw);
        }
        let stop = shown.is_full() || raw.start - start > MOST_SEARCHED;
        next = stop.then_some(raw.number + 1);
        enough(stop)
    })?;
    let next = next.filter(|next| *next < range.rows.count());
    let count = (next.is_none() && reading.from == 0).then_some(shown.rows.len() as u64);
    Ok(Window { rows: shown.rows, from: reading.from, count, next, ..Window::default() })
}

fn sorted(kept: &Kept, range: &Range, reading: &Reading, column: &str, size: usize) -> io::Result<Window> {
    let find = Find::new(&reading.find);
    let mut keys = Vec::new();
    each(kept, (range.start, range.end), 0, &mut |raw| {
        if find.is_in(raw.text) {
            keys.push((Key::of(raw.text, column), raw.number, raw.start, raw.length));
        }
        ControlFlow::Continue(())
    })?;
    keys.sort_by(|(a, ..), (b, ..)| a.compare(b, reading.descending));
    let mut shown = Shown::new(size);
    for (_, number, start, length) in keys.iter().skip(usize::try_from(reading.from).unwrap_or(usize::MAX)) {
        let (number, start, length) = (*number, *start, *length);
        let text = kept.read(start, usize::try_from(length).unwrap_or(LONGEST).min(LONGEST))?;
        shown.push(&Raw { number, start, length, text: &text });
        if shown.is_full() {
            break;
        }
    }
    Ok(shown.window(reading.from, keys.len() as u64))
}

/// The rows that are shown, until there are enough of them.
struct Shown {
    rows: Vec<Row>,
    size: usize,
    bytes: usize,
}

impl Shown {
    fn new(size: usize) -> Self {
        Self { rows: Vec::new(), size, bytes: 0 }
    }

    fn push(&mut self, raw: &Raw) {
        self.bytes += raw.text.len();
        self.rows.push(row(raw));
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= self.size || self.bytes >= MOST_SHOWN
    }

    /// As a part of `count` rows, from one on.
    fn window(self, from: u64, count: u64) -> Window {
        let next = from + self.rows.len() as u64;
        Window {
            from,
            count: Some(count),
            previous: (from > 0).then(|| from.saturating_sub(self.size as u64)),
            next: Some(next).filter(|next| *next < count && *next > from),
            rows: self.rows,
            ..Window::default()
        }
    }
}

fn enough(stop: bool) -> ControlFlow<()> {
    if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// A row that is no JSON is shown as the text that it is.
fn row(raw: &Raw) -> Row {
    let value = serde_json::from_slice(raw.text);
    Row {
        number: raw.number,
        value: value.unwrap_or_else(|_| Value::String(String::from_utf8_lossy(raw.text).into_owned())),
    }
}

/// A text to be found, whatever its case.
struct Find(String);

impl Find {
    fn new(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    fn is_in(&self, row: &[u8]) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let is_in = |text: &str| text.to_lowercase().contains(&self.0);
        // Only what is written with escapes has to be read first.
        is_in(&String::from_utf8_lossy(row))
            || row.contains(&b'\\')
                && serde_json::from_slice::<Value>(row).is_ok_and(|value| holds(&value, &is_in))
    }
}

fn holds(value: &Value, is_in: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_in(text),
        Value::Array(items) => items.iter().any(|item| holds(item, is_in)),
        Value::Object(members) => members.iter().any(|(name, value)| is_in(name) || holds(value, is_in)),
        _ => false,
    }
}

/// What a row is sorted by: numbers, then texts, then all that has no order, and what is not there last either way.
enum Key {
    Number(f64),
    Text(String),
    Other,
    Missing,
}

impl Key {
    fn of(row: &[u8], column: &str) -> Self {
        let value = serde_json::from_slice::<Value>(row).ok();
        match value.as_ref().and_then(|value| value.get(column)) {
            None | Some(Value::Null) => Self::Missing,
            Some(Value::Number(number)) => number.as_f64().map_or(Self::Other, Self::Number),
            Some(Value::String(text)) => Self::Text(text.to_lowercase()),
            Some(Value::Bool(yes)) => Self::Number(f64::from(u8::from(*yes))),
            Some(_) => Self::Other,
        }
    }

    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let turned = |order: Ordering| if descending { order.reverse() } else { order };
        match (self, other) {
            (Self::Missing, _) | (_, Self::Missing) => self.rank().cmp(&other.rank()),
            (Self::Number(a), Self::Number(b)) => turned(a.total_cmp(b)),
            (Self::Text(a), Self::Text(b)) => turned(a.cmp(b)),
            _ => turned(self.rank().cmp(&other.rank())),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Other => 2,
            Self::Missing => 3,
        }
    }
}
