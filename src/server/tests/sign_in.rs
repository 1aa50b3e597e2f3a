use http::StatusCode;
use serde_json::json;

use super::{app::App, upstream::Reply};

#[tokio::test]
async fn a_person_signs_in_and_goes_on_to_where_they_wanted() {
    let app = App::start().await;
    let mut browser = app.browser();
    let answer = browser.sign_in("ada", "right", "/operations/listItems?send=1").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/operations/listItems?send=1");
    let home = browser.open("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.body.contains("Ada"), "{}", home.body);
}

#[tokio::test]
async fn the_upstream_gets_the_credentials_and_the_browser_no_token() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let sent: serde_json::Value = serde_json::from_slice(&app.upstream.seen("/auth/login")[0].body).unwrap();
    assert_eq!(sent, json!({"username": "ada", "password": "right"}));
    for path in ["/", "/operations", "/operations/listItems", "/account", "/api/session"] {
        let answer = browser.open(path).await;
        for secret in ["access-1", "refresh-1"] {
            assert!(!answer.body.contains(secret), "{path} shows {secret}");
            assert!(!format!("{:?}", answer.headers).contains(secret), "{path} sends {secret}");
        }
    }
}

#[tokio::test]
async fn a_wrong_password_says_so_and_ends_no_session() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let cookie = browser.cookie.clone();
    let answer = browser.sign_in("ada", "wrong", "/account").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("Wrong user name or password."));
    assert!(answer.body.contains("value=\"/account\""), "the return target is kept");
    assert!(answer.body.contains("value=\"ada\""), "the name is kept");
    assert_eq!(browser.cookie, cookie);
    assert_eq!(browser.open("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_sign_in_that_is_not_where_the_settings_say_is_nobodys_fault() {
    for status in [404, 405, 415, 501] {
        let app = App::start_with(|settings| settings.sign_in.attempts_per_account.limit = 2).await;
        app.upstream.script("/auth/login", [Reply::Json(status, json!({"message": "no such route"}))]);
        let mut browser = app.browser();
        for _ in 0..4 {
            let answer = browser.sign_in("ada", "right", "/").await;
            assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{status}: and no attempt counts");
            assert!(!answer.body.contains("Wrong user name"), "{status}: {}", answer.body);
        }
    }
    let app = App::start().await;
    app.signed_in().await;
    app.upstream.script("/auth/login", [Reply::Json(404, json!({"message": "no such user"}))]);
    let answer = app.browser().sign_in("nobody", "x", "/").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "an API that signs others in does not know this one");
}

#[tokio::test]
async fn a_name_that_is_unknown_takes_the_same_way_as_a_wrong_password() {
    let app = App::start().await;
    for name in ["ada", "nobody"] {
        app.upstream.forget_seen();
        app.browser().sign_in(name, "wrong", "/").await;
        let calls = app.upstream.all_seen();
        let calls: Vec<_> = calls.iter().filter(|call| call.path != "/openapi.json").collect();
        assert_eq!(calls.len(), 1, "{name}: {calls:?}");
        assert_eq!(calls[0].path, "/auth/login");
        let sent: serde_json::Value = serde_json::from_slice(&calls[0].body).unwrap();
        assert_eq!(sent, json!({"username": name, "password": "wrong"}));
    }
}

#[tokio::test]
async fn signing_in_again_changes_the_id_and_ends_the_old_session() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let old = browser.clone();
    browser.sign_in("ada", "right", "/").await;
    assert_ne!(browser.cookie, old.cookie);
    assert_eq!(browser.open("/").await.status, StatusCode::OK);
    assert_eq!(old.open("/account").await.location(), "/login?reason=expired&next=/account");
}

#[tokio::test]
async fn an_id_from_before_the_sign_in_is_never_taken_over() {
    let app = App::start().await;
    let mut browser = app.browser();
    let planted = format!("{}.{}", "A".repeat(22), "A".repeat(43));
    browser.cookie = Some(planted.clone());
    browser.sign_in("ada", "right", "/").await;
    assert_ne!(browser.cookie, Some(planted));
}

#[tokio::test]
async fn an_upstream_that_is_down_or_lies_signs_nobody_in() {
    let app = App::start().await;
    for (reply, status) in [
        (Reply::Json(500, json!({"message": "boom"})), StatusCode::BAD_GATEWAY),
        (Reply::Json(429, json!({})), StatusCode::TOO_MANY_REQUESTS),
        (Reply::Json(200, json!({"data": {}})), StatusCode::BAD_GATEWAY),
        (
            Reply::Raw { status: 200, content_type: "text/html", body: b"<h1>".to_vec() },
            StatusCode::BAD_GATEWAY,
        ),
    ] {
        app.upstream.script("/auth/login", [reply]);
        let mut browser = app.browser();
        let answer = browser.sign_in("ada", "right", "/").await;
        assert_eq!(answer.status, status);
        assert_eq!(browser.cookie, None);
    }
}

#[tokio::test]
async fn whoever_is_signed_in_needs_no_login_page() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    assert_eq!(browser.open("/login?next=/account").await.location(), "/account");
    assert_eq!(browser.open("/login?next=//evil.example").await.location(), "/");
    assert_eq!(browser.open("/login").await.location(), "/");
}

#[tokio::test]
async fn the_login_page_explains_and_clears_a_dead_cookie() {
    let app = App::start().await;
    let mut browser = app.browser();
    let page = browser.open("/login?reason=expired&next=/account").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Your session has ended"), "{}", page.body);
    assert!(page.cookies("vestibule").is_empty());
    browser.cookie = Some("no.session".into());
    assert_eq!(browser.open("/login").await.cookies("vestibule"), [""]);
}

#[tokio::test]
async fn bad_forms_are_refused() {
    let app = App::start().await;
    let mut browser = app.browser();
    assert_eq!(
        browser.submit("/login", &[("username", "ada")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(browser.sign_in("", "right", "/").await.status, StatusCode::UNAUTHORIZED);
    let long = "x".repeat(2000);
    assert_eq!(browser.sign_in("ada", &long, "/").await.status, StatusCode::UNAUTHORIZED);
    assert!(app.upstream.seen("/auth/login").is_empty());
    let huge = "x".repeat(65 << 10);
    assert_eq!(browser.sign_in("ada", &huge, "/").await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
