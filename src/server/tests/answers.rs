//! Answers that are kept, and read in parts.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use futures::StreamExt;
use http::{Method, StatusCode};
use serde_json::json;

use super::{
    app::{Answer, App, Browser},
    upstream::Reply,
};
use crate::server::session::{store::Reason, timestamp::Timestamp};

const LIST: &str = "/operations/listItems";

pub fn raw(content_type: &'static str, body: impl Into<Vec<u8>>) -> Reply {
    Reply::Raw { status: 200, content_type, body: body.into() }
}

/// `{"data":[{"id":0,"name":"name 0",…},…],"message":"Here"}`, too long to be read whole.
fn long_list(rows: usize) -> String {
    let mut text = String::from("{\"data\":[");
    for id in 0..rows {
        let comma = if id > 0 { ",\n" } else { "" };
        let _ =
            write!(text, "{comma}{{\"id\":{id},\"name\":\"n\\u00e4me {id}\",\"rest\":\"{:0>30}\"}}", id % 7);
    }
    text + "],\"message\":\"Here\",\"meta\":{\"kind\":\"odd\"}}"
}

/// The address of the answer on a page.
pub fn kept(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("/answers/").unwrap_or_else(|| panic!("no answer in {}", page.body));
    format!("/answers/{}", rest.split(['?', '/', '"']).next().unwrap())
}

pub async fn asked(app: &App, browser: &Browser<'_>, reply: Reply) -> Answer {
    app.upstream.script("/items", [reply]);
    browser.open(LIST).await
}

#[tokio::test]
async fn a_long_list_is_read_in_parts() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let text = long_list(30_000);
    let page = asked(&app, &browser, raw("application/json", text.clone())).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Items 1 to 100 of 30,000") && page.body.contains("näme 99"), "{}", page.body);
    assert!(!page.body.contains("näme 100<") && page.body.len() < 300_000);
    assert!(page.body.contains("Here") && page.body.contains("odd"), "what stands around the list");
    let address = kept(&page);
    let open = async |query: &str| browser.open(&format!("{address}?{query}")).await.body;
    let part = open("from=29950").await;
    assert!(part.contains("Items 29,951 to 30,000 of 30,000") && part.contains("näme 29999"), "{part}");
    let sorted = open("sort=id&order=down").await;
    assert!(sorted.find("näme 29999").unwrap() < sorted.find("näme 29998").unwrap(), "{sorted}");
    let found = open("find=N%C3%84ME%2012345").await;
    assert!(found.contains("1 of 30,000 items with") && found.contains("näme 12345"), "{found}");
    assert!(open("find=nowhere").await.contains("None of 30,000 items"));
    let columns = open("column=name").await;
    assert!(columns.contains("näme 5") && !columns.contains("<td"), "one column, which names its rows");
    assert!(open("look=paths&from=200").await.contains("/data/200/name"));
    assert!(open("look=source").await.contains("n\\u00e4me 1"), "as it came");
    assert_eq!(app.upstream.seen("/items").len(), 1, "all of that was one call");
    let whole = browser.send(browser.script(Method::GET, &format!("{address}/body"))).await;
    assert_eq!(whole.body, text);
    assert!(whole.header("content-disposition").starts_with("attachment; filename=\"listItems.json\""));
    assert!(whole.header("content-security-policy").contains("sandbox"));
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn each_of_several_lists_can_be_sorted_by_itself() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let authors = json!([{ "name": "Woolf" }, { "name": "Austen" }]);
    let shop = json!({ "authors": authors, "books": [{ "n": 1 }, { "n": 2 }, { "n": 3 }], "one": [{}] });
    for (answer, at) in [
        (json!({ "data": { "shop": shop, "tags": ["a", "b"] } }), "data%2Fshop%2F"),
        (json!({ "items": authors, "authors": authors, "books": [{}, {}, {}] }), ""),
    ] {
        let page = asked(&app, &browser, Reply::Json(200, answer)).await;
        let address = kept(&page);
        let list = format!("{address}?list=%2F{at}authors");
        assert!(page.body.contains(&format!("href=\"{list}\"")), "{}", page.body);
        assert!(page.body.contains("books</a> (3)"), "{}", page.body.replace("<!>", ""));
        for other in ["one", "tags"] {
            assert!(!page.body.contains(&format!("?list=%2F{at}{other}")), "{other}");
        }
        let shown = browser.open(&list).await.body;
        assert!(shown.contains("2 items") && shown.contains("The whole answer"), "{shown}");
        let sorted = browser.open(&format!("{list}&sort=name")).await.body;
        assert!(sorted.find(">Austen<").unwrap() < sorted.find(">Woolf<").unwrap(), "{sorted}");
        assert!(sorted.contains(&format!("list=%2F{at}authors&amp;sort=name&amp;order=down")), "{sorted}");
        assert!(browser.open(&format!("{list}&find=wool")).await.body.contains("1 of 2 items with"));
        let nothing = browser.open(&format!("{address}?list=%2Fnowhere")).await;
        assert!(nothing.status == StatusCode::OK && nothing.body.contains("Woolf"), "the whole answer");
    }
}

#[tokio::test]
async fn a_short_list_can_be_sorted_and_searched_too() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let rows = json!({"data": [{"n": 2, "big": 1}, {"n": 10, "big": 2}, {"n": null}, {"n": 1}]});
    let text = rows.to_string().replace("\"big\":1", "\"big\":123456789012345678901234567890.10");
    let page = asked(&app, &browser, raw("application/json", text)).await;
    assert!(page.body.contains("4 items") && page.body.contains("123456789012345678901234567890.10"));
    let sorted = browser.open(&format!("{}?sort=n", kept(&page))).await.body;
    let places: Vec<_> = [">1<", ">2<", ">10<", ">null<"].iter().map(|n| sorted.find(n).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?} in {sorted}");
    assert!(sorted.contains("aria-sort=\"ascending\""));
}

#[tokio::test]
async fn an_answer_is_its_sessions_and_nobody_elses() {
    let app = App::start().await;
    let (mut browser, other) = (app.signed_in().await, app.signed_in().await);
    let page = asked(&app, &browser, Reply::Json(200, json!([{"a": 1}]))).await;
    let address = kept(&page);
    for path in ["", "/body", "/file", "/page", "/events"] {
        let theirs = other.open(&format!("{address}{path}")).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(browser.open(&address).await.status, StatusCode::OK);
    assert_eq!(browser.open("/answers/nonsense").await.status, StatusCode::NOT_FOUND);
    browser.submit("/api/logout", &[]).await;
    browser.sign_in("ada", "right", "/").await;
    assert_eq!(browser.open(&address).await.status, StatusCode::NOT_FOUND, "it went with its session");
}

#[tokio::test]
async fn answers_are_kept_within_bounds() {
    let app = App::start_with(|settings| {
        settings.console.max_answer = 2 << 20;
        settings.console.keep_per_person = 3 << 20;
        settings.console.keep_in_all = 3 << 20;
    })
    .await;
    let browser = app.signed_in().await;
    let list = || raw("application/json", long_list(22_000));
    let first = asked(&app, &browser, list()).await;
    let second = asked(&app, &browser, list()).await;
    assert_eq!(browser.open(&kept(&first)).await.status, StatusCode::NOT_FOUND, "the oldest makes room");
    assert_eq!(browser.open(&kept(&second)).await.status, StatusCode::OK);
    let huge = asked(&app, &browser, raw("application/json", long_list(40_000))).await;
    assert_eq!(huge.status, StatusCode::BAD_GATEWAY);
    assert!(huge.body.contains("larger") && huge.body.contains("still signed in"), "{}", huge.body);
}

#[tokio::test]
async fn what_an_answer_is_not_is_told() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let parts = |parts, breaks_off| Reply::Parts { content_type: "application/json", parts, breaks_off };
    for (reply, status, told) in [
        (raw("image/png", "just text"), 502, "says that this is image/png, but it is text"),
        (raw("text/html", b"%PDF-1.4".to_vec()), 502, "but it is a PDF document"),
        (raw("text/csv", b"\x00\x01\x02\x03".to_vec()), 502, "but it is something else"),
        (raw("application/json", b"\x89PNG\r\n\x1a\n".to_vec()), 502, "but it is a picture"),
        (raw("application/pdf", "[{\"a\":1}]"), 200, "but it is JSON"),
        (Reply::Gzip(b"no gzip at all"), 502, "not compressed as it says"),
        (parts(vec![(0, "[{\"a\":1},"), (50, "{\"a\":2}")], true), 502, "broke off"),
    ] {
        let page = asked(&app, &browser, reply).await;
        assert_eq!(page.status.as_u16(), status, "{told}");
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
}

#[tokio::test]
async fn html_and_svg_are_inert() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let html = "<!doctype html><script>alert(1)</script><h1>Hi</h1>";
    let page = asked(&app, &browser, raw("text/html", html)).await;
    assert!(page.body.contains("&lt;script&gt;alert(1)") && !page.body.contains("<script>alert"), "as text");
    let address = kept(&page);
    let framed = browser.open(&format!("{address}?look=page")).await;
    assert!(framed.body.contains("sandbox=\"\""), "{}", framed.body);
    let inside = browser.open(&format!("{address}/page")).await;
    assert_eq!(inside.body, html);
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let picture = asked(&app, &browser, raw("image/svg+xml", svg)).await;
    assert!(picture.body.contains("<img src=\"data:image/svg+xml;base64,"), "{}", picture.body);
    let file = browser.open(&format!("{}/file", kept(&picture))).await;
    for answer in [&inside, &file] {
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("sandbox; default-src 'none'") && !policy.contains("script"), "{policy}");
        assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN");
    }
    let not_a_page = browser.open(&format!("{}/page", kept(&picture))).await;
    assert_eq!(not_a_page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn events_are_shown_while_more_are_coming() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let parts = vec![
        (0, "event: add\nid: 7\ndata: {\"book\":\"Emma\"}\n\n"),
        (1500, "data: second\n\n"),
        (200, "data: cut"),
    ];
    let stream = Reply::Parts { content_type: "text/event-stream", parts, breaks_off: false };
    let page = asked(&app, &browser, stream).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Emma") && !page.body.contains("second"), "{}", page.body);
    let address = kept(&page);
    let (_, live) = page.body.split_once("data-live=\"").unwrap();
    let live = live.split('"').next().unwrap().replace("&amp;", "&");
    let arriving = browser.script(Method::GET, &live).send().await.unwrap();
    for (name, value) in [("cache-control", "no-store"), ("vary", "Cookie"), ("x-accel-buffering", "no")] {
        assert_eq!(arriving.headers()[name], value, "{name}");
    }
    let text = arriving.bytes_stream().map(|part| String::from_utf8(part.unwrap().to_vec()).unwrap());
    let text = tokio::time::timeout(Duration::from_secs(5), text.collect::<String>()).await.unwrap();
    assert!(text.contains("second") && text.contains("event: end"), "{text}");
    assert!(!text.contains("Emma"), "that has been there already");
    let whole = browser.open(&address).await.body;
    assert!(whole.contains("Emma") && whole.contains("second") && !whole.contains("data-live"), "{whole}");
}

/// An answer that says something once and then nothing for a long time, and the address of its events.
async fn silent(app: &App, browser: &Browser<'_>) -> (String, String) {
    let parts = vec![(0, "data: first\n\n"), (60_000, "data: second\n\n")];
    let stream = Reply::Parts { content_type: "text/event-stream", parts, breaks_off: false };
    let page = asked(app, browser, stream).await;
    let (_, live) = page.body.split_once("data-live=\"").unwrap();
    (kept(&page), live.split('"').next().unwrap().replace("&amp;", "&"))
}

#[tokio::test]
async fn an_answer_that_somebody_watches_is_not_cut() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let (address, live) = silent(&app, &browser).await;
    let (minutes, answers) = (|minutes| Instant::now() + Duration::from_mins(minutes), app.state.answers());
    let newest = answers.newest().unwrap();
    assert!(newest.is_neglected(minutes(3)), "nobody watches yet");
    for path in [live.as_str(), &format!("{address}/body")] {
        let watching = browser.script(Method::GET, path).send().await.unwrap();
        assert!(!newest.is_neglected(minutes(3)), "{path}");
        answers.purge(minutes(16));
        assert!(answers.newest().is_some(), "{path}");
        drop(watching);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(newest.is_neglected(minutes(3)), "nobody watches any more");
    answers.purge(minutes(16));
    assert!(answers.newest().is_none());
}

#[tokio::test]
async fn what_is_open_ends_with_its_session() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let (address, live) = silent(&app, &browser).await;
    let mut open = Vec::new();
    for path in [live, format!("{address}/body")] {
        open.push(browser.script(Method::GET, &path).send().await.unwrap());
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let user = app.state.sessions().user_key("ada");
    app.state.sessions().store().end_user(user, None, Reason::Revoked, Timestamp::now()).await.unwrap();
    let ended = async |response: reqwest::Response| {
        let text = tokio::time::timeout(Duration::from_secs(2), response.text()).await;
        text.expect("it ends by itself").map_err(|_| "broken off")
    };
    let body = ended(open.pop().unwrap()).await;
    assert_eq!(body, Err("broken off"), "it is not whole");
    assert_eq!(ended(open.pop().unwrap()).await.as_deref(), Ok(""));
}

#[tokio::test]
async fn lines_of_json_are_a_table_when_all_have_come() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    let page = asked(&app, &browser, raw("application/x-ndjson", "{\"a\":1}\n{\"a\":22}\n")).await;
    let again = browser.open(&kept(&page)).await.body;
    assert!(again.contains("2 items") && again.contains(">22<"), "{again}");
}

#[tokio::test]
async fn a_refused_token_ends_the_session_in_front_of_a_long_answer_too() {
    let app = App::start().await;
    let browser = app.signed_in().await;
    app.upstream.expire_access();
    let page = browser.open(LIST).await;
    assert_eq!(page.status, StatusCode::OK, "refreshed and repeated");
    app.upstream.expire_all();
    browser.open(LIST).await.assert_sent_to_logout("/operations/listItems");
}
