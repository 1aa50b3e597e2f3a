//! A body as inputs within inputs.

use leptos::prelude::*;

use super::{
    button::FormButton,
    control,
    input::{self, Inputs},
};
use crate::{
    components::prose::note,
    openapi::{Content, Edit, FormNode, Variants, null_input, open_input, rows_input},
    types::Intent,
    ui::{Field, FieldLabel, FieldNotes, described_by},
};

/// One part of a body: an input, or a group of its own.
pub fn node(node: &FormNode, inputs: &Inputs) -> AnyView {
    match &node.content {
        Content::Input(field) if node.variants.is_empty() => view! {
            {control::field(inputs.of_node(node, field))}
            {null(node, inputs)}
        }
        .into_any(),
        Content::File { multiple } => file(node, *multiple, inputs),
        Content::Folded => folded(node),
        _ => group(node, inputs),
    }
}

/// What is inside a part, without a frame around it.
pub fn content(node: &FormNode, inputs: &Inputs) -> AnyView {
    let variants: Vec<AnyView> = node.variants.iter().map(|choice| variants(node, choice)).collect();
    let inside = match &node.content {
        Content::Object { members, add, pattern } => {
            let add = add.as_ref().map(|name| {
                let id = format!("{}-add", input::body_id(&node.input));
                add_member(id, name.clone(), &node.label, pattern.as_deref())
            });
            view! {
                {object(members, inputs)}
                {add}
            }
            .into_any()
        }
        Content::List { rows } => list(node, rows, inputs),
        Content::Input(field) => control::field(inputs.of_node(node, field)),
        Content::File { multiple } => file(node, *multiple, inputs),
        Content::Folded => folded(node),
    };
    let empty = node.when_empty().filter(|_| node.is_sent_empty(inputs.values()));
    let empty = empty.map(|value| control::send_empty(node.input.clone(), value, true, &node.label));
    view! {
        {variants}
        {inside}
        {empty}
    }
    .into_any()
}

/// Objects, lists and choices stand in a frame that a link can lead to.
fn group(node: &FormNode, inputs: &Inputs) -> AnyView {
    let id = input::body_id(&node.input);
    let mark = if node.deprecated { "deprecated".to_owned() } else { String::new() };
    let (hint, error) = (node.description.as_deref().map(note), inputs.error(&node.input));
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    let notes = view! { <FieldNotes id=id.clone() hint error /> };
    let open = open_input(&node.input);
    let is_open = inputs.values().first(&open).is_some();
    let open = is_open.then(|| view! { <input type="hidden" name=open value="1" /> });
    view! {
        <fieldset class="form-node" id=id tabindex="-1" aria-describedby=described_by>
            <legend class="field-label">
                <FieldLabel label=node.label.clone() required=node.required mark />
            </legend>
            {open}
            {notes}
            {content(node, inputs)}
            {null(node, inputs)}
        </fieldset>
    }
    .into_any()
}

fn object(members: &[FormNode], inputs: &Inputs) -> Vec<AnyView> {
    members.iter().map(|member| self::member(member, inputs)).collect()
}

/// The input that takes the name of one more member of something. Patterns of documents match anywhere in a name, those of
/// inputs all of it.
pub fn add_member(id: String, name: String, of: &str, pattern: Option<&str>) -> AnyView {
    let label = format!("Name of one more member of {of}");
    let title = pattern.map(|pattern| format!("A name that matches {pattern}"));
    let pattern = pattern.map(|pattern| format!(".*(?:{pattern}).*"));
    view! {
        <div class="form-row">
            <input
                class="input"
                id=id.clone()
                name=name
                aria-label=label
                placeholder=title.clone().unwrap_or_else(|| "Name".to_owned())
                pattern=pattern
                title=title
                autocomplete="off"
            />
            <FormButton intent=Intent::Redraw focus=id>
                "Add member"
            </FormButton>
        </div>
    }
    .into_any()
}

/// One that is there only because somebody has named it can be removed again.
fn member(member: &FormNode, inputs: &Inputs) -> AnyView {
    if !member.removable {
        return node(member, inputs);
    }
    let remove = Edit::RemoveMember(member.input.clone());
    removable(node(member, inputs), remove, &member.label, None)
}

fn list(node: &FormNode, rows: &[FormNode], inputs: &Inputs) -> AnyView {
    let id = input::body_id(&node.input);
    let add_id = format!("{id}-add");
    let count = rows.len();
    let rows = rows.iter().enumerate().map(|(number, row)| {
        let row = FormNode { label: format!("{} {}", node.label, number + 1), ..row.clone() };
        let remove = Edit::RemoveRow(row.input.clone());
        removable(self::node(&row, inputs), remove, &row.label, Some(add_id.clone()))
    });
    view! {
        <input type="hidden" name=rows_input(&node.input) value=count.to_string() />
        {rows.collect::<Vec<_>>()}
        <div>
            <FormButton
                intent=Intent::Edit(Edit::AddRow(node.input.clone()))
                id=add_id.clone()
                label=format!("Add a row to {}", node.label)
                focus=format!("{id}/{count}")
            >
                "Add row"
            </FormButton>
        </div>
    }
    .into_any()
}

pub fn removable(content: AnyView, edit: Edit, label: &str, focus: Option<String>) -> AnyView {
    let focus = focus.unwrap_or_else(|| super::FORM.to_owned());
    view! {
        <div class="form-row">
            <div>{content}</div>
            <FormButton intent=Intent::Edit(edit) label=format!("Remove {label}") focus=focus>
                "Remove"
            </FormButton>
        </div>
    }
    .into_any()
}

/// The choice between schemas.
fn variants(node: &FormNode, Variants { input, names, chosen }: &Variants) -> AnyView {
    let options = names.iter().enumerate().map(|(number, name)| {
        let (selected, name) = (number == *chosen, name.clone());
        view! { <option selected=selected value=number.to_string()>{name}</option> }
    });
    let (id, name, label) =
        (input::body_id(input), input.clone(), format!("Use this variant of {}", node.label));
    let options: Vec<_> = options.collect();
    view! {
        <div class="form-row">
            <Field id=id.clone() label=format!("Variant of {}", node.label)>
                <select class="input" id=id name=name data-redraw="">
                    {options}
                </select>
            </Field>
            <noscript>
                <FormButton intent=Intent::Redraw label>
                    "Use variant"
                </FormButton>
            </noscript>
        </div>
    }
    .into_any()
}

fn file(node: &FormNode, multiple: bool, inputs: &Inputs) -> AnyView {
    let (id, error) = (input::body_id(&node.input), inputs.error(&node.input));
    let hint = node.description.as_deref().map(note);
    let described_by = described_by(&id, hint.is_some(), error.is_some());
    let invalid = error.is_some().then_some("true");
    let (name, required) = (node.input.clone(), node.required);
    view! {
        <Field id=id.clone() label=node.label.clone() required mark="file" hint error>
            <input
                class="input"
                type="file"
                id=id
                name=name
                multiple=multiple
                required=required
                aria-invalid=invalid
                aria-describedby=described_by
            />
        </Field>
    }
    .into_any()
}

fn folded(node: &FormNode) -> AnyView {
    let focus = input::body_id(&node.input);
    view! {
        <div class="field">
            <span class="field-label">
                <FieldLabel label=node.label.clone() required=node.required mark="object".to_owned() />
            </span>
            <div>
                <FormButton
                    intent=Intent::Edit(Edit::Unfold(node.input.clone()))
                    label=format!("Fill in {}", node.label)
                    focus=focus
                >
                    "Fill in"
                </FormButton>
            </div>
        </div>
    }
    .into_any()
}

/// The box that says `null` instead of what stands above it.
fn null(node: &FormNode, inputs: &Inputs) -> Option<AnyView> {
    node.nullable.then(|| {
        let checked = node.is_null(inputs.values());
        view! {
            <label class="form-null small">
                <input type="checkbox" name=null_input(&node.input) value="1" checked=checked />
                " "
                <code>"null"</code>
                <span class="visually-hidden">{format!(" for {}", node.label)}</span>
            </label>
        }
        .into_any()
    })
}
