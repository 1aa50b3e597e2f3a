//! Which operations are worth a second thought.

use super::index::OperationSummary;
use super::node;
use super::tree::Node;

const MARKS: [&str; 4] = ["x-dangerous", "x-destructive", "x-confirm", "x-requires-confirmation"];
const WORDS: [&str; 7] = ["delete", "destroy", "purge", "wipe", "erase", "drop", "terminate"];

/// Whether an operation takes something away: by its method, by a mark, or because it changes something and its id
/// begins, or its path ends, with a word for it.
pub(super) fn is_dangerous(summary: &OperationSummary, node: &Node) -> bool {
    let changes = !matches!(summary.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "QUERY");
    summary.method == "DELETE"
        || MARKS.iter().any(|mark| node::flag(node, mark))
        || (changes && is_named_so(summary))
}

fn is_named_so(summary: &OperationSummary) -> bool {
    let id = summary.operation_id.as_deref().unwrap_or_default();
    let last = summary.path.rsplit(['/', ':']).next().unwrap_or_default();
    [id, last].into_iter().any(|name| WORDS.contains(&first_word(name).as_str()))
}

/// `delete` of `deleteAll`, `delete_all` and `DeleteAll`.
fn first_word(name: &str) -> String {
    let end = name.char_indices().skip(1).find(|(_, letter)| !letter.is_ascii_lowercase());
    name.get(..end.map_or(name.len(), |(end, _)| end)).unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::openapi::Document;

    #[test]
    fn what_takes_away_is_dangerous() {
        let document = json!({ "paths": {
            "/a": { "delete": {}, "get": { "operationId": "deleteNothing" }, "post": { "operationId": "purgeAll" } },
            "/a:wipe": { "post": {} },
            "/b": { "post": { "operationId": "deletedItems" }, "put": { "x-dangerous": true } },
            "/dropdown": { "post": {} },
        } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let dangerous = document.operations().iter().filter(|summary| document.operation(summary).dangerous);
        let names: Vec<_> = dangerous.map(|summary| format!("{} {}", summary.method, summary.path)).collect();
        assert_eq!(names, ["DELETE /a", "POST /a", "POST /a:wipe", "PUT /b"]);
    }
}
