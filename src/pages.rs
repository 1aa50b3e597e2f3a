//! One file per page. A page asks its server functions and shows what they say.

mod account;
mod home;
mod login;
mod not_found;
pub mod notice;
mod operation;
mod operations;

pub use account::AccountPage;
pub use home::HomePage;
pub use login::LoginPage;
pub use not_found::NotFoundPage;
pub use operation::OperationPage;
pub use operations::OperationsPage;
