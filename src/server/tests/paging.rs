//! The way from one page of a list to the next, by whatever the API tells of it.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::{App, Browser},
    asking::in_front_of,
    upstream::Reply,
};

fn document() -> Value {
    let text = json!({ "type": "string" });
    let query = |name: &str, schema: &Value| json!({ "name": name, "in": "query", "schema": schema });
    let list = json!({ "type": "array", "items": text });
    let filter = json!({ "name": "filter", "in": "query", "style": "deepObject",
        "schema": { "type": "object", "properties": { "state": text } } });
    let sort = json!({ "name": "sort", "in": "query", "explode": false, "schema": list });
    let limit = query("limit", &json!({ "type": "integer", "maximum": 10 }));
    let parameters = json!([filter, query("tags", &list), sort, query("cursor", &text), limit]);
    json!({ "openapi": "3.1.0", "paths": {
        "/books": { "get": { "operationId": "books", "parameters": parameters } },
        "/plain": { "get": { "operationId": "plain", "responses": { "200": { "description": "Fine." } } } },
    } })
}

/// The page behind the button “Next”.
async fn next(browser: &Browser<'_>, page: &str) -> String {
    let link = page.split("<a ").find(|link| link.contains("rel=\"next\""));
    let link = link.unwrap_or_else(|| panic!("no way to the next page: {page}"));
    let (_, href) = link.split_once("href=\"").unwrap();
    let next = browser.open(&href.split('"').next().unwrap().replace("&amp;", "&")).await;
    assert_eq!(next.status, StatusCode::OK, "{}", next.body);
    next.body
}

fn linked(link: &'static str) -> Reply {
    let headers = vec![("content-type", "application/json"), ("link", link)];
    Reply::Whole { status: 200, headers, body: "[{\"title\":\"Emma\"}]" }
}

/// The query with which the API was asked last.
fn asked(app: &App) -> String {
    app.upstream.last().unwrap().query
}

#[tokio::test]
async fn a_link_is_followed_with_all_that_its_query_says() {
    let app = in_front_of(document()).await;
    let browser = app.signed_in().await;
    for (link, query) in [
        ("</books?filter%5Bstate%5D=open&cursor=b>; rel=next", "filter%5Bstate%5D=open&cursor=b"),
        ("</books?tags[]=a&tags[]=b&cursor=b>; rel=\"next\"", "tags=a&tags=b&cursor=b"),
        ("</books?sort=a,-b&cursor=b>; rel=next", "sort=a,-b&cursor=b"),
        ("<?undeclared=x%3D%26y&cursor=b>; rel=next", "cursor=b&undeclared=x%3D%26y"),
    ] {
        app.upstream.script("/books", [linked(link)]);
        let page = browser.open("/operations/books?send").await.body;
        let second = next(&browser, &page).await;
        assert_eq!(asked(&app), query, "{link}");
        next(&browser, &second).await;
        assert_eq!(asked(&app), query, "{link}: what was there before is not there twice");
    }
    app.upstream.script("/plain", [linked("</plain?page=2>; rel=next")]);
    let page = browser.open("/operations/plain").await.body;
    next(&browser, &page).await;
    assert_eq!(asked(&app), "page=2");
}

#[tokio::test]
async fn a_cursor_beside_the_data_is_followed_whatever_the_data_is() {
    let app = in_front_of(document()).await;
    let browser = app.signed_in().await;
    for data in [json!(["a", "b"]), json!([]), json!([{ "title": "Emma" }]), json!({ "title": "Emma" })] {
        app.upstream.script(
            "/books",
            [
                Reply::Json(200, json!({ "data": data, "meta": { "nextCursor": "two words" } })),
                Reply::Json(200, json!({ "data": data, "meta": { "nextCursor": null } })),
            ],
        );
        let page = browser.open("/operations/books?tags=x").await.body;
        let last = next(&browser, &page).await;
        assert_eq!(asked(&app), "tags=x&cursor=two%20words", "{data}");
        assert!(!last.contains("rel=\"next\""), "{data}");
    }
}

#[tokio::test]
async fn a_request_that_was_sent_anyway_has_pages_too() {
    let app = in_front_of(document()).await;
    let browser = app.signed_in().await;
    app.upstream.script("/books", [linked("</books?limit=99&cursor=b>; rel=next")]);
    let page = browser.open("/operations/books?limit=99&send=anyway").await.body;
    next(&browser, &page).await;
    assert_eq!(asked(&app), "cursor=b&limit=99");
}
