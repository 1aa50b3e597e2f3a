//! Answers that are a list of rows.

use std::io;

use serde_json::{Map, Value};

use super::body::{MOST_LEAVES, Shown};
use crate::{
    json_pointer::{pointer, unescaped},
    reading::{Index, leaves, list::rows, series, without_mark},
    server::{
        answers::{Kept, Progress, Range, Room, window},
        config::EnvelopeKind,
        upstream::envelope::{self, Opened},
    },
    types::{
        AnswerBody,
        reading::{ListView, Look, PathsView, Reading, Window},
    },
};

/// Rows of one page, unless they are long.
pub const ROWS_ON_A_PAGE: usize = 100;
/// What stands around a long list is shown up to this size, in bytes.
const LARGEST_FRAME: u64 = 64 << 10;
/// Points of one plot.
const MOST_POINTS: usize = 2000;
/// Bytes of one page, unless a single row has more.
const MOST_SHOWN: usize = 1 << 20;

/// The list that `data`, the whole of a short answer, is about.
pub(super) fn short(
    kept: &Kept,
    (data, beside): (&Value, &Map<String, Value>),
    base: &str,
    source: &str,
    reading: &Reading,
) -> io::Result<Option<AnswerBody>> {
    let Some(found) = rows(data) else { return Ok(None) };
    let place = found.name.map(|name| pointer(&[name])).unwrap_or_default();
    let pointer = format!("{base}{place}");
    let Some(range) = range(kept, &pointer) else { return Ok(None) };
    let mut body = shown(kept, pointer, &range, reading)?;
    if let AnswerBody::List(list) = &mut body {
        let about = found.about.iter().map(|(name, value)| ((*name).clone(), (*value).clone()));
        list.about = about.chain(beside.clone()).collect();
        list.plots = if found.rows.len() <= MOST_POINTS { series(&found.rows) } else { Vec::new() };
        list.source = Some(source.to_owned());
    }
    Ok(Some(body))
}

/// The list that the reading asks for, if it is all there.
pub(super) fn chosen(kept: &Kept, reading: &Reading) -> io::Result<Option<AnswerBody>> {
    let Some(pointer) = reading.list.clone() else { return Ok(None) };
    let Some(range) = range(kept, &pointer) else { return Ok(None) };
    shown(kept, pointer, &range, reading).map(Some)
}

/// One page of the list at `pointer`, as rows or as values with their paths.
fn shown(kept: &Kept, pointer: String, range: &Range, reading: &Reading) -> io::Result<AnswerBody> {
    let window = window(kept, range, reading, room(reading))?;
    if reading.look == Look::Paths {
        return Ok(AnswerBody::Paths(paths(&pointer, window)));
    }
    let list = ListView { pointer, window, about: Map::new(), plots: Vec::new(), source: None };
    Ok(AnswerBody::List(Box::new(list)))
}

/// The lists of several objects that `shown` does not show by themselves, and how many items each has.
pub(super) fn others(kept: &Kept, shown: &AnswerBody) -> Vec<(String, u64)> {
    let shown = match shown {
        AnswerBody::List(list) => Some(list.pointer.as_str()),
        AnswerBody::Json { .. } | AnswerBody::Paths(_) | AnswerBody::Text(_) => None,
        _ => return Vec::new(),
    };
    let lists: Vec<_> = {
        let outline = kept.outline();
        let others =
            outline.lists().filter(|list| list.end.is_some() && Some(list.pointer.as_str()) != shown);
        let several = others.filter(|list| list.rows.count() > 1);
        several.map(|list| (list.pointer.clone(), list.rows.clone())).collect()
    };
    let is_of_objects = |rows: &Index| {
        let first = rows.locate(0).and_then(|(_, start)| kept.read(start, 1).ok());
        first.is_some_and(|first| first == b"{")
    };
    let lists = lists.into_iter().filter(|(_, rows)| is_of_objects(rows));
    lists.map(|(pointer, rows)| (pointer, rows.count())).collect()
}

/// The list that a long answer mostly is, or the lines of JSON that it is, as far as it has come.
pub(super) fn long(
    kept: &Kept,
    progress: &Progress,
    reading: &Reading,
    kind: EnvelopeKind,
) -> io::Result<Option<Shown>> {
    let Some((pointer, range, frame)) = longest(kept, progress.ending.is_some()) else { return Ok(None) };
    let (mut body, mut message) = (shown(kept, pointer, &range, reading)?, None);
    let frame = frame.filter(|_| kept.status.is_success());
    if let (AnswerBody::List(list), Some(frame)) = (&mut body, frame) {
        (list.about, message) = around(kept, frame, &list.pointer, kind)?;
    }
    Ok(Some(Shown { message, is_json: true, ..body.into() }))
}

/// Where a list begins and ends, brackets included, and the end of all.
type Frame = (u64, u64, u64);

fn longest(kept: &Kept, has_ended: bool) -> Option<(String, Range, Option<Frame>)> {
    let outline = kept.outline();
    // By now it may be further than when its progress was looked at.
    let all = outline.read();
    if let Some(list) = outline.longest() {
        let end = list.end.map_or(all, |end| end - 1);
        let range = Range { start: list.start + 1, end, rows: list.rows.clone() };
        let frame = list.end.filter(|_| has_ended);
        let frame = frame.map(|end| (list.start, end, all));
        return Some((list.pointer.clone(), range, frame));
    }
    let lines = outline.values().clone();
    let is_lines = lines.count() > 1 && kept.media_type.contains("json");
    is_lines.then(|| (String::new(), Range { start: 0, end: all, rows: lines }, None))
}

fn range(kept: &Kept, pointer: &str) -> Option<Range> {
    let outline = kept.outline();
    let list = outline.list(pointer)?;
    Some(Range { start: list.start + 1, end: list.end? - 1, rows: list.rows.clone() })
}

/// What stands around a list: the answer with an empty list in its place.
fn around(
    kept: &Kept,
    (start, end, all): Frame,
    pointer: &str,
    kind: EnvelopeKind,
) -> io::Result<(Map<String, Value>, Option<String>)> {
    let nothing = (Map::new(), None);
    if start + (all - end) > LARGEST_FRAME {
        return Ok(nothing);
    }
    let length = |length: u64| usize::try_from(length).unwrap_or_default();
    let (before, after) = (kept.read(0, length(start))?, kept.read(end, length(all - end))?);
    let Ok(frame) = serde_json::from_slice::<Value>(&[without_mark(&before), b"[]", &after].concat()) else {
        return Ok(nothing);
    };
    let Opened { mut data, message, about: beside, base } = envelope::open(frame, kind);
    take_out(&mut data, pointer.strip_prefix(base).unwrap_or(pointer));
    let mut about = if let Value::Object(about) = data { about } else { Map::new() };
    about.extend(beside);
    Ok((about, message))
}

/// Takes out what stands at `pointer`, and what holds nothing else.
fn take_out(data: &mut Value, mut pointer: &str) {
    while let Some((parent, name)) = pointer.rsplit_once('/') {
        let Some(Value::Object(members)) = data.pointer_mut(parent) else { return };
        members.shift_remove(&unescaped(name));
        if !members.is_empty() {
            return;
        }
        pointer = parent;
    }
}

/// What one page holds: so many rows, and as many bytes or values as can be read.
fn room(reading: &Reading) -> Room {
    match reading.look {
        Look::Paths => Room::new(ROWS_ON_A_PAGE, MOST_LEAVES, count_leaves),
        _ => Room::new(ROWS_ON_A_PAGE, MOST_SHOWN, <[u8]>::len),
    }
}

/// A row with few long values takes as much of a page as its bytes do.
fn count_leaves(row: &[u8]) -> usize {
    let count = serde_json::from_slice(row).map_or(1, |row: Value| leaves(&row, "", MOST_LEAVES + 1).len());
    count.max(row.len() / (MOST_SHOWN / MOST_LEAVES))
}

/// The values of these rows with their paths.
fn paths(list: &str, mut window: Window) -> PathsView {
    let mut found = Vec::new();
    for row in &mut window.rows {
        let base = format!("{list}/{}", row.number);
        let leaves = leaves(&row.value, &base, MOST_LEAVES + 1);
        found.extend(leaves.into_iter().map(|leaf| (leaf.pointer, leaf.value.clone())));
        row.value = Value::Null;
    }
    // Only a single row can have more than a page holds.
    let more = found.len() > MOST_LEAVES;
    found.truncate(MOST_LEAVES);
    PathsView { leaves: found, window: Some(window), more }
}
