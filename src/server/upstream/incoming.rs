use std::{
    error::Error,
    io,
    time::{Duration, Instant},
};

use axum::body::Bytes;

use super::{Answer, Transient, client::transient, verdict};
use crate::server::config::SessionEndRule;

/// As much of a body is waited for before anything is decided; a longer one is read as it comes.
const BEGINNING: usize = 1 << 20;

/// How long is waited for the rest of a short answer that is passed on.
const SOON: Duration = Duration::from_millis(250);

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
    pub(super) async fn begin(response: reqwest::Response, started: Instant, timeout: Duration) -> Self {
        let head = Self::head(response, started, timeout);
        if head.is_endless() {
            return Self { patience: SILENCE, ..head };
        }
        head.filled(started, BEGINNING, started + timeout).await
    }

    /// To be passed on at once, except for what is short: that may be the word that ends the session.
    pub(super) async fn relayed(
        response: reqwest::Response,
        started: Instant,
        rules: &[SessionEndRule],
        idle: Duration,
    ) -> Self {
        let head = Self::head(response, started, idle);
        if !head.is_endless() && verdict::may_be_told(&head.beginning, rules) {
            return head.filled(started, verdict::LONGEST, Instant::now() + SOON).await;
        }
        head
    }

    fn head(mut response: reqwest::Response, started: Instant, patience: Duration) -> Self {
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let beginning = Answer { status, headers, body: Bytes::new(), elapsed: started.elapsed() };
        Self { beginning, rest: Rest::Coming(response), patience }
    }

    /// With the first `most` bytes of the body, or what of it has come by `deadline`.
    async fn filled(mut self, started: Instant, most: usize, deadline: Instant) -> Self {
        let Rest::Coming(mut response) = self.rest else { return self };
        let mut body = Vec::new();
        let read = tokio::time::timeout_at(deadline.into(), fill(&mut body, &mut response, most)).await;
        self.rest = match read {
            Ok(Ok(true)) => Rest::Nothing,
            Ok(Ok(false)) | Err(_) => Rest::Coming(response),
            Ok(Err(broken)) => Rest::Broken(broken),
        };
        self.beginning.body = body.into();
        self.beginning.elapsed = started.elapsed();
        self
    }

    /// The connection itself, after the upstream has agreed to another protocol (101).
    pub async fn upgraded(self) -> Option<reqwest::Upgraded> {
        let Rest::Coming(response) = self.rest else { return None };
        response.upgrade().await.inspect_err(|error| drop(transient(error))).ok()
    }

    /// The beginning, and then the rest.
    ///
    /// # Errors
    /// See [`next`](Self::next).
    pub async fn part(&mut self) -> Result<Option<Bytes>, Transient> {
        match std::mem::take(&mut self.beginning.body) {
            beginning if !beginning.is_empty() => Ok(Some(beginning)),
            _ => self.next().await,
        }
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
async fn fill(body: &mut Vec<u8>, response: &mut reqwest::Response, most: usize) -> Result<bool, Transient> {
    while body.len() < most {
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
