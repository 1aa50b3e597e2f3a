//! What every store must do, whatever lies behind it. A store's tests run all of it with one line:
//! `conformance::suite!(open)`, where `open` is an async function that gives a fresh, empty store and whatever has
//! to stay alive with it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::super::server_key::ServerKey;
use super::super::timestamp::Timestamp;
use super::super::token::{RecordKey, SessionToken, UserKey};
use super::{Ending, Found, NewRecord, Purged, Reason, Record, SessionStore, StoreError, Tombstone, Updated};

/// One test for each rule, in the module where this stands.
macro_rules! suite {
    ($open:path) => {
        $crate::server::session::store::conformance::suite! { $open:
            a_new_record_is_live_at_version_1
            a_known_key_is_a_collision
            an_ended_key_is_a_collision
            an_unknown_key_is_missing_everywhere
            update_counts_versions_and_replaces_data
            update_with_an_old_version_is_stale
            one_of_50_updates_wins
            an_ended_record_is_never_revived
            updates_that_race_with_an_end_cannot_revive_it
            one_of_50_ends_is_first
            a_tombstone_holds_no_data
            touch_moves_forward_only
            touch_extends_the_idle_deadline_up_to_the_end
            an_idle_record_has_ended
            past_the_absolute_end_everything_is_missing
            list_shows_only_own_and_live_records
            end_user_ends_all_or_all_but_one
            one_of_20_end_users_names_each_record
            counts_live_records
            purge_removes_only_what_is_due
            purge_never_changes_an_answer
            purge_takes_any_number
            extreme_times_are_harmless
            ping_answers
        }
    };
    ($open:path: $($rule:ident)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $rule() {
                let (_alive, store) = $open().await;
                $crate::server::session::store::conformance::$rule(store).await;
            }
        )+
    };
}
pub(super) use suite;

/// A shared store, as the server holds it.
pub type Shared = Arc<dyn SessionStore>;

const IDLE: Duration = Duration::from_mins(30);
const ABSOLUTE: Duration = Duration::from_hours(12);
/// When every test begins.
const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const MINUTE: Duration = Duration::from_mins(1);
const MILLISECOND: Duration = Duration::from_millis(1);

/// The user of this name.
pub fn user(name: &str) -> UserKey {
    UserKey::derive(&ServerKey::parse(&"00".repeat(32).into()).unwrap(), name)
}

/// A record of `user`, created at [`START`].
pub fn record_of(user: UserKey) -> NewRecord {
    NewRecord {
        key: SessionToken::generate().unwrap().record_key(),
        user,
        created_at: START,
        idle_timeout: IDLE,
        expires_at: START + ABSOLUTE,
        sealed: b"sealed data".to_vec(),
        about: b"sealed summary".to_vec(),
    }
}

async fn create(store: &Shared, name: &str) -> RecordKey {
    let record = record_of(user(name));
    let key = record.key;
    store.create(record).await.unwrap();
    key
}

async fn live(store: &Shared, key: RecordKey, now: Timestamp) -> Record {
    match store.load(key, now).await.unwrap() {
        Found::Live(record) => record,
        other => panic!("{other:?}"),
    }
}

async fn tombstone(store: &Shared, key: RecordKey, now: Timestamp) -> Tombstone {
    match store.load(key, now).await.unwrap() {
        Found::Ended(tombstone) => tombstone,
        other => panic!("{other:?}"),
    }
}

/// Runs `count` calls at once and gives all answers.
async fn at_once<T, F>(count: u8, call: impl Fn(u8) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut calls: JoinSet<T> = (0..count).map(call).collect();
    let mut answers = Vec::new();
    while let Some(answer) = calls.join_next().await {
        answers.push(answer.unwrap());
    }
    answers
}

pub async fn a_new_record_is_live_at_version_1(store: Shared) {
    let new = record_of(user("ann"));
    store.create(new.clone()).await.unwrap();
    let record = live(&store, new.key, START).await;
    assert_eq!(record, new.into_record());
    assert_eq!((record.version, record.seen_at), (1, START));
}

pub async fn a_known_key_is_a_collision(store: Shared) {
    let key = create(&store, "ann").await;
    let intruder = NewRecord { key, sealed: b"other".to_vec(), ..record_of(user("eve")) };
    assert!(matches!(store.create(intruder).await, Err(StoreError::Collision)));
    let record = live(&store, key, START).await;
    assert_eq!((record.user, record.sealed.as_slice()), (user("ann"), b"sealed data".as_slice()));
    assert_eq!(store.list_by_user(user("eve"), START).await.unwrap(), []);
}

pub async fn an_ended_key_is_a_collision(store: Shared) {
    let key = create(&store, "ann").await;
    store.end(key, Reason::SignedOut, START).await.unwrap();
    let again = NewRecord { key, ..record_of(user("ann")) };
    assert!(matches!(store.create(again).await, Err(StoreError::Collision)));
    assert_eq!(tombstone(&store, key, START).await.reason, Reason::SignedOut);
}

pub async fn an_unknown_key_is_missing_everywhere(store: Shared) {
    let key = record_of(user("ann")).key;
    assert_eq!(store.load(key, START).await.unwrap(), Found::Missing);
    assert_eq!(store.update(key, 1, vec![], START).await.unwrap(), Updated::Missing);
    assert!(!store.touch(key, START).await.unwrap());
    assert_eq!(store.end(key, Reason::SignedOut, START).await.unwrap(), Ending::Missing);
    assert_eq!(store.end_user(user("ann"), None, Reason::Revoked, START).await.unwrap(), []);
    assert_eq!(store.load(key, START).await.unwrap(), Found::Missing);
}

pub async fn update_counts_versions_and_replaces_data(store: Shared) {
    let key = create(&store, "ann").await;
    let before = live(&store, key, START).await;
    for version in 1..=3 {
        let sealed = vec![u8::try_from(version).unwrap()];
        let updated = store.update(key, version, sealed.clone(), START + MINUTE).await.unwrap();
        assert_eq!(updated, Updated::Done(version + 1));
        let expected = Record { version: version + 1, sealed, ..before.clone() };
        assert_eq!(live(&store, key, START).await, expected, "nothing else changes");
    }
}

pub async fn update_with_an_old_version_is_stale(store: Shared) {
    let key = create(&store, "ann").await;
    store.update(key, 1, b"new".to_vec(), START).await.unwrap();
    for expected in [0, 1, 3, u64::MAX] {
        let updated = store.update(key, expected, b"late".to_vec(), START).await.unwrap();
        assert_eq!(updated, Updated::Stale);
    }
    let record = live(&store, key, START).await;
    assert_eq!((record.version, record.sealed.as_slice()), (2, b"new".as_slice()));
}

pub async fn one_of_50_updates_wins(store: Shared) {
    let key = create(&store, "ann").await;
    let answers = at_once(50, |caller| {
        let store = store.clone();
        async move { (caller, store.update(key, 1, vec![caller], START).await.unwrap()) }
    })
    .await;
    let (winners, losers): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|(_, updated)| *updated == Updated::Done(2));
    assert_eq!(winners.len(), 1);
    assert!(losers.iter().all(|(_, updated)| *updated == Updated::Stale));
    assert_eq!(live(&store, key, START).await.sealed, [winners[0].0]);
}

pub async fn an_ended_record_is_never_revived(store: Shared) {
    let key = create(&store, "ann").await;
    assert_eq!(store.end(key, Reason::Expired, START).await.unwrap(), Ending::First);
    let ended = tombstone(&store, key, START).await;
    assert_eq!(store.update(key, 1, b"late".to_vec(), START).await.unwrap(), Updated::Ended);
    assert!(!store.touch(key, START + MINUTE).await.unwrap());
    assert!(store.create(NewRecord { key, ..record_of(user("ann")) }).await.is_err());
    assert_eq!(store.end(key, Reason::SignedOut, START + MINUTE).await.unwrap(), Ending::Already);
    assert_eq!(store.end_user(user("ann"), None, Reason::Revoked, START).await.unwrap(), []);
    assert_eq!(tombstone(&store, key, START).await, ended, "the first reason stands");
}

pub async fn updates_that_race_with_an_end_cannot_revive_it(store: Shared) {
    let key = create(&store, "ann").await;
    let updates = at_once(50, |caller| {
        let store = store.clone();
        async move {
            if caller == 25 {
                store.end(key, Reason::SignedOut, START).await.unwrap();
            }
            let Found::Live(record) = store.load(key, START).await.unwrap() else { return };
            store.touch(key, START + MINUTE).await.unwrap();
            store.update(key, record.version, vec![caller], START).await.unwrap();
        }
    });
    updates.await;
    assert_eq!(tombstone(&store, key, START).await.reason, Reason::SignedOut);
    assert_eq!(store.list_by_user(user("ann"), START).await.unwrap(), []);
}

pub async fn one_of_50_ends_is_first(store: Shared) {
    let key = create(&store, "ann").await;
    let answers = at_once(50, |_| {
        let store = store.clone();
        async move { store.end(key, Reason::Expired, START).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|ending| **ending == Ending::First).count(), 1);
    assert_eq!(answers.iter().filter(|ending| **ending == Ending::Already).count(), 49);
}

pub async fn a_tombstone_holds_no_data(store: Shared) {
    let key = create(&store, "ann").await;
    let ended_at = START + MINUTE;
    store.end(key, Reason::Revoked, ended_at).await.unwrap();
    // The type has no room for sealed data; each store checks besides what it keeps.
    let expected =
        Tombstone { key, user: user("ann"), reason: Reason::Revoked, ended_at, expires_at: START + ABSOLUTE };
    assert_eq!(tombstone(&store, key, ended_at).await, expected);
}

pub async fn touch_moves_forward_only(store: Shared) {
    let key = create(&store, "ann").await;
    let before = live(&store, key, START).await;
    for (touched, seen) in [(10, 10), (5, 10), (10, 10), (11, 11)] {
        assert!(store.touch(key, START + MINUTE * touched).await.unwrap());
        let expected = Record { seen_at: START + MINUTE * seen, ..before.clone() };
        assert_eq!(live(&store, key, START).await, expected, "nothing else changes");
    }
    assert!(live(&store, key, START + MINUTE * 40).await.due_at() == START + MINUTE * 41);
}

pub async fn touch_extends_the_idle_deadline_up_to_the_end(store: Shared) {
    let key = create(&store, "ann").await;
    let end = START + ABSOLUTE;
    let mut now = START;
    while now + IDLE < end {
        now = now + IDLE.checked_sub(MILLISECOND).unwrap();
        assert!(store.touch(key, now).await.unwrap());
    }
    assert_eq!(live(&store, key, now).await.due_at(), end);
    live(&store, key, Timestamp::from_millis(end.as_millis() - 1)).await;
    assert!(!store.touch(key, end).await.unwrap());
    assert_eq!(store.load(key, end).await.unwrap(), Found::Missing);
}

pub async fn an_idle_record_has_ended(store: Shared) {
    let key = create(&store, "ann").await;
    let deadline = START + IDLE;
    live(&store, key, Timestamp::from_millis(deadline.as_millis() - 1)).await;
    let ended = tombstone(&store, key, deadline).await;
    assert_eq!((ended.reason, ended.ended_at), (Reason::IdleTimeout, deadline));
    assert_eq!(store.update(key, 1, vec![], deadline).await.unwrap(), Updated::Ended);
    assert!(!store.touch(key, deadline).await.unwrap());
    assert_eq!(store.end(key, Reason::SignedOut, deadline).await.unwrap(), Ending::Already);
    assert_eq!(store.end_user(user("ann"), None, Reason::Revoked, deadline).await.unwrap(), []);
    assert_eq!(store.list_by_user(user("ann"), deadline).await.unwrap(), []);
    assert_eq!(store.count_live(deadline).await.unwrap(), 0);
}

pub async fn past_the_absolute_end_everything_is_missing(store: Shared) {
    let end = START + ABSOLUTE;
    let idle_timeout = ABSOLUTE * 2;
    let unused = NewRecord { idle_timeout, ..record_of(user("ann")) };
    let ended = create(&store, "ann").await;
    let idle = create(&store, "ann").await;
    let unused_key = unused.key;
    store.create(unused).await.unwrap();
    store.end(ended, Reason::SignedOut, START).await.unwrap();
    for key in [unused_key, ended, idle] {
        assert_ne!(
            store.load(key, Timestamp::from_millis(end.as_millis() - 1)).await.unwrap(),
            Found::Missing
        );
        assert_eq!(store.load(key, end).await.unwrap(), Found::Missing);
        assert_eq!(store.update(key, 1, vec![], end).await.unwrap(), Updated::Missing);
        assert!(!store.touch(key, end).await.unwrap());
        assert_eq!(store.end(key, Reason::SignedOut, end).await.unwrap(), Ending::Missing);
    }
    assert_eq!(store.list_by_user(user("ann"), end).await.unwrap(), []);
}

pub async fn list_shows_only_own_and_live_records(store: Shared) {
    let old = create(&store, "ann").await;
    let recent = create(&store, "ann").await;
    let ended = create(&store, "ann").await;
    create(&store, "bob").await;
    let idle = NewRecord { idle_timeout: MINUTE, ..record_of(user("ann")) };
    store.create(idle).await.unwrap();
    store.end(ended, Reason::SignedOut, START).await.unwrap();
    store.touch(recent, START + MINUTE).await.unwrap();
    let listed = store.list_by_user(user("ann"), START + MINUTE).await.unwrap();
    assert_eq!(listed.iter().map(|record| record.key).collect::<Vec<_>>(), [recent, old]);
    assert_eq!(listed[0], live(&store, recent, START + MINUTE).await);
    assert_eq!(store.list_by_user(user("nobody"), START).await.unwrap(), []);
}

pub async fn end_user_ends_all_or_all_but_one(store: Shared) {
    let [here, there, elsewhere] =
        [create(&store, "ann").await, create(&store, "ann").await, create(&store, "ann").await];
    let other = create(&store, "bob").await;
    let mut ended = store.end_user(user("ann"), Some(here), Reason::Revoked, START).await.unwrap();
    ended.sort();
    let mut expected = vec![there, elsewhere];
    expected.sort();
    assert_eq!(ended, expected);
    assert_eq!(tombstone(&store, there, START).await.reason, Reason::Revoked);
    live(&store, here, START).await;
    // Somebody else's key as the exception changes nothing.
    assert_eq!(store.end_user(user("ann"), Some(other), Reason::Revoked, START).await.unwrap(), [here]);
    assert_eq!(store.end_user(user("ann"), None, Reason::Revoked, START).await.unwrap(), []);
    live(&store, other, START).await;
}

pub async fn one_of_20_end_users_names_each_record(store: Shared) {
    let mut keys = Vec::new();
    for _ in 0..5 {
        keys.push(create(&store, "ann").await);
    }
    let answers = at_once(20, |_| {
        let store = store.clone();
        async move { store.end_user(user("ann"), None, Reason::Revoked, START).await.unwrap() }
    });
    let mut ended = answers.await.concat();
    ended.sort();
    keys.sort();
    assert_eq!(ended, keys);
}

pub async fn counts_live_records(store: Shared) {
    assert_eq!(store.count_live(START).await.unwrap(), 0);
    let ended = create(&store, "ann").await;
    create(&store, "ann").await;
    create(&store, "bob").await;
    assert_eq!(store.count_live(START).await.unwrap(), 3);
    store.end(ended, Reason::SignedOut, START).await.unwrap();
    assert_eq!(store.count_live(START).await.unwrap(), 2);
}

pub async fn purge_removes_only_what_is_due(store: Shared) {
    let end = START + ABSOLUTE;
    let short = NewRecord { expires_at: START + MINUTE, ..record_of(user("ann")) };
    let long = NewRecord { idle_timeout: ABSOLUTE * 2, expires_at: end + MINUTE, ..record_of(user("ann")) };
    let (short_key, long_key) = (short.key, long.key);
    store.create(short).await.unwrap();
    store.create(long).await.unwrap();
    let idle = create(&store, "ann").await;
    let ended = create(&store, "ann").await;
    store.end(ended, Reason::SignedOut, START).await.unwrap();

    assert_eq!(store.purge(START).await.unwrap(), Purged::default());
    let first = store.purge(START + IDLE).await.unwrap();
    assert_eq!(first, Purged { idle: 1, expired: 1, tombstones: 0 });
    assert_eq!(store.load(short_key, START).await.unwrap(), Found::Missing);
    assert_eq!(tombstone(&store, idle, START).await.reason, Reason::IdleTimeout);
    assert_eq!(tombstone(&store, ended, START).await.reason, Reason::SignedOut);
    assert_eq!(store.purge(START + IDLE).await.unwrap(), Purged::default());

    let second = store.purge(end).await.unwrap();
    assert_eq!(second, Purged { idle: 0, expired: 0, tombstones: 2 });
    live(&store, long_key, end).await;
    assert_eq!(store.list_by_user(user("ann"), end).await.unwrap().len(), 1);
}

pub async fn purge_never_changes_an_answer(store: Shared) {
    let ended = create(&store, "ann").await;
    let touched = create(&store, "ann").await;
    let idle = create(&store, "ann").await;
    store.end(ended, Reason::Expired, START + MINUTE).await.unwrap();
    store.touch(touched, START + MINUTE).await.unwrap();
    let times = [START + MINUTE, START + IDLE, START + IDLE + MINUTE, START + ABSOLUTE];
    for now in times {
        for key in [ended, touched, idle] {
            let before = store.load(key, now).await.unwrap();
            store.purge(now).await.unwrap();
            assert_eq!(store.load(key, now).await.unwrap(), before);
        }
    }
}

pub async fn purge_takes_any_number(store: Shared) {
    for _ in 0..1200 {
        create(&store, "ann").await;
    }
    let kept = NewRecord { idle_timeout: ABSOLUTE, ..record_of(user("ann")) };
    store.create(kept).await.unwrap();
    let purged = store.purge(START + IDLE).await.unwrap();
    assert_eq!(purged, Purged { idle: 1200, expired: 0, tombstones: 0 });
    assert_eq!(store.count_live(START + IDLE).await.unwrap(), 1);
    let purged = store.purge(START + ABSOLUTE).await.unwrap();
    assert_eq!(purged, Purged { idle: 0, expired: 1, tombstones: 1200 });
}

pub async fn extreme_times_are_harmless(store: Shared) {
    let last = Timestamp::from_millis(u64::MAX);
    let forever = NewRecord { idle_timeout: Duration::MAX, expires_at: last, ..record_of(user("ann")) };
    let brief = NewRecord { idle_timeout: Duration::MAX, ..record_of(user("ann")) };
    let never = NewRecord { expires_at: Timestamp::from_millis(0), ..record_of(user("ann")) };
    let keys = [forever.key, brief.key, never.key];
    for record in [forever, brief, never] {
        store.create(record).await.unwrap();
    }
    let far = Timestamp::from_millis(u64::MAX / 4);
    for now in [Timestamp::from_millis(0), START, far, last] {
        for key in keys {
            let is_live = matches!(store.load(key, now).await.unwrap(), Found::Live(_));
            assert_eq!(store.touch(key, now).await.unwrap(), is_live);
        }
    }
    live(&store, keys[0], far).await;
    assert_eq!(store.load(keys[2], START).await.unwrap(), Found::Missing);
    store.purge(last).await.unwrap();
    assert_eq!(store.count_live(START).await.unwrap(), 0);
}

pub async fn ping_answers(store: Shared) {
    store.ping().await.unwrap();
}
