//! What every item store must do, whatever lies behind it. A store's tests run all of it with one line:
//! `conformance::suite!(open)`, where `open` is an async function that gives a fresh, empty store and whatever has
//! to stay alive with it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{Item, ItemId, ItemStore, Owner};
use crate::server::session::timestamp::Timestamp;

pub mod counts;
pub mod lists;
pub mod single;

/// One test for each rule, in the module where this stands.
macro_rules! suite {
    ($open:path) => {
        $crate::server::items::conformance::suite! { $open:
            single {
                an_item_is_there_until_it_expires
                an_unknown_item_is_missing_everywhere
                any_value_comes_back_as_it_was
                insert_leaves_what_is_there
                insert_takes_the_place_of_an_expired_item
                one_of_50_inserts_is_first
                put_replaces_everything
                one_of_50_takes_gets_the_item
                an_expired_item_cannot_be_taken
                remove_takes_one
                owners_have_nothing_in_common
            }
            lists {
                list_is_newest_first_and_limited
                list_leaves_out_what_has_expired
                trim_keeps_the_newest
                trim_does_not_count_what_has_expired
                clear_empties_one_owner
                purge_removes_only_what_has_expired
                purge_takes_any_number
            }
            counts {
                a_count_goes_up_within_its_window
                a_count_starts_anew_after_its_window
                fifty_increments_at_once_count_to_50
                counts_have_nothing_in_common
                a_reset_count_starts_anew
                what_is_taken_back_does_not_count
                purge_leaves_open_windows
            }
        }
    };
    ($open:path: $($theme:ident { $($rule:ident)+ })+) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $rule() {
                let (_alive, store) = $open().await;
                $crate::server::items::conformance::$theme::$rule(store).await;
            }
        )+)+
    };
}
pub(super) use suite;

/// A shared store, as the server holds it.
pub type Shared = Arc<dyn ItemStore>;

/// When every test begins.
pub const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const MINUTE: Duration = Duration::from_mins(1);
const MILLISECOND: Duration = Duration::from_millis(1);

/// The owner of this name.
pub fn owner(name: &str) -> Owner {
    Owner::derive("conformance", name.as_bytes())
}

/// An item with an id of its own, stored at [`START`] for a minute.
pub fn item() -> Item {
    let id = ItemId::random().unwrap();
    Item { id, stored_at: START, expires_at: START + MINUTE, sealed: b"sealed value".to_vec() }
}

/// An item stored `seconds` after [`START`], for a minute.
fn item_after(seconds: u64) -> Item {
    let stored_at = START + Duration::from_secs(seconds);
    Item { stored_at, expires_at: stored_at + MINUTE, ..item() }
}

/// Runs `count` calls at once and gives all answers.
pub async fn at_once<T, F>(count: u8, call: impl Fn(u8) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let calls: JoinSet<T> = (0..count).map(call).collect();
    calls.join_all().await
}
