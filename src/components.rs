//! Pieces that know the router, the session or the API's document.

pub mod operation_panel;
pub mod page;
