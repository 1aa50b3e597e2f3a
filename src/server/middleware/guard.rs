use axum::{extract::Request, middleware::Next, response::Response};

use super::session::Past;
use crate::{
    paths,
    server::{caller::Kind, logout::answer, request::RequestContext},
};

/// Turns away whoever has no session. It stands in front of the pages, so that nothing is rendered for nobody: a
/// document goes to the login page and back afterwards, anything else gets a 401.
pub async fn layer(request: Request, next: Next) -> Response {
    let context = request.extensions().get::<RequestContext>();
    match context {
        Some(context) if context.session().is_some() => next.run(request).await,
        Some(context) if context.caller().kind == Kind::Document => {
            let reason = request.extensions().get::<Past>().map(|past| past.0);
            let next = context.caller().return_to.encoded();
            answer::see_other(paths::login(reason.map(answer::spoken), &next).as_str())
        }
        _ => answer::unauthorized(),
    }
}
