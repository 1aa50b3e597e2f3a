//! Rendering pages: what every page finds in its context, and the pages that axum has to see first.

use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use http::{header, request::Parts};
use leptos::{
    nonce::use_nonce,
    prelude::{LeptosOptions, provide_context, use_context},
};
use leptos_axum::ResponseOptions;

use super::notice;
use crate::{
    app::shell,
    paths,
    server::{
        caller::Kind,
        drafts,
        middleware::security_headers,
        posted::{FormError, Posted},
        request::RequestContext,
        state::{Apis, AppState},
    },
};

/// Gives a page its request, and its answer the policy with the page's nonce.
pub fn provide_page_context() {
    let Some(parts) = use_context::<Parts>() else { return };
    let Some(context) = parts.extensions.get::<RequestContext>().cloned() else { return };
    if let Some(apis) = parts.extensions.get::<Apis>() {
        provide_context(apis.clone());
    }
    if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) {
        if let Some(policy) = security_headers::page_policy(&nonce) {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
        context.set_nonce(nonce.to_string());
    }
    provide_context(context.state().mount().clone());
    provide_context(context);
}

/// Renders the page at the request's address.
pub async fn render(state: &AppState, request: Request) -> Response {
    render_with(state, request, ()).await
}

/// Renders the page at the request's address, with something more in its context.
pub async fn render_with<T: Clone + Send + Sync + 'static>(
    state: &AppState,
    request: Request,
    extra: T,
) -> Response {
    let context = move || {
        provide_page_context();
        provide_context(extra.clone());
    };
    leptos_axum::render_app_async_with_context(context, document(state))(request).await
}

/// The document around a page, as a function for each rendering.
pub fn document(state: &AppState) -> impl Fn() -> leptos::prelude::AnyView + Clone + Send + Sync + 'static {
    use leptos::prelude::IntoAny;
    let (options, assets): (LeptosOptions, _) = (state.leptos_options().clone(), state.assets().clone());
    let mount = state.mount().clone();
    move || shell(options.clone(), assets.clone(), &mount).into_any()
}

/// `POST /operations/{operation}`: a form posted without a script, or with files. The page shows its answer.
pub async fn post_operation(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = Request::from_parts(parts.clone(), body);
    let largest = state.settings().upstream.max_upload as u64;
    match Posted::read(form, largest).await {
        Ok(posted) => render_with(&state, Request::from_parts(parts, Body::empty()), posted).await,
        Err(error) => {
            tracing::info!(%error, "a form is not taken");
            keep_typed(&parts, &error).await;
            notice::form_not_taken(&state, &error, parts.uri.path())
        }
    }
}

/// Keeps what was typed beside files that are too large or too many, so that it need not be typed again. A script still
/// has the form.
async fn keep_typed(parts: &Parts, error: &FormError) {
    let context = parts.extensions.get::<RequestContext>();
    let user = context.and_then(RequestContext::user);
    let address = paths::operation_address(parts.uri.path());
    if let (Some(context), Some(user), Some(address), FormError::TooLarge { typed, .. }) =
        (context, user, address, error)
        && context.caller().kind == Kind::Document
    {
        drafts::keep_posted(context, user, &address, typed).await;
    }
}
