//! What a person has asked, as only they can see it.

use http::StatusCode;
use serde_json::json;

use super::{
    app::{App, Browser},
    upstream::Reply,
};
use crate::server::session::timestamp::Timestamp;

const KETTLE: &str = r#"{"name":"kettle"}"#;

async fn person<'a>(app: &'a App, name: &str) -> Browser<'a> {
    let mut browser = app.browser();
    assert_eq!(browser.sign_in(name, "right", "/").await.status, StatusCode::SEE_OTHER);
    browser
}

/// The ids of the requests on a person's page, newest first.
async fn listed(browser: &Browser<'_>) -> Vec<String> {
    let page = browser.open("/history").await;
    assert_eq!(page.status, StatusCode::OK);
    let links = page.body.split("href=\"/history/").skip(1);
    let ids = links.filter_map(|link| link.split('"').next()).filter(|id| id.len() == 43);
    ids.map(str::to_owned).collect()
}

async fn create(browser: &mut Browser<'_>, body: &str) {
    let answer = browser.submit("/operations/createItem", &[("body", body)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

#[tokio::test]
async fn a_request_is_noted_with_what_came_of_it() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    app.upstream.script("/items", [Reply::Json(418, json!({"message": "a small pot"}))]);
    let sent = ada.submit("/operations/createItem", &[("body", KETTLE)]).await;
    assert!(sent.body.contains("Your latest requests"), "on the page itself, too");
    let [id] = listed(&ada).await.try_into().unwrap();
    let page = ada.open(&format!("/history/{id}")).await.body;
    for part in ["kettle", "418", "small pot", "/operations/createItem?again="] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
}

#[tokio::test]
async fn what_an_address_sends_is_noted_and_what_is_not_sent_is_not() {
    let app = App::start().await;
    let ada = app.signed_in().await;
    ada.open("/operations/things%2Fget?id=7").await;
    ada.open("/operations/createItem").await;
    ada.open("/operations/things%2Fget?id=seven").await;
    let [id] = listed(&ada).await.try_into().unwrap();
    let page = ada.open(&format!("/history/{id}")).await.body;
    assert!(page.contains("/operations/things%2Fget?id=7&amp;send=1"), "{page}");
}

#[tokio::test]
async fn another_person_has_another_history() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    create(&mut ada, KETTLE).await;
    let [id] = listed(&ada).await.try_into().unwrap();
    let bob = person(&app, "bob").await;
    assert!(listed(&bob).await.is_empty());
    for path in [
        format!("/history/{id}"),
        format!("/history/compare?with={id}&with={id}"),
        format!("/operations/createItem?again={id}"),
        "/history/nonsense".to_owned(),
    ] {
        let answer = bob.open(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("kettle"));
    }
    let again = person(&app, "ada").await;
    assert_eq!(listed(&again).await, [id], "a new session is the same person's");
}

#[tokio::test]
async fn a_past_request_fills_the_form_in_and_sends_nothing() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    create(&mut ada, KETTLE).await;
    let [id] = listed(&ada).await.try_into().unwrap();
    let page = ada.open(&format!("/operations/createItem?again={id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("{&quot;name&quot;:&quot;kettle&quot;}")
            || page.body.contains(r#"{"name":"kettle"}"#)
    );
    assert_eq!(app.upstream.seen("/items").len(), 1);
    let elsewhere = ada.open(&format!("/operations/listItems?again={id}")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "it belongs to another operation");
}

#[tokio::test]
async fn secrets_are_not_kept() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    let issued = json!({"data": {"name": "key", "apiKey": "needle-2", "tokens": ["needle-3"]}});
    app.upstream.script("/items", [Reply::Json(200, issued)]);
    create(&mut ada, r#"{"name":"key","password":"needle-1"}"#).await;
    let [id] = listed(&ada).await.try_into().unwrap();
    let page = ada.open(&format!("/history/{id}")).await.body;
    assert!(page.contains("Not kept") && page.contains("key"), "{page}");
    assert!(!page.contains("needle"), "{page}");
}

#[tokio::test]
async fn a_text_or_a_page_that_speaks_of_secrets_is_not_kept() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    for (content_type, body, kept) in [
        ("text/plain", "The access token is needle-1.", "(not kept)"),
        ("text/html", "<p>Your password: needle-2</p>", "(not kept)"),
        ("application/xml", "<apiKey>needle-3</apiKey>", "(not kept)"),
        ("text/plain", "All is well.", "All is well."),
        ("text/html", "<p>All is well.</p>", "All is well."),
    ] {
        app.upstream.script("/items", [Reply::Raw { status: 200, content_type, body: body.into() }]);
        ada.submit("/operations/createItem", &[("body", KETTLE)]).await;
        let id = listed(&ada).await.remove(0);
        let page = ada.open(&format!("/history/{id}")).await.body;
        assert!(page.contains(kept) && !page.contains("needle"), "{body}: {page}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn number_and_days_are_limited() {
    let app = App::start_with(|settings| {
        settings.history.keep = 2;
        settings.history.days = 1;
    })
    .await;
    let mut ada = app.signed_in().await;
    for name in ["one", "two", "three"] {
        create(&mut ada, &format!(r#"{{"name":"{name}"}}"#)).await;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let [third, second] = listed(&ada).await.try_into().unwrap();
    assert!(ada.open(&format!("/history/{third}")).await.body.contains("three"));
    assert!(ada.open(&format!("/history/{second}")).await.body.contains("two"));
    let tomorrow = Timestamp::now() + std::time::Duration::from_hours(24);
    assert_eq!(app.state.items().purge(tomorrow).await.unwrap(), 4, "two requests with their answers");
    assert!(listed(&ada).await.is_empty());
}

#[tokio::test]
async fn it_can_be_switched_off_and_emptied() {
    let app = App::start().await;
    let (mut ada, mut bob) = (app.signed_in().await, person(&app, "bob").await);
    create(&mut ada, KETTLE).await;
    create(&mut bob, KETTLE).await;
    assert_eq!(ada.submit("/history", &[("change", "off")]).await.location(), "/history");
    create(&mut ada, KETTLE).await;
    assert_eq!(listed(&ada).await.len(), 1, "what is there stays, nothing is added");
    ada.submit("/history", &[("change", "clear")]).await;
    assert!(listed(&ada).await.is_empty());
    ada.submit("/history", &[("change", "on")]).await;
    create(&mut ada, KETTLE).await;
    assert_eq!(listed(&ada).await.len(), 1);
    assert_eq!(listed(&bob).await.len(), 1, "nobody else's has changed");
    assert_eq!(ada.submit("/history", &[("change", "burn")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_site_can_do_without() {
    let app = App::start_with(|settings| settings.history.enabled = false).await;
    let mut ada = app.signed_in().await;
    create(&mut ada, KETTLE).await;
    let page = ada.open("/history").await.body;
    assert!(page.contains("This site does not note requests.") && !page.contains("Switch off"));
}

#[tokio::test]
async fn two_answers_are_compared() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    let answer = |stock: u8| Reply::Json(200, json!({"data": {"id": 1, "stock": stock}}));
    app.upstream.script("/items", [answer(3), answer(4), answer(4)]);
    for _ in 0..3 {
        create(&mut ada, KETTLE).await;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let [third, second, first] = listed(&ada).await.try_into().unwrap();
    let page = ada.open(&format!("/history/compare?with={second}&with={first}")).await.body;
    assert!(
        page.contains("<del>−     \"stock\": 3") || page.contains("<del>−     &quot;stock&quot;: 3"),
        "{page}"
    );
    let same = ada.open(&format!("/history/compare?with={second}&with={third}")).await.body;
    assert!(same.contains("The answers are the same."));
    for query in
        [String::new(), format!("?with={first}"), format!("?with={first}&with={second}&with={third}")]
    {
        assert!(ada.open(&format!("/history/compare{query}")).await.body.contains("Choose exactly two"));
    }
}

#[tokio::test]
async fn operations_used_last_stand_on_the_home_page() {
    let app = App::start().await;
    let ada = app.signed_in().await;
    assert!(!ada.open("/operations").await.body.contains("Recently used"));
    ada.open("/operations/things%2Fget?id=1").await;
    ada.open("/operations/things%2Fget?id=2").await;
    for path in ["/", "/operations"] {
        let page = ada.open(path).await.body;
        let recent = page.split("Recently used").nth(1).unwrap().split("</ul>").next().unwrap();
        assert_eq!(recent.matches("<li>").count(), 1, "{recent}");
        assert!(recent.contains("href=\"/operations/things%2Fget\""), "{recent}");
    }
    let bob = person(&app, "bob").await;
    assert!(!bob.open("/operations").await.body.contains("Recently used"));
}

#[tokio::test]
async fn a_page_lists_the_latest_requests_of_its_operation() {
    let app = App::start().await;
    let mut ada = app.signed_in().await;
    for number in 0..7 {
        create(&mut ada, &format!("{{\"name\":\"kettle {number}\"}}")).await;
        // Moments are told apart by the millisecond.
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        ada.open("/operations/listItems").await;
    }
    let page = ada.open("/operations/createItem").await.body;
    let (_, latest) = page.split_once("Your latest requests").unwrap();
    assert_eq!(latest.matches("past-link").count(), 5, "{latest}");
    for number in 0..7 {
        assert_eq!(latest.contains(&format!("kettle {number}")), number > 1, "{number}: {latest}");
    }
    let index = ada.open("/operations").await.body;
    let (_, recent) = index.split_once("Recently used").unwrap();
    let (recent, _) = recent.split_once("</ul>").unwrap();
    assert_eq!(recent.matches("list-row").count(), 2, "{recent}");
    assert!(recent.find("listItems").unwrap() < recent.find("createItem").unwrap(), "{recent}");
}

#[tokio::test]
async fn a_long_history_has_several_pages() {
    let app = App::start_with(|settings| settings.history.keep = 1000).await;
    let ada = app.signed_in().await;
    for number in 0..102 {
        ada.open(&format!("/operations/things%2Fget?id={number}")).await;
    }
    let newest = ada.open("/history").await.body;
    assert_eq!(newest.matches("name=\"with\"").count(), 100);
    assert!(newest.contains("href=\"/history?from=100\"") && !newest.contains("Newer"), "{newest}");
    let oldest = ada.open("/history?from=100").await.body;
    assert_eq!(oldest.matches("name=\"with\"").count(), 2);
    assert!(oldest.contains("href=\"/history?from=0\"") && !oldest.contains("Older"), "{oldest}");
    let beyond = ada.open("/history?from=4294967295").await;
    assert!(beyond.status == StatusCode::OK && beyond.body.contains("Newer"), "{}", beyond.body);
}
