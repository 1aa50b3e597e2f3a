//! The proxy for scripts: what goes through, what does not, and the 401 rule for bodies that are not kept.

use std::time::{Duration, Instant};

use futures::StreamExt;
use http::{HeaderMap, Method, StatusCode, header};
use reqwest::{Body, RequestBuilder};
use serde_json::{Value, json};

use super::{
    app::{Answer, App, Browser},
    upstream::Reply,
};

const LONG: usize = 20 << 20;

fn ask(browser: &Browser<'_>, method: Method, path: &str) -> RequestBuilder {
    browser.script(method, &format!("/api/upstream{path}")).header("x-csrf", "1")
}

async fn get(browser: &Browser<'_>, path: &str) -> Answer {
    browser.send(ask(browser, Method::GET, path)).await
}

/// What the upstream has seen of one call.
fn headers(app: &App, path: &str) -> HeaderMap {
    app.upstream.seen(path).pop().unwrap().headers
}

fn with_headers(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> Reply {
    Reply::Whole { status, headers: headers.to_vec(), body }
}

#[tokio::test]
async fn events_come_as_they_are_sent_for_longer_than_a_call_may_take() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let parts = vec![(0, "data: 1\n\n"), (2_500, "data: 2\n\n")];
    app.upstream
        .script("/events", [Reply::Parts { content_type: "text/event-stream", parts, breaks_off: false }]);
    let began = Instant::now();
    let answer = ask(&browser, Method::GET, "/events").send().await.unwrap();
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut events = answer.bytes_stream();
    assert_eq!(events.next().await.unwrap().unwrap(), "data: 1\n\n");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(events.next().await.unwrap().unwrap(), "data: 2\n\n");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn an_answer_that_breaks_off_does_not_look_whole() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let parts = vec![(0, "one"), (400, "two")];
    app.upstream.script("/text", [Reply::Parts { content_type: "text/plain", parts, breaks_off: true }]);
    let answer = ask(&browser, Method::GET, "/text").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.bytes().await.is_err());
}

#[tokio::test]
async fn a_stream_ends_with_its_session_within_a_second() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let parts = vec![(0, "data: 1\n\n"), (60_000, "data: 2\n\n")];
    app.upstream
        .script("/events", [Reply::Parts { content_type: "text/event-stream", parts, breaks_off: false }]);
    let mut events = ask(&browser, Method::GET, "/events").send().await.unwrap().bytes_stream();
    assert!(events.next().await.unwrap().is_ok());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(browser.submit("/api/logout", &[]).await.status, StatusCode::SEE_OTHER);
    let rest = tokio::time::timeout(Duration::from_secs(1), events.next()).await.expect("still open");
    assert!(rest.unwrap().is_err(), "cut, not finished");
}

/// Goes on coming, bit by bit.
fn endless() -> Body {
    Body::wrap_stream(futures::stream::repeat(()).then(async |()| {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok::<_, std::io::Error>("more")
    }))
}

/// Begins, and says nothing more.
fn halting() -> Body {
    let begun = futures::stream::once(async { Ok::<_, std::io::Error>("one") });
    Body::wrap_stream(begun.chain(futures::stream::pending()))
}

/// Whether a body that has been answered breaks off within so long.
async fn breaks_off(app: &App, longest: Duration) -> bool {
    let is_cut = async {
        while app.upstream.broken_off() == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(longest, is_cut).await.is_ok()
}

#[tokio::test]
async fn an_upload_ends_with_its_session_within_a_second() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let sent = ask(&browser, Method::POST, "/items").body(endless()).send();
    let upload = tokio::spawn(sent);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(browser.submit("/api/logout", &[]).await.status, StatusCode::SEE_OTHER);
    let answer = tokio::time::timeout(Duration::from_secs(1), upload).await.expect("still open").unwrap();
    assert_eq!(answer.map(|answer| answer.status()).unwrap(), StatusCode::UNAUTHORIZED);
    assert!(app.upstream.seen("/items").is_empty(), "the upstream never had all of it");
}

#[tokio::test]
async fn an_upload_that_outlives_its_answer_ends_with_its_session_within_a_second() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    app.upstream.script("/items", [Reply::Early(202)]);
    let answer = ask(&browser, Method::POST, "/items").body(endless()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    assert!(!breaks_off(&app, Duration::from_secs(1)).await, "it goes on for as long as its session does");
    assert_eq!(browser.submit("/api/logout", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(breaks_off(&app, Duration::from_secs(5)).await);
}

#[tokio::test]
async fn an_upload_that_outlives_its_answer_is_cut_where_it_stands_still() {
    let app = App::start_with(|settings| settings.proxy.idle_timeout = Duration::from_millis(500)).await;
    let browser = app.signed_in().await;
    app.upstream.script("/items", [Reply::Early(202)]);
    let answer = ask(&browser, Method::POST, "/items").body(halting()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    assert!(breaks_off(&app, Duration::from_secs(5)).await);
}

#[tokio::test]
async fn what_stands_still_for_too_long_is_cut() {
    let app = App::start_with(|settings| settings.proxy.idle_timeout = Duration::from_millis(600)).await;
    let browser = app.signed_in().await;
    let parts = vec![(0, "one"), (400, "two"), (400, "three"), (60_000, "four")];
    app.upstream.script("/text", [Reply::Parts { content_type: "text/plain", parts, breaks_off: false }]);
    let answer = ask(&browser, Method::GET, "/text").send().await.unwrap();
    let parts: Vec<_> = answer.bytes_stream().collect().await;
    assert_eq!(parts.iter().filter(|part| part.is_ok()).count(), 3);
    assert!(parts.last().unwrap().is_err());
    let answer = browser.send(ask(&browser, Method::POST, "/items").body(halting())).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT, "{answer:?}");
}

#[tokio::test]
async fn a_long_body_goes_through_with_its_length() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let sent =
        ask(&browser, Method::PUT, "/file").header(header::CONTENT_TYPE, "image/png").body(vec![7; LONG]);
    assert_eq!(browser.send(sent).await.status, StatusCode::OK);
    let seen = app.upstream.seen("/file").pop().unwrap();
    assert_eq!((seen.body.len(), seen.method.as_str()), (LONG, "PUT"));
    assert_eq!(seen.headers[header::CONTENT_LENGTH], LONG.to_string());
    assert_eq!(seen.headers[header::CONTENT_TYPE], "image/png");
}

#[tokio::test]
async fn no_body_is_told_as_one_of_no_length() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for (method, length) in [
        (Method::POST, Some("0")),
        (Method::PUT, Some("0")),
        (Method::PATCH, Some("0")),
        (Method::DELETE, None),
        (Method::GET, None),
    ] {
        assert_eq!(browser.send(ask(&browser, method.clone(), "/items")).await.status, StatusCode::OK);
        let seen = headers(&app, "/items");
        assert_eq!(seen.get("content-length").map(|value| value.to_str().unwrap()), length, "{method}");
    }
}

#[tokio::test]
async fn a_short_body_is_sent_again_with_a_new_token() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_access();
    let answer = browser.send(ask(&browser, Method::POST, "/items").body("{\"a\":1}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let bodies: Vec<_> = app.upstream.seen("/items").into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies, ["{\"a\":1}", "{\"a\":1}"]);
}

#[tokio::test]
async fn a_long_body_is_asked_for_again_once_the_token_is_renewed() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_access();
    let upload = || ask(&browser, Method::POST, "/items").body(vec![b'x'; 1 << 20]);
    let answer = browser.send(upload()).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "0"));
    assert_eq!(serde_json::from_str::<Value>(&answer.body).unwrap()["error"], "body_spent");
    assert_eq!(app.upstream.seen("/auth/refresh").len(), 1);
    assert_eq!(browser.send(upload()).await.status, StatusCode::OK, "the session lives");
    app.upstream.expire_all();
    browser.send(upload()).await.assert_unauthorized();
}

#[tokio::test]
async fn the_word_that_ends_a_session_is_read_before_anything_is_passed_on() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_all();
    app.upstream.script("/items", [Reply::Json(200, json!({"message": "UnAuthentication"}))]);
    get(&browser, "/items").await.assert_unauthorized();
    assert_eq!(browser.open("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn that_word_is_waited_for_where_the_answer_says_that_it_is_short() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_all();
    let word = r#"{"message":"UnAuthentication"}"#;
    app.upstream.script("/items", [Reply::Slow(200, Duration::from_millis(800), word)]);
    get(&browser, "/items").await.assert_unauthorized();
}

#[tokio::test]
async fn nobody_waits_for_a_short_answer_longer_than_for_any_call() {
    let app = App::start_with(|settings| settings.upstream.timeout = Duration::from_secs(1)).await;
    let browser = app.signed_in().await;
    app.upstream.script("/items", [Reply::Slow(200, Duration::from_secs(3), "{}")]);
    let began = Instant::now();
    let answer = ask(&browser, Method::GET, "/items").send().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(answer.text().await.unwrap(), "{}", "it is passed on as it comes");
}

#[tokio::test]
async fn identity_and_connection_stay_here() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let forged = [
        ("authorization", "Bearer forged"),
        ("forwarded", "for=1.2.3.4"),
        ("x-forwarded-for", "1.2.3.4"),
        ("x-forwarded-user", "root"),
        ("x_forwarded_user", "root"),
        ("x-real-ip", "1.2.3.4"),
        ("x-remote-user", "root"),
        ("remote-user", "root"),
        ("x-http-method-override", "DELETE"),
        ("x-original-url", "/admin"),
        ("proxy-authorization", "Basic eA=="),
        ("te", "trailers"),
        ("connection", "x-named"),
        ("x-named", "1"),
        ("referer", "http://127.0.0.1/secret"),
    ];
    let passed =
        [("idempotency-key", "7"), ("x-api-version", "2"), ("accept-language", "fi"), ("if-match", "\"a\"")];
    let request = ask(&browser, Method::GET, "/items");
    let request =
        forged.iter().chain(&passed).fold(request, |request, (name, value)| request.header(*name, *value));
    assert_eq!(browser.send(request).await.status, StatusCode::OK);
    let seen = headers(&app, "/items");
    assert!(seen["authorization"].to_str().unwrap().starts_with("Bearer access-"));
    for (name, _) in forged.iter().filter(|(name, _)| *name != "authorization") {
        assert!(!seen.contains_key(*name), "{name}");
    }
    for name in ["cookie", "x-csrf", "origin", "sec-fetch-site"] {
        assert!(!seen.contains_key(name), "{name}");
    }
    for (name, value) in passed {
        assert_eq!(seen[name], value);
    }
    assert_eq!(
        (&seen["via"], &seen["accept-encoding"]),
        (&"1.1 vestibule".parse().unwrap(), &"identity".parse().unwrap())
    );
    assert!(seen.contains_key("traceparent") && seen.contains_key("x-request-id"));
}

const FORWARD: [(&str, &str); 15] = [
    ("set-cookie", "vestibule=stolen"),
    ("location", "/items/7"),
    ("refresh", "0;url=https://evil.example"),
    ("clear-site-data", "\"*\""),
    ("access-control-allow-origin", "*"),
    ("content-security-policy", "default-src *"),
    ("cache-control", "public, max-age=9"),
    ("cdn-cache-control", "max-age=9"),
    ("cloudflare-cdn-cache-control", "max-age=9"),
    ("surrogate-control", "max-age=9"),
    ("x-accel-expires", "9"),
    ("x-accel-redirect", "/secrets"),
    ("x-sendfile", "/etc/passwd"),
    ("service-worker-allowed", "/"),
    ("link", "</items?page=2>; rel=\"next\""),
];

#[tokio::test]
async fn an_answer_does_not_speak_for_this_site() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.script("/items", [with_headers(302, &FORWARD, "there")]);
    let answer = get(&browser, "/items").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::FOUND, "there"));
    let said = ["content-security-policy", "cache-control", "link"];
    for (name, _) in FORWARD.iter().filter(|(name, _)| !said.contains(name)) {
        assert_eq!(answer.header(name), "", "{name}");
    }
    assert!(answer.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert_eq!(
        (answer.header("cache-control"), answer.header("x-content-type-options")),
        ("no-store", "nosniff")
    );
    assert_eq!(answer.header("link"), "</items?page=2>; rel=\"next\"");
}

#[tokio::test]
async fn cookies_and_places_are_let_through_by_choice_but_never_a_session() {
    let app = App::start_with(|settings| {
        settings.proxy.pass_headers = ["Location", "Set-Cookie"].map(str::to_owned).into();
    })
    .await;
    let browser = app.signed_in().await;
    let reply = [FORWARD.as_slice(), &[("set-cookie", "theme=dark")]].concat();
    app.upstream.script("/items", [with_headers(201, &reply, "{}")]);
    let answer = get(&browser, "/items").await;
    assert_eq!(answer.location(), "/api/upstream/items/7");
    assert_eq!(answer.headers.get_all(header::SET_COOKIE).iter().collect::<Vec<_>>(), ["theme=dark"]);
}

#[tokio::test]
async fn methods_and_paths_are_let_through_by_choice() {
    let app = App::start_with(|settings| {
        settings.proxy.methods = vec!["GET".into()];
        settings.proxy.paths = vec!["/items".into()];
    })
    .await;
    let browser = app.signed_in().await;
    assert_eq!(get(&browser, "/items/1").await.status, StatusCode::OK);
    let refused = browser.send(ask(&browser, Method::DELETE, "/items/1")).await;
    assert_eq!((refused.status, refused.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET"));
    for path in ["/admin", "/items-of-others", "/"] {
        assert_eq!(get(&browser, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(app.upstream.all_seen().iter().filter(|seen| seen.path.starts_with("/admin")).count(), 0);
}

#[tokio::test]
async fn parts_conditions_and_heads_go_through() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let headers = [("content-range", "bytes 2-4/9"), ("etag", "\"a\""), ("content-type", "text/plain")];
    app.upstream.script("/file", [with_headers(206, &headers, "llo")]);
    let part = browser.send(ask(&browser, Method::GET, "/file").header(header::RANGE, "bytes=2-4")).await;
    assert_eq!((part.status, part.body.as_str()), (StatusCode::PARTIAL_CONTENT, "llo"));
    assert_eq!((part.header("content-range"), part.header("content-length")), ("bytes 2-4/9", "3"));
    assert_eq!(self::headers(&app, "/file")[header::RANGE], "bytes=2-4");
    app.upstream.script("/tagged", [Reply::Tagged("\"b\"", json!({}))]);
    let same = ask(&browser, Method::GET, "/tagged").header(header::IF_NONE_MATCH, "\"b\"");
    assert_eq!(browser.send(same).await.status, StatusCode::NOT_MODIFIED);
    let head = browser.send(ask(&browser, Method::HEAD, "/file")).await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::PARTIAL_CONTENT, ""));
    assert_eq!((head.header("content-length"), head.header("etag")), ("3", "\"a\""));
}

#[tokio::test]
async fn what_is_compressed_is_passed_on_as_it_is() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.script("/items", [with_headers(200, &[("content-encoding", "zstd")], "as it is")]);
    let answer = get(&browser, "/items").await;
    assert_eq!((answer.header("content-encoding"), answer.body.as_str()), ("zstd", "as it is"));
}
