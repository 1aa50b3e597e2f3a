//! Answers as text, in parts.

use std::io;

use crate::{
    reading::{decode_part, encoded, is_utf16},
    server::answers::{Kept, Progress},
    types::reading::{Reading, Search, TextView},
};

/// Bytes of one part.
const PART: usize = 100_000;
/// A search reads no more than this before it says so.
const MOST_SEARCHED: u64 = 64 << 20;
const BLOCK: usize = 256 << 10;
/// How much of a line is shown before what was found in it.
const BEFORE: u64 = 200;
/// Where a text says how it is encoded.
const HEAD: usize = 4;

/// The part of the body that `reading` asks for.
pub(super) fn part(kept: &Kept, progress: &Progress, reading: &Reading) -> io::Result<TextView> {
    if reading.find.is_empty() {
        return at(kept, progress, reading.from);
    }
    let not_shown = TextView { total: progress.bytes, ..TextView::default() };
    Ok(match find(kept, progress, reading)? {
        Place::At(place) => {
            let view = at(kept, progress, place.saturating_sub(BEFORE).max(reading.from.min(place)))?;
            TextView { next: Some(place + 1), search: Some(Search::Found), ..view }
        }
        Place::After(next) => TextView { next: Some(next), search: Some(Search::NotYet), ..not_shown },
        Place::Nowhere => TextView { search: Some(Search::Nowhere), ..not_shown },
    })
}

fn at(kept: &Kept, progress: &Progress, from: u64) -> io::Result<TextView> {
    let (head, content_type) = (kept.read(0, HEAD)?, kept.content_type());
    let is_wide = is_utf16(&head, &content_type);
    let from = if is_wide { from & !1 } else { from };
    let bytes = kept.read(from, PART + 4)?;
    let (start, end) = if is_wide { (0, bytes.len().min(PART)) } else { characters(&bytes, from) };
    let next = from + end as u64;
    Ok(TextView {
        text: decode_part(bytes.get(start..end).unwrap_or_default(), &head, &content_type),
        from: from + start as u64,
        end: next,
        total: progress.bytes,
        previous: (from > 0).then(|| from.saturating_sub(PART as u64)),
        next: (next < progress.bytes).then_some(next),
        search: None,
    })
}

/// Where whole characters begin and end in a part of a text, whose first byte is at `from`.
fn characters(bytes: &[u8], from: u64) -> (usize, usize) {
    let start = bytes.iter().take(4).position(|byte| !is_inside(*byte)).unwrap_or(0);
    let end = if bytes.len() <= PART { bytes.len() } else { whole_end(bytes) };
    (if from == 0 { 0 } else { start }, end)
}

/// Whether a byte goes on with a character of UTF-8.
fn is_inside(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// Up to the last place in the part where a character begins.
fn whole_end(bytes: &[u8]) -> usize {
    (PART.saturating_sub(4)..=PART)
        .rev()
        .find(|at| bytes.get(*at).is_some_and(|b| !is_inside(*b)))
        .unwrap_or(PART)
}

/// Where something stands in a text.
enum Place {
    At(u64),
    /// Not before this byte, which is as far as was looked.
    After(u64),
    Nowhere,
}

/// Where the text next stands, whatever the case of its ASCII letters.
fn find(kept: &Kept, progress: &Progress, reading: &Reading) -> io::Result<Place> {
    let wanted = encoded(&reading.find, &kept.read(0, HEAD)?, &kept.content_type()).to_ascii_lowercase();
    let (mut at, mut held) = (reading.from, Vec::new());
    while at - reading.from < MOST_SEARCHED {
        let block = kept.read(at, BLOCK)?;
        if block.is_empty() {
            let is_coming = progress.ending.is_none();
            return Ok(if is_coming { Place::After(at - held.len() as u64) } else { Place::Nowhere });
        }
        let held_at = at - held.len() as u64;
        held.extend(block.iter().map(u8::to_ascii_lowercase));
        if let Some(place) = position(&held, &wanted) {
            return Ok(Place::At(held_at + place as u64));
        }
        held.drain(..held.len().saturating_sub(wanted.len()));
        at += block.len() as u64;
    }
    Ok(Place::After(at - held.len() as u64))
}

fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len().max(1)).position(|window| window == wanted)
}
