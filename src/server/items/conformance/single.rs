//! One item at a time.

use super::super::{Item, ItemId};
use super::{MILLISECOND, MINUTE, START, Shared, at_once, item, owner};
use crate::server::session::timestamp::Timestamp;

pub async fn an_item_is_there_until_it_expires(store: Shared) {
    let kept = item();
    store.put(owner("ann"), kept.clone()).await.unwrap();
    let last = Timestamp::from_millis(kept.expires_at.as_millis() - 1);
    for now in [START, START + MILLISECOND, last] {
        assert_eq!(store.get(owner("ann"), kept.id, now).await.unwrap(), Some(kept.clone()));
    }
    assert_eq!(store.get(owner("ann"), kept.id, kept.expires_at).await.unwrap(), None);
}

pub async fn an_unknown_item_is_missing_everywhere(store: Shared) {
    let id = ItemId::random().unwrap();
    assert_eq!(store.get(owner("ann"), id, START).await.unwrap(), None);
    assert_eq!(store.take(owner("ann"), id, START).await.unwrap(), None);
    assert_eq!(store.list(owner("ann"), 10, START).await.unwrap(), []);
    store.remove(owner("ann"), id).await.unwrap();
    store.clear(owner("ann")).await.unwrap();
    store.trim(owner("ann"), 1, START).await.unwrap();
    store.reset(id).await.unwrap();
    assert_eq!(store.purge(START).await.unwrap(), 0);
}

pub async fn any_value_comes_back_as_it_was(store: Shared) {
    for sealed in [vec![], vec![0], (0..=u8::MAX).collect(), vec![0xff; 1 << 20]] {
        let kept = Item { sealed, ..item() };
        assert!(store.insert(owner("ann"), kept.clone()).await.unwrap());
        assert_eq!(store.get(owner("ann"), kept.id, START).await.unwrap(), Some(kept));
    }
}

pub async fn insert_leaves_what_is_there(store: Shared) {
    let first = item();
    assert!(store.insert(owner("ann"), first.clone()).await.unwrap());
    let second = Item { stored_at: START + MILLISECOND, sealed: b"other".to_vec(), ..first.clone() };
    assert!(!store.insert(owner("ann"), second).await.unwrap());
    assert_eq!(store.get(owner("ann"), first.id, START).await.unwrap(), Some(first));
}

pub async fn insert_takes_the_place_of_an_expired_item(store: Shared) {
    let first = item();
    assert!(store.insert(owner("ann"), first.clone()).await.unwrap());
    let now = first.expires_at;
    let second = Item { stored_at: now, expires_at: now + MINUTE, sealed: b"other".to_vec(), ..first };
    assert!(store.insert(owner("ann"), second.clone()).await.unwrap());
    assert_eq!(store.get(owner("ann"), second.id, now).await.unwrap(), Some(second));
}

pub async fn one_of_50_inserts_is_first(store: Shared) {
    let id = ItemId::random().unwrap();
    let answers = at_once(50, |caller| {
        let store = store.clone();
        let own = Item { id, sealed: vec![caller], ..item() };
        async move { (caller, store.insert(owner("ann"), own).await.unwrap()) }
    })
    .await;
    let first: Vec<u8> = answers.into_iter().filter(|(_, first)| *first).map(|(caller, _)| caller).collect();
    assert_eq!(first.len(), 1);
    assert_eq!(store.get(owner("ann"), id, START).await.unwrap().unwrap().sealed, first);
}

pub async fn put_replaces_everything(store: Shared) {
    let first = item();
    store.put(owner("ann"), first.clone()).await.unwrap();
    let now = START + MINUTE / 2;
    let second = Item { stored_at: now, expires_at: now + MINUTE, sealed: b"other".to_vec(), ..first };
    store.put(owner("ann"), second.clone()).await.unwrap();
    assert_eq!(store.get(owner("ann"), second.id, START + MINUTE).await.unwrap(), Some(second.clone()));
    assert_eq!(store.list(owner("ann"), 10, now).await.unwrap(), [second]);
}

pub async fn one_of_50_takes_gets_the_item(store: Shared) {
    let kept = item();
    store.put(owner("ann"), kept.clone()).await.unwrap();
    let answers = at_once(50, |_| {
        let store = store.clone();
        async move { store.take(owner("ann"), kept.id, START).await.unwrap() }
    })
    .await;
    assert_eq!(answers.into_iter().flatten().collect::<Vec<_>>(), std::slice::from_ref(&kept));
    assert_eq!(store.get(owner("ann"), kept.id, START).await.unwrap(), None);
    assert_eq!(store.list(owner("ann"), 10, START).await.unwrap(), []);
}

pub async fn an_expired_item_cannot_be_taken(store: Shared) {
    let kept = item();
    store.put(owner("ann"), kept.clone()).await.unwrap();
    assert_eq!(store.take(owner("ann"), kept.id, kept.expires_at).await.unwrap(), None);
}

pub async fn remove_takes_one(store: Shared) {
    let (kept, removed) = (item(), item());
    store.put(owner("ann"), kept.clone()).await.unwrap();
    store.put(owner("ann"), removed.clone()).await.unwrap();
    store.remove(owner("ann"), removed.id).await.unwrap();
    assert_eq!(store.get(owner("ann"), removed.id, START).await.unwrap(), None);
    assert_eq!(store.list(owner("ann"), 10, START).await.unwrap(), [kept]);
    assert!(store.insert(owner("ann"), removed).await.unwrap());
}

pub async fn owners_have_nothing_in_common(store: Shared) {
    let kept = item();
    store.put(owner("ann"), kept.clone()).await.unwrap();
    assert_eq!(store.get(owner("bob"), kept.id, START).await.unwrap(), None);
    assert_eq!(store.take(owner("bob"), kept.id, START).await.unwrap(), None);
    assert_eq!(store.list(owner("bob"), 10, START).await.unwrap(), []);
    store.remove(owner("bob"), kept.id).await.unwrap();
    store.clear(owner("bob")).await.unwrap();
    store.trim(owner("bob"), 0, START).await.unwrap();
    let other = Item { sealed: b"other".to_vec(), ..kept.clone() };
    assert!(store.insert(owner("bob"), other.clone()).await.unwrap());
    assert_eq!(store.get(owner("ann"), kept.id, START).await.unwrap(), Some(kept));
    assert_eq!(store.get(owner("bob"), other.id, START).await.unwrap(), Some(other));
}
