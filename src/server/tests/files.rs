//! Forms with files: how many there may be, and that none is lost on its way.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::{App, Browser},
    asking::{in_front_of, multipart, post_from, uploads},
};

const EMPTY_FILE: &str =
    "--edge\r\nContent-Disposition: form-data; name=\"body/file\"; filename=\"a.png\"\r\n\r\n\r\n";

#[tokio::test]
async fn the_number_of_files_has_a_limit_and_what_was_typed_is_kept() {
    let app = in_front_of(uploads()).await;
    let ada = app.signed_in().await;
    let fields = [("body~as", "form"), ("body/note", "typed below them")];
    let form = |files: usize| {
        let mut form = EMPTY_FILE.repeat(files - 1).into_bytes();
        form.extend(multipart(&fields, ("body/file", "last.png", b"")));
        form
    };
    let page = post_from(&app, &ada, "/operations/upload", form(1000)).await;
    assert_eq!((page.status, app.upstream.seen("/files").len()), (StatusCode::OK, 1), "{}", page.body);
    let page = post_from(&app, &ada, "/operations/upload", form(1001)).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.body.contains("At most 1000 files can be sent at once"), "{}", page.body);
    assert_eq!(app.upstream.seen("/files").len(), 1);
    let back = ada.open("/operations/upload").await.body;
    assert!(back.contains("value=\"typed below them\""), "{back}");
}

/// An operation that takes something away, and a file that says what.
fn dangerous() -> Value {
    let file = json!({ "type": "string", "format": "binary" });
    let code = json!({ "type": "integer" });
    let schema = json!({ "required": ["file"], "properties": { "file": file, "code": code } });
    let body = json!({ "content": { "multipart/form-data": { "schema": schema } } });
    let operation = json!({ "operationId": "deleteListed", "requestBody": body });
    json!({ "openapi": "3.1.0", "paths": { "/listed": { "post": operation } } })
}

const PAGE: &str = "/operations/deleteListed";

async fn send(app: &App, browser: &Browser<'_>, code: &str, send: &str) -> String {
    let fields = [("body~as", "form"), ("body/code", code), ("send", send)];
    post_from(app, browser, PAGE, multipart(&fields, ("body/file", "a.csv", b"1,2"))).await.body
}

#[tokio::test]
async fn what_takes_away_is_asked_about_in_a_form_with_files() {
    let app = in_front_of(dangerous()).await;
    let ada = app.signed_in().await;
    let page = ada.open(PAGE).await.body;
    let (before, asked) = page.split_once("Is this really meant?").unwrap();
    assert!(before.contains("value=\"1\" hidden disabled"), "the Enter key sends nothing: {page}");
    assert!(asked.contains("value=\"confirmed\"") && !asked.contains("value=\"1\""), "{page}");
    send(&app, &ada, "7", "confirmed").await;
    let sent = app.upstream.seen("/listed").remove(0);
    assert!(String::from_utf8_lossy(&sent.body).contains("1,2"));
    let wrong = send(&app, &ada, "seven", "confirmed").await;
    assert!(wrong.contains("value=\"confirmed-anyway\"") && !wrong.contains("value=\"anyway\""), "{wrong}");
    send(&app, &ada, "seven", "anyway").await;
    send(&app, &ada, "7", "1").await;
    assert_eq!(app.upstream.seen("/listed").len(), 1, "nothing is sent that nobody has confirmed");
}

/// An operation that takes a body of this content.
fn that_takes(content: &Value) -> Value {
    let operation = json!({ "operationId": "make", "requestBody": { "content": content } });
    json!({ "openapi": "3.1.0", "paths": { "/made": { "post": operation } } })
}

#[tokio::test]
async fn a_file_asks_for_the_form_that_can_hold_it() {
    let file = json!({ "type": "string", "format": "binary" });
    let schema =
        json!({ "required": ["photo"], "properties": { "photo": file, "name": { "type": "string" } } });
    let media = json!({ "schema": schema });
    let (typed, url_encoded) = ("application/json", "application/x-www-form-urlencoded");
    let content = json!({ (typed): media, (url_encoded): media, "multipart/form-data": media });
    let app = in_front_of(that_takes(&content)).await;
    let mut browser = app.signed_in().await;
    let page = browser.open("/operations/make").await.body;
    assert!(page.contains("Body, multipart/form-data") && page.contains("type=\"file\""), "{page}");
    for (media_type, expected) in [(typed, r#"{"photo":"x","name":"n"}"#), (url_encoded, "photo=x&name=n")] {
        let form = [("body~type", media_type), ("body~for", media_type), ("body~as", "form")];
        let form: Vec<_> = form.into_iter().chain([("body/photo", "x"), ("body/name", "n")]).collect();
        let redrawn: Vec<_> = form.iter().copied().chain([("send", "redraw")]).collect();
        let page = browser.submit("/operations/make", &redrawn).await.body;
        assert!(page.contains("name=\"body/photo\"") && !page.contains("type=\"file\""), "{page}");
        browser.submit("/operations/make", &form).await;
        let sent = app.upstream.seen("/made").pop().unwrap();
        assert_eq!(String::from_utf8_lossy(&sent.body), expected);
    }
}

#[tokio::test]
async fn what_stands_for_a_file_in_json_is_sent_as_it_was_typed() {
    let content = json!({ "application/json": { "schema": { "type": "string", "format": "binary" } } });
    let app = in_front_of(that_takes(&content)).await;
    app.signed_in().await.submit("/operations/make", &[("body", "\"typed\"")]).await;
    assert_eq!(&app.upstream.seen("/made").remove(0).body[..], b"\"typed\"");
}

#[tokio::test]
async fn files_that_may_be_left_out_and_several_files_are_chosen() {
    let file = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
    let schema = json!({ "type": "object", "properties": {
        "file": { "anyOf": [file, { "type": "null" }] },
        "files": { "type": "array", "items": { "type": "string", "format": "binary" } },
        "note": { "type": "string" },
    } });
    let example = json!({ "file": "one.png", "files": ["two.png"], "note": "of the document" });
    let form = json!({ "schema": schema, "example": example });
    let app = in_front_of(that_takes(&json!({ "multipart/form-data": form }))).await;
    let ada = app.signed_in().await;
    let page = ada.open("/operations/make").await.body;
    assert_eq!(page.matches("type=\"file\"").count(), 2, "{page}");
    assert!(page.contains("value=\"of the document\"") && !page.contains("value=\"one.png\""), "{page}");
    let nothing = "--edge\r\nContent-Disposition: form-data; name=\"body/file\"; filename=\"\"\r\n\r\n\r\n";
    let chosen = multipart(&[("body~as", "form")], ("body/files", "two.png", b"2"));
    post_from(&app, &ada, "/operations/make", [nothing.as_bytes(), &chosen].concat()).await;
    let sent = app.upstream.seen("/made").remove(0);
    let sent = String::from_utf8_lossy(&sent.body);
    assert!(sent.contains("name=\"files\"; filename=\"two.png\""), "{sent}");
    assert_eq!(sent.matches("form-data").count(), 1, "{sent}");
}
