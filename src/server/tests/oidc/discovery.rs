use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::json;

use super::{
    super::issuer::{Bend, Instead},
    Door,
};
use crate::server::tests::app::Answer;

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

#[track_caller]
fn assert_unavailable(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{what}: {answer:?}");
    assert_eq!(answer.header("retry-after"), "5", "{what}");
    assert!(answer.headers.get("set-cookie").is_none(), "{what}");
}

#[tokio::test]
async fn nobody_is_sent_to_a_provider_that_is_down_or_lies() {
    let elsewhere = Door::open().await;
    for (what, path, instead) in [
        ("down", WELL_KNOWN, Instead::Answer(500, json!({}))),
        ("huge", WELL_KNOWN, Instead::Huge(8 << 20)),
        ("slow", WELL_KNOWN, Instead::Late(Duration::from_secs(2))),
        ("elsewhere", WELL_KNOWN, Instead::Redirect(format!("{}{WELL_KNOWN}", elsewhere.issuer.url))),
        ("no metadata", WELL_KNOWN, Instead::Answer(200, json!({"issuer": 1}))),
        ("keys down", "/keys", Instead::Answer(500, json!({}))),
        ("keys huge", "/keys", Instead::Huge(8 << 20)),
        ("keys elsewhere", "/keys", Instead::Redirect(format!("{}/keys", elsewhere.issuer.url))),
    ] {
        let door = Door::open().await;
        door.issuer.instead(path, Some(instead));
        let mut visitor = door.visitor();
        assert_unavailable(&visitor.open("/auth/corp/start").await, what);
        door.issuer.instead(path, None);
        tokio::time::sleep(Duration::from_millis(1100)).await;
        assert_eq!(visitor.open("/auth/corp/start").await.status, StatusCode::SEE_OTHER, "{what}: recovers");
    }
    assert!(elsewhere.issuer.seen(WELL_KNOWN).is_empty(), "no redirect is followed");
}

#[tokio::test]
async fn metadata_have_to_be_of_the_issuer_and_safe() {
    for (member, value) in [
        ("issuer", json!("https://evil.example")),
        ("issuer", json!("")),
        ("token_endpoint", json!("http://evil.example/token")),
        ("jwks_uri", json!("file:///etc/passwd")),
        ("end_session_endpoint", json!("http://10.0.0.1/out")),
        ("revocation_endpoint", json!("ftp://127.0.0.1/")),
    ] {
        let door = Door::open().await;
        door.issuer.announce(member, value);
        assert_unavailable(&door.visitor().open("/auth/corp/start").await, member);
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_not_asked_again_and_again() {
    let door = Door::open().await;
    door.issuer.instead(WELL_KNOWN, Some(Instead::Answer(500, json!({}))));
    let visits = (0..30).map(|_| async { door.visitor().open("/auth/corp/start").await.status });
    futures::future::join_all(visits).await;
    assert_eq!(door.issuer.seen(WELL_KNOWN).len(), 1);
}

#[tokio::test]
async fn whoever_is_signed_in_does_not_notice_that_the_provider_is_down() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    for path in [WELL_KNOWN, "/keys", "/token"] {
        door.issuer.instead(path, Some(Instead::Answer(500, json!({}))));
    }
    assert!(visitor.is_signed_in().await);
    assert_eq!(visitor.open("/operations/listItems").await.status, StatusCode::OK);
}

#[tokio::test]
async fn new_keys_are_found_and_unknown_ones_not_looked_for_again_and_again() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    let reads = || door.issuer.seen("/keys").len();
    assert_eq!(reads(), 1);
    door.issuer.rotate_keys();
    let token = door.issuer.logout_token(&Bend::default());
    assert_eq!(door.send_logout_token(&token).await.status, StatusCode::OK, "though all was read just now");
    assert_eq!(reads(), 2);
    assert!(!visitor.is_signed_in().await);
    let began = Instant::now();
    let invented = (0..20).map(|number| {
        let bend = Bend::header(json!({"kid": format!("invented-{number}")}));
        let token = door.issuer.logout_token(&bend);
        async { door.send_logout_token(&{ token }).await.status }
    });
    let statuses = futures::future::join_all(invented).await;
    assert!(statuses.iter().all(|status| *status == StatusCode::BAD_REQUEST), "{statuses:?}");
    assert!(reads() as u64 - 2 <= began.elapsed().as_secs() + 1, "{} readings", reads());
}
