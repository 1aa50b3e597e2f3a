//! Making the index. Words get numbers as they come, and places in the vocabulary once all are there.

use std::collections::{HashMap, HashSet};

use super::{
    Named, Posting, SearchIndex,
    texts::Spot,
    vocabulary::Vocabulary,
    words::{compounds, words},
};

#[derive(Default)]
pub(super) struct Builder {
    terms: HashMap<String, u32>,
    names: Names,
    /// The words of the operation that is being read, and where they stand in it.
    spots: HashMap<u32, u8>,
    /// The parameters and fields of each operation.
    named: Vec<Box<[Named]>>,
    /// A term and an operation that holds it: each pair once, or this would take more memory than the document.
    postings: Vec<(u32, Posting)>,
}

/// Names of parameters and fields, each once, with the terms that are its words.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, u32>,
    terms: Vec<Box<[u32]>>,
}

impl Builder {
    /// Reads one operation: `read` hands over its texts.
    pub(super) fn operation(&mut self, read: impl FnOnce(&mut dyn FnMut(Spot, &str))) {
        let operation = u32::try_from(self.named.len()).unwrap_or(u32::MAX);
        let (mut named, mut known) = (Vec::new(), HashSet::new());
        read(&mut |spot, text| {
            let terms = self.text(spot, text);
            if matches!(spot, Spot::Parameter | Spot::Field) {
                let name = Named { spot, name: self.names.number(text, terms) };
                if known.insert(name) {
                    named.push(name);
                }
            }
        });
        self.named.push(named.into());
        let spots = self.spots.drain();
        self.postings.extend(spots.map(|(term, spots)| (term, Posting { operation, spots })));
    }

    /// Notes the words of a text, and returns their terms.
    fn text(&mut self, spot: Spot, text: &str) -> Vec<u32> {
        let stems = words(text).into_iter().map(|word| word.stem);
        let terms = stems.chain(compounds(text)).map(|word| number(&mut self.terms, word));
        let terms: Vec<_> = terms.collect();
        for term in &terms {
            *self.spots.entry(*term).or_default() |= spot.bit();
        }
        terms
    }

    pub(super) fn finish(self) -> SearchIndex {
        let (words, places) = sorted(self.terms);
        let place = |term: u32| places.get(term as usize).copied().unwrap_or_default();
        let mut postings = self.postings;
        for (term, _) in &mut postings {
            *term = place(*term);
        }
        postings.sort_unstable_by_key(|(term, posting)| (*term, posting.operation));
        let meaning = self.names.terms.into_iter().map(|terms| terms.iter().copied().map(place).collect());
        SearchIndex {
            starts: starts(&postings, words.len()),
            postings: postings.into_iter().map(|(_, posting)| posting).collect(),
            vocabulary: Vocabulary(words),
            named: self.named,
            meaning: meaning.collect(),
            names: in_order(self.names.numbers),
        }
    }
}

impl Names {
    fn number(&mut self, name: &str, terms: Vec<u32>) -> u32 {
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        self.terms.push(terms.into());
        number(&mut self.numbers, name.to_owned())
    }
}

/// The number of a text: the next one if it is new.
fn number(numbers: &mut HashMap<String, u32>, text: String) -> u32 {
    let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    *numbers.entry(text).or_insert(next)
}

/// The words in their order, and for each number the place of its word.
fn sorted(terms: HashMap<String, u32>) -> (Vec<Box<str>>, Vec<u32>) {
    let mut sorted: Vec<_> = terms.into_iter().collect();
    sorted.sort_unstable();
    let mut places = vec![0; sorted.len()];
    for (place, (_, term)) in (0..).zip(&sorted) {
        if let Some(slot) = places.get_mut(*term as usize) {
            *slot = place;
        }
    }
    (sorted.into_iter().map(|(word, _)| word.into()).collect(), places)
}

fn in_order(numbers: HashMap<String, u32>) -> Vec<Box<str>> {
    let mut texts: Vec<_> = numbers.into_iter().map(|(text, number)| (number, text.into())).collect();
    texts.sort_unstable_by_key(|(number, _): &(u32, Box<str>)| *number);
    texts.into_iter().map(|(_, text)| text).collect()
}

/// Where the postings of each term begin, and where the last ones end.
fn starts(postings: &[(u32, Posting)], terms: usize) -> Vec<u32> {
    let before = |term| postings.partition_point(|(other, _)| (*other as usize) < term);
    (0..=terms).map(|term| u32::try_from(before(term)).unwrap_or(u32::MAX)).collect()
}
