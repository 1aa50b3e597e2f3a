//! Searching the operations by words.

use serde_json::Value;

use super::index::Found;
use super::node;
use super::reference::Resolver;

/// What one operation says, in lower case, with what a word found there is worth. Best first.
#[derive(Debug)]
pub(super) struct Searchable([(u32, String); 5]);

impl Searchable {
    pub(super) fn read(resolver: &Resolver, found: &Found) -> Self {
        let Found { summary, item, operation } = found;
        let id = summary.operation_id.as_deref().unwrap_or_default();
        let description = node::text(operation, "description").unwrap_or_default();
        Self([
            (16, format!("{} {id}", summary.name).to_lowercase()),
            (8, format!("{} {}", summary.method, summary.path).to_lowercase()),
            (4, summary.tags.join(" ").to_lowercase()),
            (2, parameter_names(resolver, item, operation).to_lowercase()),
            (1, description.to_lowercase()),
        ])
    }

    /// How well all of the words fit together; `None` when one of them is nowhere to be found.
    fn score(&self, words: &[String]) -> Option<u32> {
        words.iter().map(|word| Some(self.score_of(word)).filter(|score| *score > 0)).sum()
    }

    fn score_of(&self, word: &str) -> u32 {
        self.0.iter().map(|(worth, text)| worth * occurrence(text, word)).sum()
    }
}

/// 0 for a word that is not in the text, 1 inside another word, 2 at the beginning of a word.
fn occurrence(text: &str, word: &str) -> u32 {
    let starts_a_word =
        |at: usize| text.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
    text.match_indices(word).map(|(at, _)| if starts_a_word(at) { 2 } else { 1 }).max().unwrap_or(0)
}

fn parameter_names(resolver: &Resolver, item: &Value, operation: &Value) -> String {
    let parameters = [item, operation].into_iter().flat_map(|node| node::items(node, "parameters"));
    let names = parameters.filter_map(|parameter| node::text(resolver.resolve(parameter)?, "name"));
    names.collect::<Vec<_>>().join(" ")
}

/// The positions of those that hold every word of the query, best first; all, in order, for an empty query.
pub(super) fn ranked(searchables: &[Searchable], query: &str) -> Vec<usize> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let scores = searchables.iter().map(|searchable| searchable.score(&words));
    let mut hits: Vec<_> = scores.enumerate().filter_map(|(at, score)| Some((score?, at))).collect();
    hits.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    hits.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::openapi::Document;

    #[test]
    fn every_word_must_fit_and_names_come_before_descriptions() {
        let document = json!({ "openapi": "3.1.0", "paths": {
            "/a": { "get": { "summary": "First", "description": "Also lists books" } },
            "/books": { "get": { "operationId": "listBooks", "tags": ["Shop"] } },
            "/books/{id}": { "parameters": [{ "name": "shelf", "in": "query" }], "get": { "summary": "One book" } },
        } });
        let document = Document::from_json(document.to_string().as_bytes()).unwrap();
        let paths = |query| document.search(query).iter().map(|hit| hit.path.as_str()).collect::<Vec<_>>();
        assert_eq!(paths("BOOKS"), ["/books", "/books/{id}", "/a"]);
        assert_eq!(paths("get shop"), ["/books"]);
        assert_eq!(paths("shelf"), ["/books/{id}"]);
        assert_eq!(paths("books nowhere"), Vec::<&str>::new());
        assert_eq!(paths(" ").len(), 3);
    }
}
