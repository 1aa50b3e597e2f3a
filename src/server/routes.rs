//! What answers without the Leptos router: one file per endpoint.

pub mod account;
pub mod answers;
pub mod files;
pub mod health;
pub mod history;
pub mod login;
pub mod logout;
pub mod notice;
pub mod oidc;
pub mod pages;
pub mod proxy;
mod query;
pub mod session;
pub mod session_events;
mod sse;
