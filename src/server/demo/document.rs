//! The routes of the shop, and the description generated from them that `/openapi.json` answers.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::{Tag, TagBuilder};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, Info, InfoBuilder, OpenApi, OpenApiBuilder, Ref, ResponseBuilder,
    Server,
};
use utoipa_axum::router::OpenApiRouter;

use super::{Shop, account, books, files, orders, paper, sales, stock, till, trouble};

const DESCRIPTION: &str = "\
A small bookshop to try a console on: books with covers, orders, sales by day, files, and endpoints that misbehave \
on purpose.

Sign in as `demo` with the password `demo`, or as `ada` or `grace` in the same way. Access tokens live for a few \
minutes; refresh tokens can be used once. Every JSON answer is `{data, message}`. Money is in euro cents, and \
times are in UTC. What you change is kept in memory, and gone when the shop closes.";

const TAGS: [(&str, &str); 7] = [
    ("Books", "What stands on the shelves."),
    ("Orders", "What you have ordered, and would like to."),
    ("Sales", "How the shop is doing."),
    ("Stock", "What lies in the stockroom."),
    ("Files", "What you have left with the shop."),
    ("Account", "Who you are, and the tokens that say so."),
    ("Trouble", "Endpoints that misbehave on purpose, each in one way."),
];

/// All routes: those that need a good access token, and those that cannot.
pub fn routes(shop: &Arc<Shop>) -> OpenApiRouter<Arc<Shop>> {
    let guarded = OpenApiRouter::with_openapi(description())
        .merge(books::routes())
        .merge(orders::routes())
        .merge(paper::routes())
        .merge(sales::routes())
        .merge(till::routes())
        .merge(stock::routes())
        .merge(files::routes())
        .merge(account::routes())
        .merge(trouble::routes())
        .route_layer(from_fn_with_state(Arc::clone(shop), account::require_bearer));
    guarded.merge(books::public_routes()).merge(account::public_routes())
}

/// The route at which the document is served; anybody may read it.
pub fn serve(mut api: OpenApi) -> Router<Arc<Shop>> {
    api.paths.paths.values_mut().flat_map(operations).for_each(add_refusal);
    let json = serde_json::to_string(&api).unwrap_or_default();
    let answer = move || std::future::ready(([(header::CONTENT_TYPE, "application/json")], json.clone()));
    Router::new().route("/openapi.json", get(answer))
}

fn description() -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The access token that signing in answers."))
        .build();
    let components = ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .response("Unauthenticated", unauthenticated())
        .build();
    OpenApiBuilder::new()
        .info(info())
        .servers(Some([Server::new("/")]))
        .tags(Some(TAGS.map(tag)))
        .components(Some(components))
        .security(Some([SecurityRequirement::new("bearer", [""; 0])]))
        .build()
}

fn info() -> Info {
    InfoBuilder::new().title("Bookshop").version("1.0.0").description(Some(DESCRIPTION)).build()
}

fn tag((name, description): (&str, &str)) -> Tag {
    TagBuilder::new().name(name).description(Some(description)).build()
}

fn unauthenticated() -> utoipa::openapi::Response {
    let challenge =
        HeaderBuilder::new().description(Some("`Bearer error=\"invalid_token\"`, as in RFC 6750")).build();
    let failure = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Failure")))
        .example(Some(serde_json::json!({"data": null, "message": "UnAuthentication"})))
        .build();
    ResponseBuilder::new()
        .description("The access token is missing, has expired, or was never given out")
        .header("WWW-Authenticate", challenge)
        .content("application/json", failure)
        .build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.delete].into_iter().flatten()
}

/// Says of every operation that needs a token how it answers without one, as the guard in front of it does.
fn add_refusal(operation: &mut Operation) {
    if operation.security.is_none() {
        let refusal = Ref::from_response_name("Unauthenticated").into();
        operation.responses.responses.insert("401".to_owned(), refusal);
    }
}
