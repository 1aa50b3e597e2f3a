use serde_json::json;

use super::*;
use crate::openapi::Document;

fn document() -> Document {
    let document = json!({ "openapi": "3.1.0",
        "components": { "schemas": {
            "Book": { "properties": { "due_date": {}, "author": { "$ref": "#/components/schemas/Author" } } },
            "Author": { "properties": { "birthday": {}, "books": { "items": { "$ref": "#/components/schemas/Book" } } } },
        } },
        "paths": {
            "/a": { "get": { "summary": "First", "description": "Also lists books" } },
            "/books": { "get": { "operationId": "listBooks", "tags": ["Shop"] } },
            "/books/{id}": { "parameters": [{ "name": "shelf", "in": "query" }], "get": {
                "summary": "One book",
                "responses": { "200": { "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Book" } } } } },
            } },
            "/repositories": { "post": { "summary": "Create a repository" } },
        },
    });
    Document::from_json(document.to_string().as_bytes()).unwrap()
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
