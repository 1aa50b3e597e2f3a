//! Somebody who signed in with the provider a while ago, and is to show that it is them.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::{
    super::issuer::{Bend, now},
    Door, Visitor,
};

const CONFIRM: &str = "/login?reason=confirm&next=/account%23sessions";
const START: &str = "/auth/corp/start?next=/account%23sessions&again=same";

/// Two sessions of one person, the first of which has asked to end all others and is to show that it is them.
async fn asked(door: &Door) -> (Visitor<'_>, Visitor<'_>) {
    let (mut here, there) = (door.signed_in().await, door.signed_in().await);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(end_others(&mut here).await, CONFIRM);
    (here, there)
}

async fn end_others(visitor: &mut Visitor<'_>) -> String {
    visitor.submit_form("/account", "end=others").await.location().to_owned()
}

async fn door() -> Door {
    Door::open_among(|settings| {
        settings.session.confirm_after = Duration::from_secs(1);
        let corp = settings.sign_in.oidc.get_mut("corp").unwrap();
        corp.authorize_parameters.insert("max_age".into(), "3600".into());
    })
    .await
}

#[tokio::test]
async fn the_provider_asks_them_again_and_leads_back() {
    let door = door().await;
    let (mut here, mut there) = asked(&door).await;
    let page = here.open(CONFIRM).await.body;
    for part in
        ["action=\"/auth/corp/start\"", "value=\"/account#sessions\"", "name=\"again\" value=\"same\""]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let start = here.open(START).await;
    assert!(start.location().contains("prompt=login") && start.location().contains("max_age=0"), "{start:?}");
    assert!(!start.location().contains("max_age=3600"), "{start:?}");
    assert!(here.is_signed_in().await && there.is_signed_in().await, "nothing has happened yet");
    door.issuer.bend(Bend::claims(json!({"auth_time": now()})));
    let callback = door.issuer.agree(start.location());
    let back = here.open_from("cross-site", &callback).await;
    assert_eq!((back.status, back.header("refresh")), (StatusCode::OK, "0; url=/account#sessions"));
    assert_eq!(end_others(&mut here).await, "/account?ended=1#sessions");
    assert!(here.is_signed_in().await && !there.is_signed_in().await);
}

#[tokio::test]
async fn a_provider_that_has_not_asked_shows_nothing() {
    let door = door().await;
    let (mut here, mut there) = asked(&door).await;
    door.issuer.bend(Bend::claims(json!({"auth_time": now() - 700})));
    let start = here.open(START).await;
    let callback = door.issuer.agree(start.location());
    assert_eq!(here.open(&callback).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(end_others(&mut here).await, CONFIRM, "still signed in, and still asked");
    assert!(there.is_signed_in().await);
}

#[tokio::test]
async fn a_provider_that_does_not_say_when_shows_nothing() {
    let door = door().await;
    let (mut here, mut there) = asked(&door).await;
    let start = here.open(START).await;
    let callback = door.issuer.agree(start.location());
    let told = here.open(&callback).await;
    assert_eq!(told.status, StatusCode::BAD_REQUEST);
    assert!(told.body.contains("You are signed in as before."), "{}", told.body);
    assert_eq!(end_others(&mut here).await, CONFIRM, "still signed in, and still asked");
    assert!(there.is_signed_in().await);
}

#[tokio::test]
async fn somebody_else_confirms_nothing() {
    let door = door().await;
    let (mut here, mut there) = asked(&door).await;
    let before = here.cookie("vestibule").map(str::to_owned);
    door.issuer.bend(Bend::claims(json!({"sub": "eve-2"})));
    let start = here.open(START).await;
    let callback = door.issuer.agree(start.location());
    let answer = here.open(&callback).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("Somebody else has signed in"), "{}", answer.body);
    assert_eq!(here.cookie("vestibule"), before.as_deref());
    assert_eq!(here.cookies.len(), 1, "the transaction is gone: {:?}", here.cookies);
    assert_eq!(end_others(&mut here).await, CONFIRM);
    assert!(there.is_signed_in().await);
}

#[tokio::test]
async fn only_the_way_in_which_they_signed_in_is_offered() {
    let door = door().await;
    let (mut here, _there) = asked(&door).await;
    let page = here.open(CONFIRM).await.body;
    assert!(page.contains("Sign in with corp") && !page.contains("name=\"password\""), "{page}");
    let page = door.visitor().open(CONFIRM).await.body;
    assert!(
        page.contains("name=\"again\" value=\"1\"") && page.contains("name=\"password\""),
        "whoever is nobody yet: {page}"
    );

    let mut other = door.visitor();
    other.submit_form("/login", "username=ada&password=right&next=/").await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let page = other.open(CONFIRM).await.body;
    assert!(!page.contains("Sign in with corp") && page.contains("name=\"password\""), "{page}");
}
