use http::StatusCode;

use super::Answer;
pub use crate::error::Transient;

/// A success: the upstream did what was asked.
#[derive(Debug, Clone)]
pub struct Success<T> {
    pub status: StatusCode,
    pub data: T,
    pub message: Option<String>,
}

/// A refusal: the upstream understood and said no (4xx). Trying the same again will not help; the session lives.
#[derive(Debug, Clone)]
pub struct Refusal<E> {
    pub status: StatusCode,
    /// The upstream's words, or the status in words.
    pub message: String,
    /// What the upstream said about it, when it could be read as `E`.
    pub error_data: Option<E>,
}

/// Why there is no success. `E` is what the caller expects a refusal to carry.
#[derive(Debug)]
pub enum Failure<E> {
    Refused(Refusal<E>),
    Transient(Transient),
    /// The verdict: the session is over in the store already.
    SessionEnded,
}

/// The five facts of every outcome, for callers that pass them on: status, is-error, data, message, error-data.
pub trait Facts<T, E> {
    fn status(&self) -> StatusCode;
    fn is_error(&self) -> bool;
    fn data(&self) -> Option<&T>;
    fn message(&self) -> Option<&str>;
    fn error_data(&self) -> Option<&E>;
}

impl<T, E> Facts<T, E> for Result<Success<T>, Failure<E>> {
    fn status(&self) -> StatusCode {
        match self {
            Ok(success) => success.status,
            Err(Failure::Refused(refusal)) => refusal.status,
            Err(Failure::Transient(transient)) => {
                StatusCode::from_u16(transient.status()).unwrap_or(StatusCode::BAD_GATEWAY)
            }
            Err(Failure::SessionEnded) => StatusCode::UNAUTHORIZED,
        }
    }

    fn is_error(&self) -> bool {
        self.is_err()
    }

    fn data(&self) -> Option<&T> {
        self.as_ref().ok().map(|success| &success.data)
    }

    fn message(&self) -> Option<&str> {
        match self {
            Ok(success) => success.message.as_deref(),
            Err(Failure::Refused(refusal)) => Some(&refusal.message),
            Err(Failure::Transient(Transient::Failed { message, .. })) => Some(message),
            Err(Failure::Transient(transient)) => Some(transient.label()),
            Err(Failure::SessionEnded) => None,
        }
    }

    fn error_data(&self) -> Option<&E> {
        match self {
            Err(Failure::Refused(refusal)) => refusal.error_data.as_ref(),
            _ => None,
        }
    }
}

/// Why [`super::exchange()`] has no answer to give.
#[derive(Debug, Clone)]
pub enum Broken {
    SessionEnded,
    Transient(Transient),
}

impl Broken {
    /// The kind, as a label for traces.
    pub fn label(&self) -> &'static str {
        match self {
            Self::SessionEnded => "session_ended",
            Self::Transient(transient) => transient.label(),
        }
    }
}

impl<E> From<Broken> for Failure<E> {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::SessionEnded => Self::SessionEnded,
            Broken::Transient(transient) => Self::Transient(transient),
        }
    }
}

/// An answer, or why there is none.
pub type Exchanged = Result<std::sync::Arc<Answer>, Broken>;
