//! One line of text, number, date and so on: the kind of input that browsers help with.

use leptos::prelude::*;

use super::{control, input::Input};
use crate::openapi::{Bound, Field as Takes, Kind, local_of};

/// An input of one line.
pub fn line(
    input: &Input,
    takes: &Takes,
    id: String,
    label: Option<String>,
    value: Option<String>,
) -> AnyView {
    let first = label.is_none();
    let placeholder = takes.example.first().or(takes.default.first()).cloned();
    let placeholder = placeholder.or_else(|| input.field.example.first().filter(|_| first).cloned());
    let kind = input_type(takes, value.as_deref(), input.required);
    let is_time = kind == "datetime-local";
    let value =
        value.map(|value| if is_time { local_of(&value).unwrap_or_default().to_owned() } else { value });
    view! {
        <input
            class="input"
            id=id
            name=input.name.clone()
            type=kind
            aria-label=label
            required=input.required && first
            min=end(takes.minimum.as_ref())
            max=end(takes.maximum.as_ref())
            step=step(takes, kind)
            maxlength=takes.max_length.filter(|_| kind == "text").map(|most| most.to_string())
            value=value
            placeholder=placeholder
            autocomplete=if kind == "password" { "new-password" } else { "off" }
            aria-invalid=control::invalid(input)
            aria-describedby=control::notes(input)
        />
    }
    .into_any()
}

/// The type that browsers help with. What such an input would drop stays text: a date that is none, a number that a
/// variable stands for. A colour is always set, so it is only an input of its own where there has to be one.
fn input_type(takes: &Takes, value: Option<&str>, required: bool) -> &'static str {
    let fits = |is: fn(&str) -> bool| value.is_none_or(is);
    match (&takes.kind, takes.format.as_deref()) {
        (Kind::Integer | Kind::Number, _) if fits(|value| value.parse::<f64>().is_ok()) => "number",
        (Kind::Text, Some("date")) if fits(is_date) => "date",
        (Kind::Text, Some("date-time")) if fits(|value| local_of(value).is_some()) => "datetime-local",
        (Kind::Text, Some("time")) if fits(is_time) => "time",
        (Kind::Text, Some("color" | "colour")) if fits(is_colour) && (required || value.is_some()) => "color",
        (Kind::Text, Some("email" | "idn-email")) => "email",
        (Kind::Text, Some("uri" | "url" | "iri")) => "url",
        (Kind::Text, Some("password")) => "password",
        (Kind::Text, Some("phone" | "tel")) => "tel",
        _ => "text",
    }
}

fn is_date(text: &str) -> bool {
    crate::components::time::readable(text).is_some() && text.len() == 10
}

/// `10:30`, with seconds or without, and no zone.
fn is_time(text: &str) -> bool {
    matches!(text.len(), 5 | 8) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Browsers know no end that is outside its range.
fn end(bound: Option<&Bound>) -> Option<String> {
    bound.filter(|bound| !bound.exclusive).map(|bound| bound.value.to_string())
}

/// Browsers count steps from the least number, the document counts from 0.
fn step(takes: &Takes, kind: &str) -> Option<String> {
    let from_zero = takes.minimum.as_ref().is_none_or(|least| least.value.as_f64() == Some(0.0));
    match kind {
        "time" | "datetime-local" => Some("1".to_owned()),
        "number" => match (&takes.multiple_of, &takes.kind) {
            (Some(step), _) if from_zero => Some(step.to_string()),
            (None, Kind::Integer) => None,
            _ => Some("any".to_owned()),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_help_where_they_lose_nothing() {
        let takes = |format: &str| Takes { format: Some(format.to_owned()), ..Takes::default() };
        let cases = [
            ("date", Some("2024-05-01"), "date"),
            ("date", Some("1 May"), "text"),
            ("date-time", Some("2024-05-01T10:30:00Z"), "datetime-local"),
            ("date-time", Some("2024-05-01T10:30:00+02:00"), "text"),
            ("time", None, "time"),
            ("time", Some("10:30Z"), "text"),
            ("color", None, "text"),
            ("color", Some("#aabbcc"), "color"),
            ("password", None, "password"),
        ];
        for (format, value, kind) in cases {
            assert_eq!(input_type(&takes(format), value, false), kind, "{format} {value:?}");
        }
        let number = Takes { kind: Kind::Number, multiple_of: Some(5.into()), ..Takes::default() };
        assert_eq!(input_type(&number, Some("{x}"), true), "text");
        assert_eq!(step(&number, "number").as_deref(), Some("5"));
        let shifted = Takes { minimum: Some(Bound { value: 1.into(), exclusive: false }), ..number };
        assert_eq!(step(&shifted, "number").as_deref(), Some("any"));
    }
}
