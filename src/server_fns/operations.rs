use leptos::prelude::*;

use super::SessionClient;
use crate::{
    error::ServerFnError,
    types::{OperationIndex, OperationPage, SearchHtml},
};

/// The operations by tag; those of one tag from one on, when it is named.
///
/// # Errors
/// See [`ServerFnError`].
#[server(client = SessionClient, endpoint = "list_operations")]
pub async fn list_operations(tag: Option<String>, from: u32) -> Result<OperationIndex, ServerFnError> {
    use crate::server::{console, error::with_status, request::authorised};
    console::index(&authorised()?, tag.as_deref(), from).map_err(with_status)
}

/// What a search for `query` finds, or the index when it is empty, as HTML.
///
/// # Errors
/// See [`ServerFnError`].
#[server(client = SessionClient, endpoint = "search_operations")]
pub async fn search_operations(query: String) -> Result<SearchHtml, ServerFnError> {
    use crate::{
        components::finding,
        server::{error::with_status, request::authorised},
    };
    finding::html(&authorised()?, query.trim()).map_err(with_status)
}

/// The operation at `address`, with its form filled in from `query`; sent, if it is one that an address may send.
///
/// # Errors
/// See [`ServerFnError`]; [`ServerFnError::NotFound`] when there is no such operation.
#[server(client = SessionClient, endpoint = "open_operation")]
pub async fn open_operation(address: String, query: String) -> Result<OperationPage, ServerFnError> {
    use crate::server::{console, error::with_status, request::authorised};
    console::open(&authorised()?, &address, &query).await.map_err(with_status)
}

/// The operation at `address`, sent as `form` says. Its form and its answer, as HTML.
///
/// # Errors
/// See [`ServerFnError`].
#[server(client = SessionClient, endpoint = "send_operation")]
pub async fn send_operation(address: String, form: String) -> Result<String, ServerFnError> {
    use crate::server::{console, error::with_status, posted::Posted, request::authorised};
    let page = console::send(&authorised()?, &address, Posted::parse(&form)).await.map_err(with_status)?;
    Ok(crate::components::operation_panel::html(page))
}
