use leptos::prelude::*;

use super::SessionClient;
use crate::{
    error::ServerFnError,
    types::{ApiSummary, OperationPage},
};

/// What this API is.
///
/// # Errors
/// See [`ServerFnError`].
#[server(client = SessionClient, endpoint = "api_summary")]
pub async fn load_api_summary() -> Result<ApiSummary, ServerFnError> {
    use crate::server::{console, request::authorised};
    Ok(console::summary(authorised()?.state()))
}

/// The operations that the home page shows at a glance, by address.
///
/// # Errors
/// See [`ServerFnError`].
#[server(client = SessionClient, endpoint = "glances")]
pub async fn list_glances() -> Result<Vec<String>, ServerFnError> {
    use crate::server::{console, request::authorised};
    Ok(console::glances(authorised()?.state()))
}

/// One of them, sent.
///
/// # Errors
/// See [`ServerFnError`].
#[server(client = SessionClient, endpoint = "glance")]
pub async fn load_glance(address: String) -> Result<OperationPage, ServerFnError> {
    use crate::server::{console, request::authorised};
    console::glance(&authorised()?, &address).await
}
