//! The fetch wrapper, row by row of the table that it comes from.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::upstream::{Reply, Upstream};
use crate::server::{
    config::{EnvelopeKind, UpstreamSettings},
    upstream::{Access, Call, Client, Facts, Failure, Success, Transient, ends_session, fetch_raw},
};

type Fetched<T = Value, E = Value> = Result<Success<T>, Failure<E>>;

fn client(upstream: &Upstream, change: impl FnOnce(&mut UpstreamSettings)) -> Client {
    let mut settings =
        UpstreamSettings { timeout: Duration::from_millis(300), ..UpstreamSettings::default() };
    change(&mut settings);
    Client::new(upstream.url.parse().unwrap(), settings).unwrap()
}

/// What the wrapper makes of one answer.
async fn fetched(kind: EnvelopeKind, reply: Reply) -> Fetched {
    let upstream = Upstream::start().await;
    upstream.script("/x", [reply]);
    let client = client(&upstream, |settings| settings.envelope = kind);
    fetch_raw(&client, Call::get("/x", Access::Anonymous)).await
}

/// The five facts: status, is-error, data, message, error-data.
fn facts(fetched: &Fetched) -> (u16, bool, Value, Option<&str>, Value) {
    let or_null = |value: Option<&Value>| value.cloned().unwrap_or_default();
    (
        Facts::status(fetched).as_u16(),
        fetched.is_error(),
        or_null(fetched.data()),
        fetched.message(),
        or_null(fetched.error_data()),
    )
}

#[tokio::test]
async fn a_success_has_data_and_message() {
    for (kind, body, data, message) in [
        (EnvelopeKind::DataMessage, json!({"data": [1], "message": "hi"}), json!([1]), Some("hi")),
        (EnvelopeKind::DataMessage, json!({"data": [1]}), json!([1]), None),
        (EnvelopeKind::DataMessage, json!({"other": 1}), json!(null), None),
        (
            EnvelopeKind::Bare,
            json!({"data": [1], "message": "hi"}),
            json!({"data": [1], "message": "hi"}),
            None,
        ),
        (EnvelopeKind::Auto, json!({"data": [1], "message": "hi"}), json!([1]), Some("hi")),
        (EnvelopeKind::Auto, json!({"message": "done"}), json!(null), Some("done")),
        (EnvelopeKind::Auto, json!({"data": [1], "links": {}}), json!({"data": [1], "links": {}}), None),
        (EnvelopeKind::Auto, json!([1, 2]), json!([1, 2]), None),
    ] {
        let fetched = fetched(kind, Reply::Json(201, body.clone())).await;
        assert_eq!(facts(&fetched), (201, false, data, message, json!(null)), "{kind:?} {body}");
    }
    let empty = Reply::Raw { status: 204, content_type: "text/plain", body: Vec::new() };
    assert_eq!(
        facts(&fetched(EnvelopeKind::Auto, empty).await),
        (204, false, json!(null), None, json!(null))
    );
}

#[tokio::test]
async fn a_refusal_has_words_and_details() {
    for (body, message, error_data) in [
        (json!({"message": "no", "data": {"field": "x"}}), "no", json!({"field": "x"})),
        (json!({"message": ""}), "Unprocessable Content", json!(null)),
        (json!({}), "Unprocessable Content", json!(null)),
        (json!({"errors": {"name": ["missing"]}}), "Unprocessable Content", json!({"name": ["missing"]})),
        (json!({"errors": [{"message": "first"}]}), "first", json!([{"message": "first"}])),
        (json!({"error": {"message": "inner"}}), "inner", json!({"error": {"message": "inner"}})),
        (json!({"msg": "short"}), "short", json!(null)),
        (
            json!({"type": "about:blank", "title": "Odd", "detail": "Very odd."}),
            "Very odd.",
            json!({"type": "about:blank", "title": "Odd", "detail": "Very odd."}),
        ),
        (
            json!({"error": "invalid_grant", "error_description": "Too late."}),
            "Too late.",
            json!({"error": "invalid_grant", "error_description": "Too late."}),
        ),
    ] {
        let fetched = fetched(EnvelopeKind::Auto, Reply::Json(422, body.clone())).await;
        let words = fetched.message().unwrap().to_owned();
        assert!(
            words == message || message.starts_with("Unprocessable") && words.starts_with("Unprocessable"),
            "{words}"
        );
        assert_eq!(facts(&fetched).4, error_data, "{body}");
        assert_eq!((facts(&fetched).0, facts(&fetched).1), (422, true));
    }
    let html = Reply::Raw { status: 403, content_type: "text/html", body: b"<h1>no</h1>".to_vec() };
    assert_eq!(
        facts(&fetched(EnvelopeKind::Auto, html).await),
        (403, true, json!(null), Some("Forbidden"), json!(null))
    );
    let odd = Reply::Raw { status: 499, content_type: "text/plain", body: Vec::new() };
    assert_eq!(fetched(EnvelopeKind::Auto, odd).await.message(), Some("Unknown error"));
}

#[tokio::test]
async fn types_are_the_callers() {
    #[derive(Debug, Deserialize)]
    struct Book {
        title: String,
    }
    let upstream = Upstream::start().await;
    let client = client(&upstream, |_| ());
    upstream.script(
        "/x",
        [Reply::Json(200, json!({"data": {"title": "Emma"}})), Reply::Json(200, json!({"data": 1}))],
    );
    let ask = || Call::get("/x", Access::Anonymous);
    let book: Fetched<Book> = fetch_raw(&client, ask()).await;
    assert_eq!(book.unwrap().data.title, "Emma");
    let other: Fetched<Book> = fetch_raw(&client, ask()).await;
    assert!(matches!(other, Err(Failure::Transient(Transient::Unexpected))));
    upstream.script("/x", [Reply::Json(400, json!({"data": {"title": "Emma"}}))]);
    let refused: Fetched<Value, Book> = fetch_raw(&client, ask()).await;
    assert_eq!(refused.error_data().unwrap().title, "Emma");
}

#[tokio::test]
async fn what_is_thrown_has_a_kind_and_a_status_for_the_browser() {
    let raw = |body: Vec<u8>| Reply::Raw { status: 200, content_type: "application/json", body };
    let late = Reply::Late(Duration::from_secs(2), Box::new(Reply::Json(200, json!({}))));
    for (reply, kind, status) in [
        (raw(b"{\"data\"".to_vec()), Transient::NotJson, 502),
        (raw(b"<h1>".to_vec()), Transient::NotJson, 502),
        (raw(vec![b' '; 17 << 20]), Transient::TooLarge, 502),
        (late, Transient::TimedOut, 504),
        (
            Reply::Json(500, json!({"message": "boom"})),
            Transient::Failed { status: 500, message: "boom".into() },
            502,
        ),
        (
            Reply::Redirect("https://elsewhere.example/".into()),
            Transient::Failed { status: 302, message: "Found".into() },
            502,
        ),
    ] {
        let fetched = fetched(EnvelopeKind::Auto, reply).await;
        assert_eq!((Facts::status(&fetched).as_u16(), fetched.is_error()), (status, true), "{kind:?}");
        assert!(matches!(fetched, Err(Failure::Transient(found)) if found == kind));
    }
    let nowhere = Client::new("http://127.0.0.1:9".parse().unwrap(), UpstreamSettings::default()).unwrap();
    let nobody: Fetched = fetch_raw(&nowhere, Call::get("/x", Access::Anonymous)).await;
    assert!(matches!(nobody, Err(Failure::Transient(Transient::Unreachable))));
}

#[tokio::test]
async fn a_wrong_password_is_no_ended_session() {
    let fetched = fetched(EnvelopeKind::Auto, Reply::Json(401, json!({"message": "UnAuthentication"}))).await;
    assert!(matches!(&fetched, Err(Failure::Refused(refusal)) if refusal.status == StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn json_by_default_and_the_callers_headers_win() {
    let upstream = Upstream::start().await;
    upstream.script("/x", [Reply::Json(200, json!({}))]);
    let client = client(&upstream, |_| ());
    let plain = Call::new(http::Method::POST, "/x", Access::Anonymous).json(&json!({"a": 1})).unwrap();
    let xml = Call::new(http::Method::POST, "/x", Access::Anonymous)
        .header(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"))
        .header(header::ACCEPT, HeaderValue::from_static("text/xml"))
        .bytes("<a/>".into());
    for call in [plain, xml] {
        let _: Fetched = fetch_raw(&client, call).await;
    }
    let sent: Vec<HeaderMap> = upstream.seen("/x").into_iter().map(|seen| seen.headers).collect();
    assert_eq!(sent[0]["content-type"], "application/json");
    assert_eq!(sent[1]["content-type"], "text/xml");
    assert_eq!(sent[1]["accept"], "text/xml");
    assert!(sent.iter().all(|headers| !headers.contains_key("authorization")));
}

#[tokio::test]
async fn what_might_have_a_body_says_when_it_has_none() {
    let upstream = Upstream::start().await;
    let client = client(&upstream, |_| ());
    for (method, length) in [
        (Method::POST, Some("0")),
        (Method::PUT, Some("0")),
        (Method::PATCH, Some("0")),
        (Method::DELETE, None),
        (Method::GET, None),
    ] {
        client.send(&Call::new(method.clone(), "/x", Access::Anonymous), None).await.unwrap();
        let seen = upstream.seen("/x").pop().unwrap();
        assert_eq!(
            seen.headers.get("content-length").map(|value| value.to_str().unwrap()),
            length,
            "{method}"
        );
    }
    let call = Call::new(Method::POST, "/x", Access::Anonymous).bytes("{}".into());
    client.send(&call, None).await.unwrap();
    assert_eq!(upstream.seen("/x").pop().unwrap().headers["content-length"], "2");
}

#[tokio::test]
async fn a_late_head_leaves_its_body_all_the_time_that_it_has() {
    let upstream = Upstream::start().await;
    let word = Reply::Slow(200, Duration::from_millis(150), r#"{"message":"UnAuthentication"}"#);
    upstream.script("/x", [Reply::Late(Duration::from_millis(500), Box::new(word))]);
    let call = Call::get("/x", Access::Anonymous).within(Duration::from_secs(5));
    let incoming = client(&upstream, |_| ()).open(&call, None).await.unwrap();
    assert!(incoming.is_whole(), "{incoming:?}");
    assert!(ends_session(&incoming.beginning, &UpstreamSettings::default().session_end));
}

#[tokio::test]
async fn the_bearer_is_never_sent_elsewhere() {
    let (upstream, elsewhere) = (Upstream::start().await, Upstream::start().await);
    let client = client(&upstream, |_| ());
    let redirect = |to: String| async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = move || {
            let to = to.clone();
            async move { (StatusCode::FOUND, [(header::LOCATION, to)]) }
        };
        tokio::spawn(
            async move { axum::serve(listener, axum::Router::new().fallback(answer)).await.unwrap() },
        );
        url
    };
    let url = redirect(format!("{}/me", elsewhere.url)).await;
    let redirecting = Client::new(url.parse().unwrap(), UpstreamSettings::default()).unwrap();
    let answer = redirecting.send(&Call::get("/me", Access::Session), Some("secret")).await.unwrap();
    assert_eq!(answer.status, StatusCode::FOUND, "the redirect is an answer, not a way");
    assert!(elsewhere.seen("/me").is_empty());
    for path in ["//127.0.0.1:9/x", "http://127.0.0.1:9/x", "/../x", "@127.0.0.1/x", "/\\x"] {
        let refused = client.send(&Call::get(path, Access::Session), Some("secret")).await;
        assert_eq!(refused.unwrap_err(), Transient::BadCall, "{path}");
    }
}

#[tokio::test]
async fn compressed_answers_are_asked_for_and_read() {
    /// `{"data":1}`, as gzip writes it.
    const COMPRESSED: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 74, 73, 44, 73, 84, 178, 50, 172, 5, 0, 198, 73, 139, 199,
        10, 0, 0, 0,
    ];
    let upstream = Upstream::start().await;
    upstream.script("/x", [Reply::Gzip(COMPRESSED)]);
    let fetched: Fetched = fetch_raw(&client(&upstream, |_| ()), Call::get("/x", Access::Anonymous)).await;
    assert_eq!(fetched.unwrap().data, json!(1));
    let accepts = upstream.seen("/x")[0].headers["accept-encoding"].to_str().unwrap().to_owned();
    assert!(accepts.contains("gzip") && accepts.contains("br"), "{accepts}");
}
