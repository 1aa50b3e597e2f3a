//! Documents that are had with a person's token.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use super::{
    app::{App, Browser},
    upstream::Reply,
};
use crate::server::{
    caller::Caller,
    config::DocumentAccess,
    request::RequestContext,
    session::{Presence, store::Reason, timestamp::Timestamp},
    trace::Trace,
};

const PLACE: &str = "/private.json";

async fn start(access: DocumentAccess) -> App {
    App::start_unread(|settings| {
        let base = settings.upstream.base_url.clone().unwrap();
        settings.upstream.openapi = Some(base.join(PLACE).unwrap().into());
        settings.upstream.document = access;
    })
    .await
}

fn document(name: &str) -> Value {
    json!({ "info": { "title": name }, "paths": { "/x": { "get": { "summary": name } } } })
}

/// What a request of this browser carries.
async fn context(app: &App, browser: &Browser<'_>) -> RequestContext {
    let cookie = format!("vestibule={}", browser.cookie.as_deref().unwrap());
    let (parts, ()) = Request::builder().header(header::COOKIE, cookie).body(()).unwrap().into_parts();
    let presence = app.state.sessions().load(&parts.headers, Timestamp::now()).await.unwrap();
    let Presence::Live(session) = presence else { panic!("nobody is signed in") };
    let trace = Trace::of(&parts.headers);
    RequestContext::new(
        app.state.clone(),
        trace,
        Caller::of(&parts, [127, 0, 0, 1].into(), app.state.mount()),
        Some(*session),
    )
}

#[tokio::test]
async fn everybody_sees_their_own() {
    let app = start(DocumentAccess::PerPerson).await;
    app.upstream
        .script(PLACE, [Reply::Json(200, document("For Ada")), Reply::Json(200, document("For Grace"))]);
    let mut grace = app.browser();
    let ada = app.signed_in().await;
    grace.sign_in("grace", "right", "/").await;
    assert!(app.upstream.seen(PLACE).is_empty(), "nobody has asked yet");
    for (browser, own, other) in
        [(&ada, "For Ada", "For Grace"), (&grace, "For Grace", "For Ada"), (&ada, "For Ada", "For Grace")]
    {
        let page = browser.open("/operations").await.body;
        assert!(page.contains(own) && !page.contains(other), "{page}");
    }
    let asked = app.upstream.seen(PLACE);
    let tokens: Vec<_> = asked.iter().map(|seen| seen.headers["authorization"].to_str().unwrap()).collect();
    assert_eq!(tokens, ["Bearer access-1", "Bearer access-2"]);
    let login = app.browser().open("/login").await.body;
    assert!(!login.contains("For Ada") && !login.contains("For Grace"));
}

#[tokio::test]
async fn what_was_typed_into_a_form_of_ones_own_document_comes_back() {
    let app = start(DocumentAccess::PerPerson).await;
    let body = json!({ "content": { "text/plain": {} } });
    let paths = json!({ "/x": { "post": { "operationId": "make", "requestBody": body } } });
    app.upstream.script(PLACE, [Reply::Json(200, json!({ "paths": paths }))]);
    let mut ada = app.signed_in().await;
    ada.open("/operations/make").await;
    let user = app.state.sessions().user_key("ada");
    app.state.sessions().store().end_user(user, None, Reason::Revoked, Timestamp::now()).await.unwrap();
    ada.submit("/operations/make", &[("body", "half a kettle")]).await;
    ada.sign_in("ada", "right", "/").await;
    let page = ada.open("/operations/make").await.body;
    assert!(page.contains("What you had typed is back") && page.contains("half a kettle"), "{page}");
    assert!(app.upstream.seen("/x").is_empty());
}

#[tokio::test]
async fn the_same_document_is_parsed_once_for_all() {
    let app = start(DocumentAccess::PerPerson).await;
    app.upstream.script(PLACE, [Reply::Json(200, document("The same"))]);
    let mut people = Vec::new();
    for name in ["ada", "grace", "edsger"] {
        let mut browser = app.browser();
        browser.sign_in(name, "right", "/").await;
        people.push(context(&app, &browser).await);
    }
    let read = people.iter().map(|request| app.state.document().of(request));
    let read: Vec<_> = futures::future::join_all(read).await;
    let documents: Vec<_> = read.into_iter().map(|current| current.document.unwrap()).collect();
    assert_eq!(app.upstream.seen(PLACE).len(), 3);
    assert!(documents.iter().all(|document| Arc::ptr_eq(document, &documents[0])));
}

#[tokio::test]
async fn whoever_asks_first_reads_it_for_all() {
    let app = start(DocumentAccess::WithToken).await;
    app.upstream.script(PLACE, [Reply::Json(200, document("For all"))]);
    let ada = app.signed_in().await;
    let (first, second) = tokio::join!(ada.open("/operations"), ada.open("/"));
    assert!(first.body.contains("For all") && second.body.contains("For all"));
    let mut grace = app.browser();
    grace.sign_in("grace", "right", "/").await;
    assert!(grace.open("/operations").await.body.contains("For all"));
    let asked = app.upstream.seen(PLACE);
    assert_eq!((asked.len(), &asked[0].headers["authorization"]), (1, &"Bearer access-1".parse().unwrap()));
}

#[tokio::test]
async fn a_dead_token_ends_the_session_here_too() {
    let app = start(DocumentAccess::PerPerson).await;
    let browser = app.signed_in().await;
    app.upstream.expire_all();
    browser.open("/operations").await.assert_sent_to_logout("/operations");
    assert_eq!(browser.open("/operations").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_failure_keeps_everybody_signed_in_and_says_so() {
    let app = start(DocumentAccess::PerPerson).await;
    app.upstream.script(PLACE, [Reply::Json(500, json!({}))]);
    let browser = app.signed_in().await;
    let page = browser.open("/operations").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("the API answered 500"), "{}", page.body);
}

#[tokio::test]
async fn nobody_waits_while_a_document_is_read_again() {
    for access in [DocumentAccess::PerPerson, DocumentAccess::WithToken] {
        let app = start(access).await;
        let slowly =
            |name| Reply::Late(Duration::from_millis(1_500), Box::new(Reply::Json(200, document(name))));
        app.upstream.script(PLACE, [Reply::Json(200, document("The old one")), slowly("The new one")]);
        let browser = app.signed_in().await;
        browser.open("/operations").await;
        app.state.document().read_again();
        let began = Instant::now();
        for _ in 0..3 {
            assert!(browser.open("/operations").await.body.contains("The old one"), "{access:?}");
        }
        assert!(began.elapsed() < Duration::from_secs(1), "{access:?}: {:?}", began.elapsed());
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(browser.open("/operations").await.body.contains("The new one"), "{access:?}");
        assert_eq!(app.upstream.seen(PLACE).len(), 2, "{access:?}");
    }
}
