//! Which address leads to which operation.

use std::collections::HashMap;

use super::index::OperationSummary;

/// Addresses (not percent-encoded) with the position of their operation.
///
/// Every operation answers at its method and path. It also answers at its `operationId`, where no other
/// operation has the same one, or has it as its method and path.
#[derive(Debug)]
pub(super) struct Addresses(HashMap<String, usize>);

impl Addresses {
    /// Works out all addresses, and gives each operation its canonical one.
    pub(super) fn assign(operations: &mut [OperationSummary]) -> Self {
        let mut addresses = HashMap::new();
        for (position, operation) in operations.iter().enumerate() {
            addresses.entry(operation.method_and_path()).or_insert(position);
        }
        for (id, position) in unique_ids(operations) {
            addresses.entry(id).or_insert(position);
        }
        for (position, operation) in operations.iter_mut().enumerate() {
            if let Some(id) = &operation.operation_id
                && addresses.get(id) == Some(&position)
            {
                operation.address.clone_from(id);
            }
        }
        Self(addresses)
    }

    pub(super) fn position(&self, address: &str) -> Option<usize> {
        self.0.get(address).copied()
    }
}

/// The ids that one operation alone has. `.` and `..` are none: no browser asks for such a path.
fn unique_ids(operations: &[OperationSummary]) -> impl Iterator<Item = (String, usize)> {
    let mut owners: HashMap<&str, Option<usize>> = HashMap::new();
    for (position, operation) in operations.iter().enumerate() {
        if let Some(id) = &operation.operation_id {
            owners.entry(id).and_modify(|owner| *owner = None).or_insert(Some(position));
        }
    }
    owners.retain(|id, _| !matches!(*id, "." | ".."));
    owners.into_iter().filter_map(|(id, owner)| Some((id.to_owned(), owner?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::openapi::Document;

    #[test]
    fn ids_answer_where_they_are_unique_and_method_and_path_always() {
        let document = json!({ "openapi": "3.1.0", "paths": {
            "/books": { "get": { "operationId": "books/list" }, "post": { "operationId": "twice" } },
            "/books/{id}": { "get": { "operationId": "twice" }, "put": {} },
            "/odd": { "get": { "operationId": "put/books/{id}" }, "put": { "operationId": ".." } },
        } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let addresses: Vec<_> = document.operations().iter().map(|one| one.address.as_str()).collect();
        assert_eq!(
            addresses,
            ["books/list", "post/books", "get/books/{id}", "put/books/{id}", "get/odd", "put/odd"]
        );
        for operation in document.operations() {
            assert_eq!(document.find(&operation.address), Some(operation));
            assert_eq!(document.find(&operation.method_and_path()), Some(operation));
        }
        assert_eq!(document.find("twice"), None);
    }
}
