//! Answers that are larger, deeper or stranger than most.

use std::{fmt::Write, time::Duration};

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
    assert!(page.body.contains("Items 1 to 4 of 9") && page.body.len() < 200_000, "{}", page.body.len());
    let huge = browser.open(&format!("{address}?from=4")).await.body;
    assert!(huge.contains("Items 5 to 5 of 9") && huge.len() < 200_000, "{}", huge.len());
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
    assert!(page.body.contains("Items 1 to 3 of 20"), "{}", page.body);
    let address = kept(&page);
    let next = browser.open(&format!("{address}?from=3")).await.body;
    assert!(next.contains("Items 4 to 6 of 20") && next.contains("from=6"), "{next}");
    let paths = browser.open(&format!("{address}?look=paths")).await.body;
    assert!(
        paths.contains("/2/text") && !paths.contains("/3/text") && paths.len() < 200_000,
        "{}",
        paths.len()
    );
}

/// The address of the link with these words.
fn link(page: &str, words: &str) -> Option<String> {
    let (before, _) = page.split_once(&format!(">{words}</a>"))?;
    let (_, address) = before.rsplit_once("href=\"")?;
    Some(address.split('"').next().unwrap().replace("&amp;", "&"))
}

/// The first and the last of the rows on a page.
fn rows(page: &str) -> (u64, u64) {
    let (_, caption) = page.split_once("Items ").unwrap_or_else(|| panic!("no items in {page}"));
    let numbers: Vec<_> = caption.split(' ').step_by(2).take(2).map(|n| n.parse().unwrap()).collect();
    (numbers[0], numbers[1])
}

#[tokio::test]
async fn no_row_is_passed_over_from_page_to_page() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let fields: serde_json::Map<_, _> = (0..30).map(|n| (format!("f{n}"), json!(n))).collect();
    let many_fields = json!(vec![fields; 150]).to_string();
    let long = json!(vec![json!({ "text": "y".repeat(30_000) }); 150]).to_string();
    for (text, look) in [(long.clone(), ""), (long, "?sort=text"), (many_fields, "?look=paths")] {
        let page = asked(&app, &browser, raw("application/json", text)).await;
        let mut page = browser.open(&format!("{}{look}", kept(&page))).await.body;
        let (mut pages, mut last) = (1, rows(&page).1);
        while let Some(next) = link(&page, "Next items") {
            page = browser.open(&next).await.body;
            assert_eq!(rows(&page).0, last + 1, "{look}");
            (pages, last) = (pages + 1, rows(&page).1);
            assert_ne!(
                link(&page, "Last").map(|last| last.contains(&format!("from={}", rows(&page).0 - 1))),
                Some(true)
            );
        }
        assert!(last == 150 && pages > 3, "{look}: {last} in {pages} pages");
        while let Some(previous) = link(&page, "Previous items") {
            let first = rows(&page).0;
            page = browser.open(&previous).await.body;
            assert!(
                rows(&page).0 < first && rows(&page).1 >= first - 1,
                "{look}: {:?} before {first}",
                rows(&page)
            );
        }
        assert_eq!(rows(&page).0, 1, "{look}");
    }
}

#[tokio::test]
async fn what_stands_around_a_list_is_all_that_is_not_the_list() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let rows = json!(vec![json!({ "text": "y".repeat(30_000) }); 50]);
    for (answer, told) in [
        (json!({ "response": { "numFound": 9871, "docs": rows } }), "9871"),
        (json!({ "hits": { "total": 9871, "hits": rows } }), "9871"),
        (json!({ "data": { "a/b": rows, "kind": "odd kind" }, "message": "Here" }), "odd kind"),
        (json!({ "only": { "these": rows }, "and": "so on" }), "so on"),
    ] {
        let page = asked(&app, &browser, Reply::Json(200, answer.clone())).await.body;
        assert!(page.contains("of 50") && page.contains(told), "{page}");
        assert!(!page.contains("empty list") && !page.contains("empty object"), "{page}");
    }
}

#[tokio::test]
async fn a_text_is_read_on_whatever_it_is() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let lines: Vec<_> = (0..20_000).map(|n| format!("<p>line {n}</p>\n")).collect();
    let lines = lines.concat();
    for media_type in ["text/html", "text/plain"] {
        let page = asked(&app, &browser, raw(media_type, lines.clone())).await.body;
        let next = browser.open(&link(&page, "Next part").unwrap()).await.body;
        assert!(next.contains("Bytes 100,001 to 200,000 of"), "{media_type}: {next}");
        assert!(link(&next, "Previous part").is_some(), "{media_type}");
        let address = link(&page, "Download").unwrap().replace("/body", "");
        let found = browser.open(&format!("{address}?look=source&find=line+12345")).await.body;
        assert!(found.contains("line 12345"), "{media_type}: {found}");
        let back = browser.open(&link(&found, "Previous part").unwrap()).await.body;
        assert!(!back.contains("line 12345"), "{media_type}: the part before it");
    }
    let marked = asked(&app, &browser, raw("text/csv", "\u{feff}name;town\nann;bonn\n")).await.body;
    assert!(marked.contains("ann;bonn") && !marked.contains("Bytes 1 to"), "{marked}");
    let wide: Vec<u8> =
        format!("\u{feff}{}", "ab\n".repeat(50_000)).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let page = asked(&app, &browser, raw("text/csv", wide)).await.body;
    assert!(page.contains("Bytes 1 to 100,000 of 300,002"), "{page}");
    let next = browser.open(&link(&page, "Next part").unwrap()).await.body;
    assert!(next.contains("ab\nab\nab"), "{next}");
    let address = link(&page, "Download").unwrap().replace("/body", "");
    let found = browser.open(&format!("{address}?look=source&find=B%0AAB")).await.body;
    assert!(link(&found, "Find next").is_some(), "{found}");
}

#[tokio::test]
async fn a_search_that_has_not_come_to_the_end_says_so() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let text = "x".repeat(65 << 20) + "needle";
    let page = asked(&app, &browser, raw("text/plain", text)).await;
    let address = kept(&page);
    let kept = app.state.answers().newest().unwrap();
    tokio::time::timeout(
        Duration::from_secs(30),
        kept.watch().wait_for(|progress| progress.ending.is_some()),
    )
    .await
    .expect("it is still coming")
    .unwrap();
    let page = browser.open(&format!("{address}?look=source&find=Needle")).await.body;
    assert!(page.contains("The text has not come up to byte 67,108,8"), "{page}");
    let page = browser.open(&link(&page, "Search on").unwrap()).await.body;
    assert!(page.contains("needle") && link(&page, "Find next").is_some(), "{page}");
    let page = browser.open(&link(&page, "Find next").unwrap()).await.body;
    assert!(page.contains("does not stand in the rest"), "{page}");
}

#[tokio::test]
async fn events_that_fill_more_than_is_looked_at_have_a_way_on() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let events = [1, 2, 3].map(|n| format!("data: event {n} {}\n\n", "z".repeat(3 << 20)));
    let mut page = asked(&app, &browser, raw("text/event-stream", events.concat())).await.body;
    for n in 1..=3 {
        assert!(page.contains(&format!("event {n} ")), "event {n}");
        if n < 3 {
            page = browser.open(&link(&page, "What came after these").unwrap()).await.body;
        }
    }
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
