//! What a purge takes away, and what not.

use super::super::{Found, NewRecord, Passed, Purged, Reason, RecordKey};
use super::{ABSOLUTE, IDLE, MINUTE, START, Shared, Timestamp, create, live, record_of, tombstone, user};

/// Purges until there is no more to do.
async fn purge(store: &Shared, now: Timestamp) -> Purged {
    let mut all = Purged::default();
    loop {
        let some = store.purge(now).await.unwrap();
        all.passed.extend(some.passed);
        all.tombstones += some.tombstones;
        if !some.more {
            return all;
        }
    }
}

fn passed(key: RecordKey, reason: Reason) -> Passed {
    let record = record_of(user("ann"));
    Passed { key, user: Some(record.user), reason, about: record.about }
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
    let mut first = store.purge(START + IDLE).await.unwrap();
    first.passed.sort_by_key(|passed| passed.reason.as_str());
    let expected = [passed(short_key, Reason::AbsoluteTimeout), passed(idle, Reason::IdleTimeout)];
    assert_eq!(first, Purged { passed: expected.into(), ..Purged::default() });
    assert_eq!(store.load(short_key, START).await.unwrap(), Found::Missing);
    assert_eq!(tombstone(&store, idle, START).await.reason, Reason::IdleTimeout);
    assert_eq!(tombstone(&store, ended, START).await.reason, Reason::SignedOut);
    assert_eq!(store.purge(START + IDLE).await.unwrap(), Purged::default());

    let second = store.purge(end).await.unwrap();
    assert_eq!(second, Purged { tombstones: 2, ..Purged::default() });
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
    let kept_key = kept.key;
    store.create(kept).await.unwrap();
    let purged = purge(&store, START + IDLE).await;
    assert_eq!((purged.passed.len(), purged.tombstones), (1200, 0));
    assert_eq!(store.count_live(START + IDLE).await.unwrap(), 1);
    let purged = purge(&store, START + ABSOLUTE).await;
    assert_eq!(purged.passed, [passed(kept_key, Reason::AbsoluteTimeout)]);
    assert_eq!(purged.tombstones, 1200);
}
