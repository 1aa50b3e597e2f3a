//! What is wrong with a draft: what its inputs see by themselves, and what the schemas of the document say.

use serde_json::{Map, Value};

use super::draft::Draft;
use crate::{
    json_pointer::unescaped,
    openapi::{
        BODY, Body, BodyKind, Check, Content, FieldError, FormNode, JsonSchema, Kind, Parameter,
        RequestParts, Style, as_typed, member_input,
    },
    server::json_schema::{Validator, Violation},
};

/// The request, or everything that is wrong: the complaints of the inputs first; one for each input and part.
pub(super) fn checked(draft: &Draft) -> Result<RequestParts, Vec<FieldError>> {
    let request = draft.request(Check::Strict);
    let mut problems = request.as_ref().err().cloned().unwrap_or_default();
    for problem in of_parameters(draft).into_iter().chain(of_body(draft)).chain(of_files(draft)) {
        if !problems.iter().any(|other| other.input == problem.input) {
            problems.push(problem);
        }
    }
    if problems.is_empty() { request } else { Err(problems) }
}

fn of_parameters(draft: &Draft) -> Vec<FieldError> {
    let operation = &draft.operation;
    let of = |parameter: &Parameter| {
        let value = parameter.value(&draft.values)?;
        if value == "" && parameter.field.allow_empty {
            return None;
        }
        let schema = draft.document.parameter_schema(&operation.summary, parameter)?;
        let violations = violations(parameter, &schema, &value);
        Some(violations.into_iter().map(|violation| at_parameter(parameter, &violation)).collect::<Vec<_>>())
    };
    operation.parameters.iter().filter_map(of).flatten().collect()
}

/// What is wrong with the value of a parameter, however it is read where it arrives.
fn violations(parameter: &Parameter, schema: &JsonSchema, value: &Value) -> Vec<Violation> {
    let validator = Validator::new(schema);
    let violations = validator.violations(value);
    if violations.is_empty() || !fits_as_read(parameter, &validator, value) { violations } else { Vec::new() }
}

/// Whether a value fits as texts, or as what its texts look like: on the wire they have no type, unless JSON is sent. Where
/// no type is asked for either, what is said of texts holds for whatever was typed.
fn fits_as_read(parameter: &Parameter, validator: &Validator, value: &Value) -> bool {
    let is_json = matches!(parameter.writing.style, Style::Json | Style::WholeQuery);
    let fits = |way: fn(&Value) -> Value| validator.allows(&each(value, way));
    !is_json && !fits(as_object) && (fits(as_text) || fits(as_json))
}

/// A value with everything in it that is neither a list nor an object in another way.
fn each(value: &Value, way: fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| each(item, way)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), each(member, way))).collect()
        }
        value => way(value),
    }
}

fn as_text(value: &Value) -> Value {
    if value.is_null() { Value::Null } else { as_typed(value).into() }
}

fn as_json(value: &Value) -> Value {
    let json = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    json.filter(|json| json.is_number() || json.is_boolean()).unwrap_or_else(|| value.clone())
}

fn as_object(_: &Value) -> Value {
    Map::new().into()
}

/// Members have inputs of their own.
fn at_parameter(parameter: &Parameter, violation: &Violation) -> FieldError {
    let member = violation.pointer.split('/').nth(1).map(unescaped).unwrap_or_default();
    let of_member = || member_input(&parameter.input, &member);
    let input = match &parameter.field.kind {
        Kind::Object(members) if members.others.is_some() && !member.is_empty() => of_member(),
        Kind::Object(members) if members.named.iter().any(|known| known.name == member) => of_member(),
        _ => parameter.input.clone(),
    };
    FieldError { input, message: violation.message.clone() }
}

fn of_body(draft: &Draft) -> Vec<FieldError> {
    let Some(body) = &draft.operation.body else { return Vec::new() };
    let Some(value) = value(draft, body) else { return Vec::new() };
    let schema = draft.document.body_schema(&draft.operation.summary, &body.media_type);
    let violations = schema.map(|schema| Validator::new(&schema).violations(&value)).unwrap_or_default();
    let has_form = draft.form_in_use().is_some();
    violations.into_iter().map(|violation| at_body(violation, has_form)).collect()
}

/// Files of a form are no part of its value.
fn of_files(draft: &Draft) -> Vec<FieldError> {
    let Some(Content::Object { members, .. }) = draft.form().map(|form| &form.content) else {
        return Vec::new();
    };
    let is_missing = |node: &&FormNode| {
        let is_file = matches!(node.content, Content::File { .. });
        is_file && node.required && draft.values.first(&node.input).is_none()
    };
    let told =
        |node: &FormNode| FieldError { input: node.input.clone(), message: "Choose a file.".to_owned() };
    members.iter().filter(is_missing).map(told).collect()
}

/// What is sent as a body, where that is a value.
fn value(draft: &Draft, body: &Body) -> Option<Value> {
    let text = draft.text(Check::Lenient).ok().flatten();
    match body.kind {
        BodyKind::Json | BodyKind::Form => serde_json::from_str(&text?).ok(),
        BodyKind::Text | BodyKind::File => None,
    }
}

/// The inputs of a form are named like the parts of the value; in a text the sentence names them.
fn at_body(Violation { pointer, message }: Violation, has_form: bool) -> FieldError {
    match (has_form, pointer.is_empty()) {
        (true, _) => FieldError { input: format!("{BODY}{pointer}"), message },
        (false, true) => FieldError { input: BODY.to_owned(), message },
        (false, false) => FieldError { input: BODY.to_owned(), message: format!("{pointer}: {message}") },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::{openapi::Document, server::posted::Posted};

    /// What is sent, or what is wrong, for a parameter of this schema.
    fn checked_as(schema: &Value, query: &str) -> Result<String, String> {
        let parameters = json!([{ "name": "p", "in": "query", "schema": schema }]);
        let document = json!({ "paths": { "/": { "get": { "parameters": parameters } } } });
        let document = Arc::new(Document::from_bytes(document.to_string().as_bytes()).unwrap());
        let summary = document.operations()[0].clone();
        let checked = checked(&Draft::new(document, &summary, Posted::parse(query)));
        checked.map(|parts| parts.path_and_query).map_err(|problems| problems[0].message.clone())
    }

    #[test]
    fn a_text_on_the_wire_may_be_of_any_type() {
        let size = json!({ "oneOf": [{ "type": "number" }, { "type": "string", "enum": ["all"] }] });
        let texts = json!({ "type": "array", "items": { "type": "string" } });
        let number = json!({ "anyOf": [{ "type": "integer" }, { "type": "number" }, { "type": "null" }] });
        for (schema, query) in [
            (size.clone(), "p=2"),
            (size.clone(), "p=all"),
            (json!({ "type": "array", "items": size }), "p=2&p=all"),
            (json!({ "type": "object", "properties": { "p": size } }), "p[p]=2"),
            (number, "p=2"),
            (json!({ "oneOf": [{ "type": "boolean" }, { "type": "integer" }] }), "p=true"),
            (json!({ "oneOf": [{ "type": "string" }, texts] }), "p=2024"),
            (json!({ "type": ["string", "array"], "items": { "type": "string" } }), "p=2024"),
            (json!({ "type": "string", "enum": [1, 2] }), "p=1"),
        ] {
            let sent = format!("/?{}", query.replace("p[p]", "p"));
            assert_eq!(checked_as(&schema, query), Ok(sent), "{schema} {query}");
        }
    }

    #[test]
    fn what_fits_in_no_way_is_told() {
        let size = json!({ "oneOf": [{ "type": "number" }, { "type": "string", "enum": ["all"] }] });
        for (schema, query, message) in [
            (size, "p=some", "This is not one of the choices."),
            (json!({ "pattern": "^[a-z]+$" }), "p=123", "This does not match ^[a-z]+$."),
            (json!({ "minimum": 0, "maximum": 5 }), "p=7", "Give a number of at most 5."),
            (json!({ "type": "string", "pattern": "^[a-z]+$" }), "p=123", "This does not match ^[a-z]+$."),
            (json!({ "type": "boolean" }), "p=1", "Give true or false."),
        ] {
            assert_eq!(checked_as(&schema, query), Err(message.to_owned()), "{schema} {query}");
        }
    }
}
