//! Searching the operations by words: ranked, and forgiving of typing errors.
//!
//! A small inverted index of our own, made once when a document is opened. The search crates there are bring storage,
//! threads and query languages for millions of texts; a document has a few thousand operations.

mod builder;
mod texts;
mod vocabulary;
mod words;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use self::{
    builder::Builder,
    texts::Spot,
    vocabulary::{Candidate, Vocabulary},
    words::words,
};
use super::index::{Found, OperationSummary};
use super::tree::Node;

/// Words of a query that are looked at, and letters of each.
const MOST_WORDS: usize = 8;
const LONGEST_WORD: usize = 40;
const MOST_SUGGESTIONS: usize = 3;
/// Hits that say why they are hits: more than anybody is shown.
const MOST_EXPLAINED: usize = 100;

/// The words of every operation.
#[derive(Debug, Default)]
pub(super) struct SearchIndex {
    vocabulary: Vocabulary,
    /// For each word of the vocabulary, where its postings begin.
    starts: Vec<u32>,
    postings: Vec<Posting>,
    /// For each operation, its parameters and fields.
    named: Vec<Box<[Named]>>,
    names: Vec<Box<str>>,
    /// For each of the names, the positions of its words in the vocabulary.
    meaning: Vec<Box<[u32]>>,
}

/// A parameter or a field, by the position of its name in `names`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Named {
    spot: Spot,
    name: u32,
}

/// That a word stands in an operation.
#[derive(Debug, Clone, Copy)]
struct Posting {
    operation: u32,
    /// The [`Spot`]s where it stands.
    spots: u8,
}

/// What a query has found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matches<'a> {
    /// The operations, best first.
    pub hits: Vec<Hit<'a>>,
    /// Whether no operation holds all the words, and those that hold most of them, at least half, are here instead.
    pub partial: bool,
    /// Where nothing is found: words of the document that are close to those of the query.
    pub suggestions: Vec<String>,
    /// The words that were found, for [`Matches::marked`].
    found: HashSet<&'a str>,
}

/// One operation that a query has found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<'a> {
    pub summary: &'a OperationSummary,
    /// Why it is here, for each word that its name, path and tags do not show. Only the best hundred say so.
    pub reasons: Vec<Reason>,
}

/// Where a word was found that a result does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    Parameter(String),
    Field(String),
    Description,
    /// The description of a parameter or field.
    Remark,
}

impl Matches<'_> {
    /// A text in pieces, each with whether it is a word that was found.
    #[must_use]
    pub fn marked<'t>(&self, text: &'t str) -> Vec<(&'t str, bool)> {
        let mut pieces = Vec::new();
        let mut done = 0;
        for word in words(text).into_iter().filter(|word| self.found.contains(word.stem.as_str())) {
            let (before, marked) = (text.get(done..word.place.start), text.get(word.place.clone()));
            pieces.extend(before.filter(|before| !before.is_empty()).map(|before| (before, false)));
            pieces.extend(marked.map(|marked| (marked, true)));
            done = word.place.end;
        }
        pieces.extend(text.get(done..).filter(|rest| !rest.is_empty()).map(|rest| (rest, false)));
        pieces
    }
}

impl SearchIndex {
    pub(super) fn read(root: &Node, found: &[Found]) -> Self {
        let mut builder = Builder::default();
        for found in found {
            builder.operation(|take| texts::read(root, found, take));
        }
        builder.finish()
    }

    /// The operations that hold every word of the query somewhere, or as many of its words as any does.
    pub(super) fn search<'a>(&'a self, operations: &'a [OperationSummary], query: &str) -> Matches<'a> {
        let query = query_words(query);
        let words: Vec<_> = query.iter().map(|word| self.word(word, operations.len())).collect();
        let scores = scores(&words, operations.len());
        let most = scores.iter().map(|score| score.words).max().unwrap_or(0);
        if most * 2 < query.len() || most == 0 {
            return Matches { suggestions: self.suggestions(&query), ..Matches::default() };
        }
        let mut best: Vec<_> = scores.iter().enumerate().filter(|(_, score)| score.words == most).collect();
        best.sort_by(|(_, one), (_, other)| other.worth.total_cmp(&one.worth));
        let hits = best.into_iter().enumerate().filter_map(|(rank, (at, _))| {
            let summary = operations.get(at)?;
            let reasons = if rank < MOST_EXPLAINED { self.reasons(at, &words) } else { Vec::new() };
            Some(Hit { summary, reasons })
        });
        let found = words.iter().flat_map(|word| &word.candidates);
        Matches {
            hits: hits.collect(),
            partial: most < query.len(),
            suggestions: Vec::new(),
            found: found.filter_map(|candidate| self.vocabulary.term(candidate)).collect(),
        }
    }

    /// What a word of a query may mean, and what it finds.
    fn word(&self, word: &str, operations: usize) -> Word {
        let candidates = self.vocabulary.candidates(word);
        let weights: Vec<f32> = (0..=u8::MAX).map(weight).collect();
        let mut standing = vec![Standing::default(); operations];
        for candidate in &candidates {
            let postings = self.postings(candidate.term);
            let certainty = candidate.certainty * rarity(postings.len(), operations);
            for posting in postings {
                let Some(here) = standing.get_mut(posting.operation as usize) else { continue };
                let weight = weights.get(usize::from(posting.spots)).copied().unwrap_or_default();
                here.worth = here.worth.max(certainty * weight);
                here.spots |= posting.spots;
            }
        }
        Word { candidates, standing }
    }

    fn reasons(&self, operation: usize, words: &[Word]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for reason in words.iter().filter_map(|word| self.reason(operation, word)) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// Why an operation was found by one word, when nothing shows it.
    fn reason(&self, operation: usize, word: &Word) -> Option<Reason> {
        let standing = word.standing.get(operation)?;
        let is_shown = |spot: &Spot| spot.is_shown() && standing.spots & spot.bit() != 0;
        if standing.spots == 0 || Spot::ALL.iter().any(is_shown) {
            return None;
        }
        let named = self.named.get(operation)?.iter().find(|named| self.means(named.name, word));
        let name =
            named.and_then(|named| Some((named.spot, self.names.get(named.name as usize)?.to_string())));
        Some(match name {
            Some((Spot::Parameter, name)) => Reason::Parameter(name),
            Some((_, name)) => Reason::Field(name),
            None if standing.spots & Spot::Description.bit() != 0 => Reason::Description,
            None => Reason::Remark,
        })
    }

    /// Whether a name holds what the word may mean.
    fn means(&self, name: u32, word: &Word) -> bool {
        let terms = self.meaning.get(name as usize);
        let meant =
            |term: &u32| word.candidates.binary_search_by_key(&(*term as usize), |one| one.term).is_ok();
        terms.is_some_and(|terms| terms.iter().any(meant))
    }

    fn suggestions(&self, query: &[String]) -> Vec<String> {
        let near = query.iter().flat_map(|word| self.vocabulary.nearest(word, MOST_SUGGESTIONS));
        near.take(MOST_SUGGESTIONS).map(str::to_owned).collect()
    }

    /// In the order of the operations.
    fn postings(&self, term: usize) -> &[Posting] {
        let bounds = self.starts.get(term).zip(self.starts.get(term + 1));
        bounds.and_then(|(from, to)| self.postings.get(*from as usize..*to as usize)).unwrap_or_default()
    }
}

/// A word of a query.
struct Word {
    /// What it may mean, in the order of the vocabulary.
    candidates: Vec<Candidate>,
    /// For each operation, how it holds any of that.
    standing: Vec<Standing>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    worth: f32,
    /// The [`Spot`]s.
    spots: u8,
}

#[derive(Debug, Clone, Copy, Default)]
struct Score {
    /// Words of the query that the operation holds.
    words: usize,
    worth: f32,
}

fn scores(words: &[Word], operations: usize) -> Vec<Score> {
    let mut scores = vec![Score::default(); operations];
    for word in words {
        for (score, standing) in scores.iter_mut().zip(&word.standing).filter(|(_, here)| here.worth > 0.0) {
            score.words += 1;
            score.worth += standing.worth;
        }
    }
    scores
}

/// A word that few operations hold says more (inverse document frequency).
#[expect(clippy::cast_precision_loss, reason = "operations are counted in thousands")]
fn rarity(holding: usize, operations: usize) -> f32 {
    (1.0 + operations as f32 / holding.max(1) as f32).ln()
}

/// What is not shown counts only where nothing else holds the word: long answers would win by their length.
fn weight(spots: u8) -> f32 {
    let standing = || Spot::ALL.into_iter().filter(|spot| spots & spot.bit() != 0);
    let shown: f32 = standing().filter(|spot| spot.is_shown()).map(Spot::weight).sum();
    if shown > 0.0 { shown } else { standing().map(Spot::weight).sum() }
}

fn query_words(query: &str) -> Vec<String> {
    let stems = words(query).into_iter().map(|word| word.stem);
    stems.take(MOST_WORDS).map(|word| word.chars().take(LONGEST_WORD).collect()).collect()
}

#[cfg(test)]
mod tests;
