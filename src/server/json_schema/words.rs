//! Errors of the validator in words for people.

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

use super::Violation;
use crate::json_pointer::escaped;

/// Adds what an error says. One about alternatives is about the alternative that comes nearest.
pub(super) fn add(violations: &mut Vec<Violation>, error: &ValidationError) {
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => match nearest(error, context) {
            Some(alternative) => alternative.iter().for_each(|error| add(violations, error)),
            None => push(violations, error.instance_path().as_str(), "This fits none of the alternatives."),
        },
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {}
        Kind::Required { property: Value::String(name) } => {
            push(violations, &inside(error, name), "This is required.");
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                push(violations, &inside(error, name), "This is not expected here.");
            }
        }
        kind => {
            let message = sentence(kind).unwrap_or_else(|| format!("{}.", error.masked_with("this")));
            push(violations, error.instance_path().as_str(), &message);
        }
    }
}

/// The alternative with the fewest errors, those not counted that are not even of the right type.
fn nearest<'e>(
    error: &ValidationError,
    alternatives: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e Vec<ValidationError<'static>>> {
    let is_other = |inner: &ValidationError| {
        inner.instance_path() == error.instance_path()
            && matches!(inner.kind(), Kind::Type { .. } | Kind::FalseSchema)
    };
    let alike = alternatives.iter().filter(|errors| !errors.iter().any(is_other));
    alike.min_by_key(|errors| errors.len())
}

fn push(violations: &mut Vec<Violation>, pointer: &str, message: &str) {
    let violation = Violation { pointer: pointer.to_owned(), message: message.to_owned() };
    if !violations.contains(&violation) {
        violations.push(violation);
    }
}

fn inside(error: &ValidationError, name: &str) -> String {
    format!("{}/{}", error.instance_path().as_str(), escaped(name))
}

fn sentence(kind: &Kind) -> Option<String> {
    Some(match kind {
        Kind::Type { kind } => format!("This must be {}.", types(kind)),
        Kind::Enum { .. } => "This is not one of the choices.".to_owned(),
        Kind::Constant { expected_value } => format!("This must be {expected_value}."),
        Kind::Format { format } => format!("This does not have the format {format}."),
        Kind::Pattern { pattern } => format!("This does not match {pattern}."),
        Kind::Minimum { limit } => format!("Give at least {limit}."),
        Kind::Maximum { limit } => format!("Give at most {limit}."),
        Kind::ExclusiveMinimum { limit } => format!("Give more than {limit}."),
        Kind::ExclusiveMaximum { limit } => format!("Give less than {limit}."),
        Kind::MultipleOf { multiple_of } => format!("Give a multiple of {multiple_of}."),
        Kind::MinLength { limit } => format!("Give at least {limit} characters."),
        Kind::MaxLength { limit } => format!("Give at most {limit} characters."),
        Kind::MinItems { limit } => format!("Give at least {limit} items."),
        Kind::MaxItems { limit } => format!("Give at most {limit} items."),
        Kind::MinProperties { limit } => format!("Give at least {limit} members."),
        Kind::MaxProperties { limit } => format!("Give at most {limit} members."),
        Kind::UniqueItems => "No item may be there twice.".to_owned(),
        Kind::FalseSchema => "This is not expected here.".to_owned(),
        Kind::OneOfMultipleValid { .. } => "This fits more than one of the alternatives.".to_owned(),
        _ => return None,
    })
}

/// Types as people call them.
fn types(kind: &TypeKind) -> String {
    let names: Vec<&str> = match kind {
        TypeKind::Single(one) => vec![words(one.as_str())],
        TypeKind::Multiple(several) => several.iter().map(|one| words(one.as_str())).collect(),
    };
    names.join(" or ")
}

fn words(name: &str) -> &str {
    match name {
        "array" => "a list",
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "object" => "an object",
        "string" => "text",
        other => other,
    }
}
