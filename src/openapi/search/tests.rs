use serde_json::json;

use super::*;
use crate::openapi::Document;

fn document() -> Document {
    let document = json!({ "openapi": "3.1.0",
        "components": { "schemas": {
            "Book": { "properties": { "due_date": { "description": "When it is to be returned" }, "author": { "$ref": "#/components/schemas/Author" } } },
            "Author": { "properties": { "birthday": {}, "books": { "items": { "$ref": "#/components/schemas/Book" } } } },
        } },
        "paths": {
            "/a": { "get": { "summary": "First", "description": "Also lists books" } },
            "/books": { "get": { "operationId": "listBooks", "tags": ["Shop"] } },
            "/books/{id}": {
                "summary": "Whatever concerns a volume",
                "parameters": [{ "name": "shelf", "in": "query", "description": "Its board in the returned room" }],
                "get": {
                    "summary": "One book",
                    "responses": {
                        "404": { "content": { "application/json": { "schema": { "properties": { "blame": {} } } } } },
                        "200": { "content": {
                            "application/json": { "schema": { "$ref": "#/components/schemas/Book" } },
                            "text/csv": { "schema": { "properties": { "line": {} } } },
                        } },
                    },
                },
            },
            "/repositories": { "post": { "summary": "Create a repository" } },
        },
    });
    Document::from_bytes(document.to_string().as_bytes()).unwrap()
}

fn paths(query: &str) -> Vec<String> {
    document().search(query).hits.iter().map(|hit| hit.summary.path.clone()).collect()
}

#[test]
fn names_come_before_descriptions() {
    assert_eq!(paths("BOOKS"), ["/books", "/books/{id}", "/a"]);
    assert_eq!(paths("book"), paths("books"));
}

#[test]
fn every_word_must_fit() {
    assert_eq!(paths("get shop"), ["/books"]);
    assert_eq!(paths("listbo"), ["/books"]);
    assert!(!document().search("get shop").partial);
}

#[test]
fn without_one_that_holds_all_the_most_words_win() {
    let document = document();
    let matches = document.search("books repository");
    assert!(matches.partial && matches.hits.len() == 4);
    assert!(document.search("unicorn").hits.is_empty());
}

#[test]
fn typing_errors_are_forgiven() {
    assert_eq!(paths("repositry"), ["/repositories"]);
    assert_eq!(paths("creaet repostory"), ["/repositories"]);
}

#[test]
fn what_does_not_show_is_explained() {
    let document = document();
    let reasons = |query| document.search(query).hits[0].reasons.clone();
    assert_eq!(reasons("shelf"), [Reason::Parameter("shelf".into())]);
    assert_eq!(reasons("due date"), [Reason::Field("due_date".into())]);
    assert_eq!(reasons("duedate"), [Reason::Field("due_date".into())]);
    assert_eq!(reasons("birthday"), [Reason::Field("birthday".into())]);
    assert_eq!(reasons("also"), [Reason::Description]);
    assert!(reasons("books").is_empty());
    for (query, reason) in [
        ("volume", Reason::Description),
        ("board", Reason::Remark),
        ("returned", Reason::Remark),
        ("line", Reason::Field("line".into())),
        ("blame", Reason::Field("blame".into())),
    ] {
        assert_eq!(reasons(query), [reason], "{query}");
    }
}

#[test]
fn descriptions_of_parts_come_last() {
    let described = |text: &str| json!([{ "name": "x", "in": "query", "description": text }]);
    let document = json!({ "paths": {
        "/a": { "get": { "parameters": described("Takes vases") } },
        "/b": { "get": { "description": "Takes vases" } },
        "/c": { "get": { "summary": "Take a vase" } },
    } });
    let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
    let paths: Vec<_> = document.search("vase").hits.iter().map(|hit| hit.summary.path.as_str()).collect();
    assert_eq!(paths, ["/c", "/b", "/a"]);
}

#[test]
fn words_that_were_found_are_marked() {
    let document = document();
    let matches = document.search("list boo");
    assert_eq!(matches.marked("listBooks!"), [("list", true), ("Books", true), ("!", false)]);
    assert_eq!(matches.marked("/books/{id}"), [("/", false), ("books", true), ("/{id}", false)]);
    assert_eq!(matches.marked(""), []);
}

#[test]
fn what_is_nowhere_leads_to_something_near() {
    assert_eq!(document().search("birth").suggestions, Vec::<String>::new());
    assert_eq!(document().search("bxrthdzz").suggestions, ["birthday"]);
}

#[test]
fn any_query_is_answered() {
    let document = document();
    for query in ["", "   ", "\u{0}", "🦄", &"x".repeat(100_000), &"a ".repeat(100_000), "%\"<>'&"] {
        assert!(document.search(query).hits.len() <= 4);
    }
}

#[test]
fn what_stands_in_a_shared_media_type_is_found() {
    let content = json!({ "application/json": { "$ref": "#/components/mediaTypes/Book" } });
    let book = json!({ "schema": { "properties": { "binding": {} } } });
    let document = json!({
        "components": { "mediaTypes": { "Book": book } },
        "paths": { "/a": { "get": {} }, "/b": { "post": { "requestBody": { "content": content } } } },
    });
    let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
    assert_eq!(document.search("binding").hits[0].summary.path, "/b");
}
