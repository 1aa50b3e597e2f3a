use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::WWW_AUTHENTICATE;
use serde_json::{Value, json};

use super::super::Lifetimes;
use super::{Visitor, data, errors, pause};

#[tokio::test]
async fn signing_in_gives_tokens_and_a_name() {
    let visitor = Visitor::signed_in().await;
    let answer = data(visitor.log_in("ada", "ada").await).await;
    assert_eq!(answer["expiresIn"], 300);
    let me = visitor.data("/me").await;
    assert_eq!((&me["username"], &me["name"]), (&json!("demo"), &json!("Demo Reader")));
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let visitor = Visitor::stranger(Lifetimes::default()).await;
    let [unknown, wrong] = [("nobody", "nobody"), ("demo", "guess")];
    let unknown = visitor.log_in(unknown.0, unknown.1).await;
    let wrong = visitor.log_in(wrong.0, wrong.1).await;
    assert_eq!((unknown.status(), wrong.status()), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(unknown.text().await.unwrap(), wrong.text().await.unwrap());
    let missing = errors(visitor.post("/auth/login", json!({"username": "demo"})).await).await;
    assert!(missing.to_string().contains("password"), "{missing}");
}

#[tokio::test]
async fn a_call_without_a_good_token_is_unauthenticated() {
    let mut visitor = Visitor::signed_in().await;
    for token in ["", "access_", "access_AAAA", "nonsense", visitor.refresh.clone().as_str()] {
        visitor.access = token.to_owned();
        let answer = visitor.get("/books").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{token}");
        assert_eq!(answer.headers()[WWW_AUTHENTICATE], r#"Bearer error="invalid_token""#);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body, json!({"data": null, "message": "UnAuthentication"}));
    }
}

#[tokio::test]
async fn refresh_tokens_rotate_and_older_access_tokens_live_on() {
    let mut visitor = Visitor::signed_in().await;
    let before = visitor.access.clone();
    assert_eq!(visitor.renew().await, StatusCode::OK);
    assert_ne!(visitor.access, before);
    assert_eq!(visitor.status("/me").await, StatusCode::OK);
    visitor.access = before;
    assert_eq!(visitor.status("/me").await, StatusCode::OK);
}

#[tokio::test]
async fn using_a_refresh_token_twice_ends_the_family_and_no_other() {
    let mut visitor = Visitor::signed_in().await;
    let spent = visitor.refresh.clone();
    let other = data(visitor.log_in("demo", "demo").await).await;
    assert_eq!(visitor.renew().await, StatusCode::OK);

    let reuse = visitor.spend(&spent).await;
    assert_eq!(reuse.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(data(reuse).await["error"], "invalid_grant");
    assert_eq!(visitor.status("/me").await, StatusCode::UNAUTHORIZED);
    assert_eq!(visitor.renew().await, StatusCode::UNAUTHORIZED);
    let other = visitor.spend(other["refreshToken"].as_str().unwrap()).await;
    assert_eq!(other.status(), StatusCode::OK);
}

#[tokio::test]
async fn one_of_many_refreshes_at_once_wins() {
    let visitor = Visitor::signed_in().await;
    let answers = [(); 8].map(|()| {
        let url = format!("{}/auth/refresh", visitor.api.base_url());
        tokio::spawn(visitor.http.post(url).json(&json!({"refreshToken": visitor.refresh})).send())
    });
    let mut won = 0;
    for answer in answers {
        won += u32::from(answer.await.unwrap().unwrap().status().is_success());
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn access_tokens_expire_before_refresh_tokens() {
    let lifetimes = Lifetimes { access: Duration::from_millis(300), refresh: Duration::from_millis(900) };
    let mut visitor = Visitor::stranger(lifetimes).await;
    visitor.sign_in("demo").await;
    assert_eq!(visitor.status("/me").await, StatusCode::OK);
    pause(400).await;
    assert_eq!(visitor.status("/me").await, StatusCode::UNAUTHORIZED);
    assert_eq!(visitor.renew().await, StatusCode::OK);
    assert_eq!(visitor.status("/me").await, StatusCode::OK);
    pause(1000).await;
    assert_eq!(visitor.renew().await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_takes_either_token() {
    let mut visitor = Visitor::signed_in().await;
    assert_eq!(visitor.post("/auth/logout", Value::Null).await.status(), StatusCode::OK);
    assert_eq!(visitor.renew().await, StatusCode::UNAUTHORIZED);

    visitor.sign_in("demo").await;
    let body = json!({"refreshToken": visitor.refresh});
    let url = format!("{}/auth/logout", visitor.api.base_url());
    let answer = visitor.http.post(&url).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(visitor.status("/me").await, StatusCode::UNAUTHORIZED);
    let again = visitor.http.post(&url).json(&body).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::OK, "a dead token is no error");
    let nothing = visitor.http.post(&url).send().await.unwrap();
    assert_eq!(nothing.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn tokens_can_be_expired_one_by_one_or_together() {
    let mut visitor = Visitor::signed_in().await;
    let expire = async |visitor: &Visitor, which: &str| {
        let answer = visitor.post(&format!("/me/expire-{which}"), Value::Null).await;
        assert_eq!(answer.status(), StatusCode::OK, "{which}");
    };
    expire(&visitor, "access-token").await;
    assert_eq!(visitor.status("/me").await, StatusCode::UNAUTHORIZED);
    assert_eq!(visitor.renew().await, StatusCode::OK);
    expire(&visitor, "refresh-token").await;
    assert_eq!(visitor.status("/me").await, StatusCode::OK);
    assert_eq!(visitor.renew().await, StatusCode::UNAUTHORIZED);
    visitor.sign_in("demo").await;
    expire(&visitor, "tokens").await;
    assert_eq!(visitor.status("/me").await, StatusCode::UNAUTHORIZED);
    assert_eq!(visitor.renew().await, StatusCode::UNAUTHORIZED);
}
