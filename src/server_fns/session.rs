use leptos::prelude::*;

use super::SessionClient;
use crate::{
    error::ServerFnError,
    types::{Person, Profile, SessionTimes},
};

/// Whether the session is still good, upstream too, and whose it is. Asked by an open page in the background; does not
/// extend it.
///
/// # Errors
/// [`ServerFnError::Unauthorized`] when it is over; anything else says nothing about it.
#[server(client = SessionClient, endpoint = "check_session")]
pub async fn check_session() -> Result<Person, ServerFnError> {
    use crate::server::{account, error::with_status, request::authorised};
    account::profile(&authorised()?).await.map(|profile| profile.person).map_err(with_status)
}

/// Who is signed in, as the API describes them.
///
/// # Errors
/// See [`ServerFnError`].
#[server(client = SessionClient, endpoint = "profile")]
pub async fn load_profile() -> Result<Profile, ServerFnError> {
    use crate::server::{account, error::with_status, request::authorised};
    account::profile(&authorised()?).await.map_err(with_status)
}

/// When this session began and when it ends.
///
/// # Errors
/// [`ServerFnError::Unauthorized`] when it is over.
#[server(client = SessionClient, endpoint = "session_times")]
pub async fn load_session_times() -> Result<SessionTimes, ServerFnError> {
    use crate::server::{account, error::with_status, request::authorised};
    account::times(&authorised()?).map_err(with_status)
}
