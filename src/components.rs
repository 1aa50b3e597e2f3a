//! Pieces that know the router, the session or the API's document. They are rendered on the server only.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the view macro calls components, and gives them their properties by value"
)]

pub mod answer;
pub mod apis;
pub mod browser_code;
pub mod document_head;
pub mod finding;
pub mod glance;
pub mod operation_header;
pub mod operation_link;
pub mod operation_panel;
pub mod outdated;
pub mod page;
pub mod past_request;
pub mod problem;
pub mod prose;
pub mod recently_used;
pub mod request_form;
pub mod request_preview;
pub mod responses;
pub mod sign_out;
pub mod text;
pub mod time;
