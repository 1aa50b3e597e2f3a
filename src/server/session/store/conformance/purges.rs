//! What a purge takes away, and what not.

use super::super::{Found, NewRecord, Purged, Reason};
use super::{ABSOLUTE, IDLE, MINUTE, START, Shared, create, live, record_of, tombstone, user};

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
