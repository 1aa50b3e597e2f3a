//! What the API receives of what people fill in.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::{
    app::{Answer, App, Browser},
    upstream::Reply,
};

/// An application in front of an API with this document.
pub async fn in_front_of(document: Value) -> App {
    let source = App::start().await;
    source.upstream.script("/document.json", [Reply::Json(200, document)]);
    let address = format!("{}/document.json", source.upstream.url);
    App::start_with(|settings| settings.upstream.openapi = Some(address)).await
}

/// What a form with a file posts.
pub fn multipart(fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let (name, file_name, bytes) = file;
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

const TEXT: &str = "color=blue";
const LIST: &str = "color=blue&color=black&color=brown";
const OBJECT: &str = "color[R]=100&color[G]=200&color[B]=150";

/// The table of `OpenAPI` 3.1.1, section 4.8.12.4, with what it has for a text, a list and an object: 25 combinations
/// of place, style and explode that are defined, and the exploded lists and objects of delimited styles.
const TABLE: [(&str, &str, bool, [Option<&str>; 3]); 17] = [
    ("path", "simple", false, [Some("/blue"), Some("/blue,black,brown"), Some("/R,100,G,200,B,150")]),
    ("path", "simple", true, [Some("/blue"), Some("/blue,black,brown"), Some("/R=100,G=200,B=150")]),
    ("path", "label", false, [Some("/.blue"), Some("/.blue,black,brown"), Some("/.R,100,G,200,B,150")]),
    ("path", "label", true, [Some("/.blue"), Some("/.blue.black.brown"), Some("/.R=100.G=200.B=150")]),
    (
        "path",
        "matrix",
        false,
        [Some("/;color=blue"), Some("/;color=blue,black,brown"), Some("/;color=R,100,G,200,B,150")],
    ),
    (
        "path",
        "matrix",
        true,
        [Some("/;color=blue"), Some("/;color=blue;color=black;color=brown"), Some("/;R=100;G=200;B=150")],
    ),
    (
        "query",
        "form",
        false,
        [Some("color=blue"), Some("color=blue,black,brown"), Some("color=R,100,G,200,B,150")],
    ),
    (
        "query",
        "form",
        true,
        [Some("color=blue"), Some("color=blue&color=black&color=brown"), Some("R=100&G=200&B=150")],
    ),
    (
        "query",
        "spaceDelimited",
        false,
        [None, Some("color=blue%20black%20brown"), Some("color=R%20100%20G%20200%20B%20150")],
    ),
    ("query", "spaceDelimited", true, [None, Some("color=blue&color=black&color=brown"), None]),
    (
        "query",
        "pipeDelimited",
        false,
        [None, Some("color=blue%7Cblack%7Cbrown"), Some("color=R%7C100%7CG%7C200%7CB%7C150")],
    ),
    ("query", "pipeDelimited", true, [None, Some("color=blue&color=black&color=brown"), None]),
    ("query", "deepObject", true, [None, None, Some("color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150")]),
    ("header", "simple", false, [Some("blue"), Some("blue,black,brown"), Some("R,100,G,200,B,150")]),
    ("header", "simple", true, [Some("blue"), Some("blue,black,brown"), Some("R=100,G=200,B=150")]),
    (
        "cookie",
        "form",
        false,
        [Some("color=blue"), Some("color=blue,black,brown"), Some("color=R,100,G,200,B,150")],
    ),
    (
        "cookie",
        "form",
        true,
        [Some("color=blue"), Some("color=blue; color=black; color=brown"), Some("R=100; G=200; B=150")],
    ),
];

/// The operation for one cell of the table, and the path that it has in the document.
fn cell(row: usize, column: usize) -> (String, Value) {
    let (place, style, explode, _) = TABLE[row];
    let number = json!({ "type": "integer" });
    let schema = match column {
        0 => json!({ "type": "string" }),
        1 => json!({ "type": "array", "items": { "type": "string" } }),
        _ => json!({ "type": "object", "properties": { "R": number, "G": number, "B": number } }),
    };
    let parameter = json!({ "name": "color", "in": place, "style": style, "explode": explode, "schema": schema,
        "required": place == "path" });
    let slot = if place == "path" { "/{color}" } else { "" };
    let operation = json!({ "operationId": format!("cell-{row}-{column}"), "parameters": [parameter] });
    (format!("/cell-{row}-{column}{slot}"), json!({ "get": operation }))
}

#[tokio::test]
async fn every_style_arrives_as_the_specification_says() {
    let cells = (0..TABLE.len()).flat_map(|row| (0..3).map(move |column| cell(row, column)));
    let paths: serde_json::Map<String, Value> = cells.collect();
    let app = in_front_of(json!({ "openapi": "3.1.0", "paths": paths })).await;
    let browser = app.signed_in().await;
    for (row, (place, style, explode, written)) in TABLE.into_iter().enumerate() {
        for (column, expected) in written.into_iter().enumerate() {
            let (Some(expected), query) = (expected, [TEXT, LIST, OBJECT][column]) else { continue };
            let page = browser.open(&format!("/operations/cell-{row}-{column}?{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{place} {style} {explode}");
            let seen = app.upstream.last().unwrap();
            let header =
                |name: &str| seen.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
            let arrived = match place {
                "path" => seen.path.replacen(&format!("/cell-{row}-{column}"), "", 1),
                "query" => seen.query.clone(),
                "header" => header("color"),
                _ => header("cookie"),
            };
            assert_eq!(arrived, expected, "{place} {style} {explode}");
        }
    }
}

#[tokio::test]
async fn what_no_style_writes_arrives_too() {
    let object = json!({ "type": "object" });
    let json_content = json!({ "application/json": { "schema": object } });
    let form_content = json!({ "application/x-www-form-urlencoded": { "schema": object } });
    let cases = [
        (json!({ "in": "query", "allowReserved": true }), "p=/a?b=c%2541%2520", "p=/a?b=c%41%20"),
        (json!({ "in": "query", "content": json_content }), "p={\"a\":[1]}", "p=%7B%22a%22%3A%5B1%5D%7D"),
        (json!({ "in": "querystring", "content": json_content }), "p={\"a\":1}", "%7B%22a%22%3A1%7D"),
        (
            json!({ "in": "querystring", "content": form_content }),
            "p={\"a\":1,\"b\":\"x%20y\"}",
            "a=1&b=x%20y",
        ),
        (json!({ "in": "cookie", "style": "cookie" }), "p=a%20b%26c", "p=a b&c"),
        (json!({ "in": "cookie" }), "p=a%3Bb", "p=a%3Bb"),
    ];
    let paths = cases.iter().enumerate().map(|(number, (parameter, ..))| {
        let mut parameter = parameter.clone();
        parameter["name"] = json!("p");
        let operation = json!({ "operationId": format!("odd-{number}"), "parameters": [parameter] });
        (format!("/odd-{number}"), json!({ "get": operation }))
    });
    let paths: serde_json::Map<String, Value> = paths.collect();
    let app = in_front_of(json!({ "openapi": "3.2.0", "paths": paths })).await;
    let browser = app.signed_in().await;
    for (number, (parameter, query, expected)) in cases.iter().enumerate() {
        let page = browser.open(&format!("/operations/odd-{number}?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{parameter}");
        let seen = app.upstream.last().unwrap();
        let cookie = seen.headers.get(header::COOKIE).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(&cookie.unwrap_or(seen.query), expected, "{parameter}");
    }
}

pub fn uploads() -> Value {
    let file = json!({ "type": "string", "format": "binary" });
    let form = json!({ "type": "object", "required": ["file"], "properties": { "file": file, "note": { "type": "string" } } });
    let form = json!({ "content": { "multipart/form-data": { "schema": form } } });
    let image = json!({ "required": true, "content": { "image/png": {} } });
    json!({ "openapi": "3.1.0", "paths": {
        "/files": { "post": { "operationId": "upload", "requestBody": form } },
        "/image": { "put": { "operationId": "image", "requestBody": image } },
    } })
}

/// Larger than any buffer on the way, with every byte in it.
fn content() -> Vec<u8> {
    (0..3_000_000_u32).map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect()
}

async fn post(app: &App, path: &str, body: Vec<u8>) -> Answer {
    post_from(app, &app.signed_in().await, path, body).await
}

/// Posts a form with files as a document, from a page of ours.
pub async fn post_from(app: &App, browser: &Browser<'_>, path: &str, body: Vec<u8>) -> Answer {
    let request = app.request(Method::POST, path).header("sec-fetch-mode", "navigate");
    let request = request.header("sec-fetch-site", "same-origin").header(header::ORIGIN, &app.url);
    let request = request.header(header::COOKIE, format!("vestibule={}", browser.cookie.clone().unwrap()));
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    browser.send(request.body(body)).await
}

#[tokio::test]
async fn a_file_goes_through_even_when_the_token_has_to_be_refreshed() {
    let app = in_front_of(uploads()).await;
    let content = content();
    app.upstream
        .script("/files", [Reply::Json(401, json!({})), Reply::Json(200, json!({ "data": "stored" }))]);
    let fields = [("body~as", "form"), ("body/note", "a note")];
    let page = post(&app, "/operations/upload", multipart(&fields, ("body/file", "a.png", &content))).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let seen = app.upstream.seen("/files");
    assert_eq!(seen.len(), 2, "refused once, then sent again");
    for sent in seen {
        assert_eq!(sent.headers["content-length"], sent.body.len().to_string());
        let media_type = sent.headers["content-type"].to_str().unwrap();
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let mut expected = multipart(&[("note", "a note")], ("file", "a.png", &content));
        let text = String::from_utf8_lossy(&expected[..300]).replace("--edge", &format!("--{boundary}"));
        assert!(sent.body.starts_with(text.split_once("image/png").unwrap().0.as_bytes()));
        expected = content.clone();
        expected.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        assert!(sent.body.ends_with(&expected));
    }
}

#[tokio::test]
async fn a_body_can_be_a_file() {
    let app = in_front_of(uploads()).await;
    let page = post(&app, "/operations/image", multipart(&[], ("body~file", "a.png", b"\0png"))).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let sent = app.upstream.seen("/image").remove(0);
    assert_eq!((sent.method.as_str(), &sent.body[..]), ("PUT", &b"\0png"[..]));
    assert_eq!(sent.headers["content-type"], "image/png");
}

#[tokio::test]
async fn an_upload_has_a_limit_and_leaves_nothing_behind() {
    let source = in_front_of(uploads()).await;
    let address = source.state.settings().upstream.openapi.clone();
    let app = App::start_with(|settings| {
        settings.upstream.openapi = address;
        settings.upstream.max_upload = 1000;
    })
    .await;
    let mut form = multipart(&[("body~as", "form")], ("body/file", "a.png", &[0; 1001]));
    form.truncate(form.len() - "--edge--\r\n".len());
    form.extend(multipart(&[("body/note", "typed below it")], ("body~file", "b.png", &[0; 10])));
    let page = post(&app, "/operations/upload", form).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.body.contains("At most 1000 B of files"), "{}", page.body);
    assert!(page.body.contains("href=\"/operations/upload\"") && !page.body.contains("Sign in"));
    assert!(app.upstream.seen("/files").is_empty());
    let back = app.signed_in().await.open("/operations/upload").await.body;
    assert!(back.contains("What you had typed is back") && back.contains("typed below it"), "{back}");
    assert!(!back.contains("a.png"), "{back}");
    let typed = "x".repeat((2 << 20) + 1);
    let page = app.signed_in().await.submit("/operations/upload", &[("body/note", &typed)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.body.contains("At most 2.0 MiB can be typed") && !page.body.contains("Sign in"));
}

#[tokio::test]
async fn what_takes_away_is_asked_for_twice() {
    let paths = json!({ "/things/{id}": { "delete": { "operationId": "remove" } } });
    let app = in_front_of(json!({ "openapi": "3.1.0", "paths": paths })).await;
    let mut browser = app.signed_in().await;
    let asked = browser.submit("/operations/remove", &[("id", "7"), ("send", "1")]).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.body.contains("Is this really meant?") && app.upstream.seen("/things/7").is_empty());
    let (_, question) = asked.body.split_once("Is this really meant?").unwrap();
    let (_, named) = question.split_once("<code>").unwrap();
    assert_eq!(named.split("</code>").next().unwrap().replace("<!>", ""), "DELETE /things/7");
    browser.submit("/operations/remove", &[("id", "7"), ("send", "confirmed")]).await;
    assert_eq!(app.upstream.seen("/things/7").remove(0).method, "DELETE");
}

#[tokio::test]
async fn no_number_is_rounded_on_its_way() {
    let app = App::start().await;
    let mut browser = app.signed_in().await;
    let typed = r#"{"name": "n", "big": 123456789012345678901234567890, "exact": 0.1000000000000000055511}"#;
    let page = browser.submit("/operations/createItem", &[("body", typed), ("send", "json")]).await;
    assert!(page.body.contains("123456789012345678901234567890"));
    browser.submit("/operations/createItem", &[("body", typed)]).await;
    assert_eq!(&app.upstream.seen("/items").remove(0).body[..], typed.as_bytes());
    let form = [("body~as", "form"), ("body/name", "n"), ("body/big", "123456789012345678901234567890")];
    browser.submit("/operations/createItem", &form).await;
    let sent = &app.upstream.seen("/items")[1].body;
    assert_eq!(&sent[..], br#"{"name":"n","big":123456789012345678901234567890}"#);
}

#[tokio::test]
async fn one_of_the_media_types_of_an_answer_is_asked_for() {
    let content = json!({ "application/json": {}, "text/csv": {}, "*/*": {} });
    let all = json!({ "operationId": "all", "responses": { "200": { "content": content } } });
    let only = json!({ "operationId": "only", "responses": {
        "200": { "content": { "text/csv": {} } }, "400": { "content": { "application/json": {} } },
    } });
    let paths = json!({ "/all": { "get": all }, "/only": { "get": only } });
    let app = in_front_of(json!({ "openapi": "3.1.0", "paths": paths })).await;
    let browser = app.signed_in().await;
    let page = browser.open("/operations/all").await.body;
    let (options, asked) = (page.find("<option value=\"text/csv\">"), page.find("name=\"Accept\""));
    assert!(options > asked && asked.is_some() && !page.contains("<option value=\"*/*\">"), "{page}");
    browser.open("/operations/all?Accept=text%2Fcsv").await;
    assert!(!browser.open("/operations/only").await.body.contains("name=\"Accept\""));
    let seen = app.upstream.seen("/all");
    let accepted: Vec<_> = seen.iter().map(|sent| sent.headers["accept"].to_str().unwrap()).collect();
    assert_eq!(accepted, ["application/json, */*;q=0.5", "text/csv"]);
}

#[tokio::test]
async fn a_key_of_the_api_can_be_given_and_stands_in_no_address() {
    let key = |name: &str, place: &str| json!({ "type": "apiKey", "name": name, "in": place });
    let schemes = json!({
        "header": key("X-Subscription", "header"), "query": key("appid", "query"),
        "ours": key("Authorization", "header"), "other": key("X-Other", "header"),
    });
    let security = json!([{ "header": [], "ours": [] }, { "query": [] }, { "nowhere": [] }]);
    let q = json!({ "name": "q", "in": "query" });
    let operation =
        |id: &str| json!({ "operationId": id, "parameters": [q], "security": security, "responses": {} });
    let paths = json!({ "/found": { "get": operation("find"), "post": operation("make") } });
    let document =
        json!({ "openapi": "3.1.0", "paths": paths, "components": { "securitySchemes": schemes } });
    let app = in_front_of(document).await;
    let mut browser = app.signed_in().await;
    let page = browser.open("/operations/find?q=1").await.body;
    assert!(page.contains("X-Subscription, appid. ") && page.contains("?q=1&amp;~keys=1\""), "{page}");
    assert!(!page.contains("type=\"password\"") && app.upstream.seen("/found").len() == 1);
    let page = browser.open("/operations/find?q=1&~keys=1").await.body;
    assert_eq!((page.matches("type=\"password\"").count(), app.upstream.seen("/found").len()), (2, 1));
    assert!(page.contains("method=\"post\"") && page.contains("name=\"~keys\""), "{page}");
    assert!(browser.open("/operations/make").await.body.contains("name=\"appid\""));
    let form = |send: &'static str| {
        [("q", "1"), ("~keys", "1"), ("X-Subscription", "k3y"), ("appid", "k4y"), ("send", send)]
    };
    let shown = browser.submit("/operations/find", &form("preview")).await.body;
    assert!(shown.contains("appid=YOUR-API-KEY") && !shown.contains("appid=k4y"), "{shown}");
    browser.submit("/operations/find", &form("1")).await;
    let sent = app.upstream.seen("/found").remove(1);
    assert_eq!(
        (sent.query.as_str(), &sent.headers["x-subscription"]),
        ("q=1&appid=k4y", &"k3y".parse().unwrap())
    );
    assert!(sent.headers.contains_key("authorization"));
    let history = browser.open("/history").await.body;
    let link = history.split("href=\"/history/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let past = browser.open(&format!("/history/{link}")).await.body;
    assert!(past.contains("X-Subscription") && !past.contains("k3y") && !past.contains("k4y"), "{past}");
}
