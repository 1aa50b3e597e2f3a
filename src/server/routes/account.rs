use axum::{Extension, extract::State, response::Response};
use http::StatusCode;

use super::{logout, notice};
use crate::{
    openapi::Values,
    pages::notice::Action,
    paths,
    server::{
        account::sessions,
        logout::answer,
        request::RequestContext,
        return_to::ReturnTo,
        session::{Session, store::StoreError, token::RecordKey},
        state::AppState,
    },
};

/// Which of their sessions a person ends, by the button that they press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    One(RecordKey),
    Others,
    All,
}

/// `POST /account`: ends another session, all others, or all.
pub async fn post(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    form: String,
) -> Response {
    let Some(session) = context.session() else { return answer::unauthorized() };
    let Some(which) = Which::read(&Values::parse(&form)) else {
        return notice::bad_form(&state, StatusCode::BAD_REQUEST, Action::Account);
    };
    if which == Which::One(session.key()) {
        return logout::sign_out(&context, &session).await;
    }
    match sessions::has_others(&state, &session).await {
        // Whoever ends only what is here has nothing to show.
        Ok(false) if which == Which::All => return logout::sign_out(&context, &session).await,
        Ok(_) => {}
        Err(error) => return logout::unavailable(&state, &error),
    }
    if sessions::asks_again(&state, &session) {
        let next = ReturnTo::checked(paths::own_sessions("").as_str());
        return answer::see_other(paths::login(Some("confirm"), &next.encoded()).as_str());
    }
    match which.end(&state, &session).await {
        Ok(true) if which == Which::All => logout::sign_out(&context, &session).await,
        Ok(true) => answer::see_other(paths::own_sessions("?ended=1").as_str()),
        Ok(false) => notice::no_such_session(&state),
        Err(error) => logout::unavailable(&state, &error),
    }
}

impl Which {
    /// A name that cannot be one of a session is as unknown as any other: all of them are answered alike.
    fn read(form: &Values) -> Option<Self> {
        match form.first("end")? {
            "others" => Some(Self::Others),
            "all" => Some(Self::All),
            id => Some(Self::One(id.parse().unwrap_or(RecordKey::from_bytes([0; 32])))),
        }
    }

    /// Ends them, as far as they are others than this. `false`: there is no such session of this person.
    async fn end(self, state: &AppState, session: &Session) -> Result<bool, StoreError> {
        match self {
            Self::One(key) => sessions::end_one(state, session, key).await,
            Self::Others | Self::All => sessions::end_others(state, session).await.map(|_| true),
        }
    }
}
