//! Finding an operation: the index by tag, and the search.

use crate::{
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
pub fn index(request: &RequestContext, tag: Option<&str>) -> OperationIndex {
    let reading = request.document();
    let Some(document) = reading.document else {
        return OperationIndex { problem: reading.problem, ..OperationIndex::default() };
    };
    let operations = document.operations();
    let mut groups = groups(&document, operations.iter().filter(|operation| is_of(operation, tag)));
    if tag.is_none() && operations.len() > MOST_ON_A_PAGE {
        for group in &mut groups {
            group.operations.clear();
        }
    }
    OperationIndex {
        tag: tag.map(str::to_owned),
        groups,
        total: count(operations.len()),
        problem: reading.problem,
    }
}

/// The operations that hold the words of `query`, best first.
pub fn search(request: &RequestContext, query: &str) -> SearchResults {
    let Some(document) = request.document().document else { return SearchResults::default() };
    let matches = document.search(query);
    SearchResults {
        query: query.to_owned(),
        results: results(&matches),
        found: count(matches.hits.len()),
        total: count(document.operations().len()),
        partial: matches.partial,
        suggestions: matches.suggestions,
    }
}

/// Every tag with the number of its operations.
pub fn tags(document: &Document) -> Vec<(String, u32)> {
    let groups = groups(document, document.operations().iter());
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

fn is_of(operation: &OperationSummary, tag: Option<&str>) -> bool {
    tag.is_none_or(|tag| tag_of(operation) == tag)
}

fn groups<'a>(
    document: &Document,
    operations: impl Iterator<Item = &'a OperationSummary>,
) -> Vec<OperationGroup> {
    let mut groups: Vec<OperationGroup> = Vec::new();
    for operation in operations {
        let tag = tag_of(operation);
        match groups.iter_mut().find(|group| group.tag == tag) {
            Some(group) => {
                group.count += 1;
                group.operations.push(operation.clone());
            }
            None => groups.push(OperationGroup {
                tag: tag.to_owned(),
                description: document.tag_description(tag).map(str::to_owned),
                count: 1,
                operations: vec![operation.clone()],
            }),
        }
    }
    groups
}
