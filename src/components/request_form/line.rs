//! One line of text, number, date and so on: the kind of input that browsers help with.

use leptos::prelude::*;

use super::{control, input::Input};
use crate::{
    components::time::readable,
    openapi::{Bound, Field as Takes, Kind, local_of},
    ui::TextArea,
};

/// An input of one line. A text that has several keeps them: a browser would take its line breaks out.
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
    if let Some(text) = value.as_ref().filter(|value| value.contains('\n')) {
        return lines(input, id, label, text.clone());
    }
    let kind = input_type(takes, value.as_deref(), input.required);
    let is_time = matches!(kind, "datetime-local" | "time");
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
            list=control::examples_id(input)
            autocomplete=if kind == "password" { "new-password" } else { "off" }
            aria-invalid=control::invalid(input)
            aria-describedby=control::notes(input)
        />
    }
    .into_any()
}

fn lines(input: &Input, id: String, label: Option<String>, text: String) -> AnyView {
    view! {
        <TextArea
            id=id
            name=input.name.clone()
            text=text
            label=label
            invalid=input.error.is_some()
            described_by=control::notes(input)
            rows=4
        />
    }
    .into_any()
}

/// The type that browsers help with. What such an input would drop stays text: a date that is none, a number that a
/// variable stands for. A colour is always set, so it is only an input of its own where there has to be one.
fn input_type(takes: &Takes, value: Option<&str>, required: bool) -> &'static str {
    let fits = |is: fn(&str) -> bool| value.is_none_or(is);
    match (&takes.kind, takes.format.as_deref()) {
        (Kind::Integer | Kind::Number, _) if fits(is_number) => "number",
        (Kind::Text, Some("date")) if fits(is_date) => "date",
        (Kind::Text, Some("date-time")) if fits(|value| is_moment("", value)) => "datetime-local",
        (Kind::Text, Some("time")) if fits(|value| is_moment("2000-01-01T", value)) => "time",
        (Kind::Text, Some("color" | "colour")) if fits(is_colour) && (required || value.is_some()) => "color",
        (Kind::Text, Some("email" | "idn-email")) if fits(is_bare) => "email",
        (Kind::Text, Some("uri" | "url" | "iri")) if fits(is_bare) => "url",
        (Kind::Text, Some("password")) => "password",
        (Kind::Text, Some("phone" | "tel")) => "tel",
        _ => "text",
    }
}

/// A number as JSON has it, unless it is larger than those of browsers.
fn is_number(text: &str) -> bool {
    text.parse::<serde_json::Number>().is_ok() && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn is_date(text: &str) -> bool {
    readable(text).is_some() && text.len() == 10
}

/// A moment in UTC, or one that becomes so when a date is put in front.
fn is_moment(date: &str, text: &str) -> bool {
    local_of(text).is_some_and(|local| readable(&format!("{date}{local}Z")).is_some())
}

/// Browsers take capitals for small letters.
fn is_colour(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(is_digit))
}

/// Browsers take the space around it away, and write other alphabets of an e-mail address in ASCII.
fn is_bare(text: &str) -> bool {
    text.is_ascii() && text.trim() == text
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
            ("time", Some("10:30:00Z"), "time"),
            ("time", Some("10:30:00+02:00"), "text"),
            ("time", Some("25:30"), "text"),
            ("date-time", Some("2024-05-01T10:30"), "datetime-local"),
            ("date-time", Some("2024-05-01T10:30:00.000Z"), "text"),
            ("date-time", Some("2024-13-01T10:30:00Z"), "text"),
            ("color", None, "text"),
            ("color", Some("#aabbcc"), "color"),
            ("color", Some("#AABBCC"), "text"),
            ("email", Some("ann@example.com"), "email"),
            ("email", Some(" ann@example.com"), "text"),
            ("password", None, "password"),
        ];
        for (format, value, kind) in cases {
            assert_eq!(input_type(&takes(format), value, false), kind, "{format} {value:?}");
        }
        let number = Takes { kind: Kind::Number, multiple_of: Some(5.into()), ..Takes::default() };
        for (value, kind) in [("1.50", "number"), ("{x}", "text"), ("NaN", "text"), ("1e999", "text")] {
            assert_eq!(input_type(&number, Some(value), true), kind, "{value}");
        }
        assert_eq!(step(&number, "number").as_deref(), Some("5"));
        let shifted = Takes { minimum: Some(Bound { value: 1.into(), exclusive: false }), ..number };
        assert_eq!(step(&shifted, "number").as_deref(), Some("any"));
    }
}
