//! Vestibule: a signed-in front door for a JSON API.
//!
//! People sign in; the server keeps their tokens; every call to the API goes through one fetch wrapper on the server;
//! and a 401 from the API ends the session cleanly, wherever it turns up.
//!
//! # The path of a request
//!
//! ```text
//! browser
//!   │ GET /account (document)      │ POST /api/check_session (script)     │ POST /operations/… (form)
//!   ▼                              ▼                                      ▼
//! server::middleware      request id → security headers → cross-site check → session → guard
//!   ▼
//! pages                   a blocking resource
//!   ▼
//! server_fns              extract, authorise, call, map
//!   ▼
//! server::upstream        bearer · timeouts · body limit
//!   ▼ 200: a typed value           ▼ 401: refresh once, retry once, verdict
//!                                  ▼
//!                           server::logout     the session ends in the store, then
//!                           logout::answer     303 to /api/logout, a marker in the stream, or a 401 for scripts
//! ```
//!
//! # Where code runs
//!
//! Pages are rendered on the server only. The browser gets the islands, the client of the server functions and the
//! navigation between pages; everything gated below never reaches it. `src/browser` is where the browser starts: a
//! crate of its own, because only a `cdylib` that is nothing else is optimised at link time, which makes the
//! WebAssembly a quarter smaller.

#![recursion_limit = "256"]

pub mod client;
pub mod error;
pub mod islands;
pub mod json_pointer;
pub mod openapi;
pub mod paths;
pub mod server_fns;
pub mod types;
pub mod ui;

#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod reading;
#[cfg(feature = "ssr")]
pub mod server;
