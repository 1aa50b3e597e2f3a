//! Finding an operation: the index by tag, and the results of a search.

mod groups;
mod results;

use leptos::prelude::*;

use self::{groups::Groups, results::Results};
use crate::{
    components::text::counted,
    error::ServerFnError,
    server::{console, request::RequestContext},
    types::{OperationIndex, SearchHtml, SearchResults},
};

/// A list of operations, and one sentence about it.
pub struct Listing {
    pub status: String,
    pub view: AnyView,
}

/// What a search for `query` shows, or the index when it is empty, for a page that is already open.
///
/// # Errors
/// [`Transient::NoDocument`](crate::error::Transient::NoDocument).
pub fn html(request: &RequestContext, query: &str) -> Result<SearchHtml, ServerFnError> {
    let listing = if query.is_empty() {
        indexed(console::index(request, None, 0)?)
    } else {
        found(console::search(request, query)?)
    };
    Ok(SearchHtml { status: listing.status, html: listing.view.to_html() })
}

/// The operations by tag.
#[must_use]
pub fn indexed(index: OperationIndex) -> Listing {
    let operations = counted(index.operations, "operation");
    let status = match &index.tag {
        Some(tag) => format!("{operations} in “{tag}”"),
        None => format!("{operations} in {}", counted(index.groups.len(), "group")),
    };
    Listing { status, view: view! { <Groups index /> }.into_any() }
}

/// What was searched for.
#[must_use]
pub fn found(results: SearchResults) -> Listing {
    let (found, total, query) = (results.found, results.total, &results.query);
    let status = if results.partial {
        format!("No operation holds all of “{query}”. {} hold a part of it.", counted(found, "operation"))
    } else {
        let verb = if found == 1 { "matches" } else { "match" };
        format!("{found} of {total} operations {verb} “{query}”.")
    };
    Listing { status, view: view! { <Results results /> }.into_any() }
}
