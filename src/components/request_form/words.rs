//! What a field takes, in words.

use crate::{
    components::text::counted,
    openapi::{Bound, Field, Kind},
};

/// The kind of value and its limits: “integer, 1 to 100”.
pub fn mark(field: &Field) -> String {
    std::iter::once(kind(field)).chain(limits(field)).collect::<Vec<_>>().join(", ")
}

/// Its limits: “1 to 100”.
pub fn limits(field: &Field) -> impl Iterator<Item = String> {
    [range(field), length(field), items(field), step(field)].into_iter().flatten()
}

/// The default and the pattern, as sentences.
pub fn hint(field: &Field) -> Option<String> {
    let default = (!field.default.is_empty()).then(|| format!("Default: {}.", field.default.join(", ")));
    let pattern = field.pattern.as_ref().map(|pattern| format!("Matches {pattern}"));
    let sentences: Vec<String> = [default, pattern].into_iter().flatten().collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn kind(field: &Field) -> String {
    let format = field.format.clone().filter(|format| !format.is_empty());
    match &field.kind {
        Kind::Text => format.unwrap_or_else(|| "string".into()),
        Kind::Integer => "integer".into(),
        Kind::Number => "number".into(),
        Kind::Boolean => "boolean".into(),
        Kind::Choice(_) => "one of a list".into(),
        Kind::List(item) if matches!(item.kind, Kind::Choice(_)) => "any of a list".into(),
        Kind::List(item) => format!("list of {}", kind(item)),
        Kind::Object(_) => "object, as JSON".into(),
        Kind::Json => "JSON".into(),
    }
}

fn range(field: &Field) -> Option<String> {
    let least =
        |bound: &Bound| format!("{} {}", if bound.exclusive { "more than" } else { "at least" }, bound.value);
    let most =
        |bound: &Bound| format!("{} {}", if bound.exclusive { "less than" } else { "at most" }, bound.value);
    match (&field.minimum, &field.maximum) {
        (Some(low), Some(high)) if !low.exclusive && !high.exclusive => {
            Some(format!("{} to {}", low.value, high.value))
        }
        (Some(low), Some(high)) => Some(format!("{}, {}", least(low), most(high))),
        (Some(low), None) => Some(least(low)),
        (None, Some(high)) => Some(most(high)),
        (None, None) => None,
    }
}

fn length(field: &Field) -> Option<String> {
    how_many(field.min_length.filter(|least| *least > 0), field.max_length, "character")
}

fn items(field: &Field) -> Option<String> {
    how_many(field.min_items.filter(|least| *least > 0), field.max_items, "item")
}

fn step(field: &Field) -> Option<String> {
    field
        .multiple_of
        .as_ref()
        .filter(|step| step.as_f64() != Some(1.0))
        .map(|step| format!("a multiple of {step}"))
}

fn how_many(least: Option<u64>, most: Option<u64>, unit: &str) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) if least == most => Some(counted(most, unit)),
        (Some(least), Some(most)) => Some(format!("{least} to {most} {unit}s")),
        (Some(least), None) => Some(format!("at least {}", counted(least, unit))),
        (None, Some(most)) => Some(format!("at most {}", counted(most, unit))),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(value: i64, exclusive: bool) -> Bound {
        Bound { value: value.into(), exclusive }
    }

    #[test]
    fn limits_are_said() {
        let integer = Field { kind: Kind::Integer, ..Field::default() };
        let field =
            Field { minimum: Some(bound(1, false)), maximum: Some(bound(100, false)), ..integer.clone() };
        assert_eq!(mark(&field), "integer, 1 to 100");
        let field = Field { minimum: Some(bound(0, true)), multiple_of: Some(5.into()), ..integer };
        assert_eq!(mark(&field), "integer, more than 0, a multiple of 5");
        let field = Field {
            format: Some("uuid".into()),
            max_length: Some(36),
            min_length: Some(36),
            ..Field::default()
        };
        assert_eq!(mark(&field), "uuid, 36 characters");
        let list = Field { kind: Kind::List(Box::default()), max_items: Some(1), ..Field::default() };
        assert_eq!(mark(&list), "list of string, at most 1 item");
    }

    #[test]
    fn hints_are_sentences() {
        assert_eq!(hint(&Field::default()), None);
        let field = Field { default: vec!["20".into()], pattern: Some("^a".into()), ..Field::default() };
        assert_eq!(hint(&field).as_deref(), Some("Default: 20. Matches ^a"));
    }
}
