use std::{collections::HashMap, time::Duration};

use http::StatusCode;
use serde_json::json;
use url::Url;

use super::{
    super::issuer::{Bend, CLIENT, Instead},
    Door,
};

async fn revoked(door: &Door) -> Vec<HashMap<String, String>> {
    for _ in 0..100 {
        let seen = door.issuer.seen("/revoke");
        if !seen.is_empty() {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Vec::new()
}

#[tokio::test]
async fn signing_out_here_leaves_the_provider_alone_by_default() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    assert_eq!(visitor.submit("/api/logout").await.location(), "/login?reason=signed-out");
    let revoked = revoked(&door).await;
    assert_eq!(revoked.len(), 1);
    assert!(revoked[0]["token"].starts_with("provider-refresh-"), "{revoked:?}");
    assert_eq!(revoked[0]["token_type_hint"], "refresh_token");
}

#[tokio::test]
async fn the_providers_word_of_logout_lets_an_open_page_revoke_what_is_left() {
    let door = Door::open().await;
    let visitor = door.signed_in().await;
    let _events = visitor.listen("/api/session/events").await;
    let token = door.issuer.logout_token(&Bend::default());
    assert_eq!(door.send_logout_token(&token).await.status, StatusCode::OK);
    let revoked = revoked(&door).await;
    assert_eq!(revoked.len(), 1);
    assert!(revoked[0]["token"].starts_with("provider-refresh-"), "{revoked:?}");
}

#[tokio::test]
async fn nothing_is_revoked_where_that_is_not_wanted() {
    let door = Door::open_with(|settings| settings.revoke = false).await;
    door.signed_in().await.submit("/api/logout").await;
    assert!(revoked(&door).await.is_empty());
}

#[tokio::test]
async fn whoever_signs_in_again_keeps_what_the_provider_gave_them() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    for (subject, count) in [("ada-1", 0), ("eve-2", 1)] {
        door.issuer.bend(Bend::claims(json!({"sub": subject})));
        let start = visitor.open("/auth/corp/start?again=1").await;
        let callback = door.issuer.agree(start.location());
        assert_eq!(visitor.open(&callback).await.status, StatusCode::OK);
        assert_eq!(revoked(&door).await.len(), count, "{subject}");
    }
}

#[tokio::test]
async fn signing_out_at_the_provider_too_comes_last() {
    let door = Door::open_with(|settings| settings.sign_out_at_provider = true).await;
    let mut visitor = door.signed_in().await;
    let dead = visitor.clone();
    let answer = visitor.submit("/api/logout").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.cookies("vestibule"), [""], "the cookie is gone already");
    assert!(!dead.clone().is_signed_in().await, "and the record is");
    let url = Url::parse(answer.location()).unwrap();
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert!(answer.location().starts_with(&format!("{}/end-session?", door.issuer.url)));
    assert_eq!(query["id_token_hint"].split('.').count(), 3);
    assert_eq!(query["post_logout_redirect_uri"], format!("{}/auth/corp/signed-out", door.app.url));
    let back = format!("/auth/corp/signed-out?state={}", query["state"]);
    assert_eq!(visitor.open(&back).await.location(), "/login?reason=signed-out");
    for state in ["", "?state=x", "?state=AAAAAAAA"] {
        assert_eq!(visitor.open(&format!("/auth/corp/signed-out{state}")).await.location(), "/login");
    }
}

#[tokio::test]
async fn a_token_that_is_too_long_for_a_header_stays_here() {
    let door = Door::open_with(|settings| settings.sign_out_at_provider = true).await;
    let groups: Vec<_> = (0..200).map(|number| format!("group-{number}")).collect();
    door.issuer.bend(Bend::claims(json!({"groups": groups})));
    let mut visitor = door.signed_in().await;
    let answer = visitor.submit("/api/logout").await;
    assert!(answer.location().len() <= 2000, "{answer:?}");
    let query: HashMap<_, _> = Url::parse(answer.location()).unwrap().query_pairs().into_owned().collect();
    assert!(!query.contains_key("id_token_hint"), "{query:?}");
    assert_eq!(query["client_id"], CLIENT);
    let back = format!("/auth/corp/signed-out?state={}", query["state"]);
    assert_eq!(visitor.open(&back).await.location(), "/login?reason=signed-out");
}

#[tokio::test]
async fn a_provider_that_is_down_keeps_nobody_signed_in() {
    let door = Door::open_with(|settings| settings.sign_out_at_provider = true).await;
    let mut visitor = door.signed_in().await;
    door.issuer.instead("/.well-known/openid-configuration", Some(Instead::Answer(500, json!({}))));
    door.issuer.instead("/revoke", Some(Instead::Late(Duration::from_mins(1))));
    let dead = visitor.clone();
    assert_eq!(visitor.submit("/api/logout").await.status, StatusCode::SEE_OTHER);
    assert!(!dead.clone().is_signed_in().await);
}
