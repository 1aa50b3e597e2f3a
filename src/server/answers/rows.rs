use std::{io, ops::ControlFlow};

use super::Kept;
use crate::reading::{Lexer, Token};

/// Read at once.
const BLOCK: usize = 256 << 10;
/// A row longer than this is not held in memory.
const LONGEST: usize = 4 << 20;

/// One row, as it is written.
pub(super) struct Raw<'a> {
    pub number: u64,
    /// The place of its first byte.
    pub start: u64,
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
    let mut reader =
        Reader { lexer: Lexer::default(), held: Vec::new(), held_at: start, row: None, number: first };
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
    /// The bytes from the beginning of the row at hand.
    held: Vec<u8>,
    held_at: u64,
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
        self.hold(block, at);
        for (start, end) in spans {
            let text = self.between(start, end);
            let flow = visit(&Raw { number: self.number, start, text });
            self.number += 1;
            flow?;
        }
        self.let_go(at + block.len() as u64);
        ControlFlow::Continue(())
    }

    fn hold(&mut self, block: &[u8], at: u64) {
        if self.held.is_empty() {
            self.held_at = at;
        }
        let room = (LONGEST + BLOCK).saturating_sub(self.held.len()).min(block.len());
        self.held.extend_from_slice(block.get(..room).unwrap_or_default());
    }

    fn between(&self, start: u64, end: u64) -> &[u8] {
        let place = |at: u64| usize::try_from(at.saturating_sub(self.held_at)).unwrap_or(usize::MAX);
        let end = place(end).min(self.held.len());
        self.held.get(place(start)..end).unwrap_or_default()
    }

    /// Keeps only what belongs to the row at hand.
    fn let_go(&mut self, end: u64) {
        let keep_from = self.row.unwrap_or(end);
        let done = usize::try_from(keep_from.saturating_sub(self.held_at)).unwrap_or(usize::MAX);
        self.held.drain(..done.min(self.held.len()));
        self.held_at = self.held_at.max(keep_from);
    }
}
