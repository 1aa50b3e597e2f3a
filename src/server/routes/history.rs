use axum::{Extension, extract::State, response::Response};
use http::StatusCode;

use super::notice;
use crate::{
    openapi::Values,
    pages::notice::Action,
    paths,
    server::{history::Switch, logout::answer, request::RequestContext, state::AppState},
};

/// `POST /history`: switches it on or off, or empties it.
pub async fn post(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    form: String,
) -> Response {
    let Some(user) = context.user() else { return answer::unauthorized() };
    let (history, form) = (state.history(), Values::parse(&form));
    let changed = match form.first("change") {
        Some("on") => history.set_switch(user, Switch::On).await,
        Some("off") => history.set_switch(user, Switch::Off).await,
        Some("clear") => history.clear(user).await,
        _ => return notice::bad_form(&state, StatusCode::BAD_REQUEST, Action::History),
    };
    match changed {
        Ok(()) => answer::see_other(paths::HISTORY.as_str()),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a history cannot be changed");
            notice::store_unavailable(&state)
        }
    }
}
