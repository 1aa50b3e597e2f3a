//! Which variant applies where a schema leaves a choice, and what follows from that for its members.

use std::collections::HashSet;

use super::{Builder, Spot};
use crate::openapi::field::{Field, Kind};
use crate::openapi::form::{Content, FormNode, Variants};
use crate::openapi::input;
use crate::openapi::input_name::{inside, type_input, variant_input};
use crate::openapi::node;
use crate::openapi::request::Check;
use crate::openapi::schema::{Alternatives, Schema, Tag};
use crate::openapi::tree::Node;

/// How many choices between schemas are offered for one part.
const MOST_VARIANTS: usize = 4;

/// What the chosen variants mean for the members of an object.
#[derive(Default)]
pub(super) struct Choice<'a> {
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
    pub(super) fn told_by(&self, name: &str) -> Option<&[&'a str]> {
        self.tags.iter().rfind(|tag| tag.name == name).map(|tag| tag.values.as_slice())
    }

    /// The members of variants that were not chosen. They do not stay as members nobody described.
    pub(super) fn names_elsewhere(&self) -> HashSet<&'a str> {
        self.elsewhere.iter().flat_map(|variant| variant.schema().property_names()).collect()
    }
}

impl Builder<'_> {
    /// A schema with the variants that apply, all that there is to choose from, and what the choice means.
    pub(super) fn settled<'a>(
        &self,
        schema: &Schema<'a>,
        spot: &Spot,
    ) -> (Schema<'a>, Vec<Variants>, Choice<'a>) {
        let (mut schema, mut variants, mut choice) = (schema.clone(), Vec::new(), Choice::default());
        let mut settled = 0;
        for number in 0..MOST_VARIANTS {
            let Some((alternatives, then)) = schema.next_choice(settled) else { break };
            settled = then;
            let chosen = self.chosen(&schema, &alternatives, spot, number);
            if alternatives.len() > 1 {
                let names = alternatives.names(&schema);
                variants.push(Variants { input: variant_input(&spot.input, number), names, chosen });
            }
            // What others build on applies already.
            let Some(alternative) = alternatives.nodes.get(chosen) else { break };
            choice.add(&schema, &alternatives, alternative);
            schema = schema.and(alternative);
        }
        let types = schema.types_to_choose();
        let chosen = self.chosen_type(&schema, &types, spot);
        if let Some(name) = types.get(chosen) {
            let names = types.iter().map(|name| (*name).to_owned()).collect();
            variants.push(Variants { input: type_input(&spot.input), names, chosen });
            schema = schema.of_type(name);
        }
        (schema, variants, choice)
    }

    /// Whether what is filled in is a choice of a variant that was left, and not of the chosen one.
    pub(super) fn is_left(&self, node: &FormNode, choice: &Choice) -> bool {
        let Content::Input(field) = &node.content else { return false };
        let (Kind::Choice(choices), Some(text)) = (&field.kind, self.values.first(&node.input)) else {
            return false;
        };
        let is_elsewhere = || choice.elsewhere.iter().any(|variant| variant.offers(&node.label, text));
        !choices.iter().any(|choice| choice == text) && is_elsewhere()
    }

    /// The number of the alternative that applies: the one that was chosen, else the first that what was filled
    /// in so far names, else the first that it suits. Where others build on a schema, it applies when none of them does.
    fn chosen(&self, schema: &Schema, alternatives: &Alternatives, spot: &Spot, number: usize) -> usize {
        let chosen =
            self.values.first(&variant_input(&spot.input, number)).and_then(|text| text.parse().ok());
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
        let chosen = self.values.first(&type_input(&spot.input)).and_then(|text| text.parse().ok());
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
}

/// Whether an alternative itself has the text as a choice for the member that tells it apart, and not what the document
/// calls it elsewhere.
fn is_own_name<'a>(schema: &Schema<'a>, alternatives: &Alternatives<'a>, node: &'a Node, text: &str) -> bool {
    let Some(tag) = alternatives.tag(node) else { return false };
    let choices = || schema.apart(node).property(tag.name).choices();
    alternatives.settled_tag(schema, node).is_none()
        && choices().is_some_and(|choices| choices.into_iter().any(|choice| node::as_typed(choice) == text))
}
