//! Every address on one page.

use std::{convert::Infallible, sync::OnceLock, time::Duration};

use axum::{
    Extension, Router,
    body::to_bytes,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use http::{StatusCode, header};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions};
use tokio::runtime::Handle;
use tower::{Layer, Service, util::MapResponseLayer};
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    middleware::{
        body_timeout, document, entrance, guard, log, mount, rendering, retry_after, security_headers,
    },
    routes::{
        account, answers, files, health, history, login, logout, oidc, pages, proxy, session as metadata,
        session_events,
    },
    state::{Apis, AppState},
};
use crate::{error::ServerFnError, paths};

/// The largest body of a request, in bytes.
const LARGEST_BODY: usize = 16 << 20;

/// The largest body of what anybody may send, be it a name and a password or a provider's word of logout, in bytes.
const LARGEST_OF_ANYBODY: usize = 64 << 10;

/// The whole application: the default API at the root, every other at its mount. A body of which nothing comes for
/// `patience` breaks off.
///
/// Layers stand around whole routers: around each route, the framework would keep every layer in a box of its own, and
/// copy every box once more for each one around it, for each request.
pub fn router(apis: &Apis, patience: Duration) -> impl Layered + use<> {
    let root = root(apis).fallback_service(api(&apis.default, apis, patience));
    let site = apis.others.iter().fold(root, |site, other| {
        let mount = other.mount();
        let mounted = from_fn_with_state(mount.clone(), mount::layer).layer(api(other, apis, patience));
        site.nest_service(mount.prefix(), mounted)
    });
    surrounded(site, &apis.default)
}

/// What stands around every route. The answer to a panic is one of ours, with the headers of all.
fn surrounded(site: Router, default: &AppState) -> impl Layered + use<> {
    let (spans, default) = (default.spans().clone(), default.clone());
    let layers = (
        from_fn_with_state(spans, log::layer),
        MapResponseLayer::new(retry_after::set),
        MapResponseLayer::new(move |response| security_headers::set(&default, response)),
        // What catches panics puts every body in a box of its own.
        MapResponseLayer::new(IntoResponse::into_response),
        CatchPanicLayer::custom(log::panicked),
    );
    layers.layer(site)
}

/// What belongs to no API.
fn root(apis: &Apis) -> Router {
    Router::new()
        .route(paths::HEALTHZ, get(health::healthz))
        .route(paths::READYZ, get(health::readyz))
        .route(paths::METRICS, get(health::metrics))
        .merge(files::router(apis.default.leptos_options()))
        .with_state(apis.clone())
}

/// Routes with layers around them.
pub trait Layered:
    Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static
{
}

impl<S> Layered for S where
    S: Service<Request, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// Everything of one API, at addresses without its mount.
fn api(state: &AppState, apis: &Apis, patience: Duration) -> impl Layered + use<> {
    let anyone = anyone().layer((Extension(apis.clone()), body_timeout::layer(patience)));
    let routes = anyone.merge(passed_on()).with_state(state.clone());
    let routes = routes.fallback_service(rendered(state, apis, patience));
    from_fn_with_state(state.clone(), entrance::layer).layer(routes)
}

/// What is handed on as it comes, to whoever is [`SignedIn`](guard::SignedIn). How long a body may stand still, the
/// settings of the proxy say.
fn passed_on() -> Router<AppState> {
    Router::new()
        .route("/answers/{id}/body", get(answers::body))
        .route("/answers/{id}/file", get(answers::file))
        .route("/answers/{id}/page", get(answers::page))
        .route("/answers/{id}/events", get(answers::events))
        .route("/api/upstream/", any(proxy::any))
        .route("/api/upstream/{*path}", any(proxy::any))
}

/// Pages, and what they call: for whoever has a session.
fn rendered(state: &AppState, apis: &Apis, patience: Duration) -> impl Layered + use<> {
    let routes = Router::new()
        .leptos_routes_with_context(
            state,
            page_routes(state),
            pages::provide_page_context,
            pages::document(state),
        )
        .route(paths::ACCOUNT.as_str(), post(account::post))
        .route(paths::HISTORY.as_str(), post(history::post))
        .route("/operations/{*address}", post(pages::post_operation).layer(DefaultBodyLimit::disable()))
        .route("/api/{server_fn}", post(call_server_fn))
        .fallback(not_found)
        .with_state(state.clone());
    let layers = (
        DefaultBodyLimit::max(LARGEST_BODY),
        body_timeout::layer(patience),
        from_fn(guard::layer),
        Extension(apis.clone()),
        from_fn_with_state(Handle::current(), rendering::layer),
        from_fn(document::layer),
    );
    layers.layer(routes)
}

/// The pages' routes, the same for every API. Listing them keeps resources of the whole process from loading, for good
/// if they are made meanwhile: it must be over before the first page is asked for.
fn page_routes(state: &AppState) -> Vec<AxumRouteListing> {
    static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    let list = || generate_route_list_with_exclusions(pages::document(state), Some(own_handlers()));
    ROUTES.get_or_init(list).clone()
}

/// What the framework would route by itself, and we do.
fn own_handlers() -> Vec<String> {
    let server_fns = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
    server_fns.chain([paths::LOGIN.as_str().to_owned()]).collect()
}

/// What everybody may ask for.
fn anyone() -> Router<AppState> {
    Router::new()
        .route(
            paths::LOGIN.as_str(),
            get(login::get).post(login::post).layer(DefaultBodyLimit::max(LARGEST_OF_ANYBODY)),
        )
        .route(paths::LOGOUT.as_str(), get(logout::get).post(logout::post))
        .route(paths::SESSION, get(metadata::get))
        .route(paths::SESSION_EVENTS, get(session_events::get))
        .route(paths::OIDC_START, get(oidc::start))
        .route(paths::OIDC_CALLBACK, get(oidc::callback))
        .route(paths::OIDC_SIGNED_OUT, get(oidc::signed_out))
        .route(paths::OIDC_FRONTCHANNEL_LOGOUT, get(oidc::frontchannel))
        .route(
            paths::OIDC_BACKCHANNEL_LOGOUT,
            post(oidc::backchannel).layer(DefaultBodyLimit::max(LARGEST_OF_ANYBODY)),
        )
}

/// A call from an open page. No form of ours posts here, so the framework's answer to forms, a redirect to whatever
/// `Referer` says with the error in the address, is not wanted.
async fn call_server_fn(mut request: Request) -> Response {
    request.headers_mut().remove(header::ACCEPT);
    request.headers_mut().remove(header::REFERER);
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, LARGEST_BODY).await {
        Ok(body) => body,
        Err(error) if body_timeout::has_broken_off(&error) => return StatusCode::BAD_REQUEST.into_response(),
        Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
    };
    let request = Request::from_parts(parts, body.into());
    let answer = leptos_axum::handle_server_fns_with_context(pages::provide_page_context, request).await;
    with_status_of_error(answer.into_response()).await
}

/// The framework answers every error of its own with 500; the error itself knows better.
async fn with_status_of_error(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let error = serde_json::from_slice::<ServerFnError>(&body).ok();
    if let Some(status) = error.and_then(|error| StatusCode::from_u16(error.status()).ok()) {
        parts.status = status;
    }
    Response::from_parts(parts, body.into())
}

/// The page that says so, for whatever is at no address above.
async fn not_found(State(state): State<AppState>, request: Request) -> Response {
    pages::render(&state, request).await
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower::ServiceExt;

    use super::*;
    use crate::server::tests::app::App;

    async fn panics() -> StatusCode {
        panic!("on purpose")
    }

    #[tokio::test]
    async fn the_answer_to_a_panic_carries_what_every_answer_does() {
        let app = App::start_with(|settings| {
            settings.server.public_url = Some("https://app.example".parse().unwrap());
        })
        .await;
        let site = surrounded(Router::new().route("/", get(panics)), &app.state);
        let answer = site.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in [
            ("cache-control", "no-store"),
            ("vary", "Cookie"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.headers()[name], value, "{name}");
        }
        for name in ["content-security-policy", "strict-transport-security", "x-request-id"] {
            assert!(answer.headers().contains_key(name), "{name}");
        }
        let body = to_bytes(answer.into_body(), LARGEST_BODY).await.unwrap();
        assert_eq!(body, "Something went wrong on our side.");
    }
}
