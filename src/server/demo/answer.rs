//! What the shop answers: one envelope for success and failure alike.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// The frame of every JSON answer.
#[derive(Serialize, ToSchema)]
pub struct Envelope<T> {
    /// What was asked for.
    pub data: T,
    /// A sentence for people.
    #[schema(example = "OK")]
    pub message: &'static str,
}

impl<T> Envelope<T> {
    pub fn ok(data: T) -> Self {
        Self { data, message: "OK" }
    }
}

impl<T: Serialize> IntoResponse for Envelope<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// `null`, where there is nothing to tell but the message.
#[derive(Serialize)]
pub struct Nothing;

impl PartialSchema for Nothing {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }
}

impl ToSchema for Nothing {}

/// One page of a longer list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Paged<T> {
    pub items: Vec<T>,
    /// Number of this page, from 1.
    #[schema(minimum = 1, example = 1)]
    pub page: usize,
    /// How many items a full page has.
    #[schema(minimum = 1, maximum = 100, example = 10)]
    pub page_size: usize,
    /// How many items there are on all pages together.
    #[schema(example = 24)]
    pub total: usize,
    /// How many pages there are.
    #[schema(example = 3)]
    pub pages: usize,
}

impl<T> Paged<T> {
    /// Cuts one page out of a list. A page after the last one is empty, and no error.
    pub fn cut(all: Vec<T>, page: Option<usize>, page_size: Option<usize>) -> Result<Self, Refusal> {
        let (page, page_size, total) = (page.unwrap_or(1), page_size.unwrap_or(10), all.len());
        let mut errors = FieldErrors::default();
        errors.check(page >= 1, "page", "must be 1 or more");
        errors.check((1..=100).contains(&page_size), "pageSize", "must be between 1 and 100");
        errors.into_result()?;
        let before = page.saturating_sub(1).saturating_mul(page_size);
        let items = all.into_iter().skip(before).take(page_size).collect();
        Ok(Self { items, page, page_size, total, pages: total.div_ceil(page_size) })
    }
}

/// What is wrong with which field, by its path in the request, as in `items[0].quantity`.
#[derive(Debug, Default)]
pub struct FieldErrors(BTreeMap<String, String>);

impl FieldErrors {
    pub fn one(field: impl Into<String>, complaint: impl Into<String>) -> Self {
        Self(BTreeMap::from([(field.into(), complaint.into())]))
    }

    pub fn check(&mut self, good: bool, field: impl Into<String>, complaint: &str) {
        if !good {
            self.0.insert(field.into(), complaint.to_owned());
        }
    }

    pub fn into_result(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self)) }
    }
}

/// The frame of every answer that is not a success.
#[derive(Serialize, ToSchema)]
pub struct Failure {
    /// What a program can do something with, where there is more to say than the status does.
    data: Option<FailureDetail>,
    /// What went wrong, for people.
    #[schema(example = "Some fields need another look")]
    message: String,
}

/// What a program can make use of in a failure.
#[derive(Serialize, ToSchema)]
pub struct FailureDetail {
    /// Error code of RFC 6749, section 5.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "invalid_grant")]
    error: Option<&'static str>,
    /// What is wrong with which field of the request, by its path.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!({"items[0].quantity": "must be between 1 and 10"}))]
    errors: Option<BTreeMap<String, String>>,
}

/// Every way in which the shop says no.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("UnAuthentication")]
    Unauthenticated,
    #[error("The username or the password is wrong")]
    WrongCredentials,
    #[error("The refresh token has expired, or has been used before")]
    InvalidGrant,
    #[error("Only the owner of the shop may open the till")]
    Forbidden,
    #[error("There is no such {0}")]
    NotFound(&'static str),
    #[error("This address does not take that method")]
    MethodNotAllowed,
    #[error("{0}")]
    Conflict(&'static str),
    #[error("That is more than the shop can take at once")]
    TooLarge,
    #[error("{0}")]
    Malformed(String),
    #[error("Some fields need another look")]
    Invalid(FieldErrors),
    #[error("Too many calls; try again in {retry_after} s")]
    TooMany { retry_after: u64 },
    #[error("The till is jammed")]
    Broken,
    #[error("The shop is closed for a moment; try again")]
    Unavailable,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated | Self::WrongCredentials | Self::InvalidGrant => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The header that goes with the status: RFC 9110 wants one on every 401, RFC 6750 says which.
    fn header(&self) -> Option<(header::HeaderName, HeaderValue)> {
        match self {
            Self::Unauthenticated => {
                let challenge = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
                Some((header::WWW_AUTHENTICATE, challenge))
            }
            Self::WrongCredentials | Self::InvalidGrant => {
                Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
            }
            Self::TooMany { retry_after } => Some((header::RETRY_AFTER, HeaderValue::from(*retry_after))),
            _ => None,
        }
    }

    fn into_detail(self) -> Option<FailureDetail> {
        match self {
            Self::InvalidGrant => Some(FailureDetail { error: Some("invalid_grant"), errors: None }),
            Self::Invalid(FieldErrors(errors)) => Some(FailureDetail { error: None, errors: Some(errors) }),
            _ => None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, header, message) = (self.status(), self.header(), self.to_string());
        let failure = Failure { data: self.into_detail(), message };
        let mut response = (status, Json(failure)).into_response();
        response.headers_mut().extend(header);
        response
    }
}
