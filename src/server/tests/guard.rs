use http::{Method, StatusCode};

use super::app::App;

#[tokio::test]
async fn without_a_session_a_document_goes_to_the_login_page_with_nothing_in_its_body() {
    let app = App::start().await;
    for (path, next) in [
        ("/", "/"),
        ("/account", "/account"),
        ("/operations?q=two%20words", "/operations%3Fq%3Dtwo%2520words"),
        ("/nowhere", "/nowhere"),
        ("//evil.example/%2e%2e", "/"),
        ("/account/", "/account/"),
        ("/x?/healthz", "/x%3F/healthz"),
        ("/account%23/healthz", "/account%2523/healthz"),
    ] {
        let answer = app.browser().open(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.location(), format!("/login?next={next}"), "{path}");
        assert_eq!(answer.body, "");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn without_a_session_everything_else_gets_401() {
    let app = App::start().await;
    let browser = app.browser();
    browser.send(browser.script(Method::GET, "/account")).await.assert_unauthorized();
    browser.send(browser.script(Method::GET, "/api/session")).await.assert_unauthorized();
    browser
        .send(browser.script(Method::GET, "/api/upstream/me").header("x-csrf", "1"))
        .await
        .assert_unauthorized();
    for function in ["load_profile", "profile", "check_session", "session_times", "send_operation", "glance"]
    {
        browser.call(function, &[]).await.assert_unauthorized();
    }
    assert!(app.upstream.seen("/me").is_empty());
}

#[tokio::test]
async fn headers_from_outside_open_nothing() {
    let app = App::start().await;
    for (name, value) in [
        ("x-forwarded-uri", "/healthz"),
        ("x-original-url", "/healthz"),
        ("x-rewrite-url", "/login"),
        ("x-middleware-subrequest", "middleware"),
        ("x-forwarded-user", "ada"),
        ("user-agent", "kube-probe/1.30"),
        ("host", "169.254.169.254"),
        ("serverfnredirect", ""),
    ] {
        let request = app.request(Method::GET, "/account").header(name, value).header("accept", "text/html");
        let answer = app.browser().send(request).await;
        assert_eq!(answer.location(), "/login?next=/account", "{name}");
    }
}

#[tokio::test]
async fn health_needs_no_session() {
    let app = App::start().await;
    let browser = app.browser();
    assert_eq!(browser.open("/healthz").await.body, "ok");
    let ready = browser.open("/readyz").await;
    assert_eq!((ready.status, ready.body.as_str()), (StatusCode::OK, r#"{"store":"ok","document":"ok"}"#));
    let metrics = browser.open("/metrics").await;
    assert!(metrics.body.contains("vestibule_sessions_live"), "{}", metrics.body);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = App::start().await;
    let signed_in = app.signed_in().await;
    let stranger = app.browser();
    for answer in [
        stranger.open("/login").await,
        stranger.open("/").await,
        stranger.open("/healthz").await,
        stranger.call("profile", &[]).await,
        signed_in.open("/").await,
        signed_in.open("/operations").await,
        signed_in.open("/nowhere").await,
        signed_in.open("/api/logout").await,
    ] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-request-id").len(), 32);
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
    }
}

#[tokio::test]
async fn a_page_carries_its_own_nonce() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let (one, two) = (browser.open("/operations").await, browser.open("/operations").await);
    let nonce = |answer: &super::app::Answer| {
        let policy = answer.header("content-security-policy");
        policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned()
    };
    assert_ne!(nonce(&one), nonce(&two));
    assert!(one.body.contains(&format!("nonce=\"{}\"", nonce(&one))));
}

#[tokio::test]
async fn what_is_nowhere_says_so() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for path in ["/nowhere", "/operations/nothing", "/operations/get/nothing"] {
        assert_eq!(browser.open(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let absent = browser.call("no_such_function", &[]).await;
    assert!(absent.status.is_client_error(), "{absent:?}");
}

#[tokio::test]
async fn session_metadata_holds_no_token_and_does_not_extend_the_session() {
    let app =
        App::start_with(|settings| settings.session.idle_timeout = std::time::Duration::from_secs(2)).await;
    let browser = app.signed_in().await;
    let mut alive = 0;
    for _ in 0..20 {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let answer = browser.send(browser.script(Method::GET, "/api/session")).await;
        if answer.status == StatusCode::OK {
            alive += 1;
            assert!(answer.body.contains("\"idleEndsAt\"") && !answer.body.contains("access-1"));
        }
    }
    assert!((1..=10).contains(&alive), "{alive} of 20 looks found it alive");
    assert_eq!(browser.open("/account").await.location(), "/login?reason=expired&next=/account");
}
