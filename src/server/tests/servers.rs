//! Servers that a document names: which of them are called, and with what.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::App,
    asking::in_front_of,
    upstream::{Reply, Upstream},
};
use crate::server::config::{AllowedHost, UpstreamSettings};

/// In front of an API whose document leads to `elsewhere`, as far as the settings allow.
async fn leading_to(elsewhere: &Upstream, change: impl FnOnce(&mut UpstreamSettings, AllowedHost)) -> App {
    let origin: url::Url = elsewhere.url.parse().unwrap();
    let app = App::start_with(|settings| {
        settings.upstream.openapi =
            Some(settings.upstream.base_url.clone().unwrap().join("doc.json").unwrap().into());
        change(&mut settings.upstream, AllowedHost { origin: origin.clone(), token: false });
    })
    .await;
    app.upstream.script("/doc.json", [Reply::Json(200, document(&app.upstream.url, &elsewhere.url))]);
    for _ in 0..100 {
        if app.state.document().get().document.is_some() {
            return app;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the document is never read");
}

fn document(own: &str, elsewhere: &str) -> Value {
    let stage = json!({ "default": "test", "enum": ["test", "live"] });
    let get = |id: &str, servers: Value| json!({ "get": { "operationId": id, "servers": servers } });
    let staged = json!([{ "url": format!("{elsewhere}/{{stage}}"), "variables": { "stage": stage } }]);
    json!({
        "servers": [{ "url": "https://api.example" }, { "url": format!("{elsewhere}/second"), "description": "Second" }],
        "paths": {
            "/plain": { "get": { "operationId": "plain" } },
            "/main": get("main", json!([{ "url": "https://api.example" }])),
            "/away": get("away", json!([{ "url": elsewhere }])),
            "/staged": get("staged", staged),
            "/below": get("below", json!([{ "url": format!("{own}/v2") }, { "url": "/v3" }])),
        },
    })
}

#[tokio::test]
async fn a_host_that_is_not_allowed_is_never_called() {
    let elsewhere = Upstream::start().await;
    let app = leading_to(&elsewhere, |_, _| {}).await;
    let browser = app.signed_in().await;
    for address in ["away", "staged", "away?~server=http://127.0.0.1:1", "staged?~server/stage=live"] {
        let page = browser.open(&format!("/operations/{address}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}: {}", page.body);
    }
    let page = browser.open("/operations/away").await.body;
    assert!(page.contains(&format!("Nothing is sent to {}", elsewhere.url)), "{page}");
    assert!(elsewhere.all_seen().is_empty());
    for address in ["plain", "main"] {
        assert_eq!(browser.open(&format!("/operations/{address}")).await.status, StatusCode::OK);
        assert_eq!(app.upstream.seen(&format!("/{address}")).len(), 1);
    }
}

#[tokio::test]
async fn an_allowed_host_is_called_without_the_token() {
    let elsewhere = Upstream::start().await;
    elsewhere.script("/away", [Reply::Json(401, json!({ "message": "who are you?" }))]);
    let app = leading_to(&elsewhere, |upstream, host| {
        upstream.hosts = vec![host];
        upstream.allow_private = true;
    })
    .await;
    let browser = app.signed_in().await;
    browser.open("/operations/away").await;
    let seen = elsewhere.seen("/away").remove(0);
    assert!(!seen.headers.contains_key("authorization") && !seen.headers.contains_key("cookie"), "{seen:?}");
    assert_eq!(
        browser.open("/account").await.status,
        StatusCode::OK,
        "their 401 says nothing about our session"
    );

    browser.open("/operations/staged?~server/stage=live&send=1").await;
    assert_eq!(elsewhere.seen("/live/staged").len(), 1);
    let wrong = browser.open("/operations/staged?~server/stage=x/../..&send=1").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let page = browser.open("/operations/plain").await.body;
    assert!(page.contains("name=\"~server\"") && page.contains("Second"), "{page}");
    assert_eq!(app.upstream.seen("/plain").len(), 1, "the base URL comes first");
    browser.open(&format!("/operations/plain?~server={}/second&send=1", elsewhere.url)).await;
    assert_eq!(elsewhere.seen("/second/plain").len(), 1);
}

#[tokio::test]
async fn the_token_goes_where_the_settings_send_it() {
    let elsewhere = Upstream::start().await;
    elsewhere.script("/away", [Reply::Json(200, json!({}))]);
    let app = leading_to(&elsewhere, |upstream, host| {
        upstream.hosts = vec![AllowedHost { token: true, ..host }];
        upstream.allow_private = true;
    })
    .await;
    let browser = app.signed_in().await;
    browser.open("/operations/away").await;
    assert_eq!(elsewhere.seen("/away")[0].headers["authorization"], "Bearer access-1");
    browser.open("/operations/below").await;
    assert_eq!(app.upstream.seen("/v2/below")[0].headers["authorization"], "Bearer access-1");
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let elsewhere = Upstream::start().await;
    let mut named = elsewhere.clone();
    named.url = named.url.replace("127.0.0.1", "localhost");
    let app = leading_to(&named, |upstream, host| upstream.hosts = vec![host]).await;
    let browser = app.signed_in().await;
    let page = browser.open("/operations/away").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{}", page.body);
    assert!(elsewhere.all_seen().is_empty());
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let (elsewhere, third) = (Upstream::start().await, Upstream::start().await);
    elsewhere.script("/away", [Reply::Redirect(format!("{}/stolen", third.url))]);
    let app = leading_to(&elsewhere, |upstream, host| {
        upstream.hosts = vec![AllowedHost { token: true, ..host }];
        upstream.allow_private = true;
    })
    .await;
    app.signed_in().await.open("/operations/away").await;
    assert_eq!(elsewhere.seen("/away").len(), 1);
    assert!(third.all_seen().is_empty());
}

#[tokio::test]
async fn a_link_of_the_server_that_was_called_leads_to_the_next_page() {
    let elsewhere = Upstream::start().await;
    let headers = vec![("content-type", "application/json"), ("link", "</away?page=2>; rel=next")];
    elsewhere.script("/away", [Reply::Whole { status: 200, headers, body: "[{\"a\":1}]" }]);
    let app = leading_to(&elsewhere, |upstream, host| {
        upstream.hosts = vec![host];
        upstream.allow_private = true;
    })
    .await;
    let browser = app.signed_in().await;
    let page = browser.open("/operations/away").await.body;
    assert!(page.contains("href=\"/operations/away?~query=page%3D2\""), "{page}");
    browser.open("/operations/away?~query=page%3D2").await;
    assert_eq!(elsewhere.seen("/away")[1].query, "page=2");
}

#[tokio::test]
async fn what_the_settings_have_settled_is_not_asked_for() {
    let variable = |name: &str| json!({ name: { "default": "a" } });
    let servers = json!([
        { "url": "https://{region}.example", "variables": variable("region") },
        { "url": "/{stage}", "variables": variable("stage") },
    ]);
    let paths = json!({ "/plain": { "get": { "operationId": "plain" } } });
    let app = in_front_of(json!({ "openapi": "3.1.0", "servers": servers, "paths": paths })).await;
    let page = app.signed_in().await.open("/operations/plain").await.body;
    assert!(page.contains("~server/stage") && !page.contains("~server/region"), "{page}");
}
