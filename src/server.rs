//! The server: everything that never reaches a browser.

pub mod account;
pub mod answers;
pub mod assets;
mod audit;
pub mod caller;
pub mod cli;
mod client_address;
pub mod config;
pub mod console;
mod demo;
pub mod document;
pub mod drafts;
pub mod error;
pub mod history;
pub mod items;
pub mod json_schema;
mod logging;
pub mod logout;
pub mod middleware;
pub mod origin;
pub mod posted;
mod redaction;
pub mod request;
pub mod return_to;
pub mod router;
pub mod routes;
pub mod session;
pub mod sign_in;
mod start;
pub mod state;
mod to_the_end;
pub mod trace;
pub mod upstream;

#[cfg(test)]
mod tests;

pub use start::{Application, StartError};
