//! The whole stack of layers on one page, outermost first.
//!
//! | layer | what it does |
//! |---|---|
//! | [`log`] | request id, one line per request |
//! | [`retry_after`] | says with every 503 when to come back |
//! | [`security_headers`] | Content-Security-Policy and its kin, `no-store` on everything that is not a file |
//! | [`log::panicked`] | a panic becomes a 500 |
//! | [`entrance`] | what every request to an API goes through, in three steps: |
//! | · [`cross_site`] | refuses what another site makes a browser send |
//! | · [`session`] | loads the session, once; makes the [`RequestContext`](super::request::RequestContext) |
//! | · [`super::logout::answer`] | tells the browser when the session ended on the way |
//! | [`body_timeout`] | lets a body break off of which nothing more comes; not one that the proxy passes on |
//! | [`guard`] | turns away whoever has no session, before anything is rendered |
//! | [`rendering`] | gives pages to the runtime that all threads share |
//! | [`document`] | has the API's document ready, where it differs from person to person |

pub mod body_timeout;
pub mod cross_site;
pub mod document;
pub mod entrance;
pub mod guard;
pub mod log;
pub mod mount;
mod refusal;
pub mod rendering;
pub mod retry_after;
pub mod security_headers;
pub mod session;
