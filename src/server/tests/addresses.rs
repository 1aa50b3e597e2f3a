//! What opening the address of an operation does.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{
    app::{Answer, App, Browser},
    asking::in_front_of,
};

const HELD_BACK: &str = "filled in by a link from another site";

fn searches() -> Value {
    let optional = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let search = json!({ "operationId": "search", "parameters": [optional("q"), optional("tag")] });
    let marked = json!({ "operationId": "reset", "x-dangerous": true });
    json!({ "openapi": "3.1.0", "paths": { "/search": { "get": search }, "/reset": { "get": marked } } })
}

/// Opens an address that stands on another site.
async fn follow(app: &App, browser: &Browser<'_>, path: &str) -> Answer {
    let request = app.request(Method::GET, path).header("sec-fetch-mode", "navigate");
    let request = request.header("sec-fetch-site", "cross-site").header(header::ACCEPT, "text/html");
    let cookie = browser.cookie.as_ref().map(|cookie| format!("vestibule={cookie}"));
    browser.send(request.header(header::COOKIE, cookie.unwrap_or_default())).await
}

#[tokio::test]
async fn what_is_there_counts_also_when_it_is_empty() {
    let app = in_front_of(searches()).await;
    let browser = app.signed_in().await;
    for (query, calls) in
        [("", 0), ("?unknown=1", 0), ("?send", 1), ("?send=", 2), ("?send=1", 3), ("?q", 4), ("?tag=", 5)]
    {
        assert_eq!(browser.open(&format!("/operations/search{query}")).await.status, StatusCode::OK);
        assert_eq!(app.upstream.seen("/search").len(), calls, "{query}");
    }
}

#[tokio::test]
async fn what_is_marked_as_dangerous_is_asked_for_twice_whatever_its_method() {
    let app = in_front_of(searches()).await;
    let mut browser = app.signed_in().await;
    for query in ["", "?send", "?send=1", "?send=confirmed"] {
        let page = browser.open(&format!("/operations/reset{query}")).await;
        assert!(page.body.contains("method=\"post\""), "no address sends it: {}", page.body);
    }
    let asked = browser.submit("/operations/reset", &[("send", "1")]).await;
    assert!(asked.body.contains("Is this really meant?"), "{}", asked.body);
    assert!(app.upstream.seen("/reset").is_empty());
    browser.submit("/operations/reset", &[("send", "confirmed")]).await;
    assert_eq!(app.upstream.seen("/reset").remove(0).method, "GET");
}

#[tokio::test]
async fn a_link_of_another_site_waits_for_its_button_also_after_the_sign_in() {
    let app = in_front_of(searches()).await;
    let mut browser = app.browser();
    for path in ["/operations/search?q=x", "/login?next=/operations/search%3Fq%3Dx"] {
        let mut answer = follow(&app, &browser, path).await;
        if answer.status == StatusCode::SEE_OTHER {
            answer = follow(&app, &browser, answer.location()).await;
        }
        let (_, next) = answer.body.split_once("name=\"next\" value=\"").unwrap();
        let next = next.split('"').next().unwrap().replace("&amp;", "&");
        assert_eq!(next, "/operations/search?q=x&~held=1");
        assert_eq!(browser.sign_in("ada", "right", &next).await.location(), next);
        let page = browser.open(&next).await;
        assert!(page.body.contains(HELD_BACK) && !page.body.contains("~held"), "{}", page.body);
        assert!(app.upstream.seen("/search").is_empty());
        browser.submit("/api/logout", &[]).await;
    }
    browser.sign_in("ada", "right", "/").await;
    let led = follow(&app, &browser, "/login?next=/operations/search%3Fq%3Dx").await;
    assert_eq!(led.location(), "/operations/search?q=x&~held=1");
    browser.open("/operations/search?q=x").await;
    assert_eq!(app.upstream.seen("/search").len(), 1, "their own address sends it");
}

#[tokio::test]
async fn a_path_that_would_leave_the_api_is_told_at_its_input() {
    let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
    let paths = json!({ "/files/{id}": { "get": { "operationId": "file", "parameters": [id] } } });
    let app = in_front_of(json!({ "openapi": "3.1.0", "paths": paths })).await;
    let browser = app.signed_in().await;
    for send in ["1", "preview"] {
        let page = browser.open(&format!("/operations/file?id=..%252fadmin&send={send}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{send}");
        assert!(page.body.contains("the path would lead out of the API"), "{send}: {}", page.body);
        assert!(page.body.contains("aria-invalid"), "{send}: {}", page.body);
    }
    assert_eq!(app.upstream.all_seen().iter().filter(|seen| seen.path.contains("admin")).count(), 0);
}
