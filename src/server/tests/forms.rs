//! Bodies as forms and as JSON, as pages show them and browsers send them back.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    app::{App, Browser},
    asking::in_front_of,
};

const PAGE: &str = "/operations/make";

/// An API with one operation that takes a body of this schema.
async fn that_takes(schema: Value) -> App {
    let body = json!({ "content": { "application/json": { "schema": schema } } });
    let paths = json!({ "/made": { "post": { "operationId": "make", "requestBody": body } } });
    in_front_of(json!({ "openapi": "3.1.0", "paths": paths })).await
}

async fn as_form(browser: &mut Browser<'_>, typed: &Value) -> String {
    let page = browser.submit(PAGE, &[("body", &typed.to_string()), ("send", "form")]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body
}

fn control<'p>(page: &'p str, name: &str) -> &'p str {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name} in {page}"));
    let start = page[..at].rfind('<').unwrap();
    &page[start..(start + 600).min(page.len())]
}

#[tokio::test]
async fn what_a_control_cannot_hold_gets_one_that_can() {
    let schema = json!({ "type": "object", "required": ["size"], "properties": {
        "note": { "type": "string" }, "size": { "enum": [1, 2] }, "on": { "type": "boolean" },
    } });
    let app = that_takes(schema).await;
    let mut browser = app.signed_in().await;
    let typed = json!({ "note": "a\nb", "size": 3, "on": "maybe" });
    let page = as_form(&mut browser, &typed).await;
    let note = control(&page, "body/note");
    assert!(note.starts_with("<textarea") && note.contains(">a\nb</textarea>"), "{note}");
    let size = control(&page, "body/size");
    assert!(size.contains("<option selected value=\"3\">3 (not in the list)</option>"), "{size}");
    assert!(page.contains("maybe (not in the list)"), "{page}");
    let form = [("body~as", "form"), ("body/note", "a\r\nb"), ("body/size", "3"), ("body/on", "maybe")];
    let form: Vec<_> = form.into_iter().chain([("send", "anyway")]).collect();
    browser.submit(PAGE, &form).await;
    let sent: Value = serde_json::from_slice(&app.upstream.seen("/made").remove(0).body).unwrap();
    assert_eq!(sent, typed);
}

#[tokio::test]
async fn what_no_control_can_hold_stays_json() {
    let app = that_takes(json!({ "type": "object", "properties": { "note": { "type": "string" } } })).await;
    let mut browser = app.signed_in().await;
    for note in ["a\r\nb", "a\rb", "a\0b"] {
        let page = as_form(&mut browser, &json!({ "note": note })).await;
        assert!(page.contains("the form cannot show the value at /note"), "{note:?}");
    }
}

#[tokio::test]
async fn what_is_empty_can_be_sent() {
    let flag =
        json!({ "name": "flag", "in": "query", "allowEmptyValue": true, "schema": { "type": "boolean" } });
    let word = json!({ "name": "word", "in": "query", "required": true, "schema": { "type": "string" } });
    let operation =
        json!({ "operationId": "look", "parameters": [flag, word, { "name": "calm", "in": "query" }] });
    let app = in_front_of(json!({ "openapi": "3.1.0", "paths": { "/looked": { "get": operation } } })).await;
    let browser = app.signed_in().await;
    let page = browser.open("/operations/look").await.body;
    assert!(page.contains("name=\"flag~empty\""), "{page}");
    assert!(!page.contains("name=\"word~empty\"") && !page.contains("name=\"calm~empty\""));
    let page = browser.open("/operations/look?word=&send=1").await.body;
    assert!(page.contains("This is required.") && page.contains("name=\"word~empty\""), "{page}");
    browser.open("/operations/look?word=&word~empty=1&flag~empty=1&send=1").await;
    assert_eq!(app.upstream.seen("/looked").remove(0).query, "flag=&word=");
}

#[tokio::test]
async fn json_of_any_media_type_has_a_form() {
    let schema = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    let body = json!({ "content": { "*/*": { "schema": schema } } });
    let paths = json!({ "/made": { "post": { "operationId": "make", "requestBody": body } } });
    let app = in_front_of(json!({ "openapi": "3.0.0", "paths": paths })).await;
    let mut browser = app.signed_in().await;
    assert!(browser.open(PAGE).await.body.contains("name=\"body/name\""));
    browser.submit(PAGE, &[("body~as", "form"), ("body/name", "n"), ("send", "1")]).await;
    let sent = app.upstream.seen("/made").remove(0);
    assert_eq!(
        (&sent.headers["content-type"], &sent.body[..]),
        (&"application/json".parse().unwrap(), &br#"{"name":"n"}"#[..])
    );
}

#[tokio::test]
async fn a_media_type_can_be_shared() {
    let size = json!({ "type": "integer", "multipleOf": 2 });
    let book = json!({ "type": "object", "properties": { "name": { "type": "string" }, "size": size } });
    let shared = json!({ "mediaTypes": {
        "Book": { "schema": book, "example": { "name": "Sea" } },
        "Made": { "schema": { "type": "object", "properties": { "isbn": { "type": "string" } } } },
    } });
    let content =
        |name: &str| json!({ "application/json": { "$ref": format!("#/components/mediaTypes/{name}") } });
    let operation = json!({
        "operationId": "make", "requestBody": { "content": content("Book") },
        "responses": { "200": { "description": "Made", "content": content("Made") } },
    });
    let paths = json!({ "/made": { "post": operation } });
    let app = in_front_of(json!({ "openapi": "3.2.0", "paths": paths, "components": shared })).await;
    let mut browser = app.signed_in().await;
    let page = browser.open(PAGE).await.body;
    assert!(control(&page, "body/name").contains("value=\"Sea\""), "{page}");
    assert!(browser.open(&format!("{PAGE}?~answer=200")).await.body.contains("isbn"));
    let page = browser.submit(PAGE, &[("body~as", "form"), ("body/size", "3"), ("send", "1")]).await.body;
    assert!(page.contains("Send anyway") && app.upstream.seen("/made").is_empty(), "{page}");
}

#[tokio::test]
async fn a_parameter_that_is_called_body_is_no_part_of_it() {
    let body = json!({ "content": { "application/json": { "schema": { "properties": { "name": {} } } } } });
    let parameters = json!([{ "name": "body", "in": "query" }]);
    let operation = json!({ "operationId": "make", "parameters": parameters, "requestBody": body });
    let app = in_front_of(json!({ "openapi": "3.1.0", "paths": { "/made": { "post": operation } } })).await;
    let mut browser = app.signed_in().await;
    let form = [("query~body", "kept"), ("body~as", "form"), ("body/name", "n")];
    let asked: Vec<_> = form.into_iter().chain([("send", "json")]).collect();
    let page = browser.submit(PAGE, &asked).await.body;
    assert!(control(&page, "query~body").contains("value=\"kept\""), "{page}");
    browser.submit(PAGE, &form).await;
    let sent = app.upstream.seen("/made").remove(0);
    assert_eq!((sent.query.as_str(), &sent.body[..]), ("body=kept", &br#"{"name":"n"}"#[..]));
}

#[tokio::test]
async fn xml_begins_as_its_schema_says() {
    let url = json!({ "type": "string", "xml": { "name": "photoUrl" } });
    let urls = json!({ "type": "array", "xml": { "wrapped": true }, "items": url });
    let tag =
        json!({ "type": "object", "xml": { "name": "tag" }, "properties": { "name": { "type": "string" } } });
    let tags = json!({ "type": "array", "xml": { "wrapped": true }, "items": { "$ref": "#/components/schemas/Tag" } });
    let pet = json!({ "type": "object", "xml": { "name": "pet" }, "properties": { "photoUrls": urls, "tags": tags } });
    let schema = json!({ "$ref": "#/components/schemas/Pet" });
    let content =
        json!({ "application/json": { "schema": schema }, "application/xml": { "schema": schema } });
    let paths =
        json!({ "/made": { "post": { "operationId": "make", "requestBody": { "content": content } } } });
    let schemas = json!({ "schemas": { "Pet": pet, "Tag": tag } });
    let app = in_front_of(json!({ "openapi": "3.0.3", "paths": paths, "components": schemas })).await;
    let form = [("body~for", "application/json"), ("body~type", "application/xml"), ("send", "redraw")];
    let page = app.signed_in().await.submit(PAGE, &form).await.body.replace("&lt;", "<").replace("&gt;", ">");
    let begun =
        "<pet>\n  <photoUrls>\n    <photoUrl>string</photoUrl>\n  </photoUrls>\n  <tags>\n    <tag>\n";
    assert!(page.contains(begun), "{page}");
}

#[tokio::test]
async fn every_example_of_a_parameter_is_offered() {
    let named = json!({ "few": { "value": 20, "summary": "A few" }, "many": { "value": 100 } });
    let parameters = json!([
        { "name": "size", "in": "query", "schema": { "type": "integer" }, "examples": named },
        { "name": "sort", "in": "query", "schema": { "type": "string", "examples": ["up", "down"] } },
        { "name": "one", "in": "query", "example": "alone" },
    ]);
    let paths = json!({ "/looked": { "get": { "operationId": "look", "parameters": parameters } } });
    let app = in_front_of(json!({ "openapi": "3.1.0", "paths": paths })).await;
    let page = app.signed_in().await.open("/operations/look").await.body;
    assert!(control(&page, "size").contains("list=\"q-size-examples\""), "{page}");
    assert!(page.contains("<datalist id=\"q-size-examples\"><option value=\"20\">A few</option>"), "{page}");
    assert!(page.contains("<code>100</code>") && page.contains("<code>down</code>"));
    assert!(page.contains("q-sort-examples") && !page.contains("q-one-examples"));
}

#[tokio::test]
async fn what_nobody_has_filled_in_is_not_preset() {
    let part = json!({ "type": "object", "required": ["by"], "properties": {
        "by": { "const": "letter" }, "note": { "type": "string" },
    } });
    let app = that_takes(json!({ "type": "object", "properties": { "part": part, "size": {} } })).await;
    let mut browser = app.signed_in().await;
    let chosen = "<option selected value=\"letter\">";
    let page = as_form(&mut browser, &json!({ "size": 1 })).await;
    assert!(!control(&page, "body/part/by").contains(chosen), "{page}");
    let page = as_form(&mut browser, &json!({ "part": { "by": "letter", "note": "n" } })).await;
    assert!(control(&page, "body/part/by").contains(chosen), "{page}");
}

#[tokio::test]
async fn what_tells_the_chosen_variant_from_the_others_is_preset() {
    let of = |name: &str| format!("#/components/schemas/{name}");
    let (kind, number) = (json!({ "type": "string" }), json!({ "type": "number" }));
    let shape = |size: &str| json!({ "type": "object", "properties": { "kind": kind, size: number } });
    let mapping = json!({ "circle": of("Circle"), "round": of("Circle"), "square": of("Square") });
    let shapes = json!({
        "oneOf": [{ "$ref": of("Circle") }, { "$ref": of("Square") }],
        "discriminator": { "propertyName": "kind", "mapping": mapping },
    });
    let schema = json!({ "type": "object", "properties": { "note": { "type": "string" }, "shape": shapes } });
    let body = json!({ "content": { "application/json": { "schema": schema } } });
    let paths = json!({ "/made": { "post": { "operationId": "make", "requestBody": body } } });
    let schemas = json!({ "Circle": shape("radius"), "Square": shape("side") });
    let document = json!({ "openapi": "3.1.0", "paths": paths, "components": { "schemas": schemas } });
    let app = in_front_of(document).await;
    let mut browser = app.signed_in().await;
    for (typed, preset) in [
        (json!({ "note": "n" }), None),
        (json!({ "shape": { "radius": 1 } }), Some("circle")),
        (json!({ "shape": { "side": 1 } }), Some("square")),
        (json!({ "shape": { "kind": "round", "radius": 1 } }), Some("round")),
    ] {
        let page = as_form(&mut browser, &typed).await;
        let kind = control(&page, "body/shape/kind").split("</select>").next().unwrap();
        let chosen = kind.split("<option selected value=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert_eq!(chosen, preset, "{kind}");
    }
}

/// Schemas of which two build on a third, one of them by way of another.
fn family(folder: &str, discriminator: &Value) -> Value {
    let on = |base: &str, own: Value| json!({ "allOf": [{ "$ref": format!("#/{folder}/{base}") }, own] });
    let text = json!({ "type": "string" });
    json!({
        "Pet": { "type": "object", "discriminator": discriminator, "required": ["petType", "name"], "properties": {
            "petType": text, "name": text, "friend": { "$ref": format!("#/{folder}/Pet") },
        } },
        "Cat": on("Pet", json!({ "required": ["lives"], "properties": { "lives": { "type": "integer" } } })),
        "Lion": on("Cat", json!({ "properties": { "mane": { "type": "boolean" } } })),
    })
}

#[tokio::test]
async fn schemas_that_build_on_another_are_a_choice() {
    let make = |schema: &str| {
        json!({ "operationId": "make", "requestBody": {
            "content": { "application/json": { "schema": { "$ref": schema } } },
        } })
    };
    let told = json!({ "propertyName": "petType", "mapping": { "cat": "Cat", "lion": "#/components/schemas/Lion" } });
    let schemas = family("components/schemas", &told);
    let paths = json!({ "/made": { "post": make("#/components/schemas/Pet") } });
    let mapped = json!({ "openapi": "3.1.0", "paths": paths, "components": { "schemas": schemas } });
    let body = json!({ "in": "body", "name": "b", "schema": { "$ref": "#/definitions/Pet" } });
    let named = json!({
        "swagger": "2.0", "definitions": family("definitions", &json!("petType")),
        "paths": { "/made": { "post": { "operationId": "make", "parameters": [body] } } },
    });
    for (document, cat, lion) in [(mapped, "cat", "lion"), (named, "Cat", "Lion")] {
        let app = in_front_of(document).await;
        let mut browser = app.signed_in().await;
        let page = browser.open(PAGE).await.body;
        let options = control(&page, "body~variant0");
        for name in ["Cat</option>", "Lion</option>", "Pet</option>"] {
            assert!(options.contains(name), "{name} {options}");
        }
        assert!(
            control(&page, "body/petType").contains(&format!("<option selected value=\"{cat}\">")),
            "{page}"
        );
        assert!(page.contains("name=\"body/lives\"") && !page.contains("name=\"body/mane\""));
        assert!(!page.contains("name=\"body~variant1\""), "a cat is no choice again");
        let typed = json!({ "petType": lion, "name": "Leo", "lives": 1, "mane": true,
            "friend": { "petType": cat, "name": "Tom", "lives": 9 } });
        let page = as_form(&mut browser, &typed).await;
        assert!(control(&page, "body~variant0").contains("<option selected value=\"1\">Lion"), "{page}");
        let form = [
            ("body~as", "form"),
            ("body~variant0", "1"),
            ("body/petType", lion),
            ("body/name", "Leo"),
            ("body/lives", "1"),
            ("body/mane", "true"),
            ("body/friend~variant0", "0"),
            ("body/friend/petType", cat),
            ("body/friend/name", "Tom"),
            ("body/friend/lives", "9"),
            ("send", "1"),
        ];
        browser.submit(PAGE, &form).await;
        let sent: Value = serde_json::from_slice(&app.upstream.seen("/made").remove(0).body).unwrap();
        assert_eq!(sent, typed);
        let stray = json!({ "petType": "bird", "name": "Tweety", "wings": 2 });
        let page = as_form(&mut browser, &stray).await;
        assert!(control(&page, "body~variant0").contains("<option selected value=\"2\">Pet"), "{page}");
        assert!(page.contains("value=\"bird\"") && page.contains("name=\"body/wings\""));
    }
}

#[tokio::test]
async fn members_with_a_pattern_are_named_by_it() {
    let count = json!({ "type": "integer" });
    let schema =
        json!({ "type": "object", "additionalProperties": false, "patternProperties": { "^x-": count } });
    let app = that_takes(schema).await;
    let mut browser = app.signed_in().await;
    let page =
        browser.submit(PAGE, &[("body~as", "form"), ("body~add", "x-size"), ("send", "redraw")]).await.body;
    assert!(control(&page, "body~add").contains("pattern=\".*(?:^x-).*\""), "{page}");
    assert!(control(&page, "body/x-size").contains("type=\"number\""), "{page}");
    let wrong = browser.submit(PAGE, &[("body~as", "form"), ("body/size", "1"), ("send", "1")]).await.body;
    assert!(wrong.contains("name=\"body/size\"") && wrong.contains("Send anyway"), "{wrong}");
    browser.submit(PAGE, &[("body~as", "form"), ("body/x-size", "1"), ("send", "1")]).await;
    assert_eq!(&app.upstream.seen("/made").remove(0).body[..], br#"{"x-size":1}"#);
}
