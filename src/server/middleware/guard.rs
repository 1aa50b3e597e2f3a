use axum::{
    extract::{FromRequestParts, Request},
    middleware::Next,
    response::Response,
};
use http::request::Parts;

use crate::{
    paths,
    server::{caller::Kind, drafts, logout::answer, request::RequestContext, session::store::Tombstone},
};

/// Turns away whoever has no session. It stands in front of the pages, so that nothing is rendered for nobody: a
/// document goes to the login page and back afterwards, anything else gets a 401.
pub async fn layer(request: Request, next: Next) -> Response {
    let Some(context) = request.extensions().get::<RequestContext>().cloned() else {
        return answer::unauthorized();
    };
    if context.session().is_some() {
        return next.run(request).await;
    }
    let past = request.extensions().get::<Tombstone>().cloned();
    if let Some(past) = &past {
        drafts::rescue(&context, past.user, request).await;
    }
    turned_away(&context, past.as_ref())
}

/// The request of somebody who has a session, for what is handed on as it comes. Anybody else is turned away as by
/// [`layer`].
pub struct SignedIn(pub RequestContext);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let Some(context) = parts.extensions.get::<RequestContext>().cloned() else {
            return Err(answer::unauthorized());
        };
        match context.session() {
            Some(_) => Ok(Self(context)),
            None => Err(turned_away(&context, parts.extensions.get())),
        }
    }
}

fn turned_away(context: &RequestContext, past: Option<&Tombstone>) -> Response {
    match context.caller().kind {
        Kind::Document => {
            let reason = past.map(|past| answer::spoken(past.reason));
            answer::see_other(paths::login(reason, &context.caller().return_to.encoded()).as_str())
        }
        Kind::Script => answer::unauthorized(),
    }
}
