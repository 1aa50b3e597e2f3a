//! In-process tests of the whole application, over real sockets: browser's requests on one side, a scripted upstream
//! on the other.

#![expect(clippy::disallowed_methods, reason = "these are browsers and upstreams, not the server")]

mod account;
mod addresses;
mod answers;
mod apis;
mod apis_differ;
pub mod app;
mod asking;
mod brake;
mod conventions;
mod cookies;
mod corpus;
mod cross_site;
mod document_access;
mod document_versions;
mod documents;
mod drafts;
mod ends;
mod files;
mod finding;
mod forms;
mod guard;
mod history;
mod issuer;
mod lingering;
mod logout;
mod odd_answers;
mod oidc;
mod paging;
mod proxy;
pub mod redis_server;
mod refresh;
mod revocation;
mod servers;
mod session_events;
mod sign_in;
mod sign_in_limits;
mod slow_answers;
mod swagger2;
mod traces;
mod unknown_names;
mod upstream;
mod verdict;
mod wrapper;
