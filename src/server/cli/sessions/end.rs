//! Ending sessions: many at a time, and what has ended is known, whatever keeps the rest from it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures::future::join_all;

use super::{Row, Which};
use crate::server::{
    audit::{self, By},
    session::{
        Uncounted, Unrevoked,
        store::{Ending, Found, Reason, SessionStore, StoreError},
        timestamp::Timestamp,
        token::{RecordKey, UserKey},
    },
    start::Stores,
};

/// How many are ended at once: as many as a file takes into one commit.
const AT_ONCE: usize = 256;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Ended {
    pub keys: HashSet<RecordKey>,
    /// What has kept the rest from it.
    pub failure: Option<StoreError>,
}

/// One session, or all of a person, with those that have begun meanwhile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Goal<'a> {
    api: &'a str,
    user: UserKey,
    session: Option<RecordKey>,
}

/// Ends what these rows show.
pub(super) async fn end(stores: &Stores, rows: &[Row], which: &Which) -> Ended {
    let (unrevoked, uncounted) = (Unrevoked::new(stores.items.clone()), Uncounted::new(stores.items.clone()));
    let goals = goals(rows, which);
    let mut ended = Ended::default();
    for goals in goals.chunks(AT_ONCE) {
        let results = join_all(goals.iter().map(|goal| reach(&*stores.sessions, &unrevoked, *goal))).await;
        for (api, count) in ended.note(goals, results) {
            uncounted.leave(api, count).await;
        }
        if ended.failure.is_some() {
            break;
        }
    }
    ended
}

fn goals<'a>(rows: &'a [Row], which: &Which) -> Vec<Goal<'a>> {
    let is_person = matches!(which, Which::Person(_));
    let goals = rows.iter().map(|row| Goal {
        api: row.api.as_deref().unwrap_or_default(),
        user: row.user,
        session: (!is_person).then_some(row.session),
    });
    goals.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Answers which sessions this call has ended.
async fn reach(
    store: &dyn SessionStore,
    unrevoked: &Unrevoked,
    goal: Goal<'_>,
) -> Result<Vec<RecordKey>, StoreError> {
    let now = Timestamp::now();
    let Some(key) = goal.session else {
        unrevoked.keep_all(&store.list_by_user(goal.user, now).await?).await;
        return store.end_user(goal.user, None, Reason::Revoked, now).await;
    };
    if let Found::Live(record) = store.load(key, now).await? {
        unrevoked.keep(&record).await;
    }
    let ending = store.end(key, Reason::Revoked, now).await?;
    Ok(if ending == Ending::First { vec![key] } else { Vec::new() })
}

impl Ended {
    /// Writes down what has come of some goals. Answers how many sessions have ended by it at each API.
    fn note<'a>(
        &mut self,
        goals: &[Goal<'a>],
        results: Vec<Result<Vec<RecordKey>, StoreError>>,
    ) -> BTreeMap<&'a str, u64> {
        let mut counts = BTreeMap::new();
        for (goal, result) in goals.iter().zip(results) {
            let keys = result.unwrap_or_else(|error| {
                let ended = error.ended().to_vec();
                self.failure = Some(error);
                ended
            });
            for key in keys {
                audit::ended(goal.api, key, goal.user, Reason::Revoked, By::Operator);
                *counts.entry(goal.api).or_default() += 1;
                self.keys.insert(key);
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::server::{
        config::{Settings, StoreLocation},
        session::{server_key::ServerKey, store::NewRecord, token::SessionToken},
    };

    const MOST: usize = AT_ONCE * 2 + 50;

    /// A file with many sessions of one person, and what stands in the way of ending the last of them.
    async fn begun(file: &std::path::Path) -> Stores {
        let mut settings = Settings::default().session;
        settings.store = StoreLocation::Sqlite(file.to_owned());
        let stores = Stores::open(&settings).unwrap();
        let user = UserKey::derive(&ServerKey::generate().unwrap(), "ada");
        let now = Timestamp::now();
        let begin = (0..MOST).map(|_| {
            stores.sessions.create(NewRecord {
                key: SessionToken::generate().unwrap().record_key(),
                user,
                created_at: now,
                idle_timeout: Duration::from_mins(30),
                expires_at: now + Duration::from_hours(12),
                sealed: vec![1],
                about: vec![2],
            })
        });
        assert!(join_all(begin).await.iter().all(Result::is_ok));
        let raw = rusqlite::Connection::open(file).unwrap();
        raw.execute_batch(
            "CREATE TRIGGER kept BEFORE UPDATE OF reason ON session
             WHEN NEW.key = (SELECT max(key) FROM session) BEGIN SELECT RAISE(ABORT, 'kept'); END",
        )
        .unwrap();
        stores
    }

    async fn rows(stores: &Stores) -> Vec<Row> {
        super::super::found(&*stores.sessions, &[], &Which::All).await.unwrap()
    }

    #[tokio::test]
    async fn what_has_ended_is_told_and_counted_though_the_rest_has_not() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sessions.db");
        let stores = begun(&file).await;
        let ended = end(&stores, &rows(&stores).await, &Which::All).await;
        assert!(ended.failure.is_some());
        assert!((AT_ONCE * 2..MOST).contains(&ended.keys.len()), "{}", ended.keys.len());
        let left = rows(&stores).await;
        assert_eq!(left.len() + ended.keys.len(), MOST);
        assert!(left.iter().all(|row| !ended.keys.contains(&row.session)));
        let counted = Uncounted::new(stores.items.clone()).take(Timestamp::now()).await.unwrap();
        assert_eq!(counted.iter().map(|(_, count)| count).sum::<u64>(), ended.keys.len() as u64);
        rusqlite::Connection::open(&file).unwrap().execute_batch("DROP TRIGGER kept").unwrap();
        let rest = end(&stores, &left, &Which::Person("ada".into())).await;
        assert!(rest.failure.is_none());
        assert_eq!(rest.keys.len(), left.len());
    }
}
