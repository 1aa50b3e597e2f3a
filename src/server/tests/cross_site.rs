use http::{Method, StatusCode, header};

use super::app::App;

/// The status of a POST with these headers and the cookie of a live session.
async fn post(app: &App, cookie: Option<&str>, path: &str, headers: &[(&str, &str)]) -> StatusCode {
    let mut request = app.request(Method::POST, path).body("username=ada&password=right");
    request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, format!("vestibule={cookie}"));
    }
    app.browser().send(request).await.status
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_change_anything() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let cookie = browser.cookie.as_deref();
    let own = app.url.clone();
    let longer = format!("{own}.evil.example");
    for path in
        ["/login", "/api/logout", "/api/send_operation", "/operations/createItem", "/account", "/nowhere"]
    {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "cross-site"), ("origin", &own)],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", &longer)],
            &[("referer", "https://evil.example/")],
            &[("content-type", "text/plain")],
            &[],
        ] {
            assert_eq!(post(&app, cookie, path, headers).await, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_script_is_told_in_json() {
    let app = App::start().await;
    let browser = app.browser();
    for (path, told) in [
        ("/api/upstream/items", r#"{"error":"cross_site","message":"This was sent"#),
        ("/api/check_session", r#"{"Refused":{"status":403,"message":"This was sent"#),
    ] {
        let request = app.request(Method::POST, path).header("sec-fetch-mode", "cors");
        let request = request.header("sec-fetch-site", "cross-site");
        let answer = browser.send(request).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::FORBIDDEN, "application/json")
        );
        assert!(answer.body.starts_with(told), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn nobody_is_signed_in_from_another_site() {
    let app = App::start().await;
    assert_eq!(post(&app, None, "/login", &[("sec-fetch-site", "cross-site")]).await, StatusCode::FORBIDDEN);
    assert_eq!(
        post(&app, None, "/login", &[("origin", "https://evil.example")]).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(post(&app, None, "/login", &[("origin", &app.url)]).await, StatusCode::SEE_OTHER);
    assert_eq!(post(&app, None, "/login", &[]).await, StatusCode::SEE_OTHER, "a script without a browser");
}

#[tokio::test]
async fn a_failed_form_never_leads_to_another_site() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let request = app.request(Method::POST, "/api/send_operation").header("accept", "text/html");
    let request = request.header("cookie", format!("vestibule={}", browser.cookie.clone().unwrap()));
    let request = request.header("sec-fetch-site", "same-origin").header("referer", "https://evil.example/");
    let request = request.header("content-type", "application/x-www-form-urlencoded").body("nothing=1");
    let answer = browser.send(request).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::UNPROCESSABLE_ENTITY, ""), "{answer:?}");
    let request = browser.script(Method::POST, "/api/send_operation").body(vec![b'x'; (16 << 20) + 1]);
    assert_eq!(browser.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
