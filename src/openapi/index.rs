//! The light index of a document's operations, made once when it is opened.

use serde::{Deserialize, Serialize};

use super::node;
use super::reference::Resolver;
use super::tree::Node;

/// The methods that have a field of their own in a Path Item Object (`query` since 3.2).
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// One operation, as far as lists and links need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationSummary {
    /// The HTTP method: upper-case, but as written when it comes from `additionalOperations` (3.2).
    pub method: String,
    /// The path template as it stands in the document, for example `/books/{id}`.
    pub path: String,
    /// The `operationId`, where there is one.
    pub operation_id: Option<String>,
    /// The name for people: the summary, else the `operationId`, else method and path.
    pub name: String,
    /// The canonical address, not percent-encoded: the `operationId` where that names this operation alone, else
    /// `{method}/{path}`, for example `get/books/{id}`.
    pub address: String,
    /// The tags, in the document's order.
    pub tags: Vec<String>,
    /// Whether the document advises against it.
    pub deprecated: bool,
}

impl OperationSummary {
    fn read(method: String, path: &str, operation: &Node) -> Self {
        let operation_id = node::string(operation, "operationId");
        let name = node::string(operation, "summary").or_else(|| operation_id.clone());
        Self {
            name: name.unwrap_or_else(|| format!("{method} {path}")),
            address: by_method_and_path(&method, path),
            tags: node::items(operation, "tags").iter().filter_map(Node::as_str).map(str::to_owned).collect(),
            deprecated: node::flag(operation, "deprecated"),
            path: path.to_owned(),
            operation_id,
            method,
        }
    }

    /// Whether its address is its `operationId`.
    #[must_use]
    pub fn is_by_id(&self) -> bool {
        self.operation_id.as_ref() == Some(&self.address)
    }

    /// The address that always leads to this operation, whatever its `operationId`.
    #[must_use]
    pub fn method_and_path(&self) -> String {
        by_method_and_path(&self.method, &self.path)
    }
}

fn by_method_and_path(method: &str, path: &str) -> String {
    format!("{}/{}", method.to_lowercase(), path.trim_start_matches('/'))
}

/// An operation where it stands: its summary, its node and the Path Item Object around it.
pub(super) struct Found<'a> {
    pub(super) summary: OperationSummary,
    pub(super) item: &'a Node,
    pub(super) operation: &'a Node,
}

/// Every operation of the document, in its order.
pub(super) fn operations<'a>(resolver: &Resolver<'a>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for (path, item) in node::members(resolver.root(), "paths") {
        let Some(item) = resolver.resolve(item) else { continue };
        for (method, operation) in operations_of(item) {
            match resolver.resolve(operation) {
                Some(operation) if operation.is_object() => {
                    let summary = OperationSummary::read(method, path, operation);
                    found.push(Found { summary, item, operation });
                }
                _ => resolver.note(format!("{method} {path}"), "The operation cannot be read."),
            }
        }
    }
    found
}

/// The operations of one Path Item Object, by method.
pub(super) fn operations_of(item: &Node) -> impl Iterator<Item = (String, &Node)> {
    let fixed = item.as_object().into_iter().flatten();
    let fixed = fixed.filter(|(key, _)| is_method(key));
    let fixed = fixed.map(|(method, operation)| (method.to_uppercase(), operation));
    fixed.chain(
        node::members(item, "additionalOperations").map(|(method, operation)| (method.to_owned(), operation)),
    )
}

pub(super) fn is_method(key: &str) -> bool {
    METHODS.iter().any(|method| key.eq_ignore_ascii_case(method))
}

#[cfg(test)]
mod tests {
    use crate::openapi::tree::node;

    use super::*;

    #[test]
    fn finds_operations_of_every_kind() {
        let root = node!({
            "paths": {
                "x-internal": { "get": {} },
                "/a": { "get": { "summary": "Read a" }, "POST": { "operationId": "makeA" }, "summary": "not one" },
                "/b": { "$ref": "#/components/pathItems/b" },
                "/c": { "get": 7 },
            },
            "components": { "pathItems": { "b": { "query": {}, "additionalOperations": { "Copy": {} } } } },
        });
        let resolver = Resolver::new(&root);
        let found = operations(&resolver);
        let names: Vec<_> = found.iter().map(|found| found.summary.name.as_str()).collect();
        assert_eq!(names, ["Read a", "makeA", "QUERY /b", "Copy /b"]);
        assert_eq!(found[3].summary.address, "copy/b");
        assert_eq!(resolver.into_notes()[0].part, "GET /c");
    }
}
