//! How often a network may fail to sign in by way of a provider.

use futures::future::join_all;
use http::StatusCode;
use serde_json::json;

use super::{super::issuer::Instead, Door, Visitor};
use crate::server::{items::Owner, session::timestamp::Timestamp, tests::app::Answer};

/// At most this many failures.
const LIMIT: u32 = 3;

async fn door() -> Door {
    Door::open_among(|all| all.sign_in.attempts_per_network.limit = LIMIT).await
}

/// Comes back from the provider with a code that it has not given.
async fn guess(door: &Door, visitor: &mut Visitor<'_>) -> Answer {
    let callback = visitor.go(&door.issuer, "corp", "/").await;
    visitor.open(&callback.replace("code=code", "code=another")).await
}

#[tokio::test]
async fn guesses_from_one_network_are_not_passed_on_for_ever() {
    let door = door().await;
    for _ in 0..LIMIT {
        assert_eq!(guess(&door, &mut door.visitor()).await.status, StatusCode::BAD_REQUEST);
    }
    let answer = guess(&door, &mut door.visitor()).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((880..=901).contains(&wait), "{wait}");
    assert!(answer.body.contains("Too many attempts. Try again in 15 minutes."), "{}", answer.body);
    assert_eq!(door.issuer.seen("/token").len(), LIMIT as usize, "the provider does not hear of the last");
    let password = door.app.browser().sign_in("ada", "right", "/").await;
    assert_eq!(password.status, StatusCode::TOO_MANY_REQUESTS, "they are guesses like any other");
}

#[tokio::test]
async fn what_is_not_passed_on_is_not_written_down_either() {
    let door = door().await;
    for _ in 0..LIMIT {
        guess(&door, &mut door.visitor()).await;
    }
    for _ in 0..5 {
        assert_eq!(guess(&door, &mut door.visitor()).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
    let used = Owner::derive("vestibule/used-sign-in/1", b"");
    let used = door.app.state.items().list(used, 100, Timestamp::now()).await.unwrap();
    assert_eq!(used.len(), LIMIT as usize);
}

#[tokio::test]
async fn replays_at_once_cost_nobody_an_attempt() {
    let door = door().await;
    let mut visitor = door.visitor();
    let callback = visitor.go(&door.issuer, "corp", "/").await;
    let mut copies = vec![visitor.clone(); LIMIT as usize * 3];
    assert_eq!(visitor.open(&callback).await.status, StatusCode::OK);
    join_all(copies.iter_mut().map(|copy| copy.open(&callback))).await;
    for _ in 0..LIMIT {
        assert_eq!(guess(&door, &mut door.visitor()).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn who_signs_in_properly_is_never_told_to_wait() {
    let door = door().await;
    // One more follows below, and a replay has to find room.
    for _ in 2..LIMIT {
        assert_eq!(guess(&door, &mut door.visitor()).await.status, StatusCode::BAD_REQUEST);
    }
    for _ in 0..LIMIT * 2 {
        door.signed_in().await;
    }
    door.issuer.instead("/token", Some(Instead::Redirect("/elsewhere".into())));
    for _ in 0..LIMIT * 2 {
        let down = door.visitor().sign_in(&door.issuer, "/").await;
        assert_eq!(
            down.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "that the provider fails is not their fault"
        );
    }
    door.issuer.instead("/token", Some(Instead::Answer(400, json!({"error": "invalid_grant"}))));
    let mut visitor = door.visitor();
    let callback = visitor.go(&door.issuer, "corp", "/").await;
    let copy = visitor.clone();
    assert_eq!(visitor.open(&callback).await.status, StatusCode::BAD_REQUEST);
    door.issuer.instead("/token", None);
    for _ in 0..LIMIT * 2 {
        assert_eq!(
            copy.clone().open(&callback).await.status,
            StatusCode::BAD_REQUEST,
            "a replay asks the provider nothing, and does not count"
        );
    }
}

#[tokio::test]
async fn many_guesses_at_once_get_no_further() {
    let door = door().await;
    let guesses = (0..20).map(|_| async { guess(&door, &mut door.visitor()).await.status });
    let statuses = futures::future::join_all(guesses).await;
    let refused = statuses.iter().filter(|status| **status == StatusCode::BAD_REQUEST).count();
    assert_eq!((refused, door.issuer.seen("/token").len()), (LIMIT as usize, LIMIT as usize));
}
