//! What an API with a document of Swagger 2.0 receives.

use serde_json::json;

use super::asking::in_front_of;

const FORM: [(&str, &str); 11] = [
    ("ids", "1"),
    ("ids", "2"),
    ("tag", "a"),
    ("tag", "b"),
    ("X-Ids", "1"),
    ("X-Ids", "2"),
    ("body~as", "form"),
    ("body/tags/0", "a"),
    ("body/tags/1", "b"),
    ("body/each/0", "c"),
    ("body/each/1", "d"),
];

#[tokio::test]
async fn lists_and_forms_arrive_as_their_format_says() {
    let list = |name: &str, place: &str, format: Option<&str>| {
        let items = json!({ "type": "string" });
        json!({ "name": name, "in": place, "type": "array", "items": items, "collectionFormat": format,
            "required": place == "path" })
    };
    let own = json!([
        list("tag", "query", None),
        list("X-Ids", "header", Some("pipes")),
        list("tags", "formData", None),
        list("each", "formData", Some("multi")),
    ]);
    let of_path = json!([
        list("ids", "path", Some("ssv")),
        list("tags", "formData", Some("pipes")),
        { "name": "note", "in": "formData", "type": "string", "x-nullable": true },
    ]);
    let paths = json!({ "/things/{ids}": {
        "parameters": of_path,
        "post": { "operationId": "make", "parameters": own },
        "put": { "operationId": "replace", "consumes": ["multipart/form-data"], "parameters": own },
    } });
    let app = in_front_of(json!({ "swagger": "2.0", "paths": paths })).await;
    let mut browser = app.signed_in().await;
    let page = browser.open("/operations/make").await;
    assert!(page.body.contains("body/note~null"));
    let form: Vec<_> = FORM.into_iter().chain([("body/note", "n"), ("send", "1")]).collect();
    browser.submit("/operations/make", &form).await;
    let sent = app.upstream.seen("/things/1%202").remove(0);
    assert_eq!((sent.query.as_str(), sent.headers["x-ids"].to_str().unwrap()), ("tag=a,b", "1|2"));
    assert_eq!(sent.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(&sent.body[..], b"tags=a,b&each=c&each=d&note=n");
    browser.submit("/operations/replace", &form).await;
    let sent = app.upstream.seen("/things/1%202").remove(1);
    let parts = String::from_utf8_lossy(&sent.body);
    let parts: Vec<_> = parts.split("name=").skip(1).filter_map(|part| part.split("\r\n--").next()).collect();
    assert_eq!(parts, ["\"tags\"\r\n\r\na,b", "\"each\"\r\n\r\nc", "\"each\"\r\n\r\nd", "\"note\"\r\n\r\nn"]);
}

#[tokio::test]
async fn tabs_stand_between_what_a_document_wants_apart_by_tabs() {
    let list = |name: &str, place: &str| {
        json!({ "name": name, "in": place, "type": "array", "items": { "type": "string" },
            "collectionFormat": "tsv", "required": place == "path" })
    };
    let parameters = json!([
        list("ids", "path"),
        list("tag", "query"),
        list("X-Ids", "header"),
        list("words", "formData"),
    ]);
    let paths = json!({ "/things/{ids}": { "post": { "operationId": "make", "parameters": parameters } } });
    let app = in_front_of(json!({ "swagger": "2.0", "paths": paths })).await;
    let mut browser = app.signed_in().await;
    let lists = ["ids", "tag", "X-Ids"].into_iter().flat_map(|name| [(name, "1"), (name, "2")]);
    let body = [("body~as", "form"), ("body/words/0", "a"), ("body/words/1", "b c"), ("send", "1")];
    browser.submit("/operations/make", &lists.chain(body).collect::<Vec<_>>()).await;
    let sent = app.upstream.seen("/things/1%092").remove(0);
    assert_eq!((sent.query.as_str(), sent.headers["x-ids"].as_bytes()), ("tag=1%092", &b"1\t2"[..]));
    assert_eq!(&sent.body[..], b"words=a%09b%20c");
}
