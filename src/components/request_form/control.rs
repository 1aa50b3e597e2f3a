//! From what a field takes to the control that a browser has for it.

use leptos::prelude::*;

use super::{input::Input, words};
use crate::{
    openapi::{Bound, Field as Takes, Kind},
    ui::{Field, FieldLabel, FieldNotes, TextArea, described_by},
};

/// Empty inputs of a list that are left open to be filled in.
const SPARE: usize = 2;
const MOST_ITEMS: usize = 20;

/// One input with its label, its hint and its error.
pub fn field(input: Input) -> AnyView {
    match input.field.kind.clone() {
        Kind::Boolean => {
            let unset = (!input.required).then(|| (String::new(), "not sent".to_owned()));
            let choices = ["true", "false"].map(|word| (word.to_owned(), word.to_owned()));
            options(input, "radio", unset.into_iter().chain(choices).collect())
        }
        Kind::List(item) => match item.kind {
            Kind::Choice(choices) => options(
                input,
                "checkbox",
                choices.into_iter().map(|choice| (choice.clone(), choice)).collect(),
            ),
            _ => list(input, &item),
        },
        _ => single(input),
    }
}

fn single(input: Input) -> AnyView {
    let control = match &input.field.kind {
        Kind::Choice(choices) => select(&input, choices),
        Kind::Object(_) | Kind::Json => text_area(&input, true),
        _ if input.field.multiline => text_area(&input, false),
        _ => {
            let value = input.values.first().cloned();
            line(&input, &input.field, input.id.clone(), None, value)
        }
    };
    let (hint, mark) = (hint(&input), mark(&input));
    let Input { id, label, required, error, .. } = input;
    view! {
        <Field id label required mark hint error>
            {control}
        </Field>
    }
    .into_any()
}

/// A list is the same input several times, with some to spare.
fn list(input: Input, item: &Takes) -> AnyView {
    let most = input.field.max_items.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST_ITEMS);
    let count = (input.values.len() + SPARE).min(most).max(input.values.len()).max(1);
    let lines = (0..count).map(|position| {
        let id = if position == 0 { input.id.clone() } else { format!("{}-{}", input.id, position + 1) };
        let name = (position > 0).then(|| format!("{}, item {}", input.label, position + 1));
        line(&input, item, id, name, input.values.get(position).cloned())
    });
    let lines: Vec<_> = lines.collect();
    let (hint, mark) = (hint(&input), mark(&input));
    let Input { id, label, required, error, .. } = input;
    view! {
        <Field id label required mark hint error>
            {lines}
        </Field>
    }
    .into_any()
}

/// One line of text, number, date and so on.
fn line(input: &Input, takes: &Takes, id: String, label: Option<String>, value: Option<String>) -> AnyView {
    let first = label.is_none();
    let placeholder = takes.example.first().or(takes.default.first()).cloned();
    let placeholder = placeholder.or_else(|| input.field.example.first().filter(|_| first).cloned());
    view! {
        <input
            class="input"
            id=id
            name=input.name.clone()
            type=input_type(takes, value.as_deref())
            aria-label=label
            required=input.required && first
            min=end(takes.minimum.as_ref())
            max=end(takes.maximum.as_ref())
            step=step(takes)
            value=value
            placeholder=placeholder
            autocomplete="off"
            aria-invalid=invalid(input)
            aria-describedby=notes(input)
        />
    }
    .into_any()
}

/// The type that browsers help with. A date that is none stays text, because a date input would drop it.
fn input_type(takes: &Takes, value: Option<&str>) -> &'static str {
    let is_date = |value: &str| crate::components::time::readable(value).is_some() && value.len() == 10;
    match (&takes.kind, takes.format.as_deref()) {
        (Kind::Integer | Kind::Number, _) if value.is_none_or(|value| value.parse::<f64>().is_ok()) => {
            "number"
        }
        (Kind::Text, Some("date")) if value.is_none_or(is_date) => "date",
        (Kind::Text, Some("email" | "idn-email")) => "email",
        (Kind::Text, Some("uri" | "url")) => "url",
        (Kind::Text, Some("password")) => "password",
        _ => "text",
    }
}

/// Browsers know no end that is outside its range.
fn end(bound: Option<&Bound>) -> Option<String> {
    bound.filter(|bound| !bound.exclusive).map(|bound| bound.value.to_string())
}

fn step(takes: &Takes) -> Option<&'static str> {
    (takes.kind == Kind::Number).then_some("any")
}

fn select(input: &Input, choices: &[String]) -> AnyView {
    let value = input.values.first().or(input.field.default.first().filter(|_| input.required)).cloned();
    let unset = (!input.required || value.is_none()).then(|| view! { <option value=""></option> });
    let options = choices.iter().cloned().map(|choice| {
        let (selected, text) = (value.as_ref() == Some(&choice), choice.clone());
        view! { <option selected=selected value=choice>{text}</option> }
    });
    view! {
        <select
            class="input"
            id=input.id.clone()
            name=input.name.clone()
            required=input.required
            aria-invalid=invalid(input)
            aria-describedby=notes(input)
        >
            {unset}
            {options.collect::<Vec<_>>()}
        </select>
    }
    .into_any()
}

/// Radio buttons or checkboxes: values with their words.
fn options(input: Input, kind: &'static str, choices: Vec<(String, String)>) -> AnyView {
    let chosen = |value: &String| {
        input.values.contains(value) || (value.is_empty() && kind == "radio" && input.values.is_empty())
    };
    let required = input.required && kind == "radio";
    let options = choices.into_iter().enumerate().map(|(position, (value, words))| {
        let id = (position == 0).then(|| input.id.clone());
        let checked = chosen(&value);
        view! {
            <label>
                <input type=kind id=id name=input.name.clone() value=value checked=checked required=required />
                " "
                {words}
            </label>
        }
    });
    let options: Vec<_> = options.collect();
    let (described_by, hint, mark) = (notes(&input), hint(&input), mark(&input));
    let Input { id, label, required, error, .. } = input;
    view! {
        <fieldset class="field" aria-describedby=described_by>
            <legend class="field-label">
                <FieldLabel label required mark />
            </legend>
            <div class="choices">{options}</div>
            <FieldNotes id hint error />
        </fieldset>
    }
    .into_any()
}

fn text_area(input: &Input, code: bool) -> AnyView {
    let placeholder = input.field.example.first().or(input.field.default.first()).cloned();
    view! {
        <TextArea
            id=input.id.clone()
            name=input.name.clone()
            text=input.values.first().cloned().unwrap_or_default()
            code
            required=input.required
            invalid=input.error.is_some()
            described_by=notes(input)
            placeholder=placeholder
            rows=4
        />
    }
    .into_any()
}

fn mark(input: &Input) -> String {
    let mark = words::mark(&input.field);
    if input.deprecated { format!("{mark}, deprecated") } else { mark }
}

fn hint(input: &Input) -> Option<String> {
    let hints = [input.description.clone(), words::hint(&input.field)];
    let hints: Vec<String> = hints.into_iter().flatten().collect();
    (!hints.is_empty()).then(|| hints.join(" "))
}

fn invalid(input: &Input) -> Option<&'static str> {
    input.error.is_some().then_some("true")
}

fn notes(input: &Input) -> Option<String> {
    described_by(&input.id, hint(input).as_deref(), input.error.as_deref())
}
