//! What somebody had typed when their session ended comes back to them, once.

use std::time::Duration;

use http::StatusCode;

use super::{
    app::{Answer, App, Browser},
    asking::{in_front_of, multipart, post_from, uploads},
};
use crate::server::session::{store::Reason, timestamp::Timestamp};

const PAGE: &str = "/operations/createItem";
const TYPED: &str = r#"{"name":"half a kettle"}"#;

fn is_back(page: &Answer) -> bool {
    let says_so = page.body.contains("What you had typed is back; nothing was sent.");
    assert_eq!(page.body.contains("half a kettle"), says_so, "{}", page.body);
    says_so
}

async fn sign_in(browser: &mut Browser<'_>, name: &str) {
    assert_eq!(browser.sign_in(name, "right", PAGE).await.location(), PAGE);
}

#[tokio::test]
async fn a_form_posted_to_a_dead_token_comes_back_once() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    app.upstream.expire_all();
    ada.submit(PAGE, &[("body", TYPED)]).await.assert_sent_to_logout(PAGE);
    sign_in(&mut ada, "ada").await;
    assert!(is_back(&ada.open(PAGE).await));
    assert!(!is_back(&ada.open(PAGE).await), "only once");
    let sent = app.upstream.seen("/items");
    assert_eq!(sent.len(), 1, "only the one that was refused: {sent:?}");
}

#[tokio::test]
async fn so_does_what_a_script_sent() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    app.upstream.expire_all();
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("body", TYPED).finish();
    ada.call("send_operation", &[("address", "createItem"), ("form", &form)]).await.assert_unauthorized();
    sign_in(&mut ada, "ada").await;
    assert!(is_back(&ada.open(PAGE).await));
}

#[tokio::test]
async fn a_form_for_a_session_that_was_over_before_comes_back() {
    let app = App::start().await;
    for by_script in [false, true] {
        let mut ada = app.signed_in().await;
        let user = app.state.sessions().user_key("ada");
        app.state.sessions().store().end_user(user, None, Reason::Revoked, Timestamp::now()).await.unwrap();
        if by_script {
            let form =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("body", TYPED).finish();
            let arguments = [("address", "createItem"), ("form", form.as_str())];
            ada.call("send_operation", &arguments).await.assert_unauthorized();
        } else {
            let answer = ada.submit(PAGE, &[("body", TYPED)]).await;
            assert_eq!(answer.location(), format!("/login?reason=revoked&next={PAGE}"));
        }
        sign_in(&mut ada, "ada").await;
        assert!(is_back(&ada.open(PAGE).await), "by script: {by_script}");
    }
    assert!(app.upstream.seen("/items").is_empty());
}

#[tokio::test]
async fn so_does_what_was_typed_beside_a_file() {
    let app = in_front_of(uploads()).await;
    let mut ada = app.signed_in().await;
    let user = app.state.sessions().user_key("ada");
    app.state.sessions().store().end_user(user, None, Reason::Revoked, Timestamp::now()).await.unwrap();
    let mut form = multipart(&[("body~as", "form")], ("body/file", "a.png", &vec![0; 3 << 20]));
    form.truncate(form.len() - "--edge--\r\n".len());
    form.extend(multipart(&[("body/note", "half a kettle")], ("body~file", "b.png", b"")));
    let page = "/operations/upload";
    let answer = post_from(&app, &ada, page, form).await;
    assert_eq!(answer.location(), format!("/login?reason=revoked&next={page}"));
    sign_in(&mut ada, "ada").await;
    let back = ada.open(page).await;
    assert!(is_back(&back) && back.body.contains("Files are not kept: choose them again."), "{back:?}");
    assert!(!back.body.contains("a.png") && app.upstream.seen("/files").is_empty());
}

#[tokio::test]
async fn nobody_else_gets_it() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    app.upstream.expire_all();
    browser.submit(PAGE, &[("body", TYPED)]).await;
    sign_in(&mut browser, "bob").await;
    assert!(!is_back(&browser.open(PAGE).await));
    sign_in(&mut browser, "ada").await;
    assert!(!is_back(&browser.open("/operations/listItems").await), "nor does another page");
    assert!(is_back(&browser.open(PAGE).await), "it has waited for its author");
}

#[tokio::test]
async fn it_waits_a_quarter_of_an_hour() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    app.upstream.expire_all();
    ada.submit(PAGE, &[("body", TYPED)]).await;
    let now = Timestamp::now();
    assert_eq!(app.state.items().purge(now + Duration::from_mins(14)).await.unwrap(), 0);
    assert_eq!(app.state.items().purge(now + Duration::from_mins(15)).await.unwrap(), 1);
    sign_in(&mut ada, "ada").await;
    assert!(!is_back(&ada.open(PAGE).await));
}

#[tokio::test]
async fn what_was_sent_leaves_no_draft() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    assert_eq!(ada.submit(PAGE, &[("body", TYPED)]).await.status, StatusCode::OK);
    app.upstream.script("/items", [super::upstream::Reply::Json(500, serde_json::json!({}))]);
    assert_eq!(ada.submit(PAGE, &[("body", TYPED)]).await.status, StatusCode::BAD_GATEWAY);
    assert!(!ada.open(PAGE).await.body.contains("What you had typed is back"));
}

#[tokio::test]
async fn an_address_brings_itself_back_and_leaves_no_draft() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    app.upstream.expire_all();
    let page = "/operations/things%2Fget";
    let answer = ada.visit(&format!("{page}?id=7")).await;
    assert_eq!(
        (answer.status, app.upstream.seen("/things/7").len()),
        (StatusCode::SEE_OTHER, 1),
        "{answer:?}"
    );
    sign_in(&mut ada, "ada").await;
    assert!(!ada.open(page).await.body.contains("What you had typed is back"));
}

#[tokio::test]
async fn passwords_do_not_come_back() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    app.upstream.expire_all();
    ada.submit(PAGE, &[("body", r#"{"name":"half a kettle","password":"needle"}"#)]).await;
    sign_in(&mut ada, "ada").await;
    let page = ada.open(PAGE).await;
    assert!(is_back(&page) && !page.body.contains("needle"));
}
