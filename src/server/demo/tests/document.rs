use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::super::Lifetimes;
use super::Visitor;

async fn document() -> Value {
    let visitor = Visitor::stranger(Lifetimes::default()).await;
    let url = format!("{}/openapi.json", visitor.api.base_url());
    visitor.http.get(url).send().await.unwrap().json().await.unwrap()
}

/// Every operation, as path, method and description.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((path.as_str(), method.as_str(), operation));
        }
    }
    found
}

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_reference_resolves() {
    let document = document().await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50);
    for reference in found {
        let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        assert!(target.is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_operation_is_named_once_and_described() {
    let document = document().await;
    let operations = operations(&document);
    let tags: Vec<&Value> = document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let mut names = BTreeSet::new();
    for (path, method, operation) in &operations {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{method} {path}");
        assert!(operation["summary"].is_string(), "{method} {path}");
        assert!(tags.contains(&&operation["tags"][0]), "{method} {path}");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{method} {path}");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(
                parameter["description"].is_string() || path.contains('{'),
                "{method} {path} {parameter}"
            );
        }
    }
    for name in
        ["listBooks", "getBook", "createOrder", "cancelOrder", "dailySales", "uploadFile", "expireMyTokens"]
    {
        assert!(names.contains(name), "{name}");
    }
}

/// Calls each operation at its documented examples, with a token and without: it is there, its answer is one of
/// those in the document, and it is guarded if and only if the document says so.
#[tokio::test]
async fn every_operation_answers_as_documented() {
    let document = document().await;
    for (template, method, operation) in operations(&document) {
        let mut visitor = Visitor::signed_in().await;
        let path = template.replace("{id}", if template.starts_with("/orders") { "1001" } else { "5" });
        let method: Method = method.to_uppercase().parse().unwrap();
        let status = visitor.request(method.clone(), &path).send().await.unwrap().status();
        let documented = operation["responses"].get(status.as_str()).is_some();
        let unreadable_body = status == StatusCode::BAD_REQUEST && operation["requestBody"].is_object();
        assert!(documented || unreadable_body, "{method} {path}: {status}");
        let file = template.starts_with("/files/");
        assert!(status != StatusCode::NOT_FOUND || file, "{method} {path}");

        visitor.access.clear();
        let status = visitor.request(method.clone(), &path).send().await.unwrap().status();
        let guarded = operation["security"].is_null();
        let refused = status == StatusCode::UNAUTHORIZED;
        assert_eq!(refused, guarded || operation["operationId"] == "logOut", "{method} {path}: {status}");
    }
}
