//! Orders: each person sees their own.

mod store;
mod wish;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::store::Orders;
use self::wish::{Address, OrderWish, Payment};
use super::answer::{Envelope, Failure, FieldErrors, Paged, Refusal};
use super::extract::{Body, Path, Query};
use super::seed::date_of;
use super::tokens::Caller;
use super::{Shop, lock};

pub fn routes() -> OpenApiRouter<Arc<Shop>> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(order)).routes(routes!(cancel))
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    Placed,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
}

/// An order.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    #[schema(minimum = 1001, example = 1001)]
    id: u32,
    status: OrderStatus,
    placed_at: Timestamp,
    lines: Vec<OrderLine>,
    /// What all of it costs, in euro cents.
    #[schema(minimum = 0, example = 2180)]
    total_cents: u32,
    /// Where news of the order goes.
    #[schema(format = Email, example = "demo@bookshop.example")]
    email: String,
    ship_to: Address,
    payment: Payment,
    gift_wrap: bool,
    /// The day it should arrive, where one was asked for.
    deliver_on: Option<Date>,
    note: Option<String>,
}

/// One title in an order.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    #[schema(minimum = 1, example = 5)]
    book_id: u32,
    #[schema(value_type = String, example = "The Adventures of Sherlock Holmes")]
    title: &'static str,
    #[schema(minimum = 1, maximum = 10, example = 2)]
    quantity: u32,
    /// What one of them costs, in euro cents.
    #[schema(minimum = 0, example = 1090)]
    price_cents: u32,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct OrderFilter {
    /// Only orders that have come this far.
    #[param(inline)]
    status: Option<OrderStatus>,
    /// Only orders placed on this day or later.
    from: Option<Date>,
    /// Only orders placed on this day or earlier.
    to: Option<Date>,
    /// Which page, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<usize>,
    /// How many orders to a page.
    #[param(minimum = 1, maximum = 100, default = 10)]
    page_size: Option<usize>,
}

impl OrderFilter {
    fn admits(&self, order: &Order) -> bool {
        let day = date_of(order.placed_at);
        self.status.is_none_or(|status| status == order.status)
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
struct IdempotencyKey {
    /// A text of your own that tells this order from others.
    #[param(rename = "Idempotency-Key", nullable = false, max_length = 64, example = "2b1f0c")]
    key: Option<String>,
}

impl IdempotencyKey {
    fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        let key =
            headers.get("idempotency-key").map(|key| String::from_utf8_lossy(key.as_bytes()).into_owned());
        let mut errors = FieldErrors::default();
        let fits = key.as_ref().is_none_or(|key| key.len() <= 64);
        errors.check(fits, "Idempotency-Key", "must have 64 characters at most");
        errors.into_result().map(|()| Self { key })
    }
}

/// List my orders
///
/// The newest first.
#[utoipa::path(
    get, path = "/orders", operation_id = "listOrders", tag = "Orders", params(OrderFilter),
    responses(
        (status = 200, description = "One page of orders", body = Envelope<Paged<Order>>),
        (status = 400, description = "A parameter cannot be read", body = Failure),
        (status = 422, description = "A parameter is out of range", body = Failure),
    )
)]
async fn list(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
    Query(filter): Query<OrderFilter>,
) -> Result<Envelope<Paged<Order>>, Refusal> {
    let orders = lock(&shop.orders);
    let mine = orders.of(caller.person).filter(|order| filter.admits(order)).cloned().collect();
    Paged::cut(mine, filter.page, filter.page_size).map(Envelope::ok)
}

/// Show one of my orders
#[utoipa::path(
    get, path = "/orders/{id}", operation_id = "getOrder", tag = "Orders",
    params(("id" = u32, Path, description = "Number of the order", minimum = 1001, example = 1001)),
    responses(
        (status = 200, description = "The order", body = Envelope<Order>),
        (status = 404, description = "There is no such order of yours", body = Failure),
    )
)]
async fn order(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<u32>,
) -> Result<Envelope<Order>, Refusal> {
    let orders = lock(&shop.orders);
    let order = orders.of(caller.person).find(|order| order.id == id).cloned();
    order.map(Envelope::ok).ok_or(Refusal::NotFound("order"))
}

/// Place an order
///
/// With an `Idempotency-Key`, the same call can be sent again without ordering twice: the order of the first call
/// is answered.
#[utoipa::path(
    post, path = "/orders", operation_id = "createOrder", tag = "Orders",
    params(IdempotencyKey),
    request_body = OrderWish,
    responses(
        (status = 201, description = "The order is placed", body = Envelope<Order>),
        (status = 400, description = "The body is not JSON", body = Failure),
        (status = 422, description = "Some fields are not right", body = Failure, example = json!({
            "data": {"errors": {"items[0].quantity": "must be between 1 and 10"}},
            "message": "Some fields need another look"
        })),
    )
)]
async fn create(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Body(wish): Body<OrderWish>,
) -> Result<(StatusCode, Envelope<Order>), Refusal> {
    let IdempotencyKey { key } = IdempotencyKey::read(&headers)?;
    let lines = wish.lines()?;
    let order = lock(&shop.orders).place(caller.person, key, wish, lines);
    Ok((StatusCode::CREATED, Envelope { data: order, message: "Thank you for your order" }))
}

/// Cancel an order
///
/// As long as it has not left the shop.
#[utoipa::path(
    post, path = "/orders/{id}/cancel", operation_id = "cancelOrder", tag = "Orders",
    params(("id" = u32, Path, description = "Number of the order", minimum = 1001, example = 1001)),
    responses(
        (status = 200, description = "The order is cancelled", body = Envelope<Order>),
        (status = 404, description = "There is no such order of yours", body = Failure),
        (status = 409, description = "It is too late", body = Failure),
    )
)]
async fn cancel(
    State(shop): State<Arc<Shop>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<u32>,
) -> Result<Envelope<Order>, Refusal> {
    let order = lock(&shop.orders).cancel(caller.person, id)?;
    Ok(Envelope { data: order, message: "Your order is cancelled" })
}
