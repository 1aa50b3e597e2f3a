//! Idle and absolute timeouts.

use std::time::Duration;

use super::super::{Ending, Found, NewRecord, Purged, Reason, Record, Updated};
use super::{
    ABSOLUTE, IDLE, MILLISECOND, MINUTE, START, Shared, Timestamp, create, live, record_of, tombstone, user,
};

pub async fn touch_moves_forward_only(store: Shared) {
    let key = create(&store, "ann").await;
    let before = live(&store, key, START).await;
    for (touched, seen) in [(10, 10), (5, 10), (10, 10), (11, 11)] {
        assert!(store.touch(key, START + MINUTE * touched).await.unwrap());
        let expected = Record { seen_at: START + MINUTE * seen, ..before.clone() };
        assert_eq!(live(&store, key, START).await, expected, "nothing else changes");
    }
    assert!(store.touch(key, START).await.unwrap());
    // Each of these asks the store in a way of its own.
    let before_deadline = START + MINUTE * 40;
    assert_eq!(live(&store, key, before_deadline).await.due_at(), START + MINUTE * 41);
    assert_eq!(store.count_live(before_deadline).await.unwrap(), 1);
    assert_eq!(store.list_by_user(user("ann"), before_deadline).await.unwrap().len(), 1);
    assert_eq!(store.purge(before_deadline).await.unwrap(), Purged::default());
    assert_eq!(store.update(key, 1, vec![], before_deadline).await.unwrap(), Updated::Done(2));
    assert!(store.touch(key, before_deadline).await.unwrap());
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
    assert_eq!(store.count_live(last).await.unwrap(), 0);
}
