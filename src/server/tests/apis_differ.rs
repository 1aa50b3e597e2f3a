//! APIs differ, and settings alone are enough: each row is an API as some product has it, and the lines of a settings
//! file that make it fit.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    app::{App, Browser},
    issuer::now,
    upstream::{Reply, Seen},
};
use crate::server::config::Settings;

/// Behind these lines of a settings file.
async fn behind(lines: &str) -> App {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), lines).unwrap();
    let read = Settings::load(file.path()).unwrap();
    App::start_with(|settings| {
        settings.sign_in = read.sign_in;
        settings.upstream.session_end = read.upstream.session_end;
        settings.upstream.envelope = read.upstream.envelope;
    })
    .await
}

impl App {
    fn bearers(&self, path: &str) -> Vec<String> {
        self.upstream.seen(path).iter().map(bearer).collect()
    }

    /// What it was sent last at this path.
    fn sent(&self, path: &str) -> Value {
        serde_json::from_slice(&self.upstream.seen(path).last().unwrap().body).unwrap()
    }
}

fn bearer(seen: &Seen) -> String {
    let value = seen.headers.get("authorization").map(|value| value.to_str().unwrap()).unwrap_or_default();
    value.strip_prefix("Bearer ").unwrap_or(value).to_owned()
}

fn ok(body: Value) -> Reply {
    Reply::Json(200, body)
}

fn refused() -> Reply {
    Reply::Json(401, json!({}))
}

fn me() -> Reply {
    ok(json!({"data": {"name": "Ada"}}))
}

async fn lives(browser: &Browser<'_>) -> bool {
    browser.open("/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn the_name_is_an_email_and_the_body_holds_more() {
    let app = behind(
        r#"
        [sign_in.password]
        path = "/sessions"
        method = "PUT"
        username_field = "email"
        password_field = "secret"
        extra_fields = { grantType = "password", remember = true, level = 2 }
        tokens = { access = "/token", refresh = "", expires_in = "" }
        "#,
    )
    .await;
    for status in [200, 201] {
        app.upstream.script("/sessions", [Reply::Json(status, json!({"token": "opaque"}))]);
        app.upstream.script("/me", [me()]);
        assert!(lives(&app.signed_in().await).await, "{status}");
        let sent =
            json!({"email": "ada", "secret": "right", "grantType": "password", "remember": true, "level": 2});
        assert_eq!(app.sent("/sessions"), sent);
        assert_eq!(app.upstream.seen("/sessions")[0].method, "PUT");
        assert_eq!(app.bearers("/me").pop().unwrap(), "opaque");
    }
}

#[tokio::test]
async fn the_body_is_a_form() {
    let app = behind(
        r#"
        [sign_in.password]
        path = "/token"
        body = "form"
        extra_fields = { grant_type = "password" }
        tokens = { access = "/access_token", refresh = "/refresh_token", expires_in = "/expires_in" }
        [sign_in.password.refresh]
        path = "/token/renew"
        body = "form"
        field = "refresh_token"
        extra_fields = { grant_type = "refresh_token" }
        "#,
    )
    .await;
    let tokens = |name: &str| json!({"access_token": name, "refresh_token": "r", "expires_in": 300});
    app.upstream.script("/token", [ok(tokens("first"))]);
    app.upstream.script("/token/renew", [ok(tokens("second"))]);
    let browser = app.signed_in().await;
    app.upstream.script("/me", [refused(), me()]);
    assert!(lives(&browser).await);
    for (path, expected) in [
        ("/token", [("grant_type", "password"), ("password", "right"), ("username", "ada")].as_slice()),
        ("/token/renew", &[("grant_type", "refresh_token"), ("refresh_token", "r")]),
    ] {
        let seen = app.upstream.seen(path).pop().unwrap();
        assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
        let mut pairs: Vec<_> = form_urlencoded::parse(&seen.body).into_owned().collect();
        pairs.sort();
        let expected: Vec<_> =
            expected.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        assert_eq!(pairs, expected, "{path}");
    }
}

/// A JWT as far as anybody reads it here.
fn jwt(claims: &Value) -> String {
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// What each call for the profile was made with, where a token ends soon after signing in.
async fn bearers_with_lifetime(
    lines: &str,
    first: &str,
    lifetime: Value,
    profile: [Reply; 3],
) -> Vec<String> {
    let app = behind(&format!("[sign_in.password]\n{lines}")).await;
    let mut tokens = json!({"accessToken": first, "refreshToken": "r"});
    tokens["lifetime"] = lifetime;
    app.upstream.script("/auth/login", [ok(json!({"data": tokens}))]);
    let renewed = json!({"data": {"accessToken": "renewed", "refreshToken": "r", "lifetime": 300_000}});
    app.upstream.script("/auth/refresh", [ok(renewed)]);
    app.upstream.script("/me", profile);
    let browser = app.signed_in().await;
    assert!(lives(&browser).await, "{lines}");
    app.bearers("/me")
}

#[tokio::test]
async fn the_lifetime_comes_in_seconds_or_milliseconds_or_by_the_token_or_not_at_all() {
    let seconds = r#"tokens.expires_in = "/data/lifetime""#;
    let milliseconds = "tokens.expires_in = \"/data/lifetime\"\ntokens.expires_unit = \"milliseconds\"";
    let nowhere = r#"tokens.expires_in = """#;
    let ends_now = jwt(&json!({"iat": now() - 300, "exp": now()}));
    for (lines, first, lifetime) in [
        (seconds, "first", json!(1)),
        (seconds, "first", json!("1")),
        (seconds, "first", json!(0.5)),
        (milliseconds, "first", json!(900)),
        (nowhere, &*ends_now, json!(300_000)),
        (seconds, &*jwt(&json!({"exp": now()})), Value::Null),
    ] {
        let bearers = bearers_with_lifetime(lines, first, lifetime.clone(), [me(), me(), me()]).await;
        assert_eq!(bearers, [first, "renewed"], "{lines} {lifetime}: no call is refused");
    }
    let lives_on = jwt(&json!({"iat": now(), "exp": now() + 300}));
    for (lines, first, lifetime) in [
        (milliseconds, "first", json!(300_000)),
        (nowhere, "opaque", Value::Null),
        (nowhere, &*lives_on, Value::Null),
    ] {
        let bearers = bearers_with_lifetime(lines, first, lifetime, [me(), refused(), me()]).await;
        assert_eq!(bearers, [first, first, "renewed"], "{lines}: the refused call tells");
    }
}

#[tokio::test]
async fn there_is_no_refresh_token() {
    for lines in ["[sign_in.password.refresh]\npath = \"\"", "[sign_in.password.tokens]\nrefresh = \"\""] {
        let app = behind(lines).await;
        let browser = app.signed_in().await;
        assert!(lives(&browser).await);
        app.upstream.expire_access();
        browser.open("/account").await.assert_sent_to_logout("/account");
        assert!(app.upstream.seen("/auth/refresh").is_empty(), "{lines}");
    }
    let app = behind("").await;
    app.upstream.script("/auth/login", [ok(json!({"data": {"accessToken": "a", "expiresIn": 0}}))]);
    app.upstream.script("/me", [me()]);
    let browser = app.signed_in().await;
    assert!(lives(&browser).await, "the API has the last word about a token");
    app.upstream.script("/me", [refused()]);
    browser.open("/account").await.assert_sent_to_logout("/account");
    assert!(app.upstream.seen("/auth/refresh").is_empty());
}

#[tokio::test]
async fn the_refresh_token_goes_under_another_name() {
    let app = behind(
        r#"
        [sign_in.password.refresh]
        path = "/session/renew"
        method = "PATCH"
        field = "token"
        extra_fields = { client = "console" }
        tokens = { access = "/jwt", refresh = "/next", expires_in = "" }
        "#,
    )
    .await;
    let browser = app.signed_in().await;
    app.upstream.script("/session/renew", [Reply::Json(201, json!({"jwt": "second", "next": "n"}))]);
    app.upstream.script("/me", [refused(), me()]);
    assert!(lives(&browser).await);
    assert_eq!(app.sent("/session/renew"), json!({"token": "refresh-1", "client": "console"}));
    assert_eq!(app.upstream.seen("/session/renew")[0].method, "PATCH");
    app.upstream.script("/me", [refused(), me()]);
    assert!(lives(&browser).await);
    assert_eq!(app.sent("/session/renew")["token"], "n", "the new one takes its place");
}

#[tokio::test]
async fn the_refresh_token_is_the_bearer_and_there_is_no_body() {
    let app = behind("[sign_in.password.refresh]\ncredential = \"bearer-refresh-token\"").await;
    let browser = app.signed_in().await;
    app.upstream.script("/auth/refresh", [ok(json!({"data": {"accessToken": "second"}}))]);
    app.upstream.script("/me", [refused(), me()]);
    assert!(lives(&browser).await);
    let seen = app.upstream.seen("/auth/refresh").remove(0);
    assert_eq!((bearer(&seen).as_str(), seen.body.len()), ("refresh-1", 0));
    assert!(!seen.headers.contains_key("content-type"));
    assert_eq!(seen.headers["content-length"], "0", "some servers refuse a body that is not told of");
}

#[tokio::test]
async fn a_refresh_answers_only_a_new_access_token() {
    let app = behind("").await;
    let browser = app.signed_in().await;
    for access in ["second", "third"] {
        app.upstream.script("/auth/refresh", [ok(json!({"data": {"accessToken": access}}))]);
        app.upstream.script("/me", [refused(), me()]);
        assert!(lives(&browser).await);
        assert_eq!(app.bearers("/me").pop().unwrap(), access);
        assert_eq!(app.sent("/auth/refresh"), json!({"refreshToken": "refresh-1"}), "the old one stays");
    }
}

#[tokio::test]
async fn refresh_and_logout_are_asked_without_the_expired_bearer() {
    let app = behind("").await;
    let mut browser = app.signed_in().await;
    app.upstream.expire_access();
    assert!(lives(&browser).await);
    browser.submit("/api/logout", &[]).await;
    let revoked = called(&app, "/auth/logout").await.unwrap();
    for seen in [app.upstream.seen("/auth/refresh").remove(0), revoked] {
        assert!(!seen.headers.contains_key("authorization"), "{}", seen.path);
    }
}

/// The call that nobody waits for, if it comes.
async fn called(app: &App, path: &str) -> Option<Seen> {
    for _ in 0..50 {
        if let Some(seen) = app.upstream.seen(path).pop() {
            return Some(seen);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    None
}

#[tokio::test]
async fn logout_is_by_another_method_or_there_is_none() {
    let app = behind(
        r#"
        [sign_in.password.revoke]
        path = "/sessions/current"
        method = "DELETE"
        credential = "bearer-access-token"
        "#,
    )
    .await;
    let mut browser = app.signed_in().await;
    assert_eq!(browser.submit("/api/logout", &[]).await.location(), "/login?reason=signed-out");
    let seen = called(&app, "/sessions/current").await.unwrap();
    assert_eq!((seen.method.as_str(), bearer(&seen).as_str(), seen.body.len()), ("DELETE", "access-1", 0));
    let app = behind("[sign_in.password.revoke]\npath = \"\"").await;
    let mut browser = app.signed_in().await;
    let calls = app.upstream.all_seen().len();
    assert_eq!(browser.submit("/api/logout", &[]).await.location(), "/login?reason=signed-out");
    assert!(called(&app, "/auth/logout").await.is_none());
    assert_eq!(app.upstream.all_seen().len(), calls);
}

#[tokio::test]
async fn a_dead_token_is_a_403_or_422_and_a_plain_403_is_a_refusal() {
    let rules = r#"
        [upstream]
        session_end = [
          { status = 403, pointer = "/code", value = "TOKEN_EXPIRED" },
          { status = 422, pointer = "/errors/0/code", value = "17" },
          { status = 403, pointer = "/reauthenticate" },
        ]
        "#;
    for (status, body) in [
        (403, json!({"code": "TOKEN_EXPIRED", "message": "Sign in again"})),
        (422, json!({"errors": [{"code": 17}]})),
        (403, json!({"reauthenticate": true})),
    ] {
        let app = behind(rules).await;
        let browser = app.signed_in().await;
        app.upstream.script("/items", [Reply::Json(status, body.clone()), ok(json!([]))]);
        assert_eq!(browser.open("/operations/listItems?send=1").await.status, StatusCode::OK, "{body}");
        assert_eq!(app.upstream.seen("/auth/refresh").len(), 1, "{body}: it is renewed");
        app.upstream.script("/items", [Reply::Json(status, body.clone())]);
        let page = browser.open("/operations/listItems?send=1").await;
        page.assert_sent_to_logout("/operations/listItems%3Fsend%3D1");
    }
    let app = behind(rules).await;
    let browser = app.signed_in().await;
    app.upstream.script("/items", [Reply::Json(403, json!({"code": "NOT_YOURS", "message": "Not for you"}))]);
    let page = browser.open("/operations/listItems?send=1").await;
    assert!(page.body.contains("Not for you"), "{}", page.body);
    assert!(app.upstream.seen("/auth/refresh").is_empty());
    assert!(lives(&browser).await);
}

#[tokio::test]
async fn a_401_has_an_empty_body_or_one_of_html() {
    for (content_type, body) in
        [("text/plain", ""), ("application/json", ""), ("text/html", "<!doctype html><h1>Unauthorized</h1>")]
    {
        let app = behind("").await;
        let browser = app.signed_in().await;
        let reply = || Reply::Raw { status: 401, content_type, body: body.into() };
        app.upstream.script("/me", [reply(), me()]);
        assert!(lives(&browser).await, "it is renewed");
        app.upstream.script("/me", [reply()]);
        browser.open("/account").await.assert_sent_to_logout("/account");
        let mut stranger = app.browser();
        app.upstream.script("/auth/login", [reply()]);
        assert_eq!(stranger.sign_in("ada", "wrong", "/").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn words_stand_in_many_places() {
    let app = behind("").await;
    let browser = app.signed_in().await;
    for body in [
        json!({"message": "Out of paper"}),
        json!({"msg": "Out of paper"}),
        json!({"detail": "Out of paper", "title": "Conflict"}),
        json!({"error": {"message": "Out of paper", "code": 7}}),
        json!({"errors": [{"message": "Out of paper"}]}),
        json!({"error": "Out of paper"}),
    ] {
        app.upstream.script("/items", [Reply::Json(409, body.clone())]);
        let page = browser.open("/operations/listItems?send=1").await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{body}");
        assert!(page.body.contains("Out of paper"), "{body}");
    }
    app.upstream.script("/items", [Reply::Json(500, json!({"errors": [{"message": "Out of ink"}]}))]);
    let answer = browser.send(browser.script(Method::GET, "/api/upstream/items").header("x-csrf", "1")).await;
    assert!(answer.body.contains("Out of ink"));
}
