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

/// A search reads no more than this before it shows what it has found.
const MOST_SEARCHED: u64 = 64 << 20;
/// No more than this is read to see where the page before begins, unless a single row has more.
const MOST_LOOKED_BACK: u64 = 16 << 20;
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

    /// The first of the rows before `end`, at most `most`, that are looked at to see where the page before begins: later
    /// where they are long.
    fn look_back_from(&self, end: u64, most: usize) -> u64 {
        let (_, place) = self.from(end);
        let mut first = end.saturating_sub(most as u64);
        while first + 1 < end && place.saturating_sub(self.from(first).1) > MOST_LOOKED_BACK {
            first += (end - first).div_ceil(2);
        }
        first
    }

    fn from(&self, row: u64) -> (u64, u64) {
        self.rows.locate(row).unwrap_or((0, self.start))
    }
}

/// The rows of `range` that `reading` asks for, as many as there is room for. Blocks.
///
/// # Errors
/// When the answer cannot be read.
pub fn window(kept: &Kept, range: &Range, reading: &Reading, room: Room) -> io::Result<Window> {
    let window = match &reading.sort {
        Some(column) if range.is_sortable() => sorted(kept, range, reading, column, room)?,
        _ if !reading.find.is_empty() => found(kept, range, reading, room)?,
        _ => plain(kept, range, reading.from, room)?,
    };
    Ok(Window { total: range.rows.count(), sortable: range.is_sortable(), ..window })
}

fn plain(kept: &Kept, range: &Range, from: u64, room: Room) -> io::Result<Window> {
    let (known, start) = range.from(from);
    let mut shown = Shown::new(room);
    each(kept, (start, range.end), known, &mut |raw| {
        let has_room = raw.number < from || shown.takes(raw);
        enough(!has_room || shown.room.is_full())
    })?;
    Ok(shown.window(from, range.rows.count(), before(kept, range, from, room)?))
}

/// Where the page begins that ends before the row `from`. None before the first row.
fn before(kept: &Kept, range: &Range, from: u64, mut room: Room) -> io::Result<Option<u64>> {
    if from == 0 {
        return Ok(None);
    }
    let end = from.min(range.rows.count());
    let first = range.look_back_from(end, room.rows);
    let (known, start) = range.from(first);
    let mut sizes = Vec::new();
    each(kept, (start, range.end), known, &mut |raw| {
        if raw.number >= first && raw.number < end {
            sizes.push((room.measure)(raw.text));
        }
        enough(raw.number + 1 >= end)
    })?;
    let fitting = sizes.iter().rev().take_while(|size| room.takes(**size)).count();
    Ok(Some(end.saturating_sub(fitting as u64)))
}

fn found(kept: &Kept, range: &Range, reading: &Reading, room: Room) -> io::Result<Window> {
    let (known, start) = range.from(reading.from);
    let find = Find::new(&reading.find);
    let (mut shown, mut next) = (Shown::new(room), None);
    each(kept, (start, range.end), known, &mut |raw| {
        if raw.number >= reading.from && find.is_in(raw.text) && !shown.takes(raw) {
            next = Some(raw.number);
            return ControlFlow::Break(());
        }
        let stop = shown.room.is_full() || raw.start - start > MOST_SEARCHED;
        next = stop.then_some(raw.number + 1);
        enough(stop)
    })?;
    let next = next.filter(|next| *next < range.rows.count());
    let count = (next.is_none() && reading.from == 0).then_some(shown.rows.len() as u64);
    Ok(Window { rows: shown.rows, from: reading.from, count, next, ..Window::default() })
}

fn sorted(kept: &Kept, range: &Range, reading: &Reading, column: &str, room: Room) -> io::Result<Window> {
    let find = Find::new(&reading.find);
    let mut keys = Vec::new();
    each(kept, (range.start, range.end), 0, &mut |raw| {
        if find.is_in(raw.text) {
            keys.push((Key::of(raw.text, column), raw.number, raw.start, raw.length));
        }
        ControlFlow::Continue(())
    })?;
    keys.sort_by(|(a, ..), (b, ..)| a.compare(b, reading.descending));
    let count = keys.len() as u64;
    let (earlier, later) = keys.split_at(usize::try_from(reading.from).unwrap_or(usize::MAX).min(keys.len()));
    let shown = taken(kept, later.iter(), room)?;
    let fitting = taken(kept, earlier.iter().rev(), room)?.rows.len();
    let previous = (reading.from > 0).then(|| (earlier.len() - fitting) as u64);
    Ok(shown.window(reading.from, count, previous))
}

/// As many of these rows as there is room for.
fn taken<'a>(
    kept: &Kept,
    keys: impl Iterator<Item = &'a (Key, u64, u64, u64)>,
    room: Room,
) -> io::Result<Shown> {
    let mut shown = Shown::new(room);
    for (_, number, start, length) in keys {
        let text = kept.read(*start, usize::try_from(*length).unwrap_or(LONGEST).min(LONGEST))?;
        if !shown.takes(&Raw { number: *number, start: *start, length: *length, text: &text }) {
            break;
        }
    }
    Ok(shown)
}

/// How much a page still has room for. Its first row always finds some.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    rows: usize,
    size: usize,
    measure: fn(&[u8]) -> usize,
    is_empty: bool,
}

impl Room {
    /// Room for so many rows, which have at most `size` together, as `measure` has it.
    pub fn new(rows: usize, size: usize, measure: fn(&[u8]) -> usize) -> Self {
        Self { rows, size, measure, is_empty: true }
    }

    fn takes(&mut self, size: usize) -> bool {
        let fits = self.is_empty || (self.rows > 0 && size <= self.size);
        if fits {
            self.rows = self.rows.saturating_sub(1);
            self.size = self.size.saturating_sub(size);
            self.is_empty = false;
        }
        fits
    }

    fn is_full(&self) -> bool {
        !self.is_empty && (self.rows == 0 || self.size == 0)
    }
}

/// The rows that are shown, as long as there is room.
struct Shown {
    rows: Vec<Row>,
    room: Room,
}

impl Shown {
    fn new(room: Room) -> Self {
        Self { rows: Vec::new(), room }
    }

    fn takes(&mut self, raw: &Raw) -> bool {
        let fits = self.room.takes((self.room.measure)(raw.text));
        if fits {
            self.rows.push(row(raw));
        }
        fits
    }

    /// As a part of `count` rows, from one on.
    fn window(self, from: u64, count: u64, previous: Option<u64>) -> Window {
        let next = from + self.rows.len() as u64;
        Window {
            from,
            count: Some(count),
            previous,
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
