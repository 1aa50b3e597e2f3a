//! Answers as text, in parts.

use std::io;

use crate::{
    reading::decode,
    server::answers::{Kept, Progress},
    types::reading::{Reading, TextView},
};

/// Bytes of one part.
const PART: usize = 100_000;
/// A search reads no more than this before it says so.
const MOST_SEARCHED: u64 = 64 << 20;
const BLOCK: usize = 256 << 10;
/// How much of a line is shown before what was found in it.
const BEFORE: u64 = 200;

/// The part of the body that `reading` asks for.
pub(super) fn part(kept: &Kept, progress: &Progress, reading: &Reading) -> io::Result<TextView> {
    if reading.find.is_empty() {
        return at(kept, progress, reading.from);
    }
    match find(kept, reading)? {
        Some(place) => {
            let view = at(kept, progress, place.saturating_sub(BEFORE).max(reading.from.min(place)))?;
            Ok(TextView { next: Some(place + 1), found: Some(true), ..view })
        }
        None => Ok(TextView { found: Some(false), total: progress.bytes, ..TextView::default() }),
    }
}

fn at(kept: &Kept, progress: &Progress, from: u64) -> io::Result<TextView> {
    let bytes = kept.read(from, PART + 4)?;
    let start = bytes.iter().take(4).position(|byte| !is_inside(*byte)).unwrap_or(0);
    let start = if from == 0 { 0 } else { start };
    let end = if bytes.len() <= PART { bytes.len() } else { whole_end(&bytes) };
    let shown = bytes.get(start..end).unwrap_or_default();
    let next = from + end as u64;
    Ok(TextView {
        text: decode(shown, &kept.content_type()),
        from: from + start as u64,
        total: progress.bytes,
        previous: (from > 0).then(|| from.saturating_sub(PART as u64)),
        next: (next < progress.bytes).then_some(next),
        found: None,
    })
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

/// Where the text next stands, whatever the case of its ASCII letters.
fn find(kept: &Kept, reading: &Reading) -> io::Result<Option<u64>> {
    let wanted = reading.find.to_ascii_lowercase();
    let (mut at, mut held) = (reading.from, Vec::new());
    while at - reading.from < MOST_SEARCHED {
        let block = kept.read(at, BLOCK)?;
        if block.is_empty() {
            break;
        }
        let held_at = at - held.len() as u64;
        held.extend(block.iter().map(u8::to_ascii_lowercase));
        if let Some(place) = position(&held, wanted.as_bytes()) {
            return Ok(Some(held_at + place as u64));
        }
        held.drain(..held.len().saturating_sub(wanted.len()));
        at += block.len() as u64;
    }
    Ok(None)
}

fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len().max(1)).position(|window| window == wanted)
}
