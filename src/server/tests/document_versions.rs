//! One document from several files or addresses, and the versions that follow one another.

use std::{fs, path::Path, time::Duration};

use serde_json::{Value, json};

use super::{app::App, upstream::Reply};
use crate::openapi::{Document, Operation};

/// Reads until it is as it should be, for as long as a file may go unseen.
async fn until(app: &App, is_so: impl Fn(&crate::server::document::Current) -> bool) {
    for _ in 0..100 {
        if is_so(&app.state.document().get()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the document stays as it was: {:?}", app.state.document().get().problem);
}

async fn beside(path: &Path) -> App {
    let place = path.to_str().unwrap().to_owned();
    let app = App::start_unread(|settings| settings.upstream.openapi = Some(place)).await;
    until(&app, |current| current.document.is_some() || current.problem.is_some()).await;
    app
}

fn operation(document: &Document, address: &str) -> Operation {
    document.operation(document.find(address).unwrap())
}

fn get(parameters: &Value) -> Value {
    json!({ "paths": { "/a": { "get": { "operationId": "a", "parameters": parameters } } } })
}

#[tokio::test]
async fn files_beside_the_document_are_part_of_it() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("api");
    fs::create_dir_all(folder.join("parts")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write("api.yaml", "paths:\n  /a:\n    $ref: parts/a.json\n");
    write(
        "parts/a.json",
        r#"{"get": {"operationId": "a", "parameters": [{"$ref": "q.yaml#/q"}, {"$ref": "../../secret.json"}, {"$ref": "../link.json"}, {"$ref": "http://127.0.0.1:1/x"}]}}"#,
    );
    write("parts/q.yaml", "q: { name: q, in: query, schema: { $ref: '../api.yaml#/x-kind' } }\n");
    fs::write(above.path().join("secret.json"), r#"{"name": "secret", "in": "query"}"#).unwrap();
    std::os::unix::fs::symlink("../secret.json", folder.join("link.json")).unwrap();
    let app = beside(&folder.join("api.yaml")).await;
    let read = operation(&app.state.document().get().document.unwrap(), "a");
    let names: Vec<_> = read.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["q"]);
    let notes: Vec<_> = read.notes.iter().map(|note| (note.part.as_str(), note.message.as_str())).collect();
    let outside =
        "The document that it refers to is left out: its file lies outside of the document's folder.";
    let elsewhere = "The reference leads to another site, where nothing is fetched.";
    let nothing = "The reference leads to nothing in this document.";
    assert_eq!(
        notes,
        [
            ("#/x-kind", nothing),
            ("../../secret.json", outside),
            ("../link.json", outside),
            ("http://127.0.0.1:1/x", elsewhere)
        ]
    );

    write("parts/q.yaml", "q: { name: other, in: query }\n");
    until(&app, |current| operation(current.document.as_ref().unwrap(), "a").parameters[0].name == "other")
        .await;
}

#[tokio::test]
async fn a_broken_new_version_keeps_the_old_one_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("api.json");
    fs::write(&file, get(&json!([])).to_string()).unwrap();
    let app = beside(&file).await;
    let browser = app.signed_in().await;
    assert!(!browser.open("/operations").await.body.contains("out of date"));

    fs::write(&file, "{ \"paths\":").unwrap();
    until(&app, |current| current.problem.is_some()).await;
    for page in ["/operations", "/", "/operations/a"] {
        let page = browser.open(page).await;
        assert!(page.body.contains("out of date"), "{}", page.body);
    }
    let ready = browser.open("/readyz").await.body;
    assert!(ready.contains("cannot be understood"), "{ready}");
    let metrics = browser.open("/metrics").await.body;
    assert!(metrics.contains("vestibule_document_reads_total{result=\"failed\"}"), "{metrics}");

    fs::write(&file, json!({ "paths": { "/b": { "get": {} } } }).to_string()).unwrap();
    until(&app, |current| current.problem.is_none()).await;
    let index = browser.open("/operations").await.body;
    assert!(index.contains("GET /b") && !index.contains("out of date"), "{index}");
}

#[tokio::test]
async fn an_unchanged_document_is_not_fetched_again() {
    let app = App::start_with(|settings| {
        let base = settings.upstream.base_url.clone().unwrap();
        settings.upstream.openapi = Some(base.join("docs/api.json").unwrap().into());
        settings.upstream.timeout = Duration::from_secs(5);
    })
    .await;
    let with_part = get(&json!([{ "$ref": "part.json#/q" }]));
    app.upstream.script("/docs/api.json", [Reply::Tagged("\"one\"", with_part)]);
    app.upstream
        .script("/docs/part.json", [Reply::Tagged("\"p\"", json!({ "q": { "name": "q", "in": "query" } }))]);
    until(&app, |current| current.problem.is_none()).await;
    let first = app.state.document().get().document.unwrap();
    assert_eq!(operation(&first, "a").parameters[0].name, "q");

    app.upstream.forget_seen();
    app.state.document().read_again();
    while app.upstream.seen("/docs/part.json").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(app.upstream.seen("/docs/api.json")[0].headers["if-none-match"], "\"one\"");
    assert_eq!(app.upstream.seen("/docs/part.json")[0].headers["if-none-match"], "\"p\"");
    assert!(std::sync::Arc::ptr_eq(&first, &app.state.document().get().document.unwrap()));

    app.upstream
        .script("/docs/part.json", [Reply::Json(200, json!({ "q": { "name": "r", "in": "query" } }))]);
    app.state.document().read_again();
    until(&app, |current| operation(current.document.as_ref().unwrap(), "a").parameters[0].name == "r").await;
}

#[tokio::test]
async fn a_part_that_cannot_be_had_for_a_moment_takes_no_operation_away() {
    let app = App::start_with(|settings| {
        let base = settings.upstream.base_url.clone().unwrap();
        settings.upstream.openapi = Some(base.join("docs/api.json").unwrap().into());
    })
    .await;
    let paths = json!({ "/a": { "$ref": "part.json" } });
    let path = |name: &str| json!({ "openapi": "3.1.0", "info": { "title": name }, "paths": paths });
    let part = json!({ "get": { "operationId": "a" } });
    let down = || [Reply::Json(503, json!({ "message": "Not now." }))];
    app.upstream.script("/docs/part.json", down());
    app.upstream.script("/docs/api.json", [Reply::Json(200, path("first"))]);
    until(&app, |current| current.document.is_some()).await;
    assert!(app.state.document().get().document.unwrap().find("a").is_none(), "it opens without the part");

    app.upstream.script("/docs/part.json", [Reply::Json(200, part.clone())]);
    let has_part = |current: &crate::server::document::Current| {
        current.document.as_ref().is_some_and(|document| document.find("a").is_some())
    };
    until(&app, has_part).await;

    app.upstream.script("/docs/part.json", down());
    app.upstream.forget_seen();
    app.state.document().read_again();
    while app.upstream.seen("/docs/part.json").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(has_part(&app.state.document().get()), "nothing has changed as far as can be seen");
    app.upstream.script("/docs/api.json", [Reply::Json(200, path("second"))]);
    app.state.document().read_again();
    until(&app, |current| current.problem.is_some()).await;
    let current = app.state.document().get();
    assert!(has_part(&current) && current.problem.unwrap().contains("503"), "the old one stays");

    app.upstream.script("/docs/part.json", [Reply::Json(200, part)]);
    until(&app, |current| current.problem.is_none() && has_part(current)).await;
    assert_eq!(app.state.document().get().document.unwrap().title(), "second");
}

#[tokio::test]
async fn bombs_are_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let laughs = (1..20).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        format!("{text}a{level}: &a{level} [{aliases}]\n")
    });
    for (path, part) in [
        (write("deep.json", format!("{{\"a\":{}", "[".repeat(1 << 20)).as_bytes()), "recursion limit"),
        (write("deep.yaml", "- ".repeat(1 << 18).as_bytes()), "neither JSON nor YAML"),
        (write("laughs.yaml", laughs.as_bytes()), "neither JSON nor YAML"),
        (
            write("many.json", format!("{{\"a\":[{}0]}}", "0,".repeat(5 << 20)).as_bytes()),
            "more than 4000000 values",
        ),
        (write("large.json", &vec![b' '; 65 << 20]), "larger than 64"),
        (write("binary.json", &[0x89, b'P', b'N', b'G', 0, 0xff].repeat(1 << 16)), "neither JSON nor YAML"),
        (Path::new("/dev/zero").to_owned(), "cannot be read"),
    ] {
        let app = beside(&path).await;
        let problem = app.state.document().get().problem.unwrap();
        assert!(problem.contains(part) && problem.len() < 300, "{}: {problem}", path.display());
    }
}

#[tokio::test]
async fn recursion_and_repetition_cost_no_more_than_a_page() {
    let itself = json!({ "allOf": [{ "$ref": "#/x/A" }, { "$ref": "#/x/B" }], "properties": { "a": { "$ref": "#/x/A" }, "b": { "$ref": "#/x/B" } } });
    let body = json!({ "content": { "application/json": { "schema": { "$ref": "#/x/A" } } } });
    let many: Vec<_> =
        (0..1000).map(|_| json!({ "name": "p", "in": "body", "schema": { "$ref": "#/x/A" } })).collect();
    let large = json!({ "name": "big", "in": "query", "x": vec![0; 50_000] });
    let document = json!({
        "swagger": "2.0",
        "x": { "A": itself, "B": itself },
        "consumes": (0..1000).map(|number| format!("a/b{number}")).collect::<Vec<_>>(),
        "parameters": { "large": large },
        "paths": {
            "/a": { "post": { "operationId": "a", "requestBody": body, "parameters": many } },
            "/b": { "parameters": vec![json!({ "$ref": "#/parameters/large" }); 2000], "get": { "operationId": "b" } },
        },
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("api.json");
    fs::write(&file, document.to_string()).unwrap();
    let app = beside(&file).await;
    let browser = app.signed_in().await;
    for page in ["/operations/a", "/operations/b"] {
        assert_eq!(browser.open(page).await.status, http::StatusCode::OK, "{page}");
    }
}
