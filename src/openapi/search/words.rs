//! Cutting text into words: the same way for documents, queries and what is marked in a result.

use std::ops::Range;

/// A word where it stands in its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) place: Range<usize>,
    /// The word as the index knows it: see [`stem`].
    pub(super) stem: String,
}

/// The words of a text, cut at everything that is neither letter nor digit, and inside `camelCase`.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    let mut last = None;
    for (at, letter) in text.char_indices() {
        if let Some(from) = start
            && ends_before(letter, last, text.get(at + letter.len_utf8()..))
        {
            words.push(word(text, from..at));
            start = None;
        }
        if start.is_none() && letter.is_alphanumeric() {
            start = Some(at);
        }
        last = Some(letter);
    }
    words.extend(start.map(|from| word(text, from..text.len())));
    words
}

/// What stands together without a space or a `/`, as one word: `get_bookCover` is also `getbookcover`.
pub(super) fn compounds(text: &str) -> impl Iterator<Item = String> {
    let joined = text.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '-' | '_')));
    joined.filter(|part| words(part).len() > 1).map(|part| {
        part.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    })
}

fn word(text: &str, place: Range<usize>) -> Word {
    Word { stem: text.get(place.clone()).map(stem).unwrap_or_default(), place }
}

/// Whether a word ends before `letter`: at a separator, in `bookCover` before the `C`, in `HTTPServer` before the `S`.
fn ends_before(letter: char, last: Option<char>, rest: Option<&str>) -> bool {
    if !letter.is_alphanumeric() {
        return true;
    }
    let Some(last) = last.filter(|_| letter.is_uppercase()) else { return false };
    let next_is_small = rest.and_then(|rest| rest.chars().next()).is_some_and(char::is_lowercase);
    !last.is_uppercase() || next_is_small
}

/// Lower case, and the singular where English makes it plain, so that `orders` and `order` are one word.
pub(super) fn stem(word: &str) -> String {
    const NO_PLURAL: [&str; 3] = ["ss", "us", "is"];
    let mut word = word.to_lowercase();
    if word.len() > 4 && word.ends_with("ies") {
        word.truncate(word.len() - 3);
        word.push('y');
    } else if word.len() > 2 && word.ends_with('s') && !NO_PLURAL.iter().any(|end| word.ends_with(end)) {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn words_end_at_separators_and_inside_names() {
        assert_eq!(stems("/books/{bookId}/cover_image"), ["book", "book", "id", "cover", "image"]);
        assert_eq!(stems("HTTPServer v2 OAuth2Token"), ["http", "server", "v2", "o", "auth2", "token"]);
        assert_eq!(stems("Ärger, ÜberDosis"), ["ärger", "über", "dosis"]);
        assert_eq!(stems(" -- "), Vec::<String>::new());
    }

    #[test]
    fn plurals_are_folded() {
        assert_eq!(
            stems("categories addresses status class ids"),
            ["category", "addresse", "status", "class", "id"]
        );
    }

    #[test]
    fn names_are_words_as_a_whole_too() {
        assert_eq!(compounds("getBookCover due_date plain").collect::<Vec<_>>(), ["getbookcover", "duedate"]);
    }

    #[test]
    fn words_know_their_place() {
        let text = "listOrders";
        let places: Vec<_> = words(text).into_iter().map(|word| &text[word.place]).collect();
        assert_eq!(places, ["list", "Orders"]);
    }
}
