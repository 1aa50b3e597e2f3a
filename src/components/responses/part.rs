//! What a value holds, as lists in lists that fold.

use leptos::prelude::*;

use crate::{
    components::{
        prose::note,
        request_form::words,
        text::{counted, head},
    },
    openapi::{Described, Inside, Kind},
    ui::FieldLabel,
};

/// How deep folds may be open from the start.
const OPEN: usize = 2;
/// Values of a choice that are listed.
const MOST_VALUES: usize = 60;
/// The most of a value or of an example that is shown, in bytes.
const LONGEST_VALUE: usize = 200;

/// A part that stands for itself: what is inside does not fold.
pub fn whole(part: &Described) -> AnyView {
    view! {
        <div class="part">
            <p class="field-mark">{mark(part)}</p>
            {about(part)}
            {content(innermost(part), 0)}
        </div>
    }
    .into_any()
}

/// Parts beside each other. The only one that holds others is open, as the data in its frame.
pub fn list(parts: &[Described]) -> AnyView {
    list_at(parts, 0)
}

fn list_at(parts: &[Described], depth: usize) -> AnyView {
    let is_only = depth < OPEN && parts.iter().filter(|part| summary(part).is_some()).count() == 1;
    let rows: Vec<_> = parts.iter().map(|part| row(part, name(&part.name), is_only, depth)).collect();
    view! { <ul class="parts">{rows}</ul> }.into_any()
}

fn name(name: &str) -> AnyView {
    view! { <code>{name.to_owned()}</code> }.into_any()
}

fn row(part: &Described, name: AnyView, open: bool, depth: usize) -> AnyView {
    let mark = if part.deprecated { format!("{}, deprecated", mark(part)) } else { mark(part) };
    view! {
        <li class="part">
            <p>
                {name}
                <FieldLabel label=String::new() required=part.required mark />
            </p>
            {about(part)}
            {fold(part, open, depth)}
        </li>
    }
    .into_any()
}

fn fold(part: &Described, open: bool, depth: usize) -> Option<AnyView> {
    let summary = summary(part)?;
    let of = (!part.name.is_empty())
        .then(|| view! { <span class="visually-hidden">{format!(" of {}", part.name)}</span> });
    let content = content(innermost(part), depth + 1);
    Some(
        view! {
            <details class="disclosure" open=open>
                <summary>{summary}{of}</summary>
                {content}
            </details>
        }
        .into_any(),
    )
}

/// How much there is inside, if there is anything.
fn summary(part: &Described) -> Option<String> {
    let part = innermost(part);
    let members = match &part.inside {
        Inside::Members { named, more, others } => named.len() + more + usize::from(others.is_some()),
        _ => 0,
    };
    let fields = (members > 0).then(|| counted(members, "field"));
    let choices = part.choices.iter().map(|variants| format!("one of {}", variants.len()));
    let all: Vec<_> = fields.into_iter().chain(choices).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn content(part: &Described, depth: usize) -> AnyView {
    let members = match &part.inside {
        Inside::Members { named, more, others } => members(named, *more, others.as_deref(), depth),
        _ => ().into_any(),
    };
    let choices = part.choices.iter().map(|variants| {
        let rows: Vec<_> =
            variants.iter().map(|one| row(one, one.name.clone().into_any(), false, depth)).collect();
        view! {
            <p class="small muted">"One of these:"</p>
            <ul class="parts">{rows}</ul>
        }
    });
    let choices: Vec<_> = choices.collect();
    view! {
        {members}
        {choices}
    }
    .into_any()
}

fn members(named: &[Described], more: usize, others: Option<&Described>, depth: usize) -> AnyView {
    let named = (!named.is_empty()).then(|| list_at(named, depth));
    let more = (more > 0).then(|| view! { <p class="small muted">{format!("and {more} more")}</p> });
    let others = others.map(|others| {
        let name = view! { <em>"any other name"</em> }.into_any();
        view! { <ul class="parts">{row(others, name, depth < OPEN, depth)}</ul> }
    });
    view! {
        {named}
        {more}
        {others}
    }
    .into_any()
}

/// What the items are of which a list of lists is made in the end.
fn innermost(part: &Described) -> &Described {
    match &part.inside {
        Inside::Items(item) => innermost(item),
        _ => part,
    }
}

/// The type in words and its limits: “list of date-time or null, at most 5 items”.
fn mark(part: &Described) -> String {
    let null = if part.nullable { " or null" } else { "" };
    let kind = format!("{}{null}", kind(part));
    std::iter::once(kind).chain(words::limits(&part.field)).collect::<Vec<_>>().join(", ")
}

fn kind(part: &Described) -> String {
    if let Inside::Items(item) = &part.inside {
        return format!("list of {}", kind(item));
    }
    let format = part.field.format.clone().filter(|format| !format.is_empty());
    match part.types.as_slice() {
        [] if !part.choices.is_empty() => "one of several".to_owned(),
        [] => "any value".to_owned(),
        [one] if one == "string" => format.unwrap_or_else(|| "string".to_owned()),
        several => several.join(" or "),
    }
}

/// What it means, its values, an example, and where to read on.
fn about(part: &Described) -> AnyView {
    let inner = innermost(part);
    let text = part.description.as_ref().or(inner.description.as_ref());
    let text = text.map(|text| view! { <div class="field-hint">{note(text)}</div> });
    let notes =
        [values(inner), words::hint(&part.field).map(IntoAny::into_any), example(part), elsewhere(inner)];
    let notes: Vec<_> =
        notes.into_iter().flatten().map(|note| view! { <p class="field-hint">{note}</p> }).collect();
    view! {
        {text}
        {notes}
    }
    .into_any()
}

fn values(part: &Described) -> Option<AnyView> {
    let Kind::Choice(choices) = &part.field.kind else { return None };
    let beginning = if choices.len() == 1 { "Always" } else { "One of" };
    let more = choices.len().saturating_sub(MOST_VALUES);
    let values = choices.iter().take(MOST_VALUES).enumerate().map(|(at, choice)| {
        let choice = head(choice, LONGEST_VALUE).to_owned();
        view! { {if at == 0 { " " } else { ", " }} <code>{choice}</code> }
    });
    let values: Vec<_> = values.collect();
    let more = (more > 0).then(|| format!(" and {more} more"));
    Some(view! { {beginning} {values} {more} }.into_any())
}

/// An example of a value that holds no others; those of a whole answer stand apart.
fn example(part: &Described) -> Option<AnyView> {
    let is_plain = part.inside == Inside::Nothing && !matches!(part.field.kind, Kind::Choice(_) | Kind::Json);
    let example = part.field.example.first().filter(|_| is_plain)?;
    let example = head(example, LONGEST_VALUE).to_owned();
    Some(view! { "Example: " <code>{example}</code> }.into_any())
}

fn elsewhere(part: &Described) -> Option<AnyView> {
    let (words, name) = match &part.inside {
        Inside::Again(name) => ("The same fields as further up", name),
        Inside::Folded(name) => ("Its fields are too many or too deep to be shown here", name),
        _ => return None,
    };
    let name = name.clone().map(|name| view! { ": " <code>{name}</code> });
    Some(view! { {words} {name} }.into_any())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::openapi::Document;

    fn html(schema: &serde_json::Value) -> String {
        let response = json!({ "content": { "application/json": { "schema": schema } } });
        let document = json!({ "paths": { "/": { "get": { "responses": { "200": response } } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let detail = document.response(&document.operations()[0], "200", None).unwrap();
        Owner::new().with(|| whole(&detail.body.unwrap()).to_html())
    }

    #[test]
    fn types_are_told_in_words() {
        let members = json!({
            "at": { "type": "string", "format": "date-time" }, "either": { "type": ["string", "integer", "null"] },
            "rows": { "type": "array", "maxItems": 5, "items": { "type": "array", "items": { "type": "number" } } },
            "kind": { "const": "a" }, "one": { "oneOf": [{ "type": "string" }, { "type": "object", "title": "Big" }] },
            "free": {},
        });
        let html = html(&json!({ "type": "object", "required": ["at"], "properties": members }));
        for words in [
            "date-time",
            "string or integer or null",
            "list of list of number, at most 5 items",
            "Always",
            "one of several",
            "One of these:",
            "Big",
            "any value",
            "data-required",
        ] {
            assert!(html.contains(words), "{words}: {html}");
        }
    }

    #[test]
    fn what_a_document_plants_stays_text() {
        let script = "<script>alert(1)</script>";
        let part = json!({ "type": script, "format": script, "title": script, "description": script,
            "enum": [script], "default": script, "pattern": script, "example": script });
        let choice = json!({ "oneOf": [part, { "$ref": format!("#/{script}") }] });
        let html =
            html(&json!({ "properties": { script: part, "b": choice }, "additionalProperties": part }));
        assert!(html.contains("alert(1)") && !html.contains("<script"), "{html}");
    }
}
