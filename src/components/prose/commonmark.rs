//! `CommonMark` to HTML that fits into a page of ours.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

use super::sanitiser;
use crate::components::text::head;

/// Characters of source after which a description is folded, at the end of a block.
const FOLDED_FROM: usize = 1200;
/// A rest that is shorter is not worth folding, in characters of source.
const SHORTEST_REST: usize = 400;
/// Bytes of a text that are read.
const LONGEST: usize = 200_000;
/// Blocks in blocks, and marks in marks.
const DEEPEST: usize = 24;
/// Pieces of raw HTML in one text. Beyond that they are shown as they are written.
const MOST_RAW: usize = 200;

/// The beginning of a text as HTML, and the rest, if it is long. Both are safe to show.
pub(super) fn html(text: &str) -> (String, String) {
    let events = events(text);
    let (beginning, rest) = events.split_at(fold(&events, text.len()));
    (written(beginning), written(rest))
}

/// Whether a text is short and says the same to whoever reads it as plain text.
pub(super) fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(char::is_alphabetic);
    begins
        && text.len() < SHORTEST_REST
        && !text.contains(['*', '_', '`', '[', '<', '&', '\\', '~', '|', '\n'])
}

/// The first paragraph of a description as plain text, for where there is room for no more.
#[must_use]
pub fn first_paragraph(text: &str) -> Option<String> {
    let mut plain = String::new();
    for event in Parser::new_ext(head(text, LONGEST), Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak | Event::HardBreak => plain.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock)
                if !plain.trim().is_empty() =>
            {
                break;
            }
            _ => {}
        }
    }
    Some(plain.trim().to_owned()).filter(|plain| !plain.is_empty())
}

/// What a text is made of, with where in the source it begins.
type Events<'a> = Vec<(Event<'a>, usize)>;

fn events(text: &str) -> Events<'_> {
    let mut depth = 0;
    let mut raw = 0;
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_ext(head(text, LONGEST), options);
    let events = parser.into_offset_iter().filter_map(|(event, range)| {
        let event = match event {
            Event::Start(tag) => {
                depth += 1;
                (depth <= DEEPEST).then(|| Event::Start(opened(tag)))
            }
            Event::End(tag) => {
                depth -= 1;
                (depth < DEEPEST).then(|| Event::End(closed(tag)))
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                raw += 1;
                Some(if raw <= MOST_RAW { Event::InlineHtml(html) } else { Event::Text(html) })
            }
            event => Some(event),
        };
        event.map(|event| (event, range.start))
    });
    events.collect()
}

/// Headings stand below those of the page. An image becomes a link to it: shown, it would tell another site who reads
/// this page, and when.
fn opened(tag: Tag) -> Tag {
    match tag {
        Tag::Heading { level, .. } => {
            Tag::Heading { level: below(level), id: None, classes: Vec::new(), attrs: Vec::new() }
        }
        Tag::Image { link_type, dest_url, id, .. } => {
            Tag::Link { link_type, dest_url, title: CowStr::Borrowed(""), id }
        }
        tag => tag,
    }
}

fn closed(tag: TagEnd) -> TagEnd {
    match tag {
        TagEnd::Heading(level) => TagEnd::Heading(below(level)),
        TagEnd::Image => TagEnd::Link,
        tag => tag,
    }
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// Where the rest begins: after the first block that ends late enough.
fn fold(events: &Events, length: usize) -> usize {
    if length < FOLDED_FROM + SHORTEST_REST {
        return events.len();
    }
    let mut depth = 0_usize;
    for (position, (event, start)) in events.iter().enumerate() {
        match event {
            Event::Start(_) if depth == 0 && *start >= FOLDED_FROM && position > 0 => return position,
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    events.len()
}

/// Raw HTML goes through the sanitiser, and so does everything around it: it may open what it does not close.
fn written(events: &[(Event, usize)]) -> String {
    let mut html = String::new();
    push_html(&mut html, events.iter().map(|(event, _)| event.clone()));
    sanitiser::clean(&html)
}

#[cfg(test)]
mod tests;
