//! What a schema says of the items of a list and of the members of an object.

use std::collections::HashSet;

use super::Schema;
use crate::openapi::conformance::matches;
use crate::openapi::tree::{Node, Object};

/// Patterns for the names of members that are looked at.
const MOST_PATTERNS: usize = 8;

impl<'a> Schema<'a> {
    pub(in crate::openapi) fn items(&self) -> Self {
        Self::of(self.resolver, self.all("items"))
    }

    /// The named properties in the order of the layers, each as every layer describes it.
    pub(in crate::openapi) fn properties(&self) -> Vec<(&'a str, Self)> {
        self.property_names().into_iter().map(|name| (name, self.property(name))).collect()
    }

    pub(in crate::openapi) fn property_names(&self) -> Vec<&'a str> {
        let mut known = HashSet::new();
        let names = self.all("properties").filter_map(Node::as_object).flat_map(Object::keys);
        names.filter(|name| known.insert(*name)).collect()
    }

    pub(in crate::openapi) fn property(&self, name: &str) -> Self {
        Self::of(self.resolver, self.all("properties").filter_map(|properties| properties.get(name)))
    }

    /// What members are like that have no schema of their own, as far as their names do not matter.
    pub(in crate::openapi) fn others(&self) -> Self {
        let others = self.additional();
        match self.only_pattern() {
            Some((_, only)) if others.is_empty() => self.apart(only),
            _ => others,
        }
    }

    /// What a member of the name is like that has no schema of its own.
    pub(in crate::openapi) fn other(&self, name: &str) -> Self {
        let matching = self.patterns().filter(|(pattern, _)| matches(pattern, name));
        let matching = Self::of(self.resolver, matching.map(|(_, node)| node));
        if matching.is_empty() { self.additional() } else { matching }
    }

    fn additional(&self) -> Self {
        Self::of(self.resolver, self.all("additionalProperties"))
    }

    /// Regular expressions for names, and what members are like whose names match.
    fn patterns(&self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        let patterns = self.all("patternProperties").filter_map(Node::as_object).flat_map(Object::iter);
        patterns.take(MOST_PATTERNS)
    }

    /// The same, where there is one for all members that have no schema of their own.
    pub(in crate::openapi) fn only_pattern(&self) -> Option<(&'a str, &'a Node)> {
        let mut patterns = self.patterns();
        patterns.next().filter(|_| patterns.next().is_none() && self.additional().is_empty())
    }

    /// Whether members are allowed that have no schema of their own.
    pub(in crate::openapi) fn allows_others(&self) -> bool {
        let allows = |layer: &&Node| {
            layer.get("additionalProperties") != Some(&Node::Bool(false))
                || layer.get("patternProperties").is_some()
        };
        self.layers.iter().all(allows)
    }

    /// Whether there are to be members that have no schema of their own: it says what they are like, or that they may be
    /// anything.
    pub(in crate::openapi) fn invites_others(&self) -> bool {
        let is_open = || self.all("additionalProperties").any(|others| *others == Node::Bool(true));
        let is_told = || self.patterns().next().is_some() || !self.additional().is_empty();
        self.allows_others() && (is_told() || is_open())
    }

    /// Whether a member of the name is allowed: each layer that allows no others has to know it.
    pub(in crate::openapi) fn allows(&self, name: &str) -> bool {
        self.layers.iter().all(|layer| {
            let is_open = layer.get("additionalProperties") != Some(&Node::Bool(false));
            let is_known = || layer.get("properties").is_some_and(|known| known.get(name).is_some());
            is_open || is_known() || layer.get("patternProperties").is_some()
        })
    }

    /// The names of the properties that must be there.
    pub(in crate::openapi) fn required(&self) -> Vec<&'a str> {
        self.all("required").filter_map(Node::as_array).flatten().filter_map(Node::as_str).collect()
    }
}
