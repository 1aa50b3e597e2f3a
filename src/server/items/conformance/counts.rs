//! How often something has happened.

use super::super::{ItemId, Tally};
use super::{MILLISECOND, MINUTE, START, Shared, at_once};
use crate::server::session::timestamp::Timestamp;

const ENDS: Timestamp = Timestamp::from_millis(START.as_millis() + 60_000);

pub async fn a_count_goes_up_within_its_window(store: Shared) {
    let key = ItemId::random().unwrap();
    let last = Timestamp::from_millis(ENDS.as_millis() - 1);
    for (count, now) in [(1, START), (2, START), (3, START + MILLISECOND), (4, last)] {
        let tally = store.increment(key, MINUTE, now).await.unwrap();
        assert_eq!(tally, Tally { count, ends_at: ENDS }, "the window stays where the first has put it");
    }
}

pub async fn a_count_starts_anew_after_its_window(store: Shared) {
    let key = ItemId::random().unwrap();
    store.increment(key, MINUTE, START).await.unwrap();
    store.increment(key, MINUTE, START).await.unwrap();
    let tally = store.increment(key, MINUTE, ENDS).await.unwrap();
    assert_eq!(tally, Tally { count: 1, ends_at: ENDS + MINUTE });
}

pub async fn fifty_increments_at_once_count_to_50(store: Shared) {
    let key = ItemId::random().unwrap();
    let mut counts = at_once(50, |_| {
        let store = store.clone();
        async move { store.increment(key, MINUTE, START).await.unwrap().count }
    })
    .await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<_>>());
}

pub async fn counts_have_nothing_in_common(store: Shared) {
    let (one, other) = (ItemId::random().unwrap(), ItemId::random().unwrap());
    store.increment(one, MINUTE, START).await.unwrap();
    assert_eq!(store.increment(other, MINUTE, START).await.unwrap().count, 1);
    assert_eq!(store.increment(one, MINUTE, START).await.unwrap().count, 2);
}

pub async fn a_reset_count_starts_anew(store: Shared) {
    let key = ItemId::random().unwrap();
    store.increment(key, MINUTE, START).await.unwrap();
    store.reset(key).await.unwrap();
    let now = START + MILLISECOND;
    assert_eq!(store.increment(key, MINUTE, now).await.unwrap(), Tally { count: 1, ends_at: now + MINUTE });
}

pub async fn what_is_taken_back_does_not_count(store: Shared) {
    let key = ItemId::random().unwrap();
    store.take_back(key, START).await.unwrap();
    store.increment(key, MINUTE, START).await.unwrap();
    store.increment(key, MINUTE, START).await.unwrap();
    store.take_back(key, START + MILLISECOND).await.unwrap();
    let tally = store.increment(key, MINUTE, START + MILLISECOND).await.unwrap();
    assert_eq!(tally, Tally { count: 2, ends_at: ENDS }, "the window stays");
    for _ in 0..4 {
        store.take_back(key, START).await.unwrap();
    }
    assert_eq!(store.increment(key, MINUTE, START).await.unwrap().count, 1, "never below nothing");
    store.take_back(key, ENDS).await.unwrap();
    let last = Timestamp::from_millis(ENDS.as_millis() - 1);
    assert_eq!(store.increment(key, MINUTE, last).await.unwrap().count, 2, "the window was over");
}

pub async fn purge_leaves_open_windows(store: Shared) {
    let (open, over) = (ItemId::random().unwrap(), ItemId::random().unwrap());
    store.increment(over, MINUTE, START).await.unwrap();
    store.increment(open, MINUTE * 2, START).await.unwrap();
    store.purge(ENDS).await.unwrap();
    assert_eq!(store.increment(open, MINUTE, ENDS).await.unwrap().count, 2);
    assert_eq!(store.increment(over, MINUTE, ENDS).await.unwrap().count, 1);
}
