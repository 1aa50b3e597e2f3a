//! The 401 rule, as each kind of caller meets it.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;

use super::{app::App, upstream::Reply};

#[tokio::test]
async fn a_page_whose_data_is_refused_becomes_a_redirect_with_an_empty_body() {
    let app = App::start().await;
    for (path, next) in [
        ("/", "/"),
        ("/account", "/account"),
        ("/operations/listItems?send=1", "/operations/listItems%3Fsend%3D1"),
    ] {
        let mut browser = app.signed_in().await;
        app.upstream.expire_all();
        let answer = browser.visit(path).await;
        answer.assert_sent_to_logout(next);
        assert_eq!(browser.cookie, None, "whoever ended it clears the cookie");
        let login = browser.open(answer.location()).await;
        assert_eq!(login.location(), format!("/login?reason=expired&next={next}"));
    }
}

#[tokio::test]
async fn a_form_post_becomes_a_redirect() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    app.upstream.expire_all();
    let answer = browser.submit("/operations/createItem", &[("body", r#"{"name":"x"}"#)]).await;
    answer.assert_sent_to_logout("/operations/createItem");
}

#[tokio::test]
async fn a_server_function_is_told_by_status() {
    let app = App::start().await;
    for (function, form) in [
        ("check_session", &[][..]),
        ("profile", &[]),
        ("send_operation", &[("address", "createItem"), ("form", "body={\"name\":\"x\"}")]),
    ] {
        let browser = app.signed_in().await;
        app.upstream.expire_all();
        browser.call(function, form).await.assert_unauthorized();
    }
}

#[tokio::test]
async fn the_proxy_answers_401_as_json() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let ask = || browser.script(Method::GET, "/api/upstream/items?page=2");
    assert_eq!(browser.send(ask()).await.status, StatusCode::FORBIDDEN, "without the header");
    let answer = browser.send(ask().header("x-csrf", "1").header("authorization", "Bearer mine")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let seen = app.upstream.seen("/items").remove(0);
    assert_eq!(seen.headers["authorization"], "Bearer access-1");
    assert!(!seen.headers.contains_key("cookie"));
    app.upstream.expire_all();
    browser.send(ask().header("x-csrf", "1")).await.assert_unauthorized();
}

#[tokio::test]
async fn the_proxy_never_leaves_the_upstream() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for path in ["//evil.example/", "/..%2fadmin", "/..%5cadmin"] {
        let request = browser.script(Method::GET, &format!("/api/upstream{path}")).header("x-csrf", "1");
        assert_eq!(browser.send(request).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_late_refusal_moves_a_page_whose_headers_are_gone() {
    let app = App::start_with(|settings| settings.home.glance = vec!["listItems".into()]).await;
    let browser = app.signed_in().await;
    let refused = Reply::Late(Duration::from_millis(300), Box::new(Reply::Json(401, json!({}))));
    app.upstream.script("/items", [refused]);
    app.upstream.script("/auth/refresh", [Reply::Json(401, json!({}))]);
    let answer = browser.open("/").await;
    assert_eq!(answer.status, StatusCode::OK, "the headers were sent before");
    let address = "/api/logout?reason=expired&next=/";
    assert!(answer.body.contains(&format!("location.replace(\"{address}\")")), "{}", answer.body);
    let refresh = "<meta http-equiv=\"refresh\" content=\"0;url=/api/logout?reason=expired&amp;next=/\"";
    assert!(answer.body.contains(refresh), "{}", answer.body);
    let after = answer.body.split(refresh).nth(1).unwrap();
    assert!(!after.contains("<p") && !after.contains("<table"), "nothing of the page follows: {after}");
    assert_eq!(browser.open("/account").await.location(), "/login?reason=expired&next=/account");
}

#[tokio::test]
async fn twenty_calls_at_once_end_one_session_once() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_all();
    let calls = (0..20).map(|n| {
        let browser = &browser;
        async move {
            match n % 2 {
                0 => browser.call("check_session", &[]).await,
                _ => browser.open("/account").await,
            }
        }
    });
    let answers = futures::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 401 | 303)), "{answers:?}");
    let cleared = answers.iter().filter(|answer| !answer.cookies("vestibule").is_empty()).count();
    assert_eq!(cleared, 1, "exactly one of them ended it");
    assert_eq!(app.upstream.seen("/auth/refresh").len(), 1);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(app.upstream.seen("/auth/logout").len(), 1);
}

#[tokio::test]
async fn a_stale_refusal_concerns_the_session_whose_token_failed() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let refused = Reply::Late(Duration::from_millis(400), Box::new(Reply::Json(401, json!({}))));
    app.upstream.script("/items", [refused, Reply::Json(200, json!({"data": []}))]);
    let (tab_a, mut tab_b) = (browser.clone(), browser.clone());
    let in_flight = tab_a.open("/operations/listItems");
    let again = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        tab_b.sign_in("ada", "right", "/").await;
        tab_b
    };
    let (late, tab_b) = tokio::join!(in_flight, again);
    late.assert_sent_to_logout("/operations/listItems");
    assert!(late.cookies("vestibule").is_empty(), "the browser holds B's cookie by now");
    let on = tab_b.open(late.location()).await;
    assert_eq!(on.location(), "/operations/listItems", "A goes on in B's session");
    assert_eq!(tab_b.open(on.location()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_words_of_the_original_end_a_session_too() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.script("/items", [Reply::Json(200, json!({"message": "UnAuthentication"}))]);
    browser.open("/operations/listItems").await.assert_sent_to_logout("/operations/listItems");
    assert_eq!(app.upstream.seen("/items").len(), 2, "one call, one repetition");
    assert_eq!(app.upstream.seen("/auth/refresh").len(), 1);
}

#[tokio::test]
async fn other_failures_sign_nobody_out() {
    let app = App::start_with(|settings| settings.upstream.max_body = 100_000).await;
    let browser = app.signed_in().await;
    let html = |status| Reply::Raw { status, content_type: "text/html", body: b"<h1>hello</h1>".to_vec() };
    let raw = |body: &[u8]| Reply::Raw { status: 200, content_type: "application/json", body: body.to_vec() };
    for (reply, status) in [
        (Reply::Json(500, json!({"message": "boom"})), 502),
        (Reply::Json(503, json!(null)), 502),
        (Reply::Json(403, json!({"message": "not yours"})), 403),
        (Reply::Json(404, json!({"message": "gone"})), 404),
        (Reply::Json(422, json!({"message": "odd"})), 422),
        (html(200), 502),
        (html(403), 403),
        (raw(b"{\"data\":"), 502),
        (raw(&vec![b'x'; 200_000]), 502),
        (Reply::Late(Duration::from_secs(3), Box::new(Reply::Json(200, json!({})))), 504),
    ] {
        app.upstream.script("/items", [reply]);
        let answer = browser.open("/operations/listItems").await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert!(answer.body.contains("still signed in") || status < 500, "{status}: {}", answer.body);
        assert_eq!(browser.open("/account").await.status, StatusCode::OK, "after {status}");
    }
}

#[tokio::test]
async fn the_home_page_has_the_status_of_what_it_cannot_show() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for (reply, status) in [
        (Reply::Json(500, json!({"message": "boom"})), StatusCode::BAD_GATEWAY),
        (
            Reply::Raw { status: 200, content_type: "text/html", body: b"<h1>".to_vec() },
            StatusCode::BAD_GATEWAY,
        ),
        (
            Reply::Late(Duration::from_secs(3), Box::new(Reply::Json(200, json!({})))),
            StatusCode::GATEWAY_TIMEOUT,
        ),
        (Reply::Redirect("https://elsewhere.example/".into()), StatusCode::BAD_GATEWAY),
        (Reply::Json(200, json!({"data": {"name": "Ada"}})), StatusCode::OK),
    ] {
        app.upstream.script("/me", [reply]);
        assert_eq!(browser.open("/").await.status, status);
    }
}
