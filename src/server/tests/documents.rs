use http::StatusCode;
use serde_json::json;

use super::{app::App, asking::in_front_of, upstream::Reply};

#[tokio::test]
async fn operations_answer_at_their_id_and_at_their_path() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for path in [
        "/operations/listItems",
        "/operations/get/items",
        "/operations/things%2Fget",
        "/operations/get/things/%7Bid%7D",
    ] {
        let answer = browser.open(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.location(), "");
    }
}

#[tokio::test]
async fn a_get_is_sent_by_its_address() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    browser.open("/operations/things%2Fget").await;
    assert!(app.upstream.seen("/things/7").is_empty());
    browser.open("/operations/things%2Fget?id=7").await;
    browser.open("/operations/get/things/%7Bid%7D?id=7").await;
    assert_eq!(app.upstream.seen("/things/7").len(), 2);
    browser.open("/operations/listItems").await;
    assert_eq!(app.upstream.seen("/items").len(), 1, "one without parameters is sent at once");
    let missing = browser.open("/operations/things%2Fget?send=1").await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_link_of_another_site_fills_in_but_does_not_send() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let request = app.request(http::Method::GET, "/operations/things%2Fget?id=7");
    let request = request.header("cookie", format!("vestibule={}", browser.cookie.clone().unwrap()));
    let answer = browser
        .send(request.header("sec-fetch-mode", "navigate").header("sec-fetch-site", "cross-site"))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("value=\"7\""), "{}", answer.body);
    assert!(app.upstream.seen("/things/7").is_empty());
}

#[tokio::test]
async fn a_form_is_sent_with_its_body() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let answer = browser.submit("/operations/createItem", &[("body", r#"{"name": "one"}"#)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let sent = app.upstream.seen("/items").remove(0);
    assert_eq!((sent.method.as_str(), &sent.body[..]), ("POST", &br#"{"name": "one"}"#[..]));
    assert_eq!(sent.headers["content-type"], "application/json");
    assert_eq!(sent.headers["x-request-id"], answer.header("x-request-id"));
    assert!(sent.headers["traceparent"].to_str().unwrap().contains(answer.header("x-request-id")));

    let form = [("address", "createItem"), ("form", "body=%7B%22name%22%3A%22two%22%7D")];
    let called = browser.call("send_operation", &form).await;
    assert_eq!(called.status, StatusCode::OK, "{called:?}");
    assert_eq!(&app.upstream.seen("/items")[1].body[..], br#"{"name":"two"}"#);

    let wrong = browser.submit("/operations/createItem", &[("body", "{")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.upstream.seen("/items").len(), 2);
}

#[tokio::test]
async fn without_a_document_the_application_runs_and_says_so() {
    let missing =
        App::start_with(|settings| settings.upstream.openapi = Some("/nowhere/at/all.json".into())).await;
    let browser = missing.signed_in().await;
    let page = browser.open("/operations").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    for path in ["/operations", "/operations?q=x", "/operations/listItems", "/operations/get/items?send"] {
        let page = browser.open(path).await;
        assert_eq!(
            (page.status, page.header("retry-after")),
            (StatusCode::SERVICE_UNAVAILABLE, "5"),
            "{path}"
        );
        assert!(page.body.contains("its file cannot be read"), "{path}: {}", page.body);
    }
    let called = browser.call("search_operations", &[("query", "x")]).await;
    assert_eq!(called.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.open("/").await.status, StatusCode::OK);
    let ready = browser.open("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK);
    assert!(ready.body.contains("its file cannot be read"), "{}", ready.body);
}

#[tokio::test]
async fn a_document_that_comes_late_is_found() {
    let app = App::start_with(|settings| settings.upstream.openapi = None).await;
    let browser = app.signed_in().await;
    app.upstream.script(
        "/late.json",
        [Reply::Json(503, json!({})), Reply::Json(200, json!({"paths": {"/x": {"get": {}}}}))],
    );
    assert!(browser.open("/operations").await.body.contains("listItems"));
    let late = App::start_with(|settings| {
        settings.upstream.openapi = Some(format!("{}/late.json", app.upstream.url));
    })
    .await;
    assert!(late.state.document().get().document.is_none());
    let early = late.signed_in().await.open("/operations/get/x").await;
    assert_eq!(early.status, StatusCode::SERVICE_UNAVAILABLE, "{}", early.body);
    for _ in 0..80 {
        if late.state.document().get().document.is_some() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the document is never found");
}

#[tokio::test]
async fn identical_calls_of_one_page_are_made_once() {
    let app = App::start_with(|settings| {
        settings.home.glance = vec!["listItems".into(), "listItems".into(), "get/items".into()];
    })
    .await;
    let browser = app.signed_in().await;
    assert_eq!(browser.open("/").await.status, StatusCode::OK);
    assert_eq!(app.upstream.seen("/items").len(), 1);
    browser.open("/").await;
    assert_eq!(app.upstream.seen("/items").len(), 2, "another page asks again");
}

#[tokio::test]
async fn a_document_without_operations_is_one_and_says_so() {
    let app = in_front_of(json!({ "openapi": "3.1.0", "info": { "title": "Hooks" }, "webhooks": {} })).await;
    let browser = app.signed_in().await;
    let index = browser.open("/operations").await;
    assert_eq!(index.status, StatusCode::OK);
    assert!(index.body.contains("The API’s document describes no operations."), "{}", index.body);
    assert!(browser.open("/").await.body.contains("Hooks"));
}

#[tokio::test]
async fn what_is_no_document_at_all_is_refused() {
    let app = in_front_of(json!({ "message": "back soon" })).await;
    let index = app.signed_in().await.open("/operations").await.body;
    assert!(
        index.contains("it is no OpenAPI document") && index.contains("There is nothing to list yet"),
        "{index}"
    );
}

#[tokio::test]
async fn what_is_wrong_with_the_document_is_told_on_the_index() {
    let paths = json!({ "/a": { "get": 7 }, "/b": { "get": {} }, "/c": { "$ref": "#/nowhere" } });
    let app = in_front_of(json!({ "openapi": "3.1.0", "paths": paths })).await;
    let browser = app.signed_in().await;
    let index = browser.open("/operations").await.body;
    for part in ["Notes on the API’s document (2)", "GET /a", "The operation cannot be read."] {
        assert!(index.contains(part), "{part} is not in {index}");
    }
    assert!(!browser.open("/operations?q=b").await.body.contains("Notes on"));
}
