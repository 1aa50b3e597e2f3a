use std::{error::Error, io, iter};

use axum::body::Bytes;
use http::{HeaderMap, StatusCode};
use hyper_util::rt::TokioIo;
use tokio_util::either::Either;

use super::{Transient, client::transient, direct::Passing};

/// An answer whose head is here, and whose body comes as it is asked for. In a box, as it is handed on by many.
#[derive(Debug)]
pub(super) enum Source {
    /// Decompressed, and after redirects.
    Read(Box<reqwest::Response>),
    /// As the upstream sends it.
    PassedOn(Box<Passing>),
}

/// A connection that speaks another protocol from now on.
pub type Upgraded = Either<reqwest::Upgraded, TokioIo<hyper::upgrade::Upgraded>>;

impl From<reqwest::Response> for Source {
    fn from(response: reqwest::Response) -> Self {
        Self::Read(Box::new(response))
    }
}

impl From<Passing> for Source {
    fn from(passing: Passing) -> Self {
        Self::PassedOn(Box::new(passing))
    }
}

impl Source {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Read(response) => response.status(),
            Self::PassedOn(passing) => passing.response.status(),
        }
    }

    pub fn take_headers(&mut self) -> HeaderMap {
        std::mem::take(match self {
            Self::Read(response) => response.headers_mut(),
            Self::PassedOn(passing) => passing.response.headers_mut(),
        })
    }

    /// The next part of the body; none at its end.
    ///
    /// # Errors
    /// What has become of a body whose head was good. It is logged here.
    pub async fn part(&mut self) -> Result<Option<Bytes>, Transient> {
        match self {
            Self::Read(response) => response.chunk().await.map_err(|error| broken(&error)),
            Self::PassedOn(passing) => passing.part().await.map_err(|error| broke_off(&error)),
        }
    }

    /// From now on the rest comes without being asked for, as far as there is room for it.
    pub fn let_go(&mut self) {
        if let Self::PassedOn(passing) = self {
            passing.let_go();
        }
    }

    /// The connection itself, after the upstream has agreed to another protocol (101).
    pub async fn upgraded(self) -> Option<Upgraded> {
        match self {
            Self::Read(response) => {
                response.upgrade().await.inspect_err(|error| drop(transient(error))).ok().map(Either::Left)
            }
            Self::PassedOn(passing) => hyper::upgrade::on(passing.response)
                .await
                .inspect_err(|error| drop(broke_off(error)))
                .ok()
                .map(|upgraded| Either::Right(TokioIo::new(upgraded))),
        }
    }
}

fn broke_off(error: &hyper::Error) -> Transient {
    tracing::debug!(%error, "the upstream's answer broke off");
    Transient::BrokeOff
}

fn broken(error: &reqwest::Error) -> Transient {
    match transient(error) {
        Transient::TimedOut => Transient::TimedOut,
        _ if is_invalid(error) => Transient::Garbled,
        _ => Transient::BrokeOff,
    }
}

/// Whether the bytes came, and mean nothing to what has to decompress them.
fn is_invalid(error: &reqwest::Error) -> bool {
    let causes = iter::successors(error.source(), |cause| (*cause).source());
    let mut kinds = causes.filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    kinds.any(|kind| matches!(kind, io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput))
}
