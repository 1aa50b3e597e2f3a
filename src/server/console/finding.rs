//! Finding an operation: the index by tag, and the search.

use super::document;
use crate::{
    error::ServerFnError,
    openapi::{Document, Matches, OperationSummary},
    server::request::RequestContext,
    types::{OperationGroup, OperationIndex, SearchResult, SearchResults},
};

const UNTAGGED: &str = "Other";
/// Operations that the index shows on one page. Of a document with more it shows the tags.
const MOST_ON_A_PAGE: usize = 400;
/// Results of a search that are shown; who wants more adds a word.
const MOST_RESULTS: usize = 60;

/// The operations by tag, in the order of the document; those of one tag when it is named.
///
/// # Errors
/// [`Transient::NoDocument`](crate::error::Transient::NoDocument).
pub fn index(request: &RequestContext, tag: Option<&str>) -> Result<OperationIndex, ServerFnError> {
    let document = document(request)?;
    let operations = document.operations();
    let is_shown = |group: &str| tag.map_or(operations.len() <= MOST_ON_A_PAGE, |tag| tag == group);
    let mut groups = groups(&document, is_shown);
    groups.retain(|group| tag.is_none_or(|tag| tag == group.tag));
    Ok(OperationIndex { tag: tag.map(str::to_owned), groups })
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
    let groups = groups(document, |_| false);
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

/// The tag under which an operation stands.
fn tag_of(operation: &OperationSummary) -> &str {
    operation.tags.first().map_or(UNTAGGED, String::as_str)
}

/// Every tag in the order of the document, with its operations where they are shown.
fn groups(document: &Document, is_shown: impl Fn(&str) -> bool) -> Vec<OperationGroup> {
    let mut groups: Vec<OperationGroup> = Vec::new();
    for operation in document.operations() {
        let tag = tag_of(operation);
        let position = groups.iter().position(|group| group.tag == tag).unwrap_or_else(|| {
            groups.push(empty_group(document, tag));
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(position) else { continue };
        group.count += 1;
        group.operations.extend(is_shown(tag).then(|| operation.clone()));
    }
    groups
}

fn empty_group(document: &Document, tag: &str) -> OperationGroup {
    let description = document.tag_description(tag).map(str::to_owned);
    OperationGroup { tag: tag.to_owned(), description, count: 0, operations: Vec::new() }
}
