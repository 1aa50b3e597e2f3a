use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use serde_json::json;

use super::{
    app::{App, Browser},
    upstream::Reply,
};
use crate::server::{
    logout,
    session::{Presence, Session, store::Reason, timestamp::Timestamp},
};

#[tokio::test]
async fn an_expired_token_is_refreshed_and_nobody_notices() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_access();
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
    assert_eq!(app.upstream.seen("/auth/refresh").len(), 1);
    let refresh = &app.upstream.seen("/auth/refresh")[0];
    assert!(!refresh.headers.contains_key("authorization"), "many upstreams refuse an expired bearer here");
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
    assert_eq!(app.upstream.seen("/auth/refresh").len(), 1, "the new token is kept");
}

#[tokio::test]
async fn everybody_who_waits_gets_the_winners_token() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for round in 1..=3 {
        app.upstream.expire_access();
        let pages = futures::future::join_all((0..30).map(|_| browser.open("/account"))).await;
        assert!(pages.iter().all(|page| page.status == StatusCode::OK));
        assert_eq!(app.upstream.seen("/auth/refresh").len(), round, "a refresh token works once");
    }
}

#[tokio::test]
async fn a_refusal_for_good_ends_the_session() {
    let app = App::start().await;
    for status in [400, 401, 403] {
        let browser = app.signed_in().await;
        app.upstream.expire_access();
        app.upstream.script("/auth/refresh", [Reply::Json(status, json!({"error": "invalid_grant"}))]);
        browser.open("/account").await.assert_sent_to_logout("/account");
    }
}

#[tokio::test]
async fn a_passing_failure_keeps_the_session() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_access();
    for (reply, status) in [
        (Reply::Json(500, json!({})), StatusCode::BAD_GATEWAY),
        (Reply::Json(429, json!({})), StatusCode::BAD_GATEWAY),
        (
            Reply::Raw { status: 200, content_type: "text/html", body: b"<h1>".to_vec() },
            StatusCode::BAD_GATEWAY,
        ),
    ] {
        app.upstream.script("/auth/refresh", [reply]);
        assert_eq!(browser.open("/account").await.status, status);
    }
    app.upstream.script("/auth/refresh", []);
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_a_slow_issuer_answers_is_kept_though_nobody_waits_for_it_so_long() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_access();
    app.upstream.accept("late");
    let tokens = json!({"data": {"accessToken": "late", "refreshToken": "late", "expiresIn": 300}});
    let late = Reply::Late(Duration::from_secs(3), Box::new(Reply::Json(200, tokens)));
    app.upstream.script("/auth/refresh", [late]);
    let began = std::time::Instant::now();
    assert_eq!(browser.open("/account").await.status, StatusCode::GATEWAY_TIMEOUT);
    assert!(began.elapsed() < Duration::from_millis(2900), "as long as any call, which is 2 s here");
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
    assert_eq!(app.upstream.seen("/auth/refresh").len(), 1, "the old refresh token is not shown again");
}

#[tokio::test]
async fn tokens_for_a_session_that_has_ended_meanwhile_are_revoked() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    app.upstream.expire_access();
    let tokens = json!({"data": {"accessToken": "late", "refreshToken": "late", "expiresIn": 300}});
    let late = Reply::Late(Duration::from_millis(500), Box::new(Reply::Json(200, tokens)));
    app.upstream.script("/auth/refresh", [late]);
    let page = browser.clone();
    let sign_out = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        browser.submit("/api/logout", &[]).await
    };
    let (page, _) = tokio::join!(page.open("/account"), sign_out);
    assert_eq!(page.location(), "/api/logout?reason=expired&next=/account");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let revoked: Vec<_> = app.upstream.seen("/auth/logout").into_iter().map(|call| call.body).collect();
    assert_eq!(revoked, [&br#"{"refreshToken":"refresh-1"}"#[..], br#"{"refreshToken":"late"}"#]);
}

/// The session of this browser, as a request loads it.
async fn loaded(app: &App, browser: &Browser<'_>) -> Session {
    let cookie = format!("vestibule={}", browser.cookie.as_deref().unwrap());
    let headers = HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]);
    match app.state.sessions().load(&headers, Timestamp::now()).await.unwrap() {
        Presence::Live(session) => *session,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_end_revokes_the_tokens_that_another_call_has_got_meanwhile() {
    let app = App::start().await;
    let (ended, replaced) = (app.signed_in().await, app.signed_in().await);
    let (old_ended, old_replaced) = (loaded(&app, &ended).await, loaded(&app, &replaced).await);
    app.upstream.expire_access();
    for browser in [&ended, &replaced] {
        assert_eq!(browser.open("/account").await.status, StatusCode::OK);
    }
    logout::end(&app.state, &old_ended, Reason::SignedOut).await.unwrap();
    logout::replace(&app.state, &old_replaced, &old_ended).await.unwrap();
    for _ in 0..50 {
        if app.upstream.seen("/auth/logout").len() < 2 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let mut revoked: Vec<_> = app.upstream.seen("/auth/logout").into_iter().map(|call| call.body).collect();
    revoked.sort();
    assert_eq!(revoked, [&br#"{"refreshToken":"refresh-3"}"#[..], br#"{"refreshToken":"refresh-4"}"#]);
}

#[tokio::test]
async fn refused_again_after_a_refresh_ends_after_one_refresh_and_one_retry() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.script("/me", [Reply::Json(401, json!({}))]);
    browser.open("/account").await.assert_sent_to_logout("/account");
    assert_eq!(app.upstream.seen("/auth/refresh").len(), 1);
    assert_eq!(app.upstream.seen("/me").len(), 3, "once while signing in, once refused, once repeated");
}

#[tokio::test]
async fn a_caller_that_leaves_does_not_lose_the_new_token() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_access();
    let tokens = json!({"data": {"accessToken": "late", "refreshToken": "late", "expiresIn": 300}});
    app.upstream.script(
        "/auth/refresh",
        [
            Reply::Late(Duration::from_millis(300), Box::new(Reply::Json(200, tokens))),
            Reply::Json(401, json!({})),
        ],
    );
    let refused = Reply::Json(401, json!({}));
    app.upstream.script("/me", [refused, Reply::Json(200, json!({"data": {"name": "Ada"}}))]);
    let left = tokio::time::timeout(Duration::from_millis(100), browser.open("/account")).await;
    assert!(left.is_err());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
    assert_eq!(app.upstream.seen("/auth/refresh").len(), 1);
    let last = app.upstream.seen("/me").pop().unwrap();
    assert_eq!(last.headers["authorization"], "Bearer late");
}
