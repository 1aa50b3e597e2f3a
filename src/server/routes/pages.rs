//! Rendering pages: what every page finds in its context, and the pages that axum has to see first.

use axum::{
    body::to_bytes,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header, request::Parts};
use leptos::{
    nonce::use_nonce,
    prelude::{LeptosOptions, provide_context, use_context},
};
use leptos_axum::ResponseOptions;

use super::notice;
use crate::{
    app::shell,
    server::{
        middleware::security_headers,
        request::RequestContext,
        state::{Apis, AppState},
    },
};

/// A form that was posted to a page's own address, url-encoded.
#[derive(Debug, Clone)]
pub struct Posted(pub String);

/// The largest form that a page takes.
const LARGEST_FORM: usize = 2 << 20;

/// Gives a page its request, and its answer the policy with the page's nonce.
pub fn provide_page_context() {
    let Some(parts) = use_context::<Parts>() else { return };
    let Some(context) = parts.extensions.get::<RequestContext>().cloned() else { return };
    if let Some(apis) = parts.extensions.get::<Apis>() {
        provide_context(apis.clone());
    }
    if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) {
        if let Some(policy) = security_headers::page_policy(&nonce, &context.state().sign_in().oidc) {
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

/// `POST /operations/{operation}`: a form posted without JavaScript. The page shows its answer.
pub async fn post_operation(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(form) = to_bytes(body, LARGEST_FORM).await else {
        return notice::bad_form(&state, StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    match String::from_utf8(form.into()) {
        Ok(form) => {
            render_with(&state, Request::from_parts(parts, axum::body::Body::empty()), Posted(form)).await
        }
        Err(_) => notice::bad_form(&state, StatusCode::BAD_REQUEST).into_response(),
    }
}
