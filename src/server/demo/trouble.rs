//! Endpoints that misbehave on purpose, each in one way, as real APIs do.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::State;
use axum::response::Html;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{Envelope, Failure, FieldErrors, Nothing, Refusal};
use super::extract::Query;
use super::tokens::Caller;
use super::{Shop, lock};

/// How many calls to the limited endpoint each person has in one window.
const CALLS: u32 = 5;
const WINDOW: Duration = Duration::from_secs(10);

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new()
        .routes(routes!(slow))
        .routes(routes!(flaky))
        .routes(routes!(limited))
        .routes(routes!(soft_401))
        .routes(routes!(forbidden))
        .routes(routes!(broken))
        .routes(routes!(html))
}

/// What the endpoints remember from call to call.
#[derive(Default)]
pub struct Trouble {
    flaky_calls: AtomicU64,
    windows: Mutex<HashMap<u32, Window>>,
}

/// The calls of one person since a moment.
struct Window {
    since: Instant,
    calls: u32,
}

impl Trouble {
    /// Counts a call, and says how many the person has left.
    fn admit(&self, person: u32) -> Result<u32, Refusal> {
        let mut windows = lock(&self.windows);
        let window = windows.entry(person).or_insert_with(|| Window { since: Instant::now(), calls: 0 });
        if window.since.elapsed() >= WINDOW {
            *window = Window { since: Instant::now(), calls: 0 };
        }
        let wait = WINDOW.saturating_sub(window.since.elapsed());
        let left = CALLS.checked_sub(window.calls + 1);
        let retry_after = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let left = left.ok_or(Refusal::TooMany { retry_after })?;
        window.calls += 1;
        Ok(left)
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Delay {
    /// How long to wait, in seconds.
    #[param(minimum = 0, maximum = 30, default = 3)]
    seconds: Option<u64>,
}

/// What came of a wait.
#[derive(Serialize, ToSchema)]
struct Waited {
    /// How long it took, in seconds.
    #[schema(example = 3)]
    seconds: u64,
}

/// What came of trying.
#[derive(Serialize, ToSchema)]
struct Attempt {
    /// How often anybody has tried.
    #[schema(example = 2)]
    attempt: u64,
}

/// What is left of an allowance.
#[derive(Serialize, ToSchema)]
struct Allowance {
    /// How many calls are left in this window.
    #[schema(minimum = 0, maximum = 4, example = 4)]
    left: u32,
}

/// Answer slowly
#[utoipa::path(
    get, path = "/slow", operation_id = "waitForIt", tag = "Trouble", params(Delay),
    responses(
        (status = 200, description = "At last", body = Envelope<Waited>),
        (status = 400, description = "That is no number of seconds", body = Failure),
        (status = 422, description = "That is too long", body = Failure),
    )
)]
async fn slow(Query(delay): Query<Delay>) -> Result<Envelope<Waited>, Refusal> {
    let seconds = delay.seconds.unwrap_or(3);
    let mut errors = FieldErrors::default();
    errors.check(seconds <= 30, "seconds", "must be between 0 and 30");
    errors.into_result()?;
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    Ok(Envelope { data: Waited { seconds }, message: "Thank you for waiting" })
}

/// Fail every other time
#[utoipa::path(
    get, path = "/flaky", operation_id = "tryYourLuck", tag = "Trouble",
    responses(
        (status = 200, description = "Every second call", body = Envelope<Attempt>),
        (status = 503, description = "Every call between", body = Failure),
    )
)]
async fn flaky(State(shop): State<Arc<Shop>>) -> Result<Envelope<Attempt>, Refusal> {
    let attempt = shop.trouble.flaky_calls.fetch_add(1, Ordering::Relaxed) + 1;
    if attempt.is_multiple_of(2) { Ok(Envelope::ok(Attempt { attempt })) } else { Err(Refusal::Unavailable) }
}

/// Answer five calls in ten seconds
#[utoipa::path(
    get, path = "/limited", operation_id = "callLimited", tag = "Trouble",
    responses(
        (status = 200, description = "Within the limit", body = Envelope<Allowance>),
        (status = 429, description = "Over the limit", body = Failure,
            headers(("Retry-After" = u64, description = "When to try again, in seconds"))),
    )
)]
async fn limited(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
) -> Result<Envelope<Allowance>, Refusal> {
    let left = shop.trouble.admit(caller.person.id)?;
    Ok(Envelope::ok(Allowance { left }))
}

/// Say 401 in words only
///
/// The status is 200, but the message says that the token is dead, as some older APIs do it.
#[utoipa::path(
    get, path = "/soft-401", operation_id = "softUnauthorized", tag = "Trouble",
    responses((status = 200, description = "A refusal in disguise", body = Envelope<Nothing>,
        example = json!({"data": null, "message": "UnAuthentication"})))
)]
async fn soft_401() -> Envelope<Nothing> {
    Envelope { data: Nothing, message: "UnAuthentication" }
}

/// Open the till
///
/// Nobody may. It says nothing about the token.
#[utoipa::path(
    get, path = "/forbidden", operation_id = "openTill", tag = "Trouble",
    responses((status = 403, description = "Not for you", body = Failure))
)]
async fn forbidden() -> Refusal {
    Refusal::Forbidden
}

/// Break down
#[utoipa::path(
    get, path = "/broken", operation_id = "breakDown", tag = "Trouble",
    responses((status = 500, description = "As it says", body = Failure))
)]
async fn broken() -> Refusal {
    Refusal::Broken
}

/// Promise JSON and answer HTML
#[utoipa::path(
    get, path = "/html", operation_id = "promiseJson", tag = "Trouble",
    responses((status = 200, description = "What is promised, but not what comes", body = Envelope<Attempt>))
)]
async fn html() -> Html<&'static str> {
    Html("<!doctype html><html lang=en><title>Maintenance</title><h1>We are painting the shop</h1></html>\n")
}
