//! One file per page. A page asks its server functions and shows what they say.

use http::request::Parts;
use leptos::prelude::use_context;

mod account;
mod answer;
mod history;
mod home;
mod login;
mod not_found;
pub mod notice;
mod operation;
mod operations;

pub use account::AccountPage;
pub use answer::AnswerPage;
pub use history::{ComparisonPage, HistoryPage, PastRequestPage};
pub use home::HomePage;
pub use login::LoginPage;
pub use not_found::NotFoundPage;
pub use operation::OperationPage;
pub use operations::OperationsPage;

/// The path of the request's address, as it came.
fn path() -> String {
    use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default()
}

/// The query of the request's address, as it came.
fn query() -> String {
    let parts = use_context::<Parts>();
    parts.and_then(|parts| parts.uri.query().map(str::to_owned)).unwrap_or_default()
}
