//! The parts of a page that are alive in the browser. Everything else is HTML from the server, and works without them.

mod operation_search;
mod send_form;
mod session_watch;

pub use operation_search::OperationSearch;
pub use send_form::SendForm;
pub use session_watch::SessionWatch;
