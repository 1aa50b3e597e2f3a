//! What lies in the stockroom: a wide table, and a list as long as one likes.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header;
use axum::response::IntoResponse;
use futures::stream;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Shop;
use super::answer::{Envelope, Failure, FieldErrors, Refusal};
use super::catalogue::{CATALOGUE, Volume};
use super::extract::Query;
use super::seed::{noise, today};

const MOST_MOVEMENTS: u64 = 2_000_000;
/// Movements of one part of the answer.
const PART: u64 = 500;

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new().routes(routes!(stock)).routes(routes!(movements))
}

/// All that the stockroom knows of a book.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct StockItem {
    id: u32,
    #[schema(example = "Moby-Dick")]
    title: &'static str,
    #[schema(example = "Herman Melville")]
    author: &'static str,
    /// Room, rack and board.
    shelf: Shelf,
    /// Thirteen digits.
    #[schema(example = 9_780_000_000_017_u64)]
    ean: u64,
    stock: u32,
    reserved: u32,
    /// Below this, more are ordered.
    reorder_at: u32,
    price_cents: u32,
    cost_cents: u32,
    /// In grams.
    weight: u32,
    /// In millimetres: width, height, depth.
    size: [u32; 3],
    pages: u16,
    language: &'static str,
    rating: f32,
    supplier: Supplier,
    counted_on: Date,
    fragile: bool,
    note: Option<&'static str>,
}

#[derive(Serialize, ToSchema)]
struct Shelf {
    #[schema(example = "B")]
    room: char,
    rack: u32,
    board: u32,
}

#[derive(Serialize, ToSchema)]
struct Supplier {
    #[schema(example = "Paper & Thread")]
    name: &'static str,
    #[schema(format = "email", example = "orders@paper-and-thread.example")]
    email: &'static str,
    #[schema(format = "uri", example = "https://paper-and-thread.example/")]
    site: &'static str,
}

impl From<&Volume> for StockItem {
    fn from(volume: &Volume) -> Self {
        let dice = |what: &str, limit| noise(&format!("{} {what}", volume.title), limit);
        let supplier = if dice("supplier", 2) == 0 {
            Supplier {
                name: "Paper & Thread",
                email: "orders@paper-and-thread.example",
                site: "https://paper-and-thread.example/",
            }
        } else {
            Supplier {
                name: "Ink Row",
                email: "hello@ink-row.example",
                site: "https://ink-row.example/trade",
            }
        };
        Self {
            id: volume.id,
            title: volume.title,
            author: volume.author,
            shelf: Shelf {
                room: if volume.stock > 20 { 'A' } else { 'B' },
                rack: 1 + dice("rack", 12),
                board: 1 + dice("board", 6),
            },
            ean: 9_780_000_000_000 + u64::from(volume.id) * 17,
            stock: volume.stock,
            reserved: dice("reserved", volume.stock.max(1)),
            reorder_at: 5 + dice("reorder", 10),
            price_cents: volume.price_cents,
            cost_cents: volume.price_cents * 6 / 10,
            weight: u32::from(volume.pages) * 9 / 10,
            size: [128, 198, u32::from(volume.pages) / 18],
            pages: volume.pages,
            language: volume.language,
            rating: volume.rating,
            supplier,
            counted_on: today().saturating_sub(jiff::Span::new().days(dice("counted", 90))),
            fragile: dice("fragile", 5) == 0,
            note: (volume.stock == 0).then_some("Ask the supplier again"),
        }
    }
}

/// One book that came or went.
#[derive(Serialize, ToSchema)]
struct Movement {
    number: u64,
    on: Date,
    title: &'static str,
    /// More than nothing when books came.
    quantity: i64,
    reason: &'static str,
    by: &'static str,
    reference: String,
}

impl Movement {
    fn new(number: u64, today: Date) -> Self {
        // A cheap mixture, always the same for the same number: there may be millions of them.
        let mix = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let pick = |shift: u32, limit: u64| (mix >> shift) % limit;
        let at = |shift, length: usize| usize::try_from(pick(shift, length as u64)).unwrap_or_default();
        let reasons = ["sale", "sale", "sale", "delivery", "return", "count"];
        let people = ["ada", "grace", "demo"];
        let days = i64::try_from(number / 200).unwrap_or(i64::MAX).min(3650);
        Self {
            number,
            on: today.saturating_sub(jiff::Span::new().days(days)),
            title: CATALOGUE.get(at(40, CATALOGUE.len())).map_or("", |volume| volume.title),
            quantity: i64::try_from(pick(20, 21)).unwrap_or_default() - 10,
            reason: reasons.get(at(10, reasons.len())).copied().unwrap_or_default(),
            by: people.get(at(30, people.len())).copied().unwrap_or_default(),
            reference: format!("{:08x}-{number}", mix >> 32),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct HowMany {
    /// How many movements; a thousand are about 130 kB.
    #[param(minimum = 1, maximum = 2_000_000, default = 1000, example = 1000)]
    count: Option<u64>,
}

/// List the stock
///
/// Everything the stockroom knows of every title: a wide table.
#[utoipa::path(
    get, path = "/stock", operation_id = "listStock", tag = "Stock",
    responses((status = 200, description = "The stock", body = Envelope<Vec<StockItem>>))
)]
async fn stock() -> Envelope<Vec<StockItem>> {
    Envelope::ok(CATALOGUE.iter().map(StockItem::from).collect())
}

/// List movements
///
/// What came and went, newest first: up to two million of them, sent as they are made.
#[utoipa::path(
    get, path = "/stock/movements", operation_id = "listMovements", tag = "Stock", params(HowMany),
    responses(
        (status = 200, description = "The movements", body = Vec<Movement>),
        (status = 400, description = "That is no number", body = Failure),
        (status = 422, description = "That is too many", body = Failure),
    )
)]
async fn movements(Query(wanted): Query<HowMany>) -> Result<impl IntoResponse, Refusal> {
    let count = wanted.count.unwrap_or(1000);
    let mut errors = FieldErrors::default();
    errors.check((1..=MOST_MOVEMENTS).contains(&count), "count", "must be between 1 and 2000000");
    errors.into_result()?;
    let today = today();
    let parts = (0..count.div_ceil(PART)).map(move |part| {
        let rows = (part * PART..count.min((part + 1) * PART)).map(|at| row(at, today));
        let end = if (part + 1) * PART >= count { "]" } else { "" };
        Ok::<_, Infallible>(rows.collect::<String>() + end)
    });
    Ok(([(header::CONTENT_TYPE, "application/json")], Body::from_stream(stream::iter(parts))))
}

fn row(at: u64, today: Date) -> String {
    let before = if at == 0 { "[" } else { "," };
    let row = serde_json::to_string(&Movement::new(at + 1, today)).unwrap_or_default();
    format!("{before}{row}")
}
