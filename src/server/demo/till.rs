//! The till, as it rings: events that come one after the other.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use futures::{Stream, StreamExt, stream};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shop;
use super::answer::{Failure, FieldErrors, Refusal};
use super::catalogue::CATALOGUE;
use super::extract::Query;
use super::seed::{noise, now};

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new().routes(routes!(watch))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Pace {
    /// How many sales.
    #[param(minimum = 1, maximum = 1000, default = 20, example = 20)]
    count: Option<u32>,
    /// How long from one to the next, in milliseconds.
    #[param(minimum = 1, maximum = 10_000, default = 1000)]
    every: Option<u64>,
}

/// Watch the till
///
/// Each sale as it is rung up, as server-sent events.
#[utoipa::path(
    get, path = "/till/events", operation_id = "watchTheTill", tag = "Sales", params(Pace),
    responses(
        (status = 200, description = "The sales", body = String, content_type = "text/event-stream"),
        (status = 400, description = "That is no number", body = Failure),
        (status = 422, description = "That is too many, or too slow", body = Failure),
    )
)]
async fn watch(
    Query(pace): Query<Pace>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let (count, every) = (pace.count.unwrap_or(20), pace.every.unwrap_or(1000));
    let mut errors = FieldErrors::default();
    errors.check((1..=1000).contains(&count), "count", "must be between 1 and 1000");
    errors.check((1..=10_000).contains(&every), "every", "must be between 1 and 10000");
    errors.into_result()?;
    let sales = stream::iter(1..=count).then(move |number| async move {
        if number > 1 {
            tokio::time::sleep(Duration::from_millis(every)).await;
        }
        Ok(sale(number))
    });
    Ok(Sse::new(sales))
}

fn sale(number: u32) -> Event {
    let book = usize::try_from(noise(&format!("sale {number}"), 24)).ok().and_then(|at| CATALOGUE.get(at));
    let (title, cents) = book.map_or(("", 0), |volume| (volume.title, volume.price_cents));
    let data = json!({ "number": number, "at": now(), "title": title, "cents": cents });
    Event::default().event("sale").id(number.to_string()).data(data.to_string())
}
