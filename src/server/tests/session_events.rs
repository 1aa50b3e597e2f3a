use std::time::Duration;

use http::{Method, StatusCode};
use reqwest::Response;
use tokio::time::{sleep, timeout};

use super::app::{App, Browser};
use crate::server::session::{store::Reason, timestamp::Timestamp};

const EVENTS: &str = "/api/session/events";
const A_SECOND: Duration = Duration::from_secs(1);

/// A stream that has begun.
async fn listening(browser: &Browser<'_>) -> Response {
    let mut events = browser.script(Method::GET, EVENTS).send().await.unwrap();
    assert_eq!(events.status(), StatusCode::OK);
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    assert_eq!(events.headers()["cache-control"], "no-store");
    let first = events.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"retry: 3000"), "{first:?}");
    events
}

/// All that still comes, if the stream is over within a second.
async fn rest(events: Response) -> String {
    timeout(A_SECOND, events.text()).await.expect("the stream goes on").unwrap()
}

#[tokio::test]
async fn every_stream_of_a_session_hears_of_its_end_within_a_second_and_no_other_does() {
    let app = App::start().await;
    let (here, there) = (app.signed_in().await, app.signed_in().await);
    let (first, second, other) = (listening(&there).await, listening(&there).await, listening(&here).await);
    let sessions = app.state.sessions();
    let mut headers = http::HeaderMap::new();
    headers.insert("cookie", format!("vestibule={}", there.cookie.clone().unwrap()).parse().unwrap());
    let crate::server::session::Presence::Live(session) =
        sessions.load(&headers, Timestamp::now()).await.unwrap()
    else {
        panic!("signed in")
    };
    sessions.end(session.key(), Reason::Revoked).await.unwrap();
    for events in [first, second] {
        assert_eq!(rest(events).await, "event: ended\ndata: revoked\n\n");
    }
    assert!(timeout(A_SECOND / 2, other.text()).await.is_err(), "it lives");
    there.send(there.script(Method::GET, EVENTS)).await.assert_unauthorized();
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_hear() {
    let app = App::start().await;
    let stranger = app.browser();
    stranger.send(stranger.script(Method::GET, EVENTS)).await.assert_unauthorized();
}

#[tokio::test]
async fn listening_does_not_extend_a_session_which_tells_when_it_has_been_idle_too_long() {
    let app = App::start_with(|settings| settings.session.idle_timeout = A_SECOND * 2).await;
    let browser = app.signed_in().await;
    sleep(Duration::from_millis(600)).await;
    let events = listening(&browser).await;
    sleep(Duration::from_millis(700)).await;
    assert_eq!(rest(events).await, "event: ended\ndata: idle-timeout\n\n");
}

#[tokio::test]
async fn who_signs_in_anew_in_the_same_browser_is_not_told_of_an_end() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let events = listening(&browser).await;
    browser.sign_in("ada", "right", "/").await;
    assert_eq!(
        rest(events).await,
        "event: replaced\ndata: replaced\n\n",
        "it asks, and connects again with its new cookie"
    );
    listening(&browser).await;
}

#[tokio::test]
async fn a_page_and_whoever_asks_for_it_are_told_whose_the_session_is() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let id = |body: &str| {
        let person: serde_json::Value = serde_json::from_str(body).unwrap();
        person["id"].as_str().unwrap().to_owned()
    };
    let ada = id(&browser.call("check_session", &[]).await.body);
    assert!(browser.open("/account").await.body.contains(&format!("data-person=\"{ada}\"")));
    browser.sign_in("grace", "right", "/").await;
    let grace = id(&browser.call("check_session", &[]).await.body);
    assert!(ada != grace && browser.open("/account").await.body.contains(&grace));
}

#[tokio::test]
async fn few_streams_at_a_time_are_enough_for_a_session() {
    let app = App::start().await;
    let (browser, other) = (app.signed_in().await, app.signed_in().await);
    let mut streams = Vec::new();
    for _ in 0..8 {
        streams.push(listening(&browser).await);
    }
    let refused = browser.send(browser.script(Method::GET, EVENTS)).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    listening(&other).await;
    streams.clear();
    for _ in 0..100 {
        if browser.script(Method::GET, EVENTS).send().await.unwrap().status() == StatusCode::OK {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("those that are gone make no room");
}

#[tokio::test]
async fn a_server_that_stops_breaks_off_at_once_and_ends_nothing() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let events = listening(&browser).await;
    app.state.endings().stop();
    assert_eq!(rest(events).await, "");
    assert_eq!(browser.open("/account").await.status, StatusCode::OK);
}
