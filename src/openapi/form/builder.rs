//! Building a form from a schema and from what is filled in so far.

mod choice;

use std::collections::HashSet;

use self::choice::Choice;
use super::super::body::{self, BodyKind};
use super::super::field::{Field, Kind};
use super::super::form_data;
use super::super::index::OperationSummary;
use super::super::input_name::{add_input, inside, open_input, plain, rows_input};
use super::super::node;
use super::super::operation::locate;
use super::super::reference::Resolver;
use super::super::request::BODY;
use super::super::schema::Schema;
use super::super::tree::Node;
use super::super::values::Values;
use super::{Content, FormNode};

/// How deep objects are unfolded that nobody asked for.
const UNFOLDED: usize = 2;
/// How deep objects are unfolded when everything around needs them.
const UNFOLDED_IF_REQUIRED: usize = 6;
/// How deep a form goes at all. Below, JSON is typed.
const DEEPEST: usize = 24;
/// How many parts a form has before nothing more is unfolded that nobody asked for.
const MANY_NODES: usize = 500;
/// How many parts a form has at most.
pub(super) const MOST_NODES: usize = 5000;
/// How many rows a list has at most.
const MOST_ROWS: usize = 200;

pub(super) fn build(root: &Node, summary: &OperationSummary, values: &Values) -> Option<FormNode> {
    let resolver = Resolver::new(root);
    let (_, operation) = locate(&resolver, summary)?;
    let request_body = resolver.resolve(operation.get("requestBody")?)?;
    let (media_type, media) = body::of_request(&resolver, request_body, values.first(body::MEDIA_TYPE))?;
    let schema = Schema::read(&resolver, media.get("schema")?);
    if !matches!(body::kind(media_type, &schema), BodyKind::Json | BodyKind::Form) {
        return None;
    }
    let spot = Spot {
        input: BODY.to_owned(),
        label: BODY.to_owned(),
        required: node::flag(request_body, "required"),
        depth: 0,
    };
    let is_multipart = form_data::is_multipart(media_type);
    Some(Builder { values, is_multipart, made: 0 }.node(&schema, spot))
}

/// Where a part of the form stands.
struct Spot {
    input: String,
    label: String,
    required: bool,
    depth: usize,
}

impl Spot {
    fn inside(outer: &Self, name: &str, required: bool) -> Self {
        Self { input: inside(&outer.input, name), label: name.to_owned(), required, depth: outer.depth + 1 }
    }
}

struct Builder<'v> {
    values: &'v Values,
    /// Whether files are chosen: in JSON and in other forms, what stands for one is a text.
    is_multipart: bool,
    made: usize,
}

impl Builder<'_> {
    fn node(&mut self, schema: &Schema, spot: Spot) -> FormNode {
        self.made += 1;
        let nullable = schema.is_nullable();
        let (schema, variants, choice) = self.settled(schema, &spot);
        FormNode {
            content: self.content(&schema, &spot, &choice),
            description: schema.text("description").map(str::to_owned),
            deprecated: schema.flag("deprecated"),
            nullable,
            removable: false,
            is_left: false,
            required: spot.required,
            input: spot.input,
            label: spot.label,
            variants,
        }
    }

    fn content(&mut self, schema: &Schema, spot: &Spot, choice: &Choice) -> Content {
        match schema.kind() {
            _ if self.is_multipart && schema.is_file() => Content::File { multiple: false },
            Some("array") if self.is_multipart && schema.is_upload() => Content::File { multiple: true },
            _ if schema.choices().is_some() => Content::Input(Field::read(schema.clone()).into()),
            Some("object" | "array") if spot.depth >= DEEPEST => Content::Input(json().into()),
            Some("object") if !self.is_unfolded(spot) => Content::Folded,
            Some("object") => self.object(schema, spot, choice),
            Some("array") => self.list(schema, spot),
            Some(_) => Content::Input(Field::read(schema.clone()).into()),
            None => self.anything(schema, spot, choice),
        }
    }

    /// Where the document does not say what it takes, JSON is typed, unless there is something inside already.
    fn anything(&mut self, schema: &Schema, spot: &Spot, choice: &Choice) -> Content {
        let names = self.names_in(&spot.input);
        if names.is_empty() || spot.depth >= DEEPEST {
            Content::Input(json().into())
        } else if names.iter().all(|name| name.parse::<usize>().is_ok()) {
            self.list(schema, spot)
        } else {
            self.object(schema, spot, choice)
        }
    }

    fn is_unfolded(&self, spot: &Spot) -> bool {
        let usual = if spot.required { UNFOLDED_IF_REQUIRED } else { UNFOLDED };
        let is_asked_for = || {
            !self.names_in(&spot.input).is_empty()
                || self.is_given(&spot.input)
                || self.is_given(&open_input(&spot.input))
        };
        (spot.depth <= usual && self.made < MANY_NODES) || (self.made < MOST_NODES && is_asked_for())
    }

    fn object(&mut self, schema: &Schema, spot: &Spot, choice: &Choice) -> Content {
        let required: HashSet<&str> = schema.required().into_iter().collect();
        let properties = schema.properties();
        let mut members = Vec::new();
        for (name, property) in properties.iter().filter(|(_, property)| !property.flag("readOnly")) {
            if self.made >= MOST_NODES {
                break;
            }
            let spot = Spot::inside(spot, name, required.contains(name));
            let node = match choice.told_by(name) {
                Some(values) => fixed(property, spot, values),
                None => self.node(property, spot),
            };
            members.push(FormNode { is_left: self.is_left(&node, choice), ..node });
        }
        let is_map = properties.is_empty() || schema.invites_others();
        let add = Some(add_input(&spot.input)).filter(|_| is_map && schema.allows_others());
        if schema.allows_others() {
            members.extend(self.others(schema, spot, choice));
        }
        let pattern = schema.only_pattern().map(|(pattern, _)| pattern.to_owned());
        Content::Object { members, add, pattern }
    }

    /// The members that only the values have.
    fn others(&mut self, schema: &Schema, spot: &Spot, choice: &Choice) -> Vec<FormNode> {
        let mut names = self.names_in(&spot.input);
        let added = self.values.first(&add_input(&spot.input)).map(str::to_owned);
        names.extend(added.filter(|added| !names.contains(added)));
        let described: HashSet<&str> = schema.property_names().into_iter().collect();
        names.retain(|name| !described.contains(name.as_str()));
        if !names.is_empty() {
            let elsewhere = choice.names_elsewhere();
            names.retain(|name| !elsewhere.contains(name.as_str()));
        }
        let spots = names.iter().take(MOST_ROWS).map(|name| Spot::inside(spot, name, false));
        spots
            .map(|spot| FormNode { removable: true, ..self.node(&schema.other(&spot.label), spot) })
            .collect()
    }

    fn list(&mut self, schema: &Schema, spot: &Spot) -> Content {
        let given = self.names_in(&spot.input).iter().filter_map(|name| name.parse::<usize>().ok()).max();
        let asked = self.values.first(&rows_input(&spot.input)).and_then(|rows| rows.parse().ok());
        let least = schema.count("minItems").and_then(|least| usize::try_from(least).ok());
        let shown = [given.map(|last| last.saturating_add(1)), asked, least].into_iter().flatten().max();
        let items = schema.items();
        let rows = (0..shown.unwrap_or(0).min(MOST_ROWS)).take_while(|_| self.made < MOST_NODES);
        let spots: Vec<_> = rows.map(|row| Spot::inside(spot, &row.to_string(), false)).collect();
        Content::List { rows: spots.into_iter().map(|spot| self.node(&items, spot)).collect() }
    }

    fn is_given(&self, input: &str) -> bool {
        self.values.first(input).is_some()
    }

    /// The names of the members or rows that have inputs so far, filled in or not, in order.
    fn names_in(&self, input: &str) -> Vec<String> {
        let (mut names, mut known) = (Vec::new(), HashSet::new());
        for (given, _) in self.values.iter() {
            let below = given.strip_prefix(input).and_then(|rest| rest.strip_prefix('/'));
            let name = below.and_then(|below| below.split('/').next()).map(plain);
            names.extend(name.filter(|name| known.insert(name.clone())));
        }
        names
    }
}

fn json() -> Field {
    Field { kind: Kind::Json, multiline: true, ..Field::default() }
}

/// The member that names the chosen variant takes nothing else.
fn fixed(schema: &Schema, spot: Spot, values: &[&str]) -> FormNode {
    let kind = Kind::Choice(values.iter().map(|value| (*value).to_owned()).collect());
    FormNode {
        description: schema.text("description").map(str::to_owned),
        deprecated: schema.flag("deprecated"),
        required: spot.required,
        input: spot.input,
        label: spot.label,
        nullable: false,
        removable: false,
        is_left: false,
        variants: Vec::new(),
        content: Content::Input(Field { kind, is_tag: true, ..Field::default() }.into()),
    }
}
