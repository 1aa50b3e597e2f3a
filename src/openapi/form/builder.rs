//! Building a form from a schema and from what is filled in so far.

use std::collections::HashSet;

use super::super::body::{self, BodyKind};
use super::super::field::{Field, Kind, add_input};
use super::super::form_data;
use super::super::index::OperationSummary;
use super::super::input;
use super::super::node;
use super::super::operation::locate;
use super::super::reference::Resolver;
use super::super::request::{BODY, Check};
use super::super::schema::{Alternatives, Schema, Tag};
use super::super::tree::{Node, unescaped};
use super::super::values::Values;
use super::{Content, FormNode, Variants, inside};

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
/// How many choices between schemas are offered for one part.
const MOST_VARIANTS: usize = 4;

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

/// What the chosen variants mean for the members of an object.
#[derive(Default)]
struct Choice<'a> {
    /// What tells them from the others, the innermost last.
    tags: Vec<Tag<'a>>,
    /// The variants that were not chosen.
    elsewhere: Vec<Variant<'a>>,
}

/// A variant of a schema.
struct Variant<'a> {
    of: Schema<'a>,
    node: &'a Node,
    tag: Option<Tag<'a>>,
}

impl<'a> Variant<'a> {
    fn schema(&self) -> Schema<'a> {
        self.of.apart(self.node)
    }

    /// Whether its member of the name has the text as one of its choices.
    fn offers(&self, name: &str, text: &str) -> bool {
        let is_tag = self.tag.as_ref().is_some_and(|tag| tag.name == name && tag.values.contains(&text));
        let choices = || self.schema().property(name).choices();
        is_tag || choices().is_some_and(|all| all.into_iter().any(|choice| node::as_typed(choice) == text))
    }
}

impl<'a> Choice<'a> {
    fn add(&mut self, schema: &Schema<'a>, alternatives: &Alternatives<'a>, chosen: &'a Node) {
        self.tags.extend(alternatives.settled_tag(schema, chosen));
        let others = alternatives.nodes.iter().filter(|node| !std::ptr::eq(**node, chosen));
        let variant = |node: &&'a Node| Variant { of: schema.clone(), node, tag: alternatives.tag(node) };
        self.elsewhere.extend(others.map(variant));
    }

    /// The values of a member, where it is one that tells variants apart.
    fn told_by(&self, name: &str) -> Option<&[&'a str]> {
        self.tags.iter().rfind(|tag| tag.name == name).map(|tag| tag.values.as_slice())
    }

    /// The members of variants that were not chosen. They do not stay as members nobody described.
    fn names_elsewhere(&self) -> HashSet<&'a str> {
        self.elsewhere.iter().flat_map(|variant| variant.schema().property_names()).collect()
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
        let mut schema = schema.clone();
        let nullable = schema.is_nullable();
        let (mut variants, mut choice) = (Vec::new(), Choice::default());
        let mut settled = 0;
        for number in 0..MOST_VARIANTS {
            let Some((alternatives, then)) = schema.next_choice(settled) else { break };
            settled = then;
            let chosen = self.chosen(&schema, &alternatives, &spot, number);
            if alternatives.len() > 1 {
                let names = alternatives.names(&schema);
                variants.push(Variants { input: variants_input(&spot, number), names, chosen });
            }
            // What others build on applies already.
            let Some(alternative) = alternatives.nodes.get(chosen) else { break };
            choice.add(&schema, &alternatives, alternative);
            schema = schema.and(alternative);
        }
        let types = schema.types_to_choose();
        let chosen = self.chosen_type(&schema, &types, &spot);
        if let Some(name) = types.get(chosen) {
            let names = types.iter().map(|name| (*name).to_owned()).collect();
            variants.push(Variants { input: type_input(&spot), names, chosen });
            schema = schema.of_type(name);
        }
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
            Some("object") if !self.is_unfolded(spot) => Content::Folded(format!("{}~open", spot.input)),
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
                || self.is_given(&format!("{}~open", spot.input))
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

    /// Whether what is filled in is a choice of a variant that was left, and not of the chosen one.
    fn is_left(&self, node: &FormNode, choice: &Choice) -> bool {
        let Content::Input(field) = &node.content else { return false };
        let (Kind::Choice(choices), Some(text)) = (&field.kind, self.values.first(&node.input)) else {
            return false;
        };
        let is_elsewhere = || choice.elsewhere.iter().any(|variant| variant.offers(&node.label, text));
        !choices.iter().any(|choice| choice == text) && is_elsewhere()
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
        let add = format!("{}~rows", spot.input);
        let given = self.names_in(&spot.input).iter().filter_map(|name| name.parse::<usize>().ok()).max();
        let asked = self.values.first(&add).and_then(|rows| rows.parse().ok());
        let least = schema.count("minItems").and_then(|least| usize::try_from(least).ok());
        let shown = [given.map(|last| last.saturating_add(1)), asked, least].into_iter().flatten().max();
        let items = schema.items();
        let rows = (0..shown.unwrap_or(0).min(MOST_ROWS)).take_while(|_| self.made < MOST_NODES);
        let spots: Vec<_> = rows.map(|row| Spot::inside(spot, &row.to_string(), false)).collect();
        Content::List { rows: spots.into_iter().map(|spot| self.node(&items, spot)).collect(), add }
    }

    /// The number of the alternative that applies: the one that was chosen, else the first that what was filled
    /// in so far names, else the first that it suits. Where others build on a schema, it applies when none of them does.
    fn chosen(&self, schema: &Schema, alternatives: &Alternatives, spot: &Spot, number: usize) -> usize {
        let chosen = self.values.first(&variants_input(spot, number)).and_then(|text| text.parse().ok());
        let given = self.names_in(&spot.input);
        let nodes = &alternatives.nodes;
        let named = alternatives.told_by().and_then(|name| self.values.first(&inside(&spot.input, name)));
        let is_named = |node: &&Node| {
            let tag = alternatives.tag(node);
            tag.is_some_and(|tag| named.is_some_and(|named| tag.values.contains(&named)))
        };
        let suits = |node: &&Node| match named.filter(|_| alternatives.tag(node).is_some()) {
            Some(named) => is_own_name(schema, alternatives, node, named),
            None if alternatives.base.is_some() => given.is_empty(),
            None => self.suits(schema, node, spot, &given),
        };
        chosen
            .filter(|chosen| *chosen < alternatives.len())
            .or_else(|| nodes.iter().position(is_named))
            .or_else(|| nodes.iter().position(suits))
            .or_else(|| alternatives.base.map(|_| nodes.len()))
            .unwrap_or_default()
    }

    /// The number of the type that applies: the one that was chosen, else the narrowest that what was filled in suits.
    fn chosen_type(&self, schema: &Schema, types: &[&str], spot: &Spot) -> usize {
        const NARROWEST: [&str; 6] = ["boolean", "integer", "number", "array", "object", "string"];
        if types.is_empty() {
            return 0;
        }
        let chosen = self.values.first(&type_input(spot)).and_then(|text| text.parse().ok());
        let (given, text) = (self.names_in(&spot.input), self.values.sent(&spot.input).first().copied());
        let suits = |name: &str| match name {
            "array" => text == Some("[]") || given.first().is_some_and(|name| name.parse::<usize>().is_ok()),
            "object" => text == Some("{}") || !given.is_empty(),
            name => text.is_some_and(|text| {
                input::single(&Field::read(schema.clone().of_type(name)), text, Check::Strict).is_ok()
            }),
        };
        let suiting = || NARROWEST.into_iter().find(|name| types.contains(name) && suits(name));
        let position = |name| types.iter().position(|other| *other == name);
        chosen.filter(|chosen| *chosen < types.len()).or_else(|| position(suiting()?)).unwrap_or_default()
    }

    fn suits(&self, schema: &Schema, node: &Node, spot: &Spot, given: &[String]) -> bool {
        let alternative = schema.apart(node);
        let text = self.values.sent(&spot.input).first().copied();
        match alternative.kind() {
            Some("object") => {
                text.is_none_or(|text| text == "{}")
                    && given.iter().all(|name| self.suits_member(&alternative, spot, name))
            }
            Some("array") => {
                text.is_none_or(|text| text == "[]") && given.iter().all(|name| name.parse::<usize>().is_ok())
            }
            _ => {
                let field = || Field::read(alternative.clone());
                let fits = |text: &str| {
                    !matches!(text, "{}" | "[]") && input::single(&field(), text, Check::Strict).is_ok()
                };
                given.is_empty() && text.is_none_or(fits)
            }
        }
    }

    /// Whether an object has a member of the name, and that takes what is filled in, where it names its choices.
    fn suits_member(&self, schema: &Schema, spot: &Spot, name: &str) -> bool {
        let property = schema.property(name);
        let text = self.values.first(&inside(&spot.input, name));
        let takes = |choices: Vec<&Node>| {
            text.is_none_or(|text| choices.into_iter().any(|one| node::as_typed(one) == text))
        };
        let is_known = !property.is_empty() || schema.properties().is_empty();
        is_known && property.choices().is_none_or(takes)
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

/// The name in one part of the name of an input, without the suffixes of the form's own inputs.
fn plain(part: &str) -> String {
    let name = ["~open", "~rows", "~add", "~null", "~empty", "~variant"]
        .iter()
        .find_map(|suffix| Some(part.split_once(suffix)?.0));
    unescaped(name.unwrap_or(part))
}

fn variants_input(spot: &Spot, number: usize) -> String {
    format!("{}~variant{number}", spot.input)
}

fn type_input(spot: &Spot) -> String {
    format!("{}~variant-type", spot.input)
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

/// Whether an alternative itself has the text as a choice for the member that tells it apart, and not what the document
/// calls it elsewhere.
fn is_own_name<'a>(schema: &Schema<'a>, alternatives: &Alternatives<'a>, node: &'a Node, text: &str) -> bool {
    let Some(tag) = alternatives.tag(node) else { return false };
    let choices = || schema.apart(node).property(tag.name).choices();
    alternatives.settled_tag(schema, node).is_none()
        && choices().is_some_and(|choices| choices.into_iter().any(|choice| node::as_typed(choice) == text))
}
