use std::{io, ops::ControlFlow};

use super::Kept;
use crate::reading::{Lexer, Token};

/// Read at once.
const BLOCK: usize = 256 << 10;
/// A row longer than this is cut off.
pub(super) const LONGEST: usize = 4 << 20;

/// One row, as it is written.
pub(super) struct Raw<'a> {
    pub number: u64,
    /// The place of its first byte.
    pub start: u64,
    /// In bytes.
    pub length: u64,
    /// Cut off when it is very long.
    pub text: &'a [u8],
}

/// Shows `visit` the rows between two places of an answer, one after the other, until it has enough. Memory holds one
/// of them at a time.
pub(super) fn each(
    kept: &Kept,
    (start, end): (u64, u64),
    first: u64,
    visit: &mut dyn FnMut(&Raw) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut reader = Reader { lexer: Lexer::default(), begun: Vec::new(), row: None, number: first };
    let mut at = start;
    while at < end {
        let length = BLOCK.min(usize::try_from(end - at).unwrap_or(BLOCK));
        let block = kept.read(at, length)?;
        if block.is_empty() {
            break;
        }
        if reader.take(&block, at, visit).is_break() {
            return Ok(());
        }
        at += block.len() as u64;
    }
    // A number at the very end has nothing after it that ends it.
    let _ = reader.take(b" ", at, visit);
    Ok(())
}

struct Reader {
    lexer: Lexer,
    /// What earlier blocks hold of the row at hand.
    begun: Vec<u8>,
    /// Where the row at hand begins.
    row: Option<u64>,
    number: u64,
}

impl Reader {
    fn take(
        &mut self,
        block: &[u8],
        at: u64,
        visit: &mut dyn FnMut(&Raw) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut spans = Vec::new();
        let row = &mut self.row;
        self.lexer.feed(block, at, &mut |_, token, place| match token {
            Token::Begin { depth: 0, .. } => *row = Some(place),
            Token::End { depth: 0 } => spans.extend(row.take().map(|start| (start, place))),
            _ => {}
        });
        for (start, end) in spans {
            let within = part(block, at, (start, end));
            let (number, length) = (self.number, end - start);
            self.number += 1;
            let text = if start < at { self.whole(within) } else { cut(within) };
            visit(&Raw { number, start, length, text })?;
        }
        if let Some(start) = self.row {
            let rest = part(block, at, (start, at + block.len() as u64));
            if start >= at {
                self.begun.clear();
            }
            self.whole(rest);
        }
        ControlFlow::Continue(())
    }

    /// What has begun in earlier blocks, with what this block adds to it.
    fn whole(&mut self, added: &[u8]) -> &[u8] {
        let room = LONGEST.saturating_sub(self.begun.len()).min(added.len());
        self.begun.extend_from_slice(added.get(..room).unwrap_or_default());
        &self.begun
    }
}

/// What of a block at `at` lies between two places.
fn part(block: &[u8], at: u64, (start, end): (u64, u64)) -> &[u8] {
    let place = |place: u64| usize::try_from(place.saturating_sub(at)).unwrap_or(usize::MAX);
    block.get(place(start)..place(end)).unwrap_or_default()
}

fn cut(text: &[u8]) -> &[u8] {
    text.get(..LONGEST).unwrap_or(text)
}
