//! From what a field takes to the control that a browser has for it.

use leptos::prelude::*;

use super::{input::Input, line::line, list::list, words};
use crate::{
    components::prose::note,
    openapi::{Kind, NamedExample, empty_input},
    ui::{Field, FieldLabel, FieldNotes, TextArea, described_by},
};

/// One input with its label, its hint and its error.
pub fn field(input: Input) -> AnyView {
    let empty = input.empty.map(|is_sent| send_empty(empty_input(&input.name), "1", is_sent, &input.label));
    let examples = examples_id(&input).map(|id| {
        let options = input.examples.iter().map(|NamedExample { name, text }| {
            view! { <option value=text.clone()>{name.clone()}</option> }
        });
        view! { <datalist id=id>{options.collect::<Vec<_>>()}</datalist> }
    });
    let content = content(input);
    view! {
        {content}
        {examples}
        {empty}
    }
    .into_any()
}

/// The id of the list that browsers offer beside an input.
pub fn examples_id(input: &Input) -> Option<String> {
    (!input.examples.is_empty()).then(|| format!("{}-examples", input.id))
}

/// The examples in a row, for those to whom the browser does not offer them.
fn examples(input: &Input) -> Option<AnyView> {
    let example = |NamedExample { name, text }: &NamedExample| {
        let name = (!name.is_empty()).then(|| format!(" ({name})"));
        view! { " " <code>{text.clone()}</code> {name} }
    };
    let examples: Vec<_> = input.examples.iter().map(example).collect();
    (!examples.is_empty()).then(|| view! { "Examples:" {examples} }.into_any())
}

/// The box that has something sent although it is empty.
pub fn send_empty(name: String, value: &'static str, is_sent: bool, of: &str) -> AnyView {
    view! {
        <label class="form-null small">
            <input type="checkbox" name=name value=value checked=is_sent />
            " Send it empty"
            <span class="visually-hidden">{format!(": {of}")}</span>
        </label>
    }
    .into_any()
}

fn content(input: Input) -> AnyView {
    match input.field.kind.clone() {
        Kind::Boolean => {
            let unset = (!input.required).then(|| (String::new(), "not sent".to_owned()));
            let choices = offered(&input, &["true".to_owned(), "false".to_owned()]);
            options(input, "radio", unset.into_iter().chain(choices).collect())
        }
        Kind::List(item) => match item.kind {
            Kind::Choice(choices) => {
                let choices = offered(&input, &choices);
                options(input, "checkbox", choices)
            }
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

/// Choices with their words: those of the document but for the empty one, which has a box of its own, and what is filled
/// in all the same, so that it stays.
fn offered(input: &Input, choices: &[String]) -> Vec<(String, String)> {
    let others = input.values.iter().filter(|value| !choices.contains(value));
    let others = others.map(|value| (value.clone(), format!("{value} (not in the list)")));
    let choices = choices.iter().filter(|choice| !choice.is_empty());
    choices.map(|choice| (choice.clone(), choice.clone())).chain(others).collect()
}

fn select(input: &Input, choices: &[String]) -> AnyView {
    let is_tag = input.field.is_tag;
    let first = choices.first().filter(|_| is_tag || choices.len() == 1);
    let usual = input.field.default.first().or(first);
    let usual = usual.filter(|_| (is_tag || input.required) && input.is_sent);
    let value = input.values.first().or(usual).cloned();
    let unset = (!input.required || value.is_none()).then(|| view! { <option value=""></option> });
    let options = offered(input, choices).into_iter().map(|(choice, words)| {
        let selected = value.as_ref() == Some(&choice);
        view! { <option selected=selected value=choice>{words}</option> }
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

pub fn mark(input: &Input) -> String {
    let mark = words::mark(&input.field);
    if input.deprecated { format!("{mark}, deprecated") } else { mark }
}

pub fn hint(input: &Input) -> Option<AnyView> {
    let (description, words) = (input.description.as_deref(), words::hint(&input.field));
    let has_hint = has_hint(input);
    has_hint.then(|| view! { {description.map(note)} " " {words} " " {examples(input)} }.into_any())
}

fn has_hint(input: &Input) -> bool {
    input.description.is_some() || words::hint(&input.field).is_some() || !input.examples.is_empty()
}

pub fn invalid(input: &Input) -> Option<&'static str> {
    input.error.is_some().then_some("true")
}

pub fn notes(input: &Input) -> Option<String> {
    described_by(&input.id, has_hint(input), input.error.is_some())
}
