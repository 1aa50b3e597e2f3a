//! One holder at a time. These tests take real time, as leases do.

use std::time::Duration;

use super::super::Holder;
use super::{Shared, at_once, record_of, user};

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(600);

pub async fn one_of_50_gets_the_lease(store: Shared) {
    let key = record_of(user("ann")).key;
    let answers = at_once(50, |_| {
        let store = store.clone();
        async move { store.acquire(key, Holder::new(), LONG).await.unwrap() }
    })
    .await;
    assert_eq!(answers.iter().filter(|held| **held).count(), 1);
}

pub async fn a_lease_belongs_to_its_holder(store: Shared) {
    let key = record_of(user("ann")).key;
    let (holder, other) = (Holder::new(), Holder::new());
    assert!(!store.renew(key, holder, LONG).await.unwrap(), "nobody holds it yet");
    assert!(store.acquire(key, holder, LONG).await.unwrap());
    assert!(!store.renew(key, other, LONG).await.unwrap());
    store.release(key, other).await.unwrap();
    assert!(!store.acquire(key, other, LONG).await.unwrap());
    assert!(store.renew(key, holder, LONG).await.unwrap());
    store.release(key, holder).await.unwrap();
    assert!(!store.renew(key, holder, LONG).await.unwrap());
    assert!(store.acquire(key, other, LONG).await.unwrap());
}

pub async fn a_lease_runs_out_unless_it_is_renewed(store: Shared) {
    let key = record_of(user("ann")).key;
    let (holder, other) = (Holder::new(), Holder::new());
    assert!(store.acquire(key, holder, SHORT).await.unwrap());
    for _ in 0..4 {
        tokio::time::sleep(SHORT / 3).await;
        assert!(store.renew(key, holder, SHORT).await.unwrap());
        assert!(!store.acquire(key, other, SHORT).await.unwrap());
    }
    tokio::time::sleep(SHORT).await;
    assert!(!store.renew(key, holder, SHORT).await.unwrap(), "too late");
    assert!(store.acquire(key, other, LONG).await.unwrap());
    store.release(key, holder).await.unwrap();
    assert!(store.renew(key, other, LONG).await.unwrap(), "a latecomer takes nothing away");
}

pub async fn each_record_has_a_lease_of_its_own(store: Shared) {
    let holder = Holder::new();
    for _ in 0..3 {
        assert!(store.acquire(record_of(user("ann")).key, holder, LONG).await.unwrap());
    }
}
