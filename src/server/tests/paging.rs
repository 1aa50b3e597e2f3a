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

fn search(id: &str, media_type: &str, more: &Value) -> Value {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer", "maximum": 50 }));
    let around = json!({ "type": "object", "properties": { "starting_after": text } });
    let schema = json!({ "type": "object", "properties": {
        "q": text, "cursor": text, "page": number, "offset": number, "limit": number, "pagination": around,
    } });
    let body = json!({ "content": { media_type: { "schema": schema } } });
    let mut operation = json!({ "operationId": id, "requestBody": body });
    operation.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "post": operation })
}

fn searches() -> Value {
    let page = json!([{ "name": "page", "in": "query", "schema": { "type": "integer" } }]);
    let bare = json!({ "content": { "application/json": {} } });
    json!({ "openapi": "3.1.0", "paths": {
        "/find": search("find", "application/json", &json!({})),
        "/form": search("form", "application/x-www-form-urlencoded", &json!({})),
        "/query": search("query", "application/json", &json!({ "parameters": page })),
        "/purge": search("purge", "application/json", &json!({ "x-dangerous": true })),
        "/bare": { "post": { "operationId": "bare", "requestBody": bare } },
    } })
}

/// What a button for another page posts, and where.
fn form(page: &str, relation: &str) -> Option<(String, Vec<(String, String)>)> {
    let form = page.split("<form ").find(|form| form.contains(&format!("data-page=\"{relation}\"")))?;
    let form = form.split("</form>").next()?;
    let attribute = |tag: &str, name: &str| {
        let (_, value) = tag.split_once(&format!("{name}=\""))?;
        let value = value.split('"').next()?.replace("&quot;", "\"").replace("&lt;", "<");
        Some(value.replace("&gt;", ">").replace("&amp;", "&"))
    };
    let inputs = form.split('<').filter_map(|tag| Some((attribute(tag, " name")?, attribute(tag, "value")?)));
    Some((attribute(form, "action")?, inputs.collect()))
}

async fn turn(browser: &mut Browser<'_>, page: &str, relation: &str) -> String {
    let (action, inputs) = form(page, relation).unwrap_or_else(|| panic!("no way {relation}: {page}"));
    let inputs: Vec<_> = inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let turned = browser.submit(action.split('#').next().unwrap(), &inputs).await;
    assert_eq!(turned.status, StatusCode::OK, "{}", turned.body);
    turned.body
}

fn sent(app: &App) -> String {
    String::from_utf8(app.upstream.last().unwrap().body.to_vec()).unwrap()
}

#[tokio::test]
async fn a_list_that_was_posted_for_has_pages_too() {
    let app = in_front_of(searches()).await;
    let mut browser = app.signed_in().await;
    let row = json!([{ "title": "Emma" }]);
    let cases = [
        (
            "find",
            "body/q=x",
            json!({ "data": [], "meta": { "nextCursor": "a b" } }),
            r#"{"q":"x","cursor":"a b"}"#,
        ),
        ("find", "body/limit=9", json!({ "rows": row, "next_cursor": "c" }), r#"{"cursor":"c","limit":9}"#),
        (
            "find",
            "body/cursor=old",
            json!({ "rows": row, "pages": { "next": { "page": 2, "starting_after": "z" } } }),
            r#"{"cursor":"old","pagination":{"starting_after":"z"}}"#,
        ),
        ("form", "body/q=x%26", json!({ "rows": row, "next_offset": 20 }), "q=x%26&offset=20"),
        (
            "bare",
            "body={\"cursor\":null,\"q\":1}",
            json!({ "rows": row, "cursor": "d" }),
            r#"{"cursor":"d","q":1}"#,
        ),
        (
            "find",
            "body={\"q\":\"\"}&body~as=json",
            json!({ "rows": row, "nextPage": 3 }),
            r#"{"q":"","page":3}"#,
        ),
    ];
    for (operation, typed, answer, expected) in cases {
        app.upstream
            .script(&format!("/{operation}"), [Reply::Json(200, answer), Reply::Json(200, row.clone())]);
        let typed: Vec<_> = url::form_urlencoded::parse(typed.as_bytes()).collect();
        let typed: Vec<_> = typed.iter().map(|(name, value)| (&**name, &**value)).collect();
        let page = browser.submit(&format!("/operations/{operation}"), &typed).await.body;
        let last = turn(&mut browser, &page, "next").await;
        assert_eq!(sent(&app).replace(['\n', ' '], ""), expected.replace(' ', ""), "{operation}");
        assert!(form(&last, "next").is_none(), "{last}");
    }
}

#[tokio::test]
async fn numbered_pages_of_what_was_posted_lead_both_ways() {
    let app = in_front_of(searches()).await;
    let mut browser = app.signed_in().await;
    let answer = json!({ "rows": [{ "title": "Emma" }], "total_pages": 2 });
    app.upstream.script("/find", [Reply::Json(200, answer.clone())]);
    let typed = [("body~as", "form"), ("body/limit", "99"), ("send", "anyway")];
    let page = browser.submit("/operations/find", &typed).await.body;
    assert!(page.contains("Page 1 of 2"), "{page}");
    let second = turn(&mut browser, &page, "next").await;
    assert_eq!(sent(&app), r#"{"page":2,"limit":99}"#, "against the document’s word, as before");
    assert!(form(&second, "next").is_none());
    turn(&mut browser, &second, "prev").await;
    assert_eq!(sent(&app), r#"{"page":1,"limit":99}"#);
    app.upstream.script("/query", [Reply::Json(200, answer)]);
    let page = browser.submit("/operations/query", &[("body/q", "x")]).await.body;
    turn(&mut browser, &page, "next").await;
    assert_eq!((asked(&app), sent(&app)), ("page=2".into(), r#"{"q":"x"}"#.into()));
    let answer = json!({ "rows": [{ "title": "Emma" }], "page": 0, "total_pages": 2 });
    app.upstream.script("/find", [Reply::Json(200, answer)]);
    let page = browser.submit("/operations/find", &[("body/q", "x")]).await.body;
    assert!(form(&page, "next").is_none(), "its pages are counted in another way");
}

#[tokio::test]
async fn pages_are_chosen_by_their_first_row_too() {
    let app = in_front_of(searches()).await;
    let mut browser = app.signed_in().await;
    let answer = json!({ "rows": [{ "title": "Emma" }], "total": 45 });
    app.upstream.script("/find", [Reply::Json(200, answer)]);
    let typed = [("body~as", "form"), ("body/limit", "20"), ("body/offset", "20")];
    let page = browser.submit("/operations/find", &typed).await.body;
    assert!(page.contains("Page 2 of 3"), "{page}");
    let last = turn(&mut browser, &page, "next").await;
    assert_eq!(sent(&app), r#"{"offset":40,"limit":20}"#);
    assert!(form(&last, "next").is_none() && form(&last, "first").is_some(), "{last}");
    turn(&mut browser, &page, "prev").await;
    assert_eq!(sent(&app), r#"{"offset":0,"limit":20}"#);
}

#[tokio::test]
async fn another_page_of_what_takes_away_is_asked_about() {
    let app = in_front_of(searches()).await;
    let mut browser = app.signed_in().await;
    app.upstream.script("/purge", [Reply::Json(200, json!({ "gone": [{ "id": 1 }], "next_cursor": "c" }))]);
    let page = browser.submit("/operations/purge", &[("body/q", "x"), ("send", "confirmed")]).await.body;
    let asked = turn(&mut browser, &page, "next").await;
    assert!(asked.contains("Is this really meant?"), "{asked}");
    assert_eq!(app.upstream.seen("/purge").len(), 1);
}

#[tokio::test]
async fn what_was_posted_has_no_pages_without_a_list_or_an_input_for_them() {
    let app = in_front_of(searches()).await;
    let mut browser = app.signed_in().await;
    for answer in
        [json!({ "next": 3, "cursor": "c" }), json!({ "rows": [1], "continuation": "c", "next": null })]
    {
        app.upstream.script("/find", [Reply::Json(200, answer.clone())]);
        let page = browser.submit("/operations/find", &[("body/q", "x")]).await.body;
        assert!(page.contains("200 OK") && form(&page, "next").is_none(), "{answer}: {page}");
    }
}
