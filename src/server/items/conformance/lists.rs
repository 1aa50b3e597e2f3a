//! All items of an owner, and of all.

use super::super::Item;
use super::{MINUTE, START, Shared, item, item_after, owner};

pub async fn list_is_newest_first_and_limited(store: Shared) {
    let mut items: Vec<Item> = [3, 1, 2, 2, 2].map(item_after).into();
    for item in &items {
        store.put(owner("ann"), item.clone()).await.unwrap();
    }
    items.sort_by_key(|item| std::cmp::Reverse((item.stored_at, item.id)));
    for limit in [0, 1, 3, 5, 100] {
        let expected = &items[..items.len().min(limit as usize)];
        assert_eq!(store.list(owner("ann"), limit, START).await.unwrap(), expected);
    }
}

pub async fn list_leaves_out_what_has_expired(store: Shared) {
    let brief = Item { expires_at: START + MINUTE / 2, stored_at: START + MINUTE / 4, ..item() };
    let kept = item();
    store.put(owner("ann"), brief.clone()).await.unwrap();
    store.put(owner("ann"), kept.clone()).await.unwrap();
    assert_eq!(store.list(owner("ann"), 1, brief.expires_at).await.unwrap(), [kept]);
}

pub async fn trim_keeps_the_newest(store: Shared) {
    let items = [1, 2, 3, 4].map(item_after);
    for item in &items {
        store.put(owner("ann"), item.clone()).await.unwrap();
    }
    store.put(owner("bob"), item()).await.unwrap();
    store.trim(owner("ann"), 9, START).await.unwrap();
    assert_eq!(store.list(owner("ann"), 10, START).await.unwrap().len(), 4);
    store.trim(owner("ann"), 2, START).await.unwrap();
    let [.., third, fourth] = items;
    assert_eq!(store.list(owner("ann"), 10, START).await.unwrap(), [fourth, third]);
    store.trim(owner("ann"), 0, START).await.unwrap();
    assert_eq!(store.list(owner("ann"), 10, START).await.unwrap(), []);
    assert_eq!(store.list(owner("bob"), 10, START).await.unwrap().len(), 1);
}

pub async fn trim_does_not_count_what_has_expired(store: Shared) {
    let (old, middle) = (item(), item_after(1));
    let brief = Item { expires_at: START + MINUTE / 2, ..item_after(2) };
    for item in [&old, &middle, &brief] {
        store.put(owner("ann"), item.clone()).await.unwrap();
    }
    store.trim(owner("ann"), 2, brief.expires_at).await.unwrap();
    assert_eq!(store.list(owner("ann"), 10, brief.expires_at).await.unwrap(), [middle, old]);
}

pub async fn clear_empties_one_owner(store: Shared) {
    let kept = item();
    store.put(owner("bob"), kept.clone()).await.unwrap();
    for _ in 0..3 {
        store.put(owner("ann"), item()).await.unwrap();
    }
    store.clear(owner("ann")).await.unwrap();
    assert_eq!(store.list(owner("ann"), 10, START).await.unwrap(), []);
    assert_eq!(store.list(owner("bob"), 10, START).await.unwrap(), [kept]);
}

/// How much a purge removes is up to the store: one that forgets by itself has nothing left to do.
pub async fn purge_removes_only_what_has_expired(store: Shared) {
    let (brief, kept) = (item(), item_after(30));
    store.put(owner("ann"), brief.clone()).await.unwrap();
    store.put(owner("ann"), kept.clone()).await.unwrap();
    assert_eq!(store.purge(START).await.unwrap(), 0);
    assert_eq!(store.list(owner("ann"), 10, START).await.unwrap(), [kept.clone(), brief.clone()]);
    assert!(store.purge(brief.expires_at).await.unwrap() <= 1);
    assert_eq!(store.list(owner("ann"), 10, brief.expires_at).await.unwrap(), [kept]);
    assert_eq!(store.purge(brief.expires_at).await.unwrap(), 0);
}

pub async fn purge_takes_any_number(store: Shared) {
    for _ in 0..1200 {
        store.put(owner("ann"), item()).await.unwrap();
    }
    let kept = item_after(30);
    store.put(owner("ann"), kept.clone()).await.unwrap();
    store.purge(START + MINUTE).await.unwrap();
    assert_eq!(store.list(owner("ann"), 10, START + MINUTE).await.unwrap(), [kept]);
}
