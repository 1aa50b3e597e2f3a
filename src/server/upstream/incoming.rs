use std::time::{Duration, Instant};

use axum::body::Bytes;
use http::header;

use super::{
    Answer, Transient,
    source::{Source, Upgraded},
    verdict,
};
use crate::server::config::UpstreamSettings;

/// As much of a body is waited for before anything is decided; a longer one is read as it comes.
const BEGINNING: usize = 1 << 20;

/// How long is waited for the rest of an answer that is passed on and does not tell its length: it may be a stream.
const SOON: Duration = Duration::from_millis(250);

/// How long is waited for the beginning of a text or of JSON that does not tell its length: it may be a stream.
const FIRST: Duration = Duration::from_millis(750);

/// How long an answer may say nothing whose pauses mean nothing: who reads it knows when to stop.
const SILENCE: Duration = Duration::MAX;

/// Streams by their media type.
const STREAMS: [&str; 11] = [
    "text/event-stream",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonl",
    "application/jsonlines",
    "application/x-jsonlines",
    "application/x-ldjson",
    "application/stream+json",
    "application/x-json-stream",
    "application/json-seq",
];

/// How an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// In one go: where it stands still it is broken.
    Steady,
    /// Nobody knows: it did not tell its length, and was not all there soon.
    Halting,
    /// Bit by bit, with pauses that mean nothing, perhaps without an end.
    Endless,
}

/// An answer whose head and beginning are here. The rest of its body comes as it is asked for.
#[derive(Debug)]
pub struct Incoming {
    /// The head, with as much of the body as had come by the time that `elapsed` tells.
    pub beginning: Answer,
    rest: Rest,
    pace: Pace,
    /// How long the next part may take.
    patience: Duration,
}

#[derive(Debug)]
enum Rest {
    Nothing,
    Broken(Transient),
    Coming(Source),
}

impl AsRef<Answer> for Incoming {
    fn as_ref(&self) -> &Answer {
        &self.beginning
    }
}

impl Incoming {
    pub(super) async fn begin(source: Source, started: Instant, timeout: Duration) -> Self {
        let head = Self::head(source, started, timeout);
        if head.pace == Pace::Endless {
            return Self { patience: SILENCE, ..head };
        }
        if !may_halt(&head.beginning) {
            // A call that takes files along may have had longer than that for its head.
            let latest = (started + timeout).max(Instant::now() + FIRST);
            return head.filled(started, BEGINNING, latest).await;
        }
        let begun = head.filled(started, BEGINNING, Instant::now() + FIRST).await;
        let is_slow = matches!(begun.rest, Rest::Coming(_)) && begun.beginning.body.len() < BEGINNING;
        if is_slow { Self { pace: Pace::Halting, patience: SILENCE, ..begun } } else { begun }
    }

    /// To be passed on at once, except for what is short: that may be the word that ends the session.
    pub(super) async fn relayed(
        source: Source,
        started: Instant,
        settings: &UpstreamSettings,
        idle: Duration,
    ) -> Self {
        let mut answer = Self::head(source, started, idle);
        if answer.pace != Pace::Endless && verdict::may_be_told(&answer.beginning, &settings.session_end) {
            // What is short is no stream. Still, whoever waits here does not hear of the session's end, so it takes no
            // longer than any call may.
            let wait = if tells_its_length(&answer.beginning) { idle.min(settings.timeout) } else { SOON };
            answer = answer.filled(started, verdict::LONGEST, Instant::now() + wait).await;
        }
        if let Rest::Coming(source) = &mut answer.rest {
            source.let_go();
        }
        answer
    }

    fn head(mut source: Source, started: Instant, patience: Duration) -> Self {
        let (status, headers) = (source.status(), source.take_headers());
        let beginning = Answer { status, headers, body: Bytes::new(), elapsed: started.elapsed() };
        let pace = if is_stream(&beginning) { Pace::Endless } else { Pace::Steady };
        Self { beginning, rest: Rest::Coming(source), pace, patience }
    }

    /// With the first `most` bytes of the body, or what of it has come by `deadline`.
    async fn filled(mut self, started: Instant, most: usize, deadline: Instant) -> Self {
        let Rest::Coming(mut source) = self.rest else { return self };
        let mut body = Beginning::default();
        let read = tokio::time::timeout_at(deadline.into(), body.fill(&mut source, most)).await;
        self.rest = match read {
            Ok(Ok(true)) => Rest::Nothing,
            Ok(Ok(false)) | Err(_) => Rest::Coming(source),
            Ok(Err(broken)) => Rest::Broken(broken),
        };
        self.beginning.body = body.into();
        self.beginning.elapsed = started.elapsed();
        self
    }

    /// The connection itself, after the upstream has agreed to another protocol (101).
    pub async fn upgraded(self) -> Option<Upgraded> {
        let Rest::Coming(source) = self.rest else { return None };
        source.upgraded().await
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

    /// How it comes.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// The next part after the beginning; none at the end.
    ///
    /// # Errors
    /// What keeps the rest from arriving. Nothing comes after it. Nothing is lost when this is given up half-way.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Transient> {
        let part = match &mut self.rest {
            Rest::Nothing => Ok(None),
            Rest::Broken(broken) => Err(broken.clone()),
            Rest::Coming(source) => {
                let part = tokio::time::timeout(self.patience, source.part()).await;
                part.unwrap_or(Err(Transient::TimedOut))
            }
        };
        if !matches!(part, Ok(Some(_))) {
            self.rest = Rest::Nothing;
        }
        part
    }
}

fn is_stream(answer: &Answer) -> bool {
    answer.status.is_success() && STREAMS.contains(&answer.media_type().as_str())
}

/// Whether it may be a stream that does not say so.
fn may_halt(answer: &Answer) -> bool {
    let media_type = answer.media_type();
    let is_text = media_type.starts_with("text/") || media_type.contains("json");
    answer.status.is_success() && is_text && !tells_its_length(answer)
}

fn tells_its_length(answer: &Answer) -> bool {
    answer.headers.contains_key(header::CONTENT_LENGTH)
}

/// What has come of a body. It stays also when waiting for more is given up.
#[derive(Default)]
struct Beginning {
    first: Bytes,
    more: Vec<u8>,
}

impl Beginning {
    /// Whether the body ends within its first `most` bytes.
    async fn fill(&mut self, source: &mut Source, most: usize) -> Result<bool, Transient> {
        while self.first.len().max(self.more.len()) < most {
            match source.part().await? {
                Some(part) => self.push(part),
                None => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Most bodies come in one part, which needs no copy.
    fn push(&mut self, part: Bytes) {
        if self.first.is_empty() {
            self.first = part;
            return;
        }
        if self.more.is_empty() {
            self.more.extend_from_slice(&self.first);
        }
        self.more.extend_from_slice(&part);
    }
}

impl From<Beginning> for Bytes {
    fn from(beginning: Beginning) -> Self {
        if beginning.more.is_empty() { beginning.first } else { beginning.more.into() }
    }
}
