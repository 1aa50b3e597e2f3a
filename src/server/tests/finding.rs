//! The index of operations by tag.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::asking::in_front_of;

#[tokio::test]
async fn an_operation_stands_under_each_of_its_tags() {
    let get = |tags: &[&str]| json!({ "get": { "tags": tags } });
    let app = in_front_of(json!({
        "tags": [{ "name": "Second", "description": "Two of them." }, { "name": "Unused" }, { "name": "First" }],
        "paths": {
            "/one": get(&["First", "Second", "First"]), "/two": get(&["Extra", "First"]), "/three": get(&[]),
            "/four": get(&["Second"]),
        },
    }))
    .await;
    let browser = app.signed_in().await;
    let index = browser.open("/operations").await.body;
    assert!(index.contains("4 operations in 4 groups"), "{index}");
    let groups: Vec<_> = index.split("<h2 id=\"tag-").skip(1).collect();
    for (group, (tag, paths)) in groups.into_iter().zip([
        ("Second", &["/one", "/four"][..]),
        ("First", &["/one", "/two"]),
        ("Extra", &["/two"]),
        ("Other", &["/three"]),
    ]) {
        assert!(group.starts_with(tag), "{tag}: {group}");
        assert_eq!(group.matches("<li>").count(), paths.len(), "{tag}");
        assert!(group.contains(&format!("count\">{}<", paths.len())), "{tag}: {group}");
        assert!(paths.iter().all(|path| group.contains(&format!("/operations/get{path}"))), "{tag}: {group}");
    }
    let second = browser.open("/operations?tag=Second").await.body;
    assert!(second.contains("2 operations in “Second”") && second.contains("Two of them."), "{second}");
    assert!(second.contains("/operations/get/one") && !second.contains("/operations/get/two"));
}

#[tokio::test]
async fn a_tag_with_too_many_operations_has_several_pages() {
    let paths: Map<String, Value> = (0..900).map(|n| (format!("/n{n}"), json!({ "get": {} }))).collect();
    let app = in_front_of(json!({ "paths": paths })).await;
    let browser = app.signed_in().await;
    let mut next = "/operations?tag=Other".to_owned();
    for (first, last) in [(0, 399), (400, 799), (800, 899)] {
        let page = browser.open(&next).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("900 operations in “Other”"));
        for (number, is_there) in [(first, true), (last, true), (last + 1, false)] {
            let link = format!("href=\"/operations/get/n{number}\"");
            assert_eq!(page.body.contains(&link), is_there, "{number} from {first}");
        }
        next = format!("/operations?tag=Other&from={}", last + 1);
        let is_linked = page.body.contains(&next.replace('&', "&amp;")) || page.body.contains(&next);
        assert_eq!(is_linked, last < 899, "{first}");
    }
}
