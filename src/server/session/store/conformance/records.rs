//! How records come to be and change.

use super::super::{Ending, Found, NewRecord, Reason, Record, StoreError, Updated};
use super::{MINUTE, START, Shared, at_once, create, live, record_of, user};

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

pub async fn ping_answers(store: Shared) {
    store.ping().await.unwrap();
}
