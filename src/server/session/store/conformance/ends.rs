//! A session that has ended stays so.

use super::super::{Ending, Found, NewRecord, Reason, StoreError, Tombstone, Updated};
use super::{ABSOLUTE, MINUTE, START, Shared, at_once, create, record_of, tombstone, user};

pub async fn an_ended_key_is_a_collision(store: Shared) {
    let key = create(&store, "ann").await;
    store.end(key, Reason::SignedOut, START).await.unwrap();
    let again = NewRecord { key, ..record_of(user("ann")) };
    assert!(matches!(store.create(again).await, Err(StoreError::Collision)));
    assert_eq!(tombstone(&store, key, START).await.reason, Reason::SignedOut);
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
