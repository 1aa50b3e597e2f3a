//! The inputs that choose a page: parameters of the query, and members of the body.

use serde_json::{Map, Value};

use super::plain;
use crate::{
    json_pointer::{pointer, unescaped},
    openapi::{BODY, Body, Content, Field, FormNode, Place, Values, as_typed, empty_input, null_input},
    types::{BodyEntry, OperationPage},
};

/// Members of a body whose own members choose a page.
const AROUND: [&str; 5] = ["pagination", "paging", "page", "pageinfo", "options"];
/// Names that choose a page in a query, and mean anything in a body.
const VAGUE: [&str; 2] = ["token", "start"];

/// An input that may choose a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chooser {
    /// What it is called, in lower case and without separators.
    pub name: String,
    /// What is filled in.
    pub current: Option<String>,
    /// What applies when nothing is.
    pub default: Option<String>,
    at: At,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    /// The input of this name.
    Input(String),
    /// This JSON Pointer in the body, which is filled in as a text.
    Text(String),
}

impl Chooser {
    /// Those of the query before those of the body.
    pub fn all(page: &OperationPage) -> Vec<Self> {
        let parameters = page.operation.parameters.iter().filter(|one| one.place == Place::Query);
        let parameters = parameters.map(|one| Self::input(page, &one.name, &one.input, &one.field));
        parameters.chain(Self::in_body(page)).collect()
    }

    fn in_body(page: &OperationPage) -> Vec<Self> {
        let takes_json = |body: &Body| body.is_json() || body.is_form();
        if !page.operation.body.as_ref().is_some_and(takes_json) {
            return Vec::new();
        }
        let fields = page.body.form().map(fields).unwrap_or_default();
        let all: Vec<_> = match &page.body {
            BodyEntry::Form(_) => fields
                .into_iter()
                .map(|(node, field)| Self::input(page, &node.label, &node.input, field))
                .collect(),
            BodyEntry::Text { text, .. } => Self::in_text(text, &fields),
            BodyEntry::None | BodyEntry::File => Vec::new(),
        };
        all.into_iter().filter(|chooser| !VAGUE.contains(&chooser.name.as_str())).collect()
    }

    fn input(page: &OperationPage, name: &str, input: &str, field: &Field) -> Self {
        Self {
            name: plain(name),
            current: page.values.first(input).map(str::to_owned),
            default: field.default.first().cloned(),
            at: At::Input(input.to_owned()),
        }
    }

    /// Those that the document describes; where it describes none, those that are there.
    fn in_text(text: &str, fields: &[(&FormNode, &Field)]) -> Vec<Self> {
        let Some(json) = parsed(text) else { return Vec::new() };
        let chooser = |name: &str, pointer: String, default| Self {
            name: plain(name),
            current: json.pointer(&pointer).filter(|value| !value.is_null()).map(as_typed),
            default,
            at: At::Text(pointer),
        };
        if fields.is_empty() {
            let names = json.as_object().into_iter().flat_map(Map::keys);
            return names.map(|name| chooser(name, pointer(&[name]), None)).collect();
        }
        let described = fields.iter().filter_map(|(node, field)| {
            let pointer = node.input.strip_prefix(BODY)?.to_owned();
            Some(chooser(&node.label, pointer, field.default.first().cloned()))
        });
        described.collect()
    }

    /// Whether this is what is filled in.
    pub fn holds(&self, value: &Value) -> bool {
        self.current.as_ref() == Some(&as_typed(value))
    }

    /// Fills it in. `None` where there is no place for it.
    pub fn set(&self, values: &mut Values, value: &Value) -> Option<()> {
        match &self.at {
            At::Input(input) => {
                let controls = [input.clone(), empty_input(input), null_input(input)];
                values.retain(|name| !controls.iter().any(|control| control == name));
                values.push(input, as_typed(value));
            }
            At::Text(pointer) => {
                let mut json = parsed(values.first(BODY).unwrap_or_default())?;
                let (around, name) = pointer.rsplit_once('/')?;
                let name = unescaped(name);
                let members = json.pointer_mut(around)?.as_object_mut()?;
                let value = alike(members.get(&name), value);
                members.insert(name, value);
                values.set(BODY, serde_json::to_string_pretty(&json).ok()?);
            }
        }
        Some(())
    }
}

/// An empty text is an empty object: members can be put into it.
fn parsed(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.is_empty() { Some(Map::new().into()) } else { serde_json::from_str(text).ok() }
}

/// A value of the type of the one that it takes the place of.
fn alike(old: Option<&Value>, new: &Value) -> Value {
    match (old, new) {
        (Some(Value::String(_)), new) => as_typed(new).into(),
        (Some(Value::Number(_)), Value::String(text)) => {
            text.parse().map_or_else(|_| new.clone(), Value::Number)
        }
        _ => new.clone(),
    }
}

/// The inputs of a form that may choose a page.
fn fields(form: &FormNode) -> Vec<(&FormNode, &Field)> {
    let around = members(form).iter().filter(|member| AROUND.contains(&plain(&member.label).as_str()));
    let nodes = members(form).iter().chain(around.flat_map(members));
    let inputs = nodes.filter_map(|node| match &node.content {
        Content::Input(field) => Some((node, &**field)),
        _ => None,
    });
    inputs.collect()
}

fn members(node: &FormNode) -> &[FormNode] {
    match &node.content {
        Content::Object { members, .. } => members,
        _ => &[],
    }
}
