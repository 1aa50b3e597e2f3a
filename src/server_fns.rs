//! The contract between browser and server: extract, authorise, call, map.
//!
//! During server rendering these are plain calls. From the browser they go through [`SessionClient`], the one client
//! that every `#[server]` names: it looks at the status itself, because the framework's own client decodes an error
//! before it looks at anything else.

pub mod home;
pub mod operations;
pub mod session;

mod client;

pub use client::SessionClient;
