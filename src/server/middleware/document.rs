use axum::{extract::Request, middleware::Next, response::Response};

use crate::{paths, server::request::RequestContext};

/// Has the API's document ready, as this person may see it. Where it is the same for all, that takes no time.
pub async fn layer(request: Request, next: Next) -> Response {
    let context =
        request.extensions().get::<RequestContext>().filter(|_| needs_document(request.uri().path()));
    if let Some(context) = context {
        let current = context.state().document().of(context).await;
        context.set_document(current);
    }
    next.run(request).await
}

/// Calls of open pages in the background do without.
fn needs_document(path: &str) -> bool {
    path != paths::CHECK_SESSION
}
