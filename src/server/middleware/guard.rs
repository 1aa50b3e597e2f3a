use axum::{extract::Request, middleware::Next, response::Response};

use super::session::Past;
use crate::{
    paths,
    server::{caller::Kind, drafts, logout::answer, request::RequestContext},
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
    let past = request.extensions().get::<Past>().copied();
    if let Some(past) = past {
        drafts::rescue(&context, past.user, request).await;
    }
    turned_away(&context, past)
}

fn turned_away(context: &RequestContext, past: Option<Past>) -> Response {
    match context.caller().kind {
        Kind::Document => {
            let reason = past.map(|past| answer::spoken(past.reason));
            answer::see_other(paths::login(reason, &context.caller().return_to.encoded()).as_str())
        }
        Kind::Script => answer::unauthorized(),
    }
}
