//! All sessions of one user, and of all.

use std::collections::BTreeSet;

use super::super::{NewRecord, Reason};
use super::{MILLISECOND, MINUTE, START, Shared, at_once, create, live, record_of, tombstone, user};

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

pub async fn a_scan_comes_across_every_live_record(store: Shared) {
    let mut expected = BTreeSet::new();
    for name in ["ann", "bob", "eve"] {
        let keys = at_once(200, |_| {
            let store = store.clone();
            async move { create(&store, name).await }
        });
        expected.extend(keys.await);
    }
    let ended = *expected.first().unwrap();
    store.end(ended, Reason::SignedOut, START).await.unwrap();
    expected.remove(&ended);
    let idle = NewRecord { idle_timeout: MILLISECOND, ..record_of(user("ann")) };
    store.create(idle).await.unwrap();
    let (mut found, mut mark) = (BTreeSet::new(), None);
    loop {
        let scanned = store.scan(mark, START + MILLISECOND).await.unwrap();
        found.extend(scanned.records.iter().map(|record| record.key));
        match scanned.next {
            Some(next) => mark = Some(next),
            None => break,
        }
    }
    assert_eq!(found, expected);
}
