//! What an API says about single fields, in the shapes that are in use.

use serde_json::Value;

use crate::openapi::as_typed;

/// Where they stand in a refusal.
const PLACES: [&str; 5] = ["/errors", "/data/errors", "/error/errors", "/error/details", "/detail"];
const NAMES: [&str; 7] = ["field", "path", "param", "property", "name", "pointer", "loc"];
const MESSAGES: [&str; 5] = ["message", "msg", "detail", "description", "title"];
const MOST: usize = 50;

/// One sentence for each field: “email: is not an address”.
pub fn field_errors(refusal: &Value) -> Vec<String> {
    let errors = PLACES.iter().find_map(|place| refusal.pointer(place).filter(|errors| !errors.is_string()));
    match errors {
        Some(Value::Object(fields)) => fields.iter().flat_map(of_field).take(MOST).collect(),
        Some(Value::Array(errors)) => errors.iter().filter_map(of_item).take(MOST).collect(),
        _ => Vec::new(),
    }
}

/// `{"email": "is not an address"}`, or several for one field.
fn of_field((name, errors): (&String, &Value)) -> Vec<String> {
    let errors = errors.as_array().map_or(std::slice::from_ref(errors), Vec::as_slice);
    errors.iter().filter_map(Value::as_str).map(|error| of(name, error)).collect()
}

/// `{"field": "email", "message": "is not an address"}`, or a text alone.
fn of_item(error: &Value) -> Option<String> {
    if let Some(text) = error.as_str() {
        return Some(text.to_owned());
    }
    let message = MESSAGES.iter().find_map(|name| error.get(name)?.as_str())?;
    let name = NAMES.iter().find_map(|name| error.get(name).and_then(field_name));
    Some(of(&name.unwrap_or_default(), message))
}

/// Some names stand for the whole.
fn of(name: &str, message: &str) -> String {
    if matches!(name, "" | "." | "/" | "#") { message.to_owned() } else { format!("{name}: {message}") }
}

/// A name, or the steps that lead to it.
fn field_name(name: &Value) -> Option<String> {
    let Some(steps) = name.as_array() else { return name.as_str().map(str::to_owned) };
    Some(steps.iter().map(as_typed).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_usual_shapes_are_read() {
        let cases = [
            (
                json!({ "data": { "errors": { "a": "is odd", "b": ["one", "two"], ".": "all" } } }),
                vec!["a: is odd", "b: one", "b: two", "all"],
            ),
            (
                json!({ "errors": [{ "field": "a", "message": "is odd" }, "alone"] }),
                vec!["a: is odd", "alone"],
            ),
            (json!({ "detail": [{ "loc": ["body", "a", 0], "msg": "is odd" }] }), vec!["body.a.0: is odd"]),
            (json!({ "detail": "no", "errors": 7 }), vec![]),
            (json!([]), vec![]),
        ];
        for (refusal, expected) in cases {
            assert_eq!(field_errors(&refusal), expected, "{refusal}");
        }
    }
}
