use std::{
    error::Error,
    io,
    time::{Duration, Instant},
};

use axum::body::Bytes;

use super::{Answer, Transient, client::transient};

/// As much of a body is waited for before anything is decided; a longer one is read as it comes.
const BEGINNING: usize = 1 << 20;

/// How long an endless answer may say nothing.
const SILENCE: Duration = Duration::from_mins(5);

/// Answers that come bit by bit, with pauses that mean nothing.
const ENDLESS: [&str; 5] = [
    "text/event-stream",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/json-seq",
];

/// An answer whose head and beginning are here. The rest of its body comes as it is asked for.
#[derive(Debug)]
pub struct Incoming {
    /// The head, with as much of the body as had come by the time that `elapsed` tells.
    pub beginning: Answer,
    rest: Rest,
    /// How long the next part may take.
    patience: Duration,
}

#[derive(Debug)]
enum Rest {
    Nothing,
    Broken(Transient),
    Coming(reqwest::Response),
}

impl AsRef<Answer> for Incoming {
    fn as_ref(&self) -> &Answer {
        &self.beginning
    }
}

impl Incoming {
    pub(super) async fn begin(mut response: reqwest::Response, started: Instant, timeout: Duration) -> Self {
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let mut beginning = Answer { status, headers, body: Bytes::new(), elapsed: started.elapsed() };
        if is_endless(&beginning) {
            return Self { beginning, rest: Rest::Coming(response), patience: SILENCE };
        }
        let mut body = Vec::new();
        let read = tokio::time::timeout_at((started + timeout).into(), fill(&mut body, &mut response)).await;
        let rest = match read {
            Ok(Ok(true)) => Rest::Nothing,
            Ok(Ok(false)) | Err(_) => Rest::Coming(response),
            Ok(Err(broken)) => Rest::Broken(broken),
        };
        beginning.body = body.into();
        beginning.elapsed = started.elapsed();
        Self { beginning, rest, patience: timeout }
    }

    /// Whether the beginning is all of it.
    pub fn is_whole(&self) -> bool {
        matches!(self.rest, Rest::Nothing)
    }

    /// Whether it comes bit by bit, with pauses that mean nothing.
    pub fn is_endless(&self) -> bool {
        is_endless(&self.beginning)
    }

    /// The next part after the beginning; none at the end.
    ///
    /// # Errors
    /// What keeps the rest from arriving. Nothing comes after it.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Transient> {
        match std::mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Nothing => Ok(None),
            Rest::Broken(broken) => Err(broken),
            Rest::Coming(mut response) => {
                let part = tokio::time::timeout(self.patience, response.chunk()).await;
                let part = part.map_err(|_| Transient::TimedOut)?.map_err(|error| broken(&error))?;
                if part.is_some() {
                    self.rest = Rest::Coming(response);
                }
                Ok(part)
            }
        }
    }
}

fn is_endless(answer: &Answer) -> bool {
    answer.status.is_success() && ENDLESS.contains(&answer.media_type().as_str())
}

/// Whether the body ends within the beginning. What was read stays in `body` also when this is given up.
async fn fill(body: &mut Vec<u8>, response: &mut reqwest::Response) -> Result<bool, Transient> {
    while body.len() < BEGINNING {
        match response.chunk().await.map_err(|error| broken(&error))? {
            Some(part) => body.extend_from_slice(&part),
            None => return Ok(true),
        }
    }
    Ok(false)
}

/// What has become of a body whose head was good.
fn broken(error: &reqwest::Error) -> Transient {
    match transient(error) {
        Transient::TimedOut => Transient::TimedOut,
        _ if is_invalid(error) => Transient::Garbled,
        _ => Transient::BrokeOff,
    }
}

/// Whether the bytes came, and mean nothing to what has to decompress them.
fn is_invalid(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let mut kinds = causes.filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    kinds.any(|kind| matches!(kind, io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput))
}
