use axum::{Extension, extract::State, response::Response};
use http::StatusCode;

use super::notice;
use crate::{
    openapi::Values,
    pages::notice::Action,
    paths,
    server::{
        history::Switch, items::CollectionError, logout::answer, request::RequestContext,
        session::token::UserKey, state::AppState,
    },
};

/// What a person may do to their history, by the value of the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    SwitchOn,
    SwitchOff,
    Clear,
}

/// `POST /history`: switches it on or off, or empties it.
pub async fn post(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    form: String,
) -> Response {
    let Some(user) = context.user() else { return answer::unauthorized() };
    let Some(change) = Change::read(&Values::parse(&form)) else {
        return notice::bad_form(&state, StatusCode::BAD_REQUEST, Action::History);
    };
    match change.apply(&state, user).await {
        Ok(()) => answer::see_other(paths::HISTORY.as_str()),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a history cannot be changed");
            notice::store_unavailable(&state)
        }
    }
}

impl Change {
    fn read(form: &Values) -> Option<Self> {
        match form.first("change")? {
            "on" => Some(Self::SwitchOn),
            "off" => Some(Self::SwitchOff),
            "clear" => Some(Self::Clear),
            _ => None,
        }
    }

    async fn apply(self, state: &AppState, user: UserKey) -> Result<(), CollectionError> {
        let history = state.history();
        match self {
            Self::SwitchOn => history.set_switch(user, Switch::On).await,
            Self::SwitchOff => history.set_switch(user, Switch::Off).await,
            Self::Clear => history.clear(user).await,
        }
    }
}
