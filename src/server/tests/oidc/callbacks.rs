use http::StatusCode;
use serde_json::json;

use super::{
    super::{
        app::App,
        issuer::{Instead, Issuer},
    },
    Door, Visitor, settings,
};

#[tokio::test]
async fn a_callback_works_once() {
    let door = Door::open().await;
    let mut visitor = door.visitor();
    let callback = visitor.go(&door.issuer, "corp", "/").await;
    let mut copy = visitor.clone();
    assert_eq!(visitor.open(&callback).await.status, StatusCode::OK);
    assert_eq!(copy.open(&callback).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(door.issuer.seen("/token").len(), 1, "the code is not even shown again");
    assert!(visitor.is_signed_in().await, "a replay harms nobody");
}

#[tokio::test]
async fn of_many_callbacks_at_once_one_works() {
    let door = Door::open().await;
    let mut visitor = door.visitor();
    let callback = visitor.go(&door.issuer, "corp", "/").await;
    let tries = (0..20).map(|_| {
        let (mut visitor, callback) = (visitor.clone(), callback.clone());
        async move { visitor.open(&callback).await.status }
    });
    let statuses = futures::future::join_all(tries).await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
    assert_eq!(door.issuer.seen("/token").len(), 1);
}

#[tokio::test]
async fn a_callback_belongs_to_its_browser() {
    let door = Door::open().await;
    let callback = door.visitor().go(&door.issuer, "corp", "/").await;
    let mut stranger = door.visitor();
    assert_eq!(stranger.open(&callback).await.status, StatusCode::BAD_REQUEST, "no transaction");
    let own = stranger.go(&door.issuer, "corp", "/").await;
    assert_eq!(stranger.open(&callback).await.status, StatusCode::BAD_REQUEST, "another transaction");
    assert_eq!(stranger.open(&own).await.status, StatusCode::OK, "which leaves their own alone");
}

#[tokio::test]
async fn a_callback_needs_the_right_state_issuer_and_code() {
    let door = Door::open().await;
    for change in [
        |query: &str| query.replace("state=", "other="),
        |query: &str| query.replace("state=", "state=x"),
        |query: &str| query.replace("code=", "other="),
        |query: &str| query.replace("code=code", "code=another"),
        |query: &str| query.replace("iss=", "iss=x"),
        |query: &str| query.replace("iss=", "other="),
        |query: &str| query.replace("code=", "error=access_denied&other="),
        |query: &str| {
            query.replace("code=", "error=%3Cscript%3E&error_description=%3Cimg+onerror%3D1%3E&code=")
        },
    ] {
        let mut visitor = door.visitor();
        let callback = visitor.go(&door.issuer, "corp", "/").await;
        let answer = visitor.open(&change(&callback)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", change(&callback));
        assert!(!answer.body.contains("<img") && !answer.body.contains("<script>"));
        assert_eq!(visitor.cookie("vestibule"), None);
    }
}

#[tokio::test]
async fn an_issuer_that_does_not_announce_its_name_need_not_say_it() {
    let door = Door::open().await;
    door.issuer.announce("authorization_response_iss_parameter_supported", json!(null));
    let mut visitor = door.visitor();
    let callback = visitor.go(&door.issuer, "corp", "/").await;
    let silent = callback.split("&iss=").next().unwrap().to_owned();
    assert_eq!(visitor.open(&silent).await.status, StatusCode::OK);
    let mut visitor = door.visitor();
    let callback = visitor.go(&door.issuer, "corp", "/").await;
    assert_eq!(visitor.open(&callback.replace("iss=", "iss=x")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn one_providers_answer_is_not_anothers() {
    let (one, two) = (Issuer::start().await, Issuer::start().await);
    let app = App::start_with(|all| {
        all.sign_in.oidc.insert("one".into(), settings(&one));
        all.sign_in.oidc.insert("two".into(), settings(&two));
    })
    .await;
    one.serve(&app.upstream);
    two.serve(&app.upstream);
    let mut visitor = Visitor::new(&app);
    let callback = visitor.go(&one, "one", "/").await;
    let mixed_up = callback.replace("/auth/one/", "/auth/two/");
    assert_eq!(visitor.clone().open(&mixed_up).await.status, StatusCode::BAD_REQUEST);
    assert!(two.seen("/token").is_empty(), "the code is not shown to the other");
    assert_eq!(visitor.open(&callback).await.status, StatusCode::OK);
    assert_eq!(visitor.open("/auth/three/start").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_cookie_passes_for_the_other() {
    let door = Door::open().await;
    let mut visitor = door.signed_in().await;
    let session = visitor.cookie("vestibule").unwrap().to_owned();
    let start = visitor.open("/auth/corp/start?again=1").await;
    let callback = door.issuer.agree(start.location());
    let transaction = visitor.cookie("vestibule.sign-in").unwrap().to_owned();
    visitor.cookies = vec![("vestibule".into(), transaction.clone()), ("vestibule.sign-in".into(), session)];
    assert!(!visitor.is_signed_in().await);
    visitor.cookies.retain(|(name, _)| name == "vestibule.sign-in");
    assert_eq!(visitor.open(&callback).await.status, StatusCode::BAD_REQUEST);
    let twice =
        vec![("vestibule.sign-in".into(), transaction.clone()), ("vestibule.sign-in".into(), transaction)];
    visitor.cookies = twice;
    assert_eq!(visitor.open(&callback).await.status, StatusCode::BAD_REQUEST, "two cookies are none");
}

#[tokio::test]
async fn a_provider_that_fails_after_all_signs_nobody_in() {
    let door = Door::open().await;
    for (instead, status) in [
        (Instead::Answer(400, json!({"error": "invalid_grant"})), StatusCode::BAD_REQUEST),
        (Instead::Answer(200, json!({"access_token": 1})), StatusCode::BAD_REQUEST),
        (Instead::Redirect(format!("{}/token", door.app.upstream.url)), StatusCode::SERVICE_UNAVAILABLE),
        (Instead::Huge(1 << 20), StatusCode::SERVICE_UNAVAILABLE),
        (Instead::Late(std::time::Duration::from_secs(2)), StatusCode::SERVICE_UNAVAILABLE),
    ] {
        door.issuer.instead("/token", Some(instead));
        let mut visitor = door.visitor();
        let answer = visitor.sign_in(&door.issuer, "/").await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(visitor.cookies.is_empty());
    }
    assert!(door.app.upstream.seen("/token").is_empty(), "no redirect is followed");
}
