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
