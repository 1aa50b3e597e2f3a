//! Sales by day: invented, but always the same for the same day.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shop;
use super::answer::{Envelope, Failure, FieldErrors, Refusal};
use super::extract::Query;
use super::seed::{noise, today};

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new().routes(routes!(daily))
}

/// What the shop sold on one day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SalesDay {
    #[schema(example = "2026-03-02")]
    date: Date,
    /// How many orders came in.
    #[schema(minimum = 0, example = 47)]
    orders: u32,
    /// What they came to, in euro cents.
    #[schema(minimum = 0, example = 118_440)]
    revenue_cents: u32,
}

impl SalesDay {
    fn on(date: Date) -> Self {
        let usual = match date.weekday() {
            Weekday::Sunday => 18,
            Weekday::Saturday => 52,
            _ => 34,
        };
        let gifts =
            if date.month() == 12 && date.day() <= 24 { u32::from(date.day().unsigned_abs()) } else { 0 };
        let orders = usual + gifts + noise(&format!("{date} orders"), 16);
        let revenue_cents = orders * (1900 + noise(&format!("{date} basket"), 900));
        Self { date, orders, revenue_cents }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Period {
    /// The first day; without it, four weeks before the last.
    from: Option<Date>,
    /// The last day; without it, today. The future has no sales yet.
    to: Option<Date>,
}

impl Period {
    /// The days asked for, at most a year of them.
    fn days(&self) -> Result<impl Iterator<Item = Date> + use<>, Refusal> {
        let to = self.to.unwrap_or_else(today);
        let from = self.from.unwrap_or_else(|| to.saturating_sub(27.days()));
        let mut errors = FieldErrors::default();
        errors.check(from <= to, "from", "must not be after “to”");
        errors.check((to - from).get_days() <= 366, "to", "must be within a year of “from”");
        errors.into_result()?;
        let last = to.min(today());
        Ok(from.series(1.day()).take_while(move |day| *day <= last))
    }
}

/// Sales by day
///
/// One entry for each day of the period, oldest first; at most a year.
#[utoipa::path(
    get, path = "/sales/daily", operation_id = "dailySales", tag = "Sales", params(Period),
    responses(
        (status = 200, description = "The days", body = Envelope<Vec<SalesDay>>),
        (status = 400, description = "A parameter is not a date", body = Failure),
        (status = 422, description = "The period is too long, or ends before it begins", body = Failure),
    )
)]
async fn daily(Query(period): Query<Period>) -> Result<Envelope<Vec<SalesDay>>, Refusal> {
    Ok(Envelope::ok(period.days()?.map(SalesDay::on).collect()))
}
