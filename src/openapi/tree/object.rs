//! The members of an object, in the order of the document.

use std::collections::{HashMap, hash_map::Entry};
use std::{iter, slice, sync::Arc};

use super::Node;

/// From this many members on, they are found by halving. Most objects have three.
const MANY: usize = 16;

/// A name, and what stands under it.
pub(in crate::openapi) type Member = (Arc<str>, Node);

/// Members by name. Like every JSON object here: of two with one name, the last one counts.
#[derive(Clone, Debug, Default)]
pub(in crate::openapi) struct Object {
    members: Vec<Member>,
    /// Where the members are, in the order of their names. Empty where there are few.
    by_name: Box<[u32]>,
}

impl Object {
    pub(in crate::openapi) fn len(&self) -> usize {
        self.members.len()
    }

    pub(in crate::openapi) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(in crate::openapi) fn get(&self, name: &str) -> Option<&Node> {
        self.members.get(self.position(name)?).map(|(_, node)| node)
    }

    pub(in crate::openapi) fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        let position = self.position(name)?;
        self.members.get_mut(position).map(|(_, node)| node)
    }

    pub(in crate::openapi) fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Changes a member, or adds it at the end. Many are better collected at once.
    pub(in crate::openapi) fn insert(&mut self, name: impl Into<Arc<str>>, node: impl Into<Node>) {
        let name = name.into();
        if let Some(member) = self.get_mut(&name) {
            *member = node.into();
            return;
        }
        self.members.push((name, node.into()));
        self.by_name = by_name(&self.members);
    }

    /// Takes a member out. The others keep their order.
    pub(in crate::openapi) fn remove(&mut self, name: &str) -> Option<Node> {
        let (_, node) = self.members.remove(self.position(name)?);
        self.by_name = by_name(&self.members);
        Some(node)
    }

    pub(in crate::openapi) fn iter(&self) -> <&Self as IntoIterator>::IntoIter {
        self.into_iter()
    }

    pub(in crate::openapi) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Node)> {
        self.members.iter_mut().map(|(name, node)| (&**name, node))
    }

    pub(in crate::openapi) fn keys(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| &**name)
    }

    pub(in crate::openapi) fn values(&self) -> impl Iterator<Item = &Node> {
        self.members.iter().map(|(_, node)| node)
    }

    pub(in crate::openapi) fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.members.iter_mut().map(|(_, node)| node)
    }

    /// The members of some names.
    pub(in crate::openapi) fn only(&self, is_wanted: impl Fn(&str) -> bool) -> Self {
        self.members.iter().filter(|(name, _)| is_wanted(name)).cloned().collect()
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    fn position(&self, name: &str) -> Option<usize> {
        if self.by_name.is_empty() {
            return self.members.iter().position(|(own, _)| **own == *name);
        }
        let own = |at: &u32| self.members.get(*at as usize).map(|(own, _)| &**own);
        let at = self.by_name.binary_search_by(|at| own(at).cmp(&Some(name))).ok()?;
        self.by_name.get(at).map(|at| *at as usize)
    }
}

fn by_name(members: &[Member]) -> Box<[u32]> {
    let Ok(count) = u32::try_from(members.len()) else { return Box::default() };
    if members.len() < MANY {
        return Box::default();
    }
    let mut order: Box<[u32]> = (0..count).collect();
    order.sort_by_key(|at| members.get(*at as usize).map(|(name, _)| name));
    order
}

impl FromIterator<Member> for Object {
    fn from_iter<I: IntoIterator<Item = Member>>(given: I) -> Self {
        let mut members: Vec<Member> = given.into_iter().collect();
        let mut order = by_name(&members);
        if !are_different(&members, &order) {
            members = last_of_each(members);
            order = by_name(&members);
        }
        members.shrink_to_fit();
        Self { members, by_name: order }
    }
}

fn are_different(members: &[Member], order: &[u32]) -> bool {
    if order.is_empty() {
        let before = |at: usize| members.get(..at).unwrap_or_default();
        return members
            .iter()
            .enumerate()
            .all(|(at, (name, _))| !before(at).iter().any(|(other, _)| other == name));
    }
    let names = || order.iter().map(|at| members.get(*at as usize).map(|(name, _)| name));
    names().zip(names().skip(1)).all(|(one, next)| one != next)
}

/// The first place of each name, with what stands there last.
fn last_of_each(members: Vec<Member>) -> Vec<Member> {
    let mut places = HashMap::new();
    let mut kept: Vec<Member> = Vec::new();
    for (name, node) in members {
        match places.entry(Arc::clone(&name)) {
            Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push((name, node));
            }
            Entry::Occupied(place) => {
                if let Some((_, known)) = kept.get_mut(*place.get()) {
                    *known = node;
                }
            }
        }
    }
    kept
}

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a str, &'a Node);
    type IntoIter = iter::Map<slice::Iter<'a, Member>, fn(&'a Member) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.iter().map(|(name, node)| (name, node))
    }
}

impl IntoIterator for Object {
    type Item = Member;
    type IntoIter = std::vec::IntoIter<Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

/// Whatever the order.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, node)| other.get(name) == Some(node))
    }
}

impl Eq for Object {}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(names: impl IntoIterator<Item = usize>) -> Object {
        let places = names.into_iter().enumerate();
        places.map(|(at, name)| (name.to_string().into(), Node::from(at.to_string()))).collect()
    }

    fn written(object: &Object) -> Vec<(usize, usize)> {
        object
            .iter()
            .map(|(name, at)| (name.parse().unwrap(), at.as_str().unwrap().parse().unwrap()))
            .collect()
    }

    #[test]
    fn few_and_many_members_are_found_in_their_order() {
        for count in [0, 1, MANY - 1, MANY, 1000] {
            let members = object((0..count).rev());
            assert!((0..count).all(|name| members.get(&name.to_string()).is_some()), "{count}");
            assert!(!members.contains_key("x") && members.get("").is_none());
            assert_eq!(written(&members), (0..count).rev().zip(0..).collect::<Vec<_>>());
        }
    }

    #[test]
    fn of_two_with_one_name_the_last_counts() {
        assert_eq!(written(&object([7, 8, 7])), [(7, 2), (8, 1)]);
        let many = object((0..MANY).chain([3]));
        assert_eq!((many.len(), written(&many)[3]), (MANY, (3, MANY)));
    }

    #[test]
    fn members_come_and_go() {
        let mut members = object(0..MANY);
        members.insert("x", Node::Null);
        members.insert("1", Node::Bool(true));
        assert_eq!(
            (members.len(), members.get("1"), members.get("x")),
            (MANY + 1, Some(&Node::Bool(true)), Some(&Node::Null))
        );
        assert!(members.remove("0").is_some() && members.remove("0").is_none());
        assert_eq!(members.keys().next(), Some("1"));
        assert!((2..MANY).all(|name| members.contains_key(&name.to_string())));
    }

    #[test]
    fn the_order_makes_no_difference() {
        let reversed: Object = object(0..20).into_iter().collect::<Vec<_>>().into_iter().rev().collect();
        assert_eq!(object(0..20), reversed);
        assert_ne!(object(0..20), object(0..21));
    }
}
