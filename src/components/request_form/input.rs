use std::collections::HashSet;

use leptos::prelude::*;

use super::{body, control, object, server};
use crate::{
    openapi::{
        BODY, Field, FieldError, FormNode, Kind, Member, NamedExample, Parameter, Place, SERVER, Values,
        member_input,
    },
    types::{BodyEntry, OperationPage},
};

/// One input of the form, ready to be written.
#[derive(Debug, Clone)]
pub struct Input {
    pub id: String,
    pub name: String,
    pub label: String,
    pub required: bool,
    /// Whether it is sent in any case, so that it may begin with a value of its own.
    pub is_sent: bool,
    pub deprecated: bool,
    pub description: Option<String>,
    pub field: Field,
    /// What the document suggests to fill in.
    pub examples: Vec<NamedExample>,
    /// What is filled in.
    pub values: Vec<String>,
    /// Whether it is sent although it is empty; `None` where there is no reason to ask.
    pub empty: Option<bool>,
    /// The same with what is still empty, for lists.
    pub rows: Vec<String>,
    pub error: Option<String>,
}

/// What all inputs of a form draw from.
pub struct Inputs<'a> {
    page: &'a OperationPage,
    /// The names of all inputs of the body, where it is a form.
    names: HashSet<String>,
    /// Those of them that are sent in any case.
    sent: HashSet<String>,
}

impl<'a> Inputs<'a> {
    pub fn of(page: &'a OperationPage) -> Self {
        let (mut names, mut sent) = (HashSet::new(), HashSet::new());
        if let BodyEntry::Form(form) = &page.body {
            form.walk(&mut |node| {
                names.insert(node.input.clone());
            });
            form.walk_sent(&page.values, &mut |node| {
                sent.insert(node.input.clone());
            });
        }
        Self { page, names, sent }
    }

    pub fn values(&self) -> &Values {
        &self.page.values
    }

    pub fn body(&self) -> &BodyEntry {
        &self.page.body
    }

    /// The input of a part of the body.
    pub fn of_node(&self, node: &FormNode, field: &Field) -> Input {
        Input {
            id: body_id(&node.input),
            name: node.input.clone(),
            label: node.label.clone(),
            required: node.required,
            is_sent: self.sent.contains(&node.input),
            deprecated: node.deprecated,
            description: node.description.clone(),
            field: field.clone(),
            examples: Vec::new(),
            values: if node.is_left { Vec::new() } else { given(&self.page.values, &node.input) },
            empty: self.empty(&node.input, field),
            rows: Vec::new(),
            error: self.error(&node.input),
        }
    }

    /// The inputs of a parameter: one, or one for each member of an object that is not given as JSON.
    pub fn field(&self, parameter: &Parameter) -> AnyView {
        let is_json = self.page.values.first(&parameter.input).is_some();
        match &parameter.field.kind {
            Kind::Object(members) if !members.is_empty() && !is_json => {
                object::object(self, parameter, members)
            }
            _ => control::field(self.input(parameter)),
        }
    }

    /// Every problem with the id and the label of its input.
    pub fn errors(&self) -> Vec<(String, String)> {
        let label = |input: &str| match input.strip_prefix(BODY) {
            Some("") => "Body".to_owned(),
            Some(inside) if inside.starts_with('/') => inside.trim_start_matches('/').to_owned(),
            None if input == SERVER => "Server".to_owned(),
            _ => input.to_owned(),
        };
        let error = |problem: &FieldError| {
            (self.id_of(&problem.input), format!("{}: {}", label(&problem.input), problem.message))
        };
        self.page.problems.iter().map(error).collect()
    }

    fn input(&self, parameter: &Parameter) -> Input {
        Input {
            id: id(parameter.place, &parameter.input),
            name: parameter.input.clone(),
            label: parameter.name.clone(),
            required: parameter.required,
            is_sent: parameter.required,
            deprecated: parameter.deprecated,
            description: parameter.description.clone(),
            field: parameter.field.clone(),
            examples: parameter.examples.clone(),
            values: given(&self.page.values, &parameter.input),
            empty: self.empty(&parameter.input, &parameter.field).filter(|_| parameter.place != Place::Path),
            rows: rows(&self.page.values, &parameter.input),
            error: self.error(&parameter.input),
        }
    }

    pub fn member(&self, parameter: &Parameter, member: &Member) -> Input {
        let name = member_input(&parameter.input, &member.name);
        Input {
            id: id(parameter.place, &name),
            label: member.name.clone(),
            required: parameter.required && member.required,
            is_sent: parameter.required && member.required,
            deprecated: false,
            description: member.description.clone(),
            field: member.field.clone(),
            examples: Vec::new(),
            values: given(&self.page.values, &name),
            empty: self.empty(&name, &member.field).filter(|_| parameter.place != Place::Path),
            rows: rows(&self.page.values, &name),
            error: self.error(&name),
            name,
        }
    }

    /// Whether an input is sent although it is empty. Asked only where it came so, where the document says that it may,
    /// and where a text is missed.
    fn empty(&self, name: &str, field: &Field) -> Option<bool> {
        let values = &self.page.values;
        let is_choice = matches!(&field.kind, Kind::Choice(choices) if choices.iter().any(String::is_empty));
        let is_missed =
            || field.kind == Kind::Text && values.first(name).is_none() && self.error(name).is_some();
        let is_sent = values.is_sent_empty(name);
        (is_sent || field.allow_empty || is_choice || is_missed()).then_some(is_sent)
    }

    /// What is wrong with an input.
    pub fn error(&self, name: &str) -> Option<String> {
        let problem = self.page.problems.iter().find(|problem| problem.input == name);
        problem.map(|problem| problem.message.clone())
    }

    fn id_of(&self, input: &str) -> String {
        if let Some(id) = server::id(input) {
            return id;
        }
        let own = input.split('[').next().unwrap_or(input);
        let find = |name: &str| self.page.operation.parameters.iter().find(|p| p.input == name);
        let place = find(input).or_else(|| find(own)).map(|parameter| parameter.place);
        place.map_or_else(|| self.id_in_body(input), |place| id(place, input))
    }

    /// What has no input of its own is told at the part that it belongs to.
    fn id_in_body(&self, input: &str) -> String {
        let mut input = input;
        while !self.names.contains(input) {
            let Some((outer, _)) = input.rsplit_once('/') else { return body::ID.to_owned() };
            input = outer;
        }
        body_id(input)
    }
}

fn given(values: &Values, name: &str) -> Vec<String> {
    values.all(name).map(str::to_owned).collect()
}

fn rows(values: &Values, name: &str) -> Vec<String> {
    values.iter().filter(|(other, _)| *other == name).map(|(_, value)| value.to_owned()).collect()
}

/// The id of an input of the body, from its name.
pub fn body_id(input: &str) -> String {
    format!("b-{}", input.replace(char::is_whitespace, "_"))
}

/// Ids say where a parameter goes, because one name may stand in several places. They hold no space.
pub fn id(place: Place, name: &str) -> String {
    let prefix = match place {
        Place::Path => 'p',
        Place::Query => 'q',
        Place::Header => 'h',
        Place::Cookie => 'c',
    };
    format!("{prefix}-{}", name.replace(char::is_whitespace, "_"))
}
