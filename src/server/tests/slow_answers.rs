//! Answers that come bit by bit: what has come is shown soon, and the rest goes on coming.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};

use super::{
    answers::{asked, kept},
    app::App,
    upstream::Reply,
};

fn parts(content_type: &'static str, parts: Vec<(u64, &'static str)>) -> Reply {
    Reply::Parts { content_type, parts, breaks_off: false }
}

#[tokio::test]
async fn lines_are_live_whatever_they_are_called() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for (media_type, first, second) in [
        ("application/json", "{\"type\":\"ADDED\"}\n", "{\"type\":\"GONE\"}\n"),
        ("application/stream+json", "{\"type\":\"ADDED\"}\n", "{\"type\":\"GONE\"}\n"),
        ("application/x-jsonlines", "{\"type\":\"ADDED\"}\n", "{\"type\":\"GONE\"}\n"),
        ("application/json-seq", "\u{1e}{\"type\":\"ADDED\"}\n", "\u{1e}{\"type\":\"GONE\"}\n"),
        ("text/plain", "ADDED at noon\n", "GONE at night\n"),
    ] {
        let began = Instant::now();
        let page = asked(&app, &browser, parts(media_type, vec![(0, first), (4_000, second)])).await;
        assert_eq!(page.status, StatusCode::OK, "{media_type}");
        assert!(began.elapsed() < Duration::from_millis(1_900), "{media_type}: {:?}", began.elapsed());
        assert!(
            page.body.contains("ADDED") && page.body.contains("data-live"),
            "{media_type}: {}",
            page.body
        );
        let live = format!("{}/events?from=0", kept(&page));
        let events = browser.send(browser.script(Method::GET, &live)).await.body;
        assert!(events.contains("GONE") && events.contains("event: end"), "{media_type}: {events}");
    }
}

#[tokio::test]
async fn json_without_a_length_is_shown_as_far_as_it_is_there() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let slow = parts("application/json", vec![(0, "[{\"a\":1},\n"), (3_000, "{\"a\":22}]")]);
    let page = asked(&app, &browser, slow).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Still arriving") && !page.body.contains("data-live"), "{}", page.body);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let whole = browser.open(&kept(&page)).await.body;
    assert!(whole.contains("2 items") && whole.contains(">22<"), "a pause is no end: {whole}");
    let late = asked(&app, &browser, parts("application/json", vec![(2_500, "{\"a\":333}")])).await;
    assert_eq!(late.status, StatusCode::OK, "{}", late.body);
    assert!(late.body.contains("Still arriving"), "{}", late.body);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(browser.open(&kept(&late)).await.body.contains(">333<"));
    let soon = asked(&app, &browser, parts("application/json", vec![(0, "{\"a\":"), (300, "4444}")])).await;
    assert!(soon.body.contains(">4444<") && !soon.body.contains("Still arriving"), "{}", soon.body);
}
