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
use super::{Found, NewRecord, Record, SessionStore, Tombstone};

pub mod deadlines;
pub mod ends;
pub mod leases;
pub mod notices;
pub mod purges;
pub mod records;
pub mod users;

/// One test for each rule, in the module where this stands.
macro_rules! suite {
    ($open:path) => {
        $crate::server::session::store::conformance::suite!($open, expiring by itself);
        $crate::server::session::store::conformance::suite! { $open:
            purges {
                purge_removes_only_what_is_due
                purge_takes_any_number
            }
        }
    };
    // A purge has nothing to remove.
    ($open:path, expiring by itself) => {
        $crate::server::session::store::conformance::suite! { $open:
            records {
                a_new_record_is_live_at_version_1
                a_known_key_is_a_collision
                an_unknown_key_is_missing_everywhere
                update_counts_versions_and_replaces_data
                update_with_an_old_version_is_stale
                one_of_50_updates_wins
                ping_answers
            }
            ends {
                an_ended_key_is_a_collision
                an_ended_record_is_never_revived
                updates_that_race_with_an_end_cannot_revive_it
                one_of_50_ends_is_first
                a_tombstone_holds_no_data
            }
            deadlines {
                touch_moves_forward_only
                touch_extends_the_idle_deadline_up_to_the_end
                an_idle_record_has_ended
                past_the_absolute_end_everything_is_missing
                extreme_times_are_harmless
            }
            users {
                list_shows_only_own_and_live_records
                end_user_ends_all_or_all_but_one
                one_of_20_end_users_names_each_record
                counts_live_records
                a_scan_comes_across_every_live_record
            }
            notices {
                an_end_is_told_once_to_everybody
                every_end_of_a_user_is_told
                only_ends_are_told
            }
            leases {
                one_of_50_gets_the_lease
                a_lease_belongs_to_its_holder
                a_lease_runs_out_unless_it_is_renewed
                each_record_has_a_lease_of_its_own
            }
            purges {
                purge_never_changes_an_answer
            }
        }
    };
    ($open:path: $($theme:ident { $($rule:ident)+ })+) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $rule() {
                let (_alive, store) = $open().await;
                $crate::server::session::store::conformance::$theme::$rule(store).await;
            }
        )+)+
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
