//! Finding an operation: the index by tag, and the search.

use std::{collections::HashMap, ops::Range};

use super::document;
use crate::{
    error::ServerFnError,
    openapi::{Document, Matches, OperationSummary},
    server::request::RequestContext,
    types::{OperationGroup, OperationIndex, SearchResult, SearchResults},
};

const UNTAGGED: &str = "Other";
/// Operations of one page. Of a document with more the index shows the tags, and a tag with more has several pages.
pub const MOST_ON_A_PAGE: u32 = 400;
/// Results of a search that are shown; who wants more adds a word.
const MOST_RESULTS: usize = 60;

/// The operations by tag; those of one tag from one on, when it is named.
///
/// # Errors
/// [`Transient::NoDocument`](crate::error::Transient::NoDocument).
pub fn index(
    request: &RequestContext,
    tag: Option<&str>,
    from: u32,
) -> Result<OperationIndex, ServerFnError> {
    let document = document(request)?;
    let all = count(document.operations().len());
    let shown = match tag {
        Some(_) => from..from.saturating_add(MOST_ON_A_PAGE),
        None if all <= MOST_ON_A_PAGE => 0..all,
        None => 0..0,
    };
    let mut groups =
        groups(&document, |group| if tag.is_none_or(|tag| tag == group) { shown.clone() } else { 0..0 });
    groups.retain(|group| tag.is_none_or(|tag| tag == group.tag));
    let operations = match tag {
        Some(_) => groups.iter().map(|group| group.count).sum(),
        None => all,
    };
    let notes = document.notes().to_vec();
    Ok(OperationIndex { tag: tag.map(str::to_owned), operations, from, groups, notes })
}

/// The operations that hold the words of `query`, best first.
///
/// # Errors
/// As [`index`].
pub fn search(request: &RequestContext, query: &str) -> Result<SearchResults, ServerFnError> {
    let document = document(request)?;
    let matches = document.search(query);
    Ok(SearchResults {
        query: query.to_owned(),
        results: results(&matches),
        found: count(matches.hits.len()),
        total: count(document.operations().len()),
        partial: matches.partial,
        suggestions: matches.suggestions,
    })
}

/// Every tag with the number of its operations.
pub fn tags(document: &Document) -> Vec<(String, u32)> {
    let groups = groups(document, |_| 0..0);
    groups.into_iter().map(|group| (group.tag, group.count)).collect()
}

/// How many there are, as it goes over the wire.
pub fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn results(matches: &Matches) -> Vec<SearchResult> {
    let hits = matches.hits.iter().take(MOST_RESULTS);
    let marked = |text: &str| {
        let pieces = matches.marked(text).into_iter();
        pieces.map(|(piece, marked)| (piece.to_owned(), marked)).collect()
    };
    let results = hits.map(|hit| SearchResult {
        operation: hit.summary.clone(),
        name: marked(&hit.summary.name),
        path: marked(&hit.summary.path),
        reasons: hit.reasons.clone(),
    });
    results.collect()
}

/// The tags under which an operation stands.
fn tags_of(operation: &OperationSummary) -> impl Iterator<Item = &str> {
    let tags = operation.tags.iter().enumerate();
    let once = tags.filter(|(at, tag)| !operation.tags.iter().take(*at).any(|other| other == *tag));
    let none = operation.tags.is_empty().then_some(UNTAGGED);
    once.map(|(_, tag)| tag.as_str()).chain(none)
}

/// Every tag that has operations: first those that the document describes, in its order, then the others as they come.
/// With those of its operations that are `shown`, by their numbers among them.
fn groups(document: &Document, shown: impl Fn(&str) -> Range<u32>) -> Vec<OperationGroup> {
    let mut groups: Vec<OperationGroup> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let operations = document.operations();
    let described = document.tags().map(|(tag, description)| (tag, description, None));
    let used = operations.iter().flat_map(|one| tags_of(one).map(move |tag| (tag, None, Some(one))));
    for (tag, description, operation) in described.chain(used) {
        let place = *places.entry(tag).or_insert_with(|| {
            groups.push(empty_group(tag, description));
            groups.len() - 1
        });
        if let (Some(group), Some(operation)) = (groups.get_mut(place), operation) {
            let is_shown = shown(tag).contains(&group.count);
            group.operations.extend(is_shown.then(|| operation.clone()));
            group.count += 1;
        }
    }
    groups.retain(|group| group.count > 0);
    groups
}

fn empty_group(tag: &str, description: Option<&str>) -> OperationGroup {
    let description = description.map(str::to_owned);
    OperationGroup { tag: tag.to_owned(), description, count: 0, operations: Vec::new() }
}
