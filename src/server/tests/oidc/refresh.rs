use std::{collections::HashSet, time::Duration};

use http::StatusCode;
use serde_json::json;

use super::{
    super::issuer::{Bend, Instead, Signed, now},
    Door, Visitor,
};

async fn expired(door: &Door) -> Visitor<'_> {
    let visitor = door.signed_in().await;
    door.app.upstream.expire_access();
    visitor
}

#[tokio::test]
async fn tokens_are_renewed_and_the_refresh_token_rotates() {
    let door = Door::open().await;
    let mut visitor = expired(&door).await;
    for _ in 0..3 {
        assert!(visitor.is_signed_in().await);
        door.app.upstream.expire_access();
    }
    let redeemed = door.issuer.seen("/token");
    let refreshes: Vec<_> = redeemed.iter().filter_map(|form| form.get("refresh_token")).collect();
    assert_eq!(refreshes.len(), 3);
    assert!(refreshes[0] != refreshes[1] && refreshes[1] != refreshes[2], "{refreshes:?}");
}

#[tokio::test]
async fn everybody_who_waits_gets_the_winners_token() {
    let door = Door::open().await;
    let visitor = expired(&door).await;
    let pages = (0..30).map(|_| {
        let mut visitor = visitor.clone();
        async move { visitor.is_signed_in().await }
    });
    assert!(futures::future::join_all(pages).await.into_iter().all(|signed_in| signed_in));
    assert_eq!(door.issuer.seen("/token").len(), 2, "the code, and one refresh token");
}

#[tokio::test]
async fn a_token_that_is_known_to_have_ended_is_not_even_tried() {
    let door = Door::open().await;
    door.issuer.set_lifetime(1);
    let mut visitor = door.signed_in().await;
    let before = door.app.upstream.seen("/me").len();
    door.app.upstream.expire_access();
    door.issuer.set_lifetime(300);
    assert!(visitor.is_signed_in().await);
    assert_eq!(door.app.upstream.seen("/me").len(), before + 1, "no call was refused");
    assert_eq!(door.issuer.seen("/token").len(), 2);
}

#[tokio::test]
async fn a_provider_need_not_send_another_id_token() {
    let door = Door::open().await;
    let mut visitor = expired(&door).await;
    door.issuer.leave_out_id_tokens();
    assert!(visitor.is_signed_in().await);
    assert!(visitor.open("/").await.body.contains("Ada"));
}

#[tokio::test]
async fn a_token_about_somebody_else_ends_the_session() {
    for (what, bend) in [
        ("another subject", Bend { claims: json!({"sub": "eve-2"}), ..Bend::default() }),
        ("another issuer", Bend { claims: json!({"iss": "https://evil.example"}), ..Bend::default() }),
        ("another audience", Bend { claims: json!({"aud": "another"}), ..Bend::default() }),
        ("another party", Bend::claims(json!({"azp": "another"}))),
    ] {
        let door = Door::open().await;
        let mut visitor = expired(&door).await;
        door.issuer.bend(bend);
        visitor.open("/account").await.assert_sent_to_logout("/account");
        assert_eq!(door.app.upstream.seen("/me").len(), 1, "{what}: the new token is never used");
    }
}

#[tokio::test]
async fn an_id_token_that_is_not_believed_is_left_aside_and_the_new_tokens_are_kept() {
    let door = Door::open().await;
    let mut visitor = expired(&door).await;
    for (what, bend) in [
        ("another access token", Bend::claims(json!({"at_hash": "AAAA"}))),
        ("a forged signature", Bend::signed(Signed::ByAnother)),
        ("no signature", Bend::signed(Signed::Not)),
        ("an unknown key", Bend::header(json!({"kid": "unknown"}))),
        ("of another time", Bend::claims(json!({"exp": now() - 3600, "name": "Eve"}))),
        ("of a time to come", Bend::claims(json!({"iat": now() + 3600}))),
        ("unreadable", Bend::claims(json!({"exp": "soon"}))),
    ] {
        door.issuer.bend(bend);
        door.app.upstream.expire_access();
        let home = visitor.open("/account").await;
        assert_eq!(home.status, StatusCode::OK, "{what}");
        assert!(home.body.contains("Ada") && !home.body.contains("Eve"), "{what}");
    }
    let redeemed = door.issuer.seen("/token");
    let refreshes: HashSet<_> = redeemed.iter().filter_map(|form| form.get("refresh_token")).collect();
    assert_eq!(refreshes.len(), 7, "each new refresh token is kept");
}

#[tokio::test]
async fn new_tokens_outlive_keys_that_have_just_changed_or_cannot_be_read() {
    let door = Door::open().await;
    let mut visitor = expired(&door).await;
    door.issuer.rotate_keys();
    assert!(visitor.is_signed_in().await);
    door.issuer.rotate_keys();
    door.issuer.instead("/keys", Some(Instead::Answer(500, json!({}))));
    door.app.upstream.expire_access();
    assert!(visitor.is_signed_in().await);
    door.app.upstream.expire_access();
    assert!(visitor.is_signed_in().await, "the refresh token is the new one");
}

#[tokio::test]
async fn an_issuer_that_refuses_a_token_known_to_have_ended_is_asked_once() {
    let door = Door::open().await;
    door.issuer.set_lifetime(1);
    let mut visitor = expired(&door).await;
    door.issuer.expire_refresh_tokens();
    visitor.open("/account").await.assert_sent_to_logout("/account");
    assert_eq!(door.issuer.seen("/token").len(), 2, "the code, and one refresh");
}

#[tokio::test]
async fn a_refusal_for_good_ends_the_session() {
    for error in ["invalid_grant", "invalid_client"] {
        let door = Door::open().await;
        let mut visitor = expired(&door).await;
        door.issuer.instead("/token", Some(Instead::Answer(400, json!({"error": error}))));
        visitor.open("/account").await.assert_sent_to_logout("/account");
    }
}

#[tokio::test]
async fn a_passing_failure_keeps_the_session() {
    let door = Door::open().await;
    let mut visitor = expired(&door).await;
    for instead in [
        Instead::Answer(500, json!({})),
        Instead::Answer(400, json!({"error": "temporarily_unavailable"})),
        Instead::Answer(200, json!({})),
        Instead::Redirect(door.app.upstream.url.clone()),
    ] {
        door.issuer.instead("/token", Some(instead));
        let status = visitor.open("/account").await.status;
        assert!(matches!(status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT), "{status}");
    }
    door.issuer.instead("/token", None);
    assert!(visitor.is_signed_in().await);
}

#[tokio::test]
async fn what_a_slow_provider_answers_is_kept() {
    let door = Door::open().await;
    let mut visitor = expired(&door).await;
    door.issuer.instead("/token", Some(Instead::Late(Duration::from_secs(2))));
    assert_eq!(visitor.open("/account").await.status, StatusCode::GATEWAY_TIMEOUT);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(visitor.is_signed_in().await);
    assert_eq!(door.issuer.seen("/token").len(), 2, "the code, and one refresh");
}

#[tokio::test]
async fn without_a_refresh_token_the_401_is_the_verdict() {
    let door = Door::open().await;
    door.issuer.expire_refresh_tokens();
    let mut visitor = expired(&door).await;
    door.issuer.expire_refresh_tokens();
    visitor.open("/account").await.assert_sent_to_logout("/account");
    assert!(door.issuer.seen("/revoke").len() <= 1);
}
