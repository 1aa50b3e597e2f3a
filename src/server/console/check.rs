//! What is wrong with a draft: what its inputs see by themselves, and what the schemas of the document say.

use serde_json::Value;

use super::draft::Draft;
use crate::{
    openapi::{
        Body, BodyKind, Check, Content, FieldError, FormNode, Kind, Parameter, RequestParts, member_input,
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
        let violations = Validator::new(&schema).violations(&value);
        Some(violations.into_iter().map(|violation| at_parameter(parameter, &violation)).collect::<Vec<_>>())
    };
    operation.parameters.iter().filter_map(of).flatten().collect()
}

/// Members have inputs of their own.
fn at_parameter(parameter: &Parameter, violation: &Violation) -> FieldError {
    let member = violation.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    let of_member = || member_input(&parameter.input, member);
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
        (true, _) => FieldError { input: format!("body{pointer}"), message },
        (false, true) => FieldError { input: "body".to_owned(), message },
        (false, false) => FieldError { input: "body".to_owned(), message: format!("{pointer}: {message}") },
    }
}
