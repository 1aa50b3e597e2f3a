//! Searching the operations by words: ranked, and forgiving of typing errors.
//!
//! A small inverted index of our own, made once when a document is opened. The search crates there are bring storage,
//! threads and query languages for millions of texts; a document has a few thousand operations.

mod texts;
mod vocabulary;
mod words;

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::{
    texts::Spot,
    vocabulary::{Candidate, Vocabulary},
    words::{compounds, words},
};
use super::index::{Found, OperationSummary};

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
    /// For each operation, the names of parameters and fields, by their position in `names`.
    named: Vec<Vec<(Spot, u32)>>,
    names: Vec<Box<str>>,
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
    found: BTreeSet<String>,
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
}

impl Matches<'_> {
    /// A text in pieces, each with whether it is a word that was found.
    #[must_use]
    pub fn marked<'t>(&self, text: &'t str) -> Vec<(&'t str, bool)> {
        let mut pieces = Vec::new();
        let mut done = 0;
        for word in words(text).into_iter().filter(|word| self.found.contains(&word.stem)) {
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
    pub(super) fn read(root: &Value, found: &[Found]) -> Self {
        let mut builder = Builder::default();
        for (operation, found) in (0..).zip(found) {
            builder.index.named.push(Vec::new());
            texts::read(root, found, |spot, text| builder.add(operation, spot, text));
        }
        builder.finish()
    }

    /// The operations that hold every word of the query somewhere, or as many of its words as any does.
    pub(super) fn search<'a>(&self, operations: &'a [OperationSummary], query: &str) -> Matches<'a> {
        let query = query_words(query);
        let candidates: Vec<_> = query.iter().map(|word| self.vocabulary.candidates(word)).collect();
        let scores = self.scores(&candidates, operations.len());
        let most = scores.iter().map(|score| score.words).max().unwrap_or(0);
        if most * 2 < query.len() || most == 0 {
            return Matches { suggestions: self.suggestions(&query), ..Matches::default() };
        }
        let mut best: Vec<_> = (0..).zip(&scores).filter(|(_, score)| score.words == most).collect();
        best.sort_by(|(_, one), (_, other)| other.worth.total_cmp(&one.worth));
        let hits = best.into_iter().enumerate().filter_map(|(rank, (at, _)): (usize, (u32, _))| {
            let summary = operations.get(at as usize)?;
            let reasons = if rank < MOST_EXPLAINED { self.reasons(at, &candidates) } else { Vec::new() };
            Some(Hit { summary, reasons })
        });
        let found = candidates.iter().flatten().map(|candidate| self.term(candidate).to_owned());
        Matches {
            hits: hits.collect(),
            partial: most < query.len(),
            suggestions: Vec::new(),
            found: found.collect(),
        }
    }

    fn scores(&self, candidates: &[Vec<Candidate>], operations: usize) -> Vec<Score> {
        let mut scores = vec![Score::default(); operations];
        let mut best = vec![0.0_f32; operations];
        for word in candidates {
            best.fill(0.0);
            for candidate in word {
                let postings = self.postings(candidate.term);
                let worth = candidate.certainty * rarity(postings.len(), operations);
                for posting in postings {
                    if let Some(best) = best.get_mut(posting.operation as usize) {
                        *best = best.max(worth * weight(posting.spots));
                    }
                }
            }
            scores.iter_mut().zip(&best).filter(|(_, worth)| **worth > 0.0).for_each(|(score, worth)| {
                score.words += 1;
                score.worth += worth;
            });
        }
        scores
    }

    fn reasons(&self, operation: u32, candidates: &[Vec<Candidate>]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for reason in candidates.iter().filter_map(|word| self.reason(operation, word)) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// Why an operation was found by one word, when nothing shows it.
    fn reason(&self, operation: u32, word: &[Candidate]) -> Option<Reason> {
        let standing =
            word.iter().filter_map(|candidate| Some((candidate, self.spots(candidate, operation)?)));
        let standing: Vec<_> = standing.collect();
        let shown =
            Spot::ALL.into_iter().filter(|spot| spot.is_shown()).fold(0, |bits, spot| bits | spot.bit());
        if standing.is_empty() || standing.iter().any(|(_, spots)| spots & shown != 0) {
            return None;
        }
        let terms: Vec<&str> = standing.iter().map(|(candidate, _)| self.term(candidate)).collect();
        let names = self.named.get(operation as usize)?;
        let name = names.iter().find_map(|(spot, name)| {
            let name = self.names.get(*name as usize)?;
            holds(name, &terms).then_some((*spot, name.to_string()))
        });
        Some(match name {
            Some((Spot::Parameter, name)) => Reason::Parameter(name),
            Some((_, name)) => Reason::Field(name),
            None => Reason::Description,
        })
    }

    fn spots(&self, candidate: &Candidate, operation: u32) -> Option<u8> {
        let postings = self.postings(candidate.term);
        let at = postings.binary_search_by_key(&operation, |posting| posting.operation).ok()?;
        postings.get(at).map(|posting| posting.spots)
    }

    fn suggestions(&self, query: &[String]) -> Vec<String> {
        let near = query.iter().flat_map(|word| self.vocabulary.nearest(word, MOST_SUGGESTIONS));
        near.take(MOST_SUGGESTIONS).map(str::to_owned).collect()
    }

    fn term(&self, candidate: &Candidate) -> &str {
        self.vocabulary.0.get(candidate.term).map_or("", |term| term)
    }

    /// In the order of the operations.
    fn postings(&self, term: usize) -> &[Posting] {
        let bounds = self.starts.get(term).zip(self.starts.get(term + 1));
        bounds.and_then(|(from, to)| self.postings.get(*from as usize..*to as usize)).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Score {
    /// Words of the query that the operation holds.
    words: usize,
    worth: f32,
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

fn holds(name: &str, terms: &[&str]) -> bool {
    let is_meant = |word: &str| terms.contains(&word);
    words(name).iter().any(|word| is_meant(&word.stem)) || compounds(name).any(|word| is_meant(&word))
}

fn query_words(query: &str) -> Vec<String> {
    let stems = words(query).into_iter().map(|word| word.stem);
    stems.take(MOST_WORDS).map(|word| word.chars().take(LONGEST_WORD).collect()).collect()
}

#[derive(Default)]
struct Builder {
    index: SearchIndex,
    terms: HashMap<String, u32>,
    names: HashMap<String, u32>,
    /// Term, operation, spots; unsorted, with repetitions.
    standing: Vec<(u32, u32, u8)>,
}

impl Builder {
    fn add(&mut self, operation: u32, spot: Spot, text: &str) {
        let stems = words(text).into_iter().map(|word| word.stem);
        for word in stems.chain(compounds(text)) {
            let term = number(&mut self.terms, word);
            self.standing.push((term, operation, spot.bit()));
        }
        if matches!(spot, Spot::Parameter | Spot::Field) {
            let name = number(&mut self.names, text.to_owned());
            if let Some(names) = self.index.named.last_mut()
                && !names.contains(&(spot, name))
            {
                names.push((spot, name));
            }
        }
    }

    fn finish(mut self) -> SearchIndex {
        let mut sorted: Vec<_> = self.terms.into_iter().collect();
        sorted.sort_unstable();
        let mut places = vec![0_u32; sorted.len()];
        for (place, (_, term)) in (0..).zip(&sorted) {
            if let Some(slot) = places.get_mut(*term as usize) {
                *slot = place;
            }
        }
        for (term, ..) in &mut self.standing {
            *term = places.get(*term as usize).copied().unwrap_or_default();
        }
        self.standing.sort_unstable();
        let mut index = self.index;
        index.names = in_order(self.names);
        (index.starts, index.postings) = packed(&self.standing, sorted.len());
        index.vocabulary = Vocabulary(sorted.into_iter().map(|(word, _)| word.into()).collect());
        index.named.iter_mut().for_each(Vec::shrink_to_fit);
        index
    }
}

/// The number of a text: the next one if it is new.
fn number(numbers: &mut HashMap<String, u32>, text: String) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(text).or_insert(next)
}

fn in_order(numbers: HashMap<String, u32>) -> Vec<Box<str>> {
    let mut texts: Vec<_> = numbers.into_iter().map(|(text, number)| (number, text.into())).collect();
    texts.sort_unstable_by_key(|(number, _): &(u32, Box<str>)| *number);
    texts.into_iter().map(|(_, text)| text).collect()
}

/// One posting for each word and operation, and where those of each word begin.
fn packed(standing: &[(u32, u32, u8)], terms: usize) -> (Vec<u32>, Vec<Posting>) {
    let mut postings: Vec<Posting> = Vec::new();
    let mut starts = Vec::with_capacity(terms + 1);
    for same in standing.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let Some((term, operation, _)) = same.first() else { continue };
        let here = u32::try_from(postings.len()).unwrap_or(u32::MAX);
        starts.resize(starts.len().max(*term as usize + 1), here);
        let spots = same.iter().fold(0, |bits, (.., bit)| bits | bit);
        postings.push(Posting { operation: *operation, spots });
    }
    starts.resize(terms + 1, u32::try_from(postings.len()).unwrap_or(u32::MAX));
    postings.shrink_to_fit();
    (starts, postings)
}

#[cfg(test)]
mod tests;
