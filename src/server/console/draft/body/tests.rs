use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::{openapi::Document, server::posted::Posted, types::Intent};

fn draft(form: &str) -> Draft {
    let schema = json!({ "type": "object", "required": ["name"], "properties": {
        "name": { "type": "string", "example": "Lamp" }, "size": { "type": "number" },
        "note": { "type": ["string", "null"] },
        "tags": { "type": "array", "items": { "type": "string" } },
    } });
    let examples = json!({ "one": { "value": { "name": "One" } }, "odd": { "summary": "Odd", "value": { "name": "" } } });
    let item = json!({ "xml": { "name": "item" }, "properties": { "name": { "example": "Lamp" } } });
    let content = json!({
        "application/json": { "schema": schema, "examples": examples },
        "application/xml": { "schema": item },
        "application/x-www-form-urlencoded": { "schema": schema },
    });
    let document = json!({ "paths": { "/": { "post": { "requestBody": { "content": content } } } } });
    let document = Arc::new(Document::from_bytes(document.to_string().as_bytes()).unwrap());
    let summary = document.operations()[0].clone();
    let draft = Draft::new(document, &summary, Posted::parse(form));
    if form.is_empty() { draft.begun() } else { draft }
}

fn text(draft: &Draft) -> String {
    draft.text(Check::Strict).unwrap().unwrap_or_default()
}

#[test]
fn it_begins_with_what_the_document_offers() {
    let draft = draft("");
    assert!(draft.form_in_use().is_some());
    assert_eq!(text(&draft), r#"{"name":"One"}"#);
}

#[test]
fn a_text_is_a_text_and_an_empty_form_is_empty() {
    let typed = draft("body=%7B%22name%22:1.50%7D");
    assert!(typed.form_in_use().is_none());
    assert_eq!(text(&typed), r#"{"name":1.50}"#);
    let emptied = draft("body~as=form&body/size=");
    assert!(emptied.form_in_use().is_some() && text(&emptied).is_empty());
    assert!(text(&draft("send=1")).is_empty(), "nobody has seen what the document offers");
}

#[test]
fn nothing_is_lost_between_form_and_json() {
    let mut draft =
        draft("body~as=form&body/name=a&body/size=12345678901234567890.5&body/note~null=1&body/tags/0=x");
    let whole = r#"{"name":"a","size":12345678901234567890.5,"note":null,"tags":["x"]}"#;
    assert_eq!(text(&draft), whole);
    draft.change(&Intent::AsJson);
    assert!(draft.form_in_use().is_none());
    assert_eq!(serde_json::from_str::<Value>(&text(&draft)).unwrap().to_string(), whole);
    draft.change(&Intent::AsForm);
    assert!(draft.form_in_use().is_some());
    assert_eq!(text(&draft), whole);
}

#[test]
fn what_is_empty_stays_so() {
    for typed in [r#"{"name":"","note":"","tags":[]}"#, r#"{"name":"a","tags":["",""],"other":{}}"#, "{}"] {
        let mut draft = draft("");
        draft.fill_text(typed.to_owned());
        draft.change(&Intent::AsForm);
        assert!(draft.form_in_use().is_some(), "{typed} {:?}", draft.why);
        assert_eq!(text(&draft), typed);
    }
}

#[test]
fn an_example_that_the_form_cannot_show_is_json_to_begin_with() {
    let schema = json!({ "type": "object", "properties": { "id": { "readOnly": true }, "on": { "type": "boolean" } } });
    for (example, is_form) in
        [(json!({ "id": 1, "on": true }), true), (json!({ "on": true, "to": "a\rb" }), false)]
    {
        let content = json!({ "application/*": { "schema": schema, "example": example } });
        let document = json!({ "paths": { "/": { "post": { "requestBody": { "content": content } } } } });
        let document = Arc::new(Document::from_bytes(document.to_string().as_bytes()).unwrap());
        let summary = document.operations()[0].clone();
        let draft = Draft::new(document, &summary, Posted::default()).begun();
        assert_eq!(draft.form_in_use().is_some(), is_form, "{example}");
        let mut expected = example;
        expected.as_object_mut().unwrap().remove("id");
        assert_eq!(serde_json::from_str::<Value>(&text(&draft)).unwrap(), expected);
    }
}

#[test]
fn what_the_form_cannot_show_stays_json() {
    let long = format!(r#"{{"tags":[{}""]}}"#, r#""","#.repeat(5_000));
    for (typed, why) in [
        (r#"{"name":"a","tags":{"b":1}}"#, "the value at /tags"),
        (r#"{"name":"a\r\nb"}"#, "the value at /name"),
        ("[1]", "it as it is"),
        ("{", "it is not JSON"),
        (long.as_str(), "it as it is"),
    ] {
        let mut draft = draft("");
        draft.fill_text(typed.to_owned());
        draft.change(&Intent::AsForm);
        let BodyEntry::Text { text, why: told, .. } = draft.entry() else { panic!("{typed}") };
        assert!(text == typed && told.as_ref().is_some_and(|told| told.contains(why)), "{typed} {told:?}");
    }
}

#[test]
fn examples_and_media_types_can_be_chosen() {
    let mut json = draft("body~as=form&body/name=a&body~example=1");
    json.change(&Intent::TakeExample);
    assert!(json.form_in_use().is_some());
    assert_eq!(text(&json), r#"{"name":""}"#);
    assert!(!json.is_other_kind);
    let xml = draft("body~as=form&body~for=application/json&body/name=a&body~type=application/xml");
    assert!(xml.is_other_kind, "it is shown before it is sent");
    assert_eq!(text(&xml), "<item>\n  <name>Lamp</name>\n</item>");
    let kind = "application/x-www-form-urlencoded";
    let form = draft(&format!("body~as=form&body~for=application/json&body/name=a&body~type={kind}"));
    let body = form.request(Check::Strict).unwrap().body.unwrap();
    assert_eq!(body, crate::openapi::RequestBody::of(kind, "name=a"));
}
