use leptos::prelude::*;

use super::SessionClient;
use crate::{error::ServerFnError, types::OperationPage};

/// An operation for the home page, sent with its defaults.
///
/// # Errors
/// See [`ServerFnError`].
#[server(client = SessionClient, endpoint = "glance")]
pub async fn load_glance(address: String) -> Result<OperationPage, ServerFnError> {
    use crate::server::{console, request::authorised};
    console::glance(&authorised()?, &address).await
}
