//! What each person has asked, for themselves alone: which operation, with which values, when, and what came of it.
//!
//! Everything is sealed for its person. The number and the age of what is kept are limited; each person can switch
//! it off and empty it. Secrets are left out (`redaction`), files are never there.

mod comparison;

use std::{collections::HashSet, sync::Arc, time::Duration};

use super::{
    config::HistorySettings,
    items::{Collection, CollectionError, ItemId, ItemStore, Kept, Kind},
    request::RequestContext,
    session::{seal::SealError, server_key::ServerKey, timestamp::Timestamp, token::UserKey},
};
use crate::{
    error::ServerFnError,
    types::{Comparison, HistoryPage, Past, PastAnswer, PastExchange, PastRequest},
};

const REQUESTS: &str = "vestibule/history/1";
const ANSWERS: &str = "vestibule/history-answer/1";
const SWITCH: &str = "vestibule/history-off/1";

/// How long a person's choice is remembered.
const SWITCH_LIFETIME: Duration = Duration::from_hours(10 * 365 * 24);

/// The longest form and the longest answer that are kept, in bytes.
const LONGEST_FORM: usize = 64 << 10;
const LONGEST_ANSWER: usize = 64 << 10;

/// How many requests one page of the list shows.
const ON_A_PAGE: u32 = 100;

/// How far back a page looks for requests of an operation, or for operations that were used.
const LOOKED_AT: u32 = 50;

/// Nobody waits longer than this for a request to be noted. A write that has begun goes on by itself.
const PATIENCE: Duration = Duration::from_secs(1);

/// Everybody's history.
pub struct History {
    settings: HistorySettings,
    requests: Collection,
    /// Under the ids of their requests. Apart from them, so that a list stays small.
    answers: Collection,
    /// There when somebody has switched it off.
    switch: Collection,
}

/// What is noted.
pub struct Note {
    pub request: PastRequest,
    pub answer: Option<PastAnswer>,
}

/// Whether a person's history takes notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    On,
    Off,
}

impl History {
    /// The history in `store`, sealed under `key`.
    ///
    /// # Errors
    /// As [`Collection::new`].
    pub fn new(
        settings: HistorySettings,
        store: &Arc<dyn ItemStore>,
        key: &ServerKey,
    ) -> Result<Self, SealError> {
        let lifetime = Duration::from_hours(24) * settings.days;
        let collection = |purpose, lifetime| Collection::new(store.clone(), key, purpose, lifetime);
        Ok(Self {
            settings,
            requests: collection(REQUESTS, lifetime)?,
            answers: collection(ANSWERS, lifetime)?,
            switch: collection(SWITCH, SWITCH_LIFETIME)?,
        })
    }

    /// Notes what somebody has asked, unless they do not want that. It never fails: a request that was sent is no
    /// less sent because nobody has noted it.
    pub async fn note(&self, user: UserKey, note: Note) {
        if !self.settings.enabled {
            return;
        }
        match tokio::time::timeout(PATIENCE, self.try_note(user, note)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "a request cannot be noted");
            }
            Err(_) => tracing::warn!("noting a request takes long"),
        }
    }

    async fn try_note(&self, user: UserKey, note: Note) -> Result<(), HistoryError> {
        if self.switch(user).await? == Switch::Off {
            return Ok(());
        }
        let Note { mut request, answer } = note;
        if request.values.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > LONGEST_FORM {
            request.left_out = request.values.iter().map(|(name, _)| name.to_owned()).collect();
            request.values.retain(|_| false);
        }
        let answer = answer.filter(|answer| answer.text.len() <= LONGEST_ANSWER);
        let kind = kind(user, &request.operation.address);
        let (id, now, keep) = (ItemId::random_of(kind)?, Timestamp::now(), self.settings.keep);
        // At once, so that a store which gathers writes makes one commit of them.
        tokio::try_join!(
            self.requests.put(user, id, &request, now),
            async {
                match &answer {
                    Some(answer) => self.answers.put(user, id, answer, now).await,
                    None => Ok(()),
                }
            },
            self.requests.trim(user, keep, now),
            self.answers.trim(user, keep, now),
        )?;
        Ok(())
    }

    /// Whether this person's requests are noted.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn switch(&self, user: UserKey) -> Result<Switch, CollectionError> {
        let off = self.switch.get::<()>(user, switch_id(), Timestamp::now()).await?;
        Ok(if off.is_some() { Switch::Off } else { Switch::On })
    }

    /// Notes this person's requests from now on, or no longer. What is there stays.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn set_switch(&self, user: UserKey, switch: Switch) -> Result<(), CollectionError> {
        match switch {
            Switch::On => self.switch.remove(user, switch_id()).await,
            Switch::Off => self.switch.put(user, switch_id(), &(), Timestamp::now()).await,
        }
    }

    /// Forgets everything that this person has asked.
    ///
    /// # Errors
    /// When the store does not answer; part of it may be gone.
    pub async fn clear(&self, user: UserKey) -> Result<(), CollectionError> {
        tokio::try_join!(self.requests.clear(user), self.answers.clear(user)).map(|_| ())
    }

    /// What this person has asked last, newest first, without the newest `from`: at most `most`, and whether there is
    /// more.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn latest(
        &self,
        user: UserKey,
        from: u32,
        most: u32,
    ) -> Result<(Vec<Past>, bool), CollectionError> {
        let mut newer = 0..from;
        let is_shown = |_| newer.next().is_none();
        let reach = self.settings.keep.min(from.saturating_add(most).saturating_add(1));
        let limit = (reach, most as usize + 1);
        let mut kept = self.requests.newest(user, limit, Timestamp::now(), is_shown).await?;
        let is_more = kept.len() > most as usize;
        kept.truncate(most as usize);
        Ok((kept.into_iter().map(past).collect(), is_more))
    }

    /// What this person has asked last of one operation, newest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn latest_of(
        &self,
        user: UserKey,
        address: &str,
        most: usize,
    ) -> Result<Vec<Past>, CollectionError> {
        let (limit, kind) = (self.settings.keep.min(LOOKED_AT), kind(user, address));
        let is_of = |id: ItemId| id.kind() == kind;
        let kept = self.requests.newest(user, (limit, most), Timestamp::now(), is_of).await?;
        Ok(kept.into_iter().map(past).collect())
    }

    /// The newest request of each operation that this person has used last.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn latest_of_each(&self, user: UserKey, most: usize) -> Result<Vec<Past>, CollectionError> {
        let mut seen = HashSet::new();
        let is_new = |id: ItemId| seen.insert(id.kind());
        let limit = (self.settings.keep.min(LOOKED_AT), most);
        let kept = self.requests.newest(user, limit, Timestamp::now(), is_new).await?;
        Ok(kept.into_iter().map(past).collect())
    }

    /// One request of this person.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn find(&self, user: UserKey, id: &str) -> Result<Option<PastExchange>, CollectionError> {
        let Some(id) = ItemId::parse(id) else { return Ok(None) };
        let now = Timestamp::now();
        let (request, answer) = tokio::try_join!(
            self.requests.get(user, id, now),
            self.answers.get::<PastAnswer>(user, id, now)
        )?;
        Ok(request
            .map(|request| PastExchange { past: past(request), answer: answer.map(|answer| answer.value) }))
    }
}

/// Why something was not noted.
#[derive(Debug, thiserror::Error)]
enum HistoryError {
    #[error(transparent)]
    Collection(#[from] CollectionError),
    #[error("the system's random generator failed")]
    Random(#[from] rand::rngs::SysError),
}

/// All requests of one operation.
fn kind(user: UserKey, address: &str) -> Kind {
    Kind::derive(REQUESTS, user, address.as_bytes())
}

/// There is one for each person.
fn switch_id() -> ItemId {
    ItemId::derive(SWITCH, b"")
}

fn past(kept: Kept<PastRequest>) -> Past {
    Past { id: kept.id.to_text(), at: kept.stored_at.as_millis(), request: kept.value }
}

/// The history of the person of this request, without the newest `from`.
///
/// # Errors
/// [`ServerFnError::Unauthorized`] without a session, and when the store does not answer.
pub async fn page(request: &RequestContext, from: u32) -> Result<HistoryPage, ServerFnError> {
    let (history, user) = own(request)?;
    let HistorySettings { enabled, keep, days } = history.settings;
    let latest = history.latest(user, from, ON_A_PAGE);
    let (switch, (requests, is_more)) = tokio::try_join!(history.switch(user), latest)?;
    let newer = (from > 0).then(|| from.saturating_sub(ON_A_PAGE));
    let older = is_more.then(|| from + ON_A_PAGE);
    Ok(HistoryPage { on: switch == Switch::On, enabled, keep, days, requests, newer, older })
}

/// One request of the person of this request.
///
/// # Errors
/// [`ServerFnError::NotFound`] when there is none of theirs, whoever else has one; see also [`page`].
pub async fn exchange(request: &RequestContext, id: &str) -> Result<PastExchange, ServerFnError> {
    let (history, user) = own(request)?;
    history.find(user, id).await?.ok_or(ServerFnError::NotFound)
}

/// Two requests of the person of this request, the older first.
///
/// # Errors
/// As [`exchange`].
pub async fn compare(request: &RequestContext, [one, other]: [&str; 2]) -> Result<Comparison, ServerFnError> {
    let (mut before, mut after) = tokio::try_join!(exchange(request, one), exchange(request, other))?;
    if before.past.at > after.past.at {
        std::mem::swap(&mut before, &mut after);
    }
    let lines = before.answer.zip(after.answer).map(|(before, after)| comparison::lines(&before, &after));
    Ok(Comparison { before: before.past, after: after.past, lines })
}

/// What the person of this request has asked last of one operation, newest first. Nothing when that cannot be told: it
/// is never what a page is about.
pub async fn latest_of(request: &RequestContext, address: &str, most: usize) -> Vec<Past> {
    let Ok((history, user)) = own(request) else { return Vec::new() };
    or_nothing(history.latest_of(user, address, most).await)
}

/// The newest request of each operation that the person of this request has used last. As [`latest_of`].
pub async fn latest_of_each(request: &RequestContext, most: usize) -> Vec<Past> {
    let Ok((history, user)) = own(request) else { return Vec::new() };
    or_nothing(history.latest_of_each(user, most).await)
}

fn or_nothing(latest: Result<Vec<Past>, CollectionError>) -> Vec<Past> {
    latest.unwrap_or_else(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "the history cannot be read");
        Vec::new()
    })
}

fn own(request: &RequestContext) -> Result<(&History, UserKey), ServerFnError> {
    let session = request.session().ok_or(ServerFnError::Unauthorized)?;
    Ok((request.state().history(), session.user))
}
