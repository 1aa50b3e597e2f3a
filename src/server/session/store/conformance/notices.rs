//! Who learns of ended sessions.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::BoxStream;

use super::super::{Notice, Reason};
use super::{IDLE, START, Shared, create, user};

/// Within this time everybody knows.
const SOON: Duration = Duration::from_secs(1);

/// A listener that has begun to listen.
async fn listen(store: &Shared) -> BoxStream<'static, Notice> {
    let mut ended = store.ended();
    assert_eq!(next(&mut ended).await, Some(Notice::Listening));
    ended
}

async fn next(ended: &mut BoxStream<'static, Notice>) -> Option<Notice> {
    tokio::time::timeout(SOON, ended.next()).await.ok().flatten()
}

pub async fn an_end_is_told_once_to_everybody(store: Shared) {
    let key = create(&store, "ann").await;
    let mut listeners = [listen(&store).await, listen(&store).await];
    for _ in 0..3 {
        store.end(key, Reason::SignedOut, START).await.unwrap();
    }
    for ended in &mut listeners {
        assert_eq!(next(ended).await, Some(Notice::Ended(key)));
        assert_eq!(next(ended).await, None);
    }
}

pub async fn every_end_of_a_user_is_told(store: Shared) {
    let mut keys = [create(&store, "ann").await, create(&store, "ann").await, create(&store, "ann").await];
    let mut ended = listen(&store).await;
    store.end_user(user("ann"), Some(keys[0]), Reason::Revoked, START).await.unwrap();
    let mut told = Vec::new();
    while let Some(Notice::Ended(key)) = next(&mut ended).await {
        told.push(key);
    }
    told.sort();
    keys[1..].sort();
    assert_eq!(told, keys[1..]);
}

pub async fn only_ends_are_told(store: Shared) {
    let before = create(&store, "ann").await;
    store.end(before, Reason::SignedOut, START).await.unwrap();
    let mut ended = listen(&store).await;
    let idle = create(&store, "ann").await;
    store.touch(idle, START).await.unwrap();
    store.update(idle, 1, vec![1], START).await.unwrap();
    store.purge(START + IDLE).await.unwrap();
    assert_eq!(next(&mut ended).await, None);
}
