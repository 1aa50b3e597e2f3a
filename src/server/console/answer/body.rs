use std::io;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{list, text};
use crate::{
    reading::{Sniffed, after_event, events, is_between, leaves, sniff, without_mark},
    server::{
        answers::{Kept, Progress},
        config::EnvelopeKind,
        upstream::{
            Pace,
            envelope::{self, Opened},
        },
    },
    types::{
        AnswerBody,
        reading::{EventsView, Look, PathsView, Reading, StreamEvent},
    },
};

/// JSON up to this size is read whole.
const WHOLE: usize = 1 << 20;
/// A picture up to this size is put into the page itself.
const LARGEST_IMAGE: u64 = 2 << 20;
/// As much of a first line is looked at to see whether each line is JSON.
const LONGEST_LINE: usize = 64 << 10;
/// What is looked at to see what a body is.
const HEAD: usize = 1024;
/// Why JSON is shown as a text: by its grammar it is JSON all the same.
const ODD: &str =
    "This is JSON that is nested very deeply, or holds half a character, so it is shown as a text.";
/// Events of one page, and the bytes in which they are looked for.
const MOST_EVENTS: usize = 200;
const EVENTS_AHEAD: usize = 4 << 20;
const TOO_LONG: &str = "An event of more than 4 MiB stands here. It is part of what can be downloaded.";
/// The bytes of an empty line, at most, with the end of the line before it.
const LINE_ENDS: usize = 4;
/// Values of one page with their paths, at most.
pub(super) const MOST_LEAVES: usize = 1000;

/// A body, ready to be shown.
pub(super) struct Shown {
    pub body: AnswerBody,
    /// The API's own words about it.
    pub message: Option<String>,
    /// Whether it is JSON, or what has come of it may become JSON.
    pub is_json: bool,
    /// Why it is not shown as what it is.
    pub note: Option<&'static str>,
}

impl From<AnswerBody> for Shown {
    fn from(body: AnswerBody) -> Self {
        Self { body, message: None, is_json: false, note: None }
    }
}

/// The body of an answer by what it is, whatever its headers say.
pub(super) fn body(
    kept: &Kept,
    progress: &Progress,
    reading: &Reading,
    kind: EnvelopeKind,
) -> io::Result<Shown> {
    if progress.bytes == 0 && progress.ending.is_some() {
        return Ok(Shown { is_json: true, ..AnswerBody::Empty.into() });
    }
    if reading.look == Look::Source {
        let source = AnswerBody::Text(text::part(kept, progress, reading)?);
        return Ok(Shown { is_json: true, ..source.into() });
    }
    let is_stream = kept.media_type == "text/event-stream";
    if is_stream || (progress.ending.is_none() && is_lines(kept)?) {
        return Ok(Shown {
            is_json: true,
            ..AnswerBody::Events(stream(kept, reading.from, !is_stream)?).into()
        });
    }
    match sniff(&kept.read(0, HEAD)?, &kept.media_type) {
        Sniffed::Picture(media_type) => Ok(picture(kept, progress, media_type)?.into()),
        Sniffed::Pdf => Ok(AnswerBody::Pdf.into()),
        Sniffed::Html => Ok(AnswerBody::Page(text::part(kept, progress, &Reading::default())?).into()),
        Sniffed::Binary => Ok(AnswerBody::Binary.into()),
        Sniffed::Text => json_or_text(kept, progress, reading, kind),
    }
}

/// Whether what is still coming is read line by line.
fn is_lines(kept: &Kept) -> io::Result<bool> {
    match kept.pace {
        Pace::Steady => Ok(false),
        Pace::Endless => Ok(true),
        Pace::Halting if kept.media_type == "text/plain" => Ok(true),
        Pace::Halting => {
            let head = kept.read(0, LONGEST_LINE)?;
            let line = head.iter().position(|byte| *byte == b'\n').and_then(|end| head.get(..end));
            Ok(line.is_some_and(|line| serde_json::from_slice::<IgnoredAny>(without_mark(line)).is_ok()))
        }
    }
}

fn picture(kept: &Kept, progress: &Progress, media_type: &str) -> io::Result<AnswerBody> {
    if progress.bytes > LARGEST_IMAGE || progress.ending.is_none() {
        return Ok(AnswerBody::Image(None));
    }
    let bytes = kept.read(0, usize::try_from(progress.bytes).unwrap_or_default())?;
    Ok(AnswerBody::Image(Some(format!("data:{media_type};base64,{}", STANDARD.encode(bytes)))))
}

/// The events from a place on, as far as they have come. In the midst of one, those after it.
pub(super) fn stream(kept: &Kept, from: u64, lines: bool) -> io::Result<EventsView> {
    let mut view = some_events(kept, from, lines)?;
    while view.events.is_empty() && view.more {
        view = some_events(kept, view.next, lines)?;
    }
    Ok(view)
}

/// Those in the bytes that are looked at together. One that is longer than these is passed over.
fn some_events(kept: &Kept, from: u64, lines: bool) -> io::Result<EventsView> {
    let behind = from.min(LINE_ENDS as u64);
    let before = kept.read(from - behind, LINE_ENDS.min(usize::try_from(behind).unwrap_or(LINE_ENDS)))?;
    let text = kept.read(from, EVENTS_AHEAD)?;
    let is_full = text.len() == EVENTS_AHEAD;
    // What ends an event may stand across two parts.
    let almost_all = text.len().saturating_sub(LINE_ENDS);
    let view = |events, taken, more| EventsView { events, next: from + taken as u64, more };
    if !is_between(&before, lines) {
        let passed = after_event(&text, lines);
        return Ok(view(Vec::new(), passed.unwrap_or(almost_all), passed.is_some() || is_full));
    }
    let (events, taken) = events(&text, lines, MOST_EVENTS);
    if taken == 0 && is_full {
        let note = StreamEvent { data: TOO_LONG.to_owned(), ..StreamEvent::default() };
        return Ok(view(vec![note], almost_all, true));
    }
    let more = is_full || (events.len() == MOST_EVENTS && taken < text.len());
    Ok(view(events, taken, more))
}

fn json_or_text(
    kept: &Kept,
    progress: &Progress,
    reading: &Reading,
    kind: EnvelopeKind,
) -> io::Result<Shown> {
    if let Some(list) = list::chosen(kept, reading)? {
        return Ok(Shown { is_json: true, ..list.into() });
    }
    if progress.ending.is_some() && progress.bytes <= WHOLE as u64 {
        let bytes = kept.read(0, WHOLE)?;
        if let Ok(json) = serde_json::from_slice(without_mark(&bytes)) {
            return json_whole(kept, json, reading, kind);
        }
        if serde_json::from_slice::<IgnoredAny>(without_mark(&bytes)).is_ok() {
            let text = AnswerBody::Text(text::part(kept, progress, reading)?);
            return Ok(Shown { is_json: true, note: Some(ODD), ..text.into() });
        }
    }
    if let Some(shown) = list::long(kept, progress, reading, kind)? {
        return Ok(shown);
    }
    let text = text::part(kept, progress, reading)?;
    let beginning = text.text.trim_start_matches('\u{feff}').trim_start();
    let is_coming = progress.ending.is_none();
    // A long one is not read whole; the outline has followed it to its end.
    let is_json = (beginning.starts_with(['{', '[']) && (is_coming || kept.outline().is_one_value()))
        || (beginning.is_empty() && is_coming);
    Ok(Shown { is_json, ..AnswerBody::Text(text).into() })
}

fn json_whole(kept: &Kept, json: Value, reading: &Reading, kind: EnvelopeKind) -> io::Result<Shown> {
    let source = serde_json::to_string_pretty(&json).unwrap_or_default();
    if !kept.status.is_success() {
        let message = envelope::message(&json);
        let body = match reading.look {
            Look::Paths => AnswerBody::Paths(values(&json, "", &reading.find)),
            _ => AnswerBody::Json { data: json, about: Map::new(), source },
        };
        return Ok(Shown { body, message, is_json: true, note: None });
    }
    let Opened { data, message, about, base } = envelope::open(json, kind);
    let body = match list::short(kept, (&data, &about), base, &source, reading)? {
        Some(list) => list,
        None if reading.look == Look::Paths => AnswerBody::Paths(values(&data, base, &reading.find)),
        None => AnswerBody::Json { data, about, source },
    };
    Ok(Shown { body, message, is_json: true, note: None })
}

/// Every value with its path; with a text to find, those that hold it or are reached by it.
fn values(data: &Value, base: &str, find: &str) -> PathsView {
    let find = find.to_lowercase();
    let all = leaves(data, base, usize::MAX);
    let found = all.iter().filter(|leaf| {
        leaf.pointer.to_lowercase().contains(&find) || leaf.value.to_string().to_lowercase().contains(&find)
    });
    let mut leaves: Vec<_> =
        found.take(MOST_LEAVES + 1).map(|leaf| (leaf.pointer.clone(), leaf.value.clone())).collect();
    let more = leaves.len() > MOST_LEAVES;
    leaves.truncate(MOST_LEAVES);
    PathsView { leaves, window: None, more }
}
