//! The only error that crosses to the browser.
//!
//! Which error to use where:
//! - inside the server: the narrow type of the module at hand (`StoreError`, `Failure`, …), with its sources;
//! - at the edge, in a server function: this type, made only in `server::error`, which also logs the cause once;
//! - in a page: matched, and shown by `components::problem`.
//!
//! It holds codes and words for people. It never holds a token, an address inside the network, or a Rust error's text.

use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// Why a server function has no result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ServerFnError {
    /// The session is over. The one client of the server functions leaves for the logout route when it sees the
    /// status; whoever gets this value has nothing more to do.
    #[error("Your session has ended.")]
    Unauthorized,
    /// The API said no (4xx), in its own words.
    #[error("{message}")]
    Refused { status: u16, message: String },
    /// The API could not be asked, or not understood. The person is still signed in.
    #[error("{}", .0.sentence())]
    Transient(Transient),
    /// What was sent cannot be used, field by field.
    #[error("Some fields need another look.")]
    Invalid(Vec<FieldProblem>),
    /// More was sent than is taken at once.
    #[error("This is more than can be sent at once, so nothing was sent. Shorten it, or send it as a file.")]
    TooLarge,
    /// There is no such thing here.
    #[error("There is nothing at this address.")]
    NotFound,
    /// Vestibule itself could not be reached or understood from the browser.
    #[error("Vestibule could not be reached. Check the connection and try again.")]
    Connection,
    /// Our own fault. The log has the cause under this request id.
    #[error("Something went wrong on our side. If it goes on, mention {request_id}.")]
    Internal { request_id: String },
}

/// A failure that says nothing about the session and may pass by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transient {
    /// No connection, or it broke.
    Unreachable,
    /// No whole answer within `upstream.timeout`.
    TimedOut,
    /// An answer larger than `upstream.max_body`.
    TooLarge,
    /// An answer that should be JSON and is not.
    NotJson,
    /// JSON of another shape than was expected.
    Unexpected,
    /// An answer that ended before its end.
    BrokeOff,
    /// An answer that is not compressed as it says.
    Garbled,
    /// The API failed by its own account.
    Failed { status: u16, message: String },
    /// The API refuses so many people at once that Vestibule waits before it believes it.
    Braked,
    /// The session store cannot be reached.
    Store,
    /// The path would leave the API's base URL, or a header cannot be sent.
    BadCall,
    /// The token had to be renewed after the body was sent, and nothing of the body was kept.
    BodySpent,
    /// There is no document of the API to go by; and why, once that is known.
    NoDocument(Option<String>),
}

/// One field that needs another look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The input's name.
    pub field: String,
    /// What is wrong with it, for people.
    pub message: String,
}

impl Transient {
    /// What happened, for people.
    pub fn sentence(&self) -> String {
        match self {
            Self::Unreachable => "The API cannot be reached right now.".into(),
            Self::TimedOut => "The API did not answer in time.".into(),
            Self::TooLarge => "The API's answer is larger than this site accepts.".into(),
            Self::NotJson => "The API did not answer with JSON.".into(),
            Self::Unexpected => "The API's answer has a shape that this site does not know.".into(),
            Self::BrokeOff => "The API’s answer broke off before its end.".into(),
            Self::Garbled => "The API’s answer is not compressed as it says.".into(),
            Self::Failed { message, status } => format!("The API failed ({status}): {message}"),
            Self::Braked => {
                "The API is refusing everybody right now, so this site waits before it believes it.".into()
            }
            Self::Store => "The sessions cannot be read right now.".into(),
            Self::BadCall => "That call cannot be sent.".into(),
            Self::BodySpent => "The access token had to be renewed. Send the same again.".into(),
            Self::NoDocument(None) => "The API’s document has not been read yet. That takes a moment.".into(),
            Self::NoDocument(Some(why)) => {
                format!("The API’s document cannot be read: {why}. It is tried again by itself.")
            }
        }
    }

    /// The kind, as a label for logs and metrics.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "too_large",
            Self::NotJson => "not_json",
            Self::Unexpected => "unexpected",
            Self::BrokeOff => "broke_off",
            Self::Garbled => "garbled",
            Self::Failed { .. } => "failed",
            Self::Braked => "braked",
            Self::Store => "store",
            Self::BadCall => "bad_call",
            Self::BodySpent => "body_spent",
            Self::NoDocument(_) => "no_document",
        }
    }

    /// The status towards the browser (RFC 9110).
    pub fn status(&self) -> u16 {
        match self {
            Self::TimedOut => 504,
            Self::Braked | Self::Store | Self::BodySpent | Self::NoDocument(_) => 503,
            Self::BadCall => 400,
            Self::Unreachable
            | Self::TooLarge
            | Self::NotJson
            | Self::Unexpected
            | Self::BrokeOff
            | Self::Garbled
            | Self::Failed { .. } => 502,
        }
    }
}

impl ServerFnError {
    /// The status that goes with it (RFC 9110).
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Refused { status, .. } => *status,
            Self::Transient(transient) => transient.status(),
            Self::Invalid(_) => 422,
            Self::TooLarge => 413,
            Self::NotFound => 404,
            Self::Connection | Self::Internal { .. } => 500,
        }
    }
}

impl FromServerFnError for ServerFnError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Invalid(Vec::new()),
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Response(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Connection,
            _ => Self::Internal { request_id: String::new() },
        }
    }
}
