use http::{Method, StatusCode};

use super::app::App;

#[tokio::test]
async fn posting_signs_out_here_and_upstream() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let old = browser.clone();
    let answer = browser.submit("/api/logout", &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/login?reason=signed-out"));
    assert_eq!(browser.cookie, None);
    assert_eq!(old.open("/account").await.location(), "/login?reason=signed-out&next=/account");
    for _ in 0..100 {
        if !app.upstream.seen("/auth/logout").is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let revoked = &app.upstream.seen("/auth/logout")[0];
    assert_eq!(&revoked.body[..], br#"{"refreshToken":"refresh-1"}"#);
    assert!(
        !revoked.headers.contains_key("authorization"),
        "an expired bearer could make the upstream refuse"
    );
}

#[tokio::test]
async fn a_bare_get_for_a_live_session_asks_and_changes_nothing() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for headers in [
        &[][..],
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image")],
        &[("sec-purpose", "prefetch;prerender")],
        &[("purpose", "prefetch")],
        &[("x-moz", "prefetch")],
    ] {
        let mut request = browser.script(Method::GET, "/api/logout");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains("method=\"post\"") && answer.body.contains("Ada"), "{}", answer.body);
        assert!(answer.cookies("vestibule").is_empty());
    }
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_forced_logout_that_meets_a_live_session_goes_on() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for reason in ["expired", "revoked", "signed-out", "nonsense"] {
        let answer = browser.open(&format!("/api/logout?reason={reason}&next=/account")).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account"));
        assert!(answer.cookies("vestibule").is_empty());
    }
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_a_live_session_it_clears_cookies_and_ends_on_the_login_page() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let old = browser.clone();
    browser.submit("/api/logout", &[]).await;
    let answer = old.open("/api/logout?reason=expired&next=/account").await;
    assert_eq!(answer.location(), "/login?reason=signed-out&next=/account", "the record knows better");
    let stranger = app.browser();
    for (query, location) in [
        ("", "/login?next=/"),
        ("?reason=expired&next=/account", "/login?reason=expired&next=/account"),
        ("?reason=<script>&next=/a", "/login?next=/a"),
        ("?reason=expired&next=//evil.example", "/login?reason=expired&next=/"),
        ("?next=/login%3Fnext%3D/login", "/login?next=/"),
    ] {
        let answer = stranger.open(&format!("/api/logout{query}")).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, location));
        assert_eq!(answer.cookies("vestibule"), [""]);
        for name in ["authjs.session-token", "__Secure-next-auth.session-token", "access_token"] {
            let cleared = answer
                .headers
                .get_all("set-cookie")
                .iter()
                .any(|line| line.to_str().unwrap().starts_with(&format!("{name}=;")));
            assert!(cleared || name.starts_with("__"), "{name} {:?}", answer.headers);
        }
    }
}

#[tokio::test]
async fn an_ended_session_cannot_be_brought_back_by_a_request_in_flight() {
    use super::upstream::Reply;
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let slow =
        Reply::Late(std::time::Duration::from_millis(400), Box::new(Reply::Json(401, serde_json::json!({}))));
    app.upstream.script("/items", [slow, Reply::Json(200, serde_json::json!({"data": []}))]);
    let old = browser.clone();
    let in_flight = old.open("/operations/listItems");
    let signed_out = async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        browser.submit("/api/logout", &[]).await
    };
    let (late, _) = tokio::join!(in_flight, signed_out);
    assert_eq!(late.status, StatusCode::SEE_OTHER);
    assert!(late.cookies("vestibule").is_empty(), "whoever did not end it clears nothing");
    assert_eq!(old.open("/account").await.status, StatusCode::SEE_OTHER);
    assert!(app.upstream.seen("/auth/refresh").is_empty(), "a session that has ended is not renewed");
}
