//! `vestibule sessions`: an operator sees who is signed in, and ends it.
//!
//! It works on the store of the running server, whose open pages hear of an end as of any other. What somebody has
//! signed in with lies sealed under their cookie; shown is what is sealed under the server's key alone.

mod end;

use std::{
    collections::HashSet,
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
};

use serde::{Serialize, Serializer};

use super::{CommandError, table};
use crate::server::{
    config::{Settings, StoreLocation},
    session::{
        Sessions,
        cookie::SessionCookie,
        device,
        seal::SealError,
        store::{Mark, Record, SessionStore, StoreError},
        timestamp::Timestamp,
        token::{RecordKey, UserKey},
    },
    start::Stores,
};

/// What an operator wants.
#[derive(Debug, PartialEq, Eq)]
pub struct Task {
    pub verb: Verb,
    pub which: Which,
    /// For machines.
    pub json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    List,
    End,
}

/// Which sessions are meant.
#[derive(Debug, PartialEq, Eq)]
pub enum Which {
    All,
    /// Those of the person who signs in by this name, in any case.
    Person(String),
    /// The one that logs call so.
    Session(String),
}

/// A live session, as an operator sees it.
#[derive(Debug, Serialize)]
pub struct Row {
    /// As logs call it.
    #[serde(serialize_with = "as_text")]
    pub session: RecordKey,
    /// The person as logs call them.
    #[serde(serialize_with = "as_text")]
    pub user: UserKey,
    /// The API, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// By what name they signed in. Null: sealed under another key of the server.
    pub person: Option<String>,
    pub signed_in_at: jiff::Timestamp,
    pub seen_at: jiff::Timestamp,
    pub expires_at: jiff::Timestamp,
    pub address: Option<String>,
    pub device: Option<String>,
}

fn as_text<T: Display, S: Serializer>(key: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}

/// Does what is wanted, and prints which sessions it concerned, be it not all that were meant. Ending none is a failure.
///
/// # Errors
/// When the store cannot be used or does not answer.
pub async fn run(settings: &Settings, task: &Task) -> Result<ExitCode, CommandError> {
    match &settings.session.store {
        StoreLocation::Memory => return Err(CommandError::InMemory),
        StoreLocation::Sqlite(file) if !file.exists() => return Err(CommandError::NoFile(file.clone())),
        StoreLocation::Sqlite(_) | StoreLocation::Redis(_) => {}
    }
    let stores = Stores::open(&settings.session)?;
    let apis = apis(settings, &stores)?;
    let mut rows = found(&*stores.sessions, &apis, &task.which).await?;
    let mut failure = None;
    if task.verb == Verb::End {
        let ended = end::end(&stores, &rows, &task.which).await;
        rows.retain(|row| ended.keys.contains(&row.session));
        failure = ended.failure;
    }
    print(&rows, task)?;
    if let Some(error) = failure {
        return Err(error.into());
    }
    let failed = task.verb == Verb::End && rows.is_empty();
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The sessions of each API, to read what is sealed under its own key.
fn apis(settings: &Settings, stores: &Stores) -> Result<Vec<(Option<String>, Sessions)>, SealError> {
    let (default, others) = settings.by_api();
    let names = std::iter::once(default).chain(others).map(|settings| settings.upstream.name);
    let (idle, absolute) = (settings.session.idle_timeout, settings.session.absolute_timeout);
    names
        .map(|name| {
            let stores = stores.of_api(name.as_deref());
            let cookie = SessionCookie::new(true, absolute);
            Ok((name, Sessions::new(stores.sessions, stores.items, stores.key, cookie, idle, absolute)?))
        })
        .collect()
}

/// The sessions that are meant, the one used last first.
async fn found(
    store: &dyn SessionStore,
    apis: &[(Option<String>, Sessions)],
    which: &Which,
) -> Result<Vec<Row>, StoreError> {
    let (mut rows, mut seen) = (Vec::new(), HashSet::new());
    let mut mark: Option<Mark> = None;
    loop {
        let scanned = store.scan(mark, Timestamp::now()).await?;
        let new = scanned.records.iter().filter(|record| seen.insert(record.key));
        rows.extend(new.map(|record| row(record, apis)).filter(|row| which.means(row)));
        match scanned.next {
            Some(next) => mark = Some(next),
            None => break,
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.seen_at));
    Ok(rows)
}

fn row(record: &Record, apis: &[(Option<String>, Sessions)]) -> Row {
    let opened = apis
        .iter()
        .find_map(|(name, sessions)| Some((name.clone(), sessions.about(record.key, &record.about)?)));
    let (api, about) = opened.map_or((None, None), |(name, about)| (name, Some(about)));
    Row {
        session: record.key,
        user: record.user,
        api,
        signed_in_at: moment(record.created_at),
        seen_at: moment(record.seen_at),
        expires_at: moment(record.expires_at),
        address: about.as_ref().map(|about| about.address.to_string()),
        device: about.as_ref().map(|about| device(&about.agent)),
        person: about.map(|about| about.person),
    }
}

fn moment(time: Timestamp) -> jiff::Timestamp {
    let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX)
}

impl Which {
    fn means(&self, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::Person(name) => {
                row.person.as_ref().is_some_and(|person| person.to_lowercase() == name.trim().to_lowercase())
            }
            Self::Session(id) => row.session.to_string() == *id,
        }
    }
}

fn print(rows: &[Row], task: &Task) -> io::Result<()> {
    let text = if task.json {
        serde_json::to_string_pretty(rows).map_err(io::Error::other)? + "\n"
    } else {
        table::text(rows, task.verb)
    };
    match io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads it, such as `head`, has had enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
