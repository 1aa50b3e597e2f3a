//! The words of a document in order, and those that a word of a query may mean.

/// Letters that a typing error may cost, by the length of the word.
fn errors_allowed(letters: usize) -> usize {
    match letters {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// A word of the vocabulary that a word of a query may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    /// Its position in the vocabulary.
    pub(super) term: usize,
    /// How sure it is: 1 for the very word, less for one that only begins like it, least for a typing error.
    pub(super) certainty: f32,
}

/// Every word of a document once, sorted.
#[derive(Debug, Default)]
pub(super) struct Vocabulary(pub(super) Vec<Box<str>>);

impl Vocabulary {
    pub(super) fn term(&self, candidate: &Candidate) -> Option<&str> {
        self.0.get(candidate.term).map(|term| &**term)
    }

    /// What `word` may mean: itself and what begins with it, or else what it is a typing error of.
    pub(super) fn candidates(&self, word: &str) -> Vec<Candidate> {
        let meant = self.beginning_with(word);
        if meant.is_empty() { self.mistyped(word) } else { meant }
    }

    fn beginning_with(&self, word: &str) -> Vec<Candidate> {
        let first = self.0.partition_point(|term| &**term < word);
        let terms = self.0.iter().enumerate().skip(first).take_while(|(_, term)| term.starts_with(word));
        let certainty = |term: &str| if term == word { 1.0 } else { 0.7 * share(word.len(), term.len()) };
        terms.map(|(at, term)| Candidate { term: at, certainty: certainty(term) }).collect()
    }

    fn mistyped(&self, word: &str) -> Vec<Candidate> {
        let letters: Vec<char> = word.chars().collect();
        let allowed = errors_allowed(letters.len());
        if allowed == 0 {
            return Vec::new();
        }
        let mut distance = Distance::default();
        let looks_close = close_to(&letters, allowed);
        let terms = self.0.iter().enumerate().filter(|(_, term)| looks_close(term));
        let close = terms.filter_map(|(term, text)| {
            let errors = distance.between(&letters, text, allowed)?;
            Some((errors, term, share(letters.len(), text.len())))
        });
        let close: Vec<_> = close.collect();
        let fewest = close.iter().map(|(errors, ..)| *errors).min().unwrap_or_default();
        let close = close.into_iter().filter(|(errors, ..)| *errors == fewest);
        close.map(|(_, term, share)| Candidate { term, certainty: 0.4 * share }).collect()
    }

    /// The words closest to one that means nothing here, for somebody to choose from.
    pub(super) fn nearest(&self, word: &str, most: usize) -> Vec<&str> {
        let letters: Vec<char> = word.chars().collect();
        let allowed = (letters.len() / 2).min(3);
        let mut distance = Distance::default();
        let looks_close = close_to(&letters, allowed);
        let terms = self.0.iter().filter(|term| term.len() > 2 && looks_close(term));
        let close = terms.filter_map(|term| Some((distance.between(&letters, term, allowed)?, term)));
        let mut close: Vec<_> = close.collect();
        close.sort_by_key(|(errors, term)| (*errors, term.len().abs_diff(word.len())));
        close.into_iter().take(most).map(|(_, term)| &**term).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of words are small")]
fn share(part: usize, whole: usize) -> f32 {
    part.min(whole) as f32 / whole.max(1) as f32
}

/// Whether a term can be within so many errors of what was typed: each letter that it does not hold at all is one. This
/// rules out nearly every term, in a tenth of the time that the distance takes.
fn close_to(typed: &[char], allowed: usize) -> impl Fn(&str) -> bool {
    let wanted = letters(typed.iter().copied());
    move |term| (wanted & !letters(term.chars())).count_ones() as usize <= allowed
}

/// The letters as bits; some share one.
fn letters(text: impl Iterator<Item = char>) -> u64 {
    text.fold(0, |bits, letter| bits | 1 << (u32::from(letter) % 64))
}

/// The optimal string alignment distance, in which two letters in the wrong order count as one error.
///
/// Own code, for it measures to the *beginning* of a word (who types is not done yet) and is given up early.
#[derive(Default)]
struct Distance {
    rows: [Vec<usize>; 3],
    letters: Vec<char>,
}

impl Distance {
    /// The fewest errors that lead from `typed` to some beginning of `term`, if they are not more than `allowed`.
    fn between(&mut self, typed: &[char], term: &str, allowed: usize) -> Option<usize> {
        self.letters.clear();
        self.letters.extend(term.chars().take(typed.len() + allowed));
        if self.letters.len() + allowed < typed.len() {
            return None;
        }
        let width = self.letters.len() + 1;
        let [two_up, up, row] = &mut self.rows;
        up.clear();
        up.extend(0..width);
        two_up.clear();
        two_up.resize(width, 0);
        for (line, letter) in typed.iter().enumerate() {
            fill(row, up, two_up, (line, *letter, typed), &self.letters);
            if row.iter().min().is_none_or(|fewest| *fewest > allowed) {
                return None;
            }
            std::mem::swap(two_up, up);
            std::mem::swap(up, row);
        }
        up.iter().min().copied().filter(|fewest| *fewest <= allowed)
    }
}

/// One line of the table: the errors between the letters typed so far and every beginning of the term.
fn fill(row: &mut Vec<usize>, up: &[usize], two_up: &[usize], typed: (usize, char, &[char]), term: &[char]) {
    let (line, letter, all) = typed;
    let swapped_with = line.checked_sub(1).and_then(|before| all.get(before));
    row.clear();
    row.push(line + 1);
    let mut before = None;
    for ((at, other), pair) in term.iter().enumerate().zip(up.windows(2)) {
        let &[diagonal, above] = pair else { continue };
        let left = row.last().copied().unwrap_or_default();
        let mut fewest = (diagonal + usize::from(*other != letter)).min(above + 1).min(left + 1);
        if before == Some(letter)
            && swapped_with == Some(other)
            && let Some(corner) = at.checked_sub(1).and_then(|at| two_up.get(at))
        {
            fewest = fewest.min(corner + 1);
        }
        row.push(fewest);
        before = Some(*other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut terms = ["book", "bookcover", "cover", "customer", "order", "repository", "sale"];
        terms.sort_unstable();
        Vocabulary(terms.map(Into::into).into())
    }

    fn meant(word: &str) -> Vec<String> {
        let vocabulary = vocabulary();
        vocabulary.candidates(word).iter().map(|hit| vocabulary.0[hit.term].to_string()).collect()
    }

    #[test]
    fn the_word_itself_and_what_begins_with_it() {
        assert_eq!(meant("book"), ["book", "bookcover"]);
        assert_eq!(meant("c"), ["cover", "customer"]);
        let certainty: Vec<_> = vocabulary().candidates("book").iter().map(|hit| hit.certainty).collect();
        assert!(certainty[0] > certainty[1]);
    }

    #[test]
    fn typing_errors_by_length() {
        for typed in ["ordre", "oder", "ordder", "orcer"] {
            assert_eq!(meant(typed), ["order"], "{typed}");
        }
        assert_eq!(meant("reopsitry"), ["repository"]);
        assert_eq!(meant("repsoito"), ["repository"], "not typed to its end");
        assert!(meant("sle").is_empty(), "too short to be sure");
        assert!(meant("oredre").is_empty(), "two errors in six letters");
        assert!(meant("").len() == 7);
    }

    #[test]
    fn what_is_near() {
        assert_eq!(vocabulary().nearest("covers", 1), ["cover"]);
        assert!(vocabulary().nearest("xyzxyz", 3).is_empty());
    }
}
