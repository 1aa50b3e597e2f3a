//! Answers that are larger, deeper or stranger than most.

use std::fmt::Write;

use http::{Method, StatusCode};
use serde_json::json;

use super::{
    answers::{asked, kept, raw},
    app::App,
    upstream::Reply,
};

#[tokio::test]
async fn a_huge_row_spoils_none_of_the_others() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let mut text = String::from("[");
    for id in 0..9 {
        let filling = if id == 4 { "x".repeat(5 << 20) } else { format!("small {id}") };
        let comma = if id > 0 { "," } else { "" };
        let _ = write!(text, "{comma}{{\"id\":{id},\"text\":\"{filling}\",\"end\":\"end {id}\"}}");
    }
    let page = asked(&app, &browser, raw("application/json", text + "]")).await;
    let address = kept(&page);
    assert!(page.body.contains("Items 1 to 5 of 9") && page.body.len() < 200_000, "{}", page.body.len());
    let rest = browser.open(&format!("{address}?from=5")).await.body;
    for id in 5..9 {
        assert!(rest.contains(&format!(">{id}<")) && rest.contains(&format!("end {id}")), "{id}: {rest}");
    }
    let found = browser.open(&format!("{address}?find=end+7")).await.body;
    assert!(found.contains("1 of 9 items with"), "{found}");
    let sorted = browser.open(&format!("{address}?sort=id&order=down")).await.body;
    let places: Vec<_> = ["end 8", "end 7", "end 6", "end 5"].map(|end| sorted.find(end).unwrap()).into();
    assert!(places.is_sorted(), "{places:?}");
}

#[tokio::test]
async fn a_page_of_long_rows_is_bounded_in_bytes() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let row = json!({ "text": "y".repeat(300_000) });
    let page = asked(&app, &browser, raw("application/json", json!(vec![row; 20]).to_string())).await;
    assert!(page.body.contains("Items 1 to 4 of 20"), "{}", page.body);
    let address = kept(&page);
    let next = browser.open(&format!("{address}?from=4")).await.body;
    assert!(next.contains("Items 5 to 8 of 20") && next.contains("from=8"), "{next}");
    let paths = browser.open(&format!("{address}?look=paths")).await.body;
    assert!(paths.contains("/3/text") && paths.len() < 200_000, "{}", paths.len());
}

#[tokio::test]
async fn what_a_refusal_holds_can_be_looked_at_in_every_way() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let refusal = json!({ "message": "No.", "details": { "field": "name", "rule": "length" } });
    let page = asked(&app, &browser, Reply::Json(422, refusal)).await;
    let address = kept(&page);
    let paths = browser.open(&format!("{address}?look=paths")).await.body;
    assert!(paths.contains("/details/field") && paths.contains("/details/rule"), "{paths}");
    let found = browser.open(&format!("{address}?look=paths&find=length")).await.body;
    assert!(found.contains("/details/rule") && !found.contains("/details/field"), "{found}");
}

#[tokio::test]
async fn facts_are_shown_exactly_as_they_came_too() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let text = "{ \"a\" : 1,\"a\": 2,  \"b\":\"\\u00e4\" }";
    let page = asked(&app, &browser, raw("application/json", text)).await;
    assert!(page.body.contains("look=source"), "{}", page.body);
    let source = browser.open(&format!("{}?look=source", kept(&page))).await.body;
    assert!(
        source.contains("{ &quot;a&quot; : 1,")
            || source.contains("{ \"a\" : 1,\"a\": 2,  \"b\":\"\\u00e4\" }")
    );
}

#[tokio::test]
async fn json_that_nobody_can_take_apart_is_json_all_the_same() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
    let note = "so it is shown as a text";
    for (body, told) in [
        ("\u{feff}{\"name\":\"with a mark\"}".to_owned(), None),
        ("\u{feff}[{\"name\":\"with a mark\"}]".to_owned(), None),
        ("{\"name\":\"cut \\ud83d\"}".to_owned(), Some(note)),
        (deep, Some(note)),
    ] {
        let page = asked(&app, &browser, raw("application/json", body.clone())).await;
        assert_eq!(page.status, StatusCode::OK, "{body}");
        assert_eq!(page.body.contains(note), told.is_some(), "{body}: {}", page.body);
        assert!(!page.body.contains("but it is text"), "{body}");
        assert!(told.is_some() || page.body.contains(">with a mark<"), "{body}: {}", page.body);
    }
    let many: Vec<_> = (0..60_000).map(|n| format!("\"member {n}\":{n}.25")).collect();
    let page = asked(&app, &browser, raw("application/json", format!("{{{}}}", many.join(",")))).await;
    assert_eq!(page.status, StatusCode::OK, "facts of more than a megabyte");
    let cut = asked(&app, &browser, raw("application/json", format!("{{{}", many.join(",")))).await;
    assert_eq!(cut.status, StatusCode::BAD_GATEWAY, "no end, no JSON");
}

#[tokio::test]
async fn an_event_that_is_too_long_does_not_stop_the_others() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let long = "z".repeat(9 << 20);
    for (media_type, text) in [
        ("text/event-stream", format!("data: first\n\ndata: {long}\n\ndata: last\n\n")),
        ("application/x-ndjson", format!("\"first\"\n\"{long}\"\n\"last\"\n")),
    ] {
        asked(&app, &browser, raw(media_type, text)).await;
        let kept = app.state.answers().newest().unwrap();
        let live = format!("/answers/{}/events?from=0", kept.id);
        let events = browser.send(browser.script(Method::GET, &live)).await.body;
        for told in ["first", "An event of more than 4 MiB", "last", "event: end"] {
            assert!(events.contains(told), "{media_type}: {told}");
        }
        assert!(events.len() < 10_000 && events.matches("An event of more").count() == 1, "{media_type}");
    }
}

#[tokio::test]
async fn a_page_is_framed_in_the_encoding_that_it_is_written_in() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    for (declared, body, framed, read) in [
        (
            "text/html; charset=windows-1251",
            &b"<html>\xcf\xf0\xe8"[..],
            "text/html; charset=windows-1251",
            "При",
        ),
        ("text/html", "<html>é".as_bytes(), "text/html; charset=utf-8", "é"),
        ("text/html", b"<html><meta charset=\"gbk\">", "text/html", "gbk"),
        ("text/html; charset=nonsense", "<html>é".as_bytes(), "text/html; charset=utf-8", "é"),
    ] {
        let page = asked(&app, &browser, raw(declared, body)).await;
        assert!(page.body.contains(read), "{declared}: {}", page.body);
        let inside = browser.open(&format!("{}/page", kept(&page))).await;
        assert_eq!(inside.header("content-type"), framed, "{declared}");
    }
}
