//! A document that is spread over several files or addresses, put together as one.
//!
//! Nothing is fetched here. A [`Bundle`] says to which other documents its parts refer, takes them from whoever can
//! fetch them, and gives every part a place inside the first one: references between parts become references
//! inside one document. So nothing else has to know, and parts may refer to one another in circles.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};

use super::document::{Document, DocumentError, parse};
use super::reference::{BUNDLED, UNAVAILABLE, pointed_at};
use super::tree::{Node, Object};

mod places;
mod way;

use self::places::Places;
pub(super) use self::way::{REFERENCES, pointer};
use self::way::{Resource, replaced, split, walk};

/// Documents to which one part may refer. The rest are left where they are.
const MOST_LINKS: usize = 10_000;

/// Documents on the way to being one. The first is the one that describes the API.
#[derive(Debug)]
pub struct Bundle(Vec<Part>);

#[derive(Debug)]
struct Part {
    /// What it is called inside the first part.
    name: String,
    root: Node,
    /// Where its references lead: by what stands before the `#`, the number of a part, or why there is none.
    links: BTreeMap<String, Result<usize, String>>,
}

impl Bundle {
    /// Begins with the document that describes the API, written as JSON or YAML.
    ///
    /// # Errors
    /// When it is neither, or not an object.
    pub fn new(bytes: &[u8]) -> Result<Self, DocumentError> {
        let mut root = parse(bytes)?;
        let members = root.as_object_mut().ok_or(DocumentError::NotAnObject)?;
        members.remove(BUNDLED);
        members.remove(UNAVAILABLE);
        Ok(Self(vec![Part { name: String::new(), root, links: BTreeMap::new() }]))
    }

    /// How many parts there are. They are numbered from 0.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always the first part")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The other documents to which a part refers, up to ten thousand: each once, as it stands before the `#`. What has a
    /// part's own `$id` is none of them.
    #[must_use]
    pub fn references(&self, part: usize) -> Vec<String> {
        let (mut found, mut known, mut told) = (Vec::new(), HashSet::new(), HashSet::new());
        let Some(part) = self.0.get(part) else { return found };
        let own = OnceCell::new();
        replaced(&part.root, &mut |reference, within| {
            let (document, _) = split(reference);
            let is_new = !document.is_empty() && known.insert((document.to_owned(), within.place.clone()));
            if is_new && found.len() < MOST_LINKS {
                let own: &Places = own.get_or_init(|| Places::of(&part.root));
                if own.with_id(document, within).is_none() && told.insert(document.to_owned()) {
                    found.push(document.to_owned());
                }
            }
            None
        });
        found
    }

    /// Adds a document, and gives its number.
    ///
    /// # Errors
    /// When it is neither JSON nor YAML.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<usize, DocumentError> {
        let taken = self.0.iter().filter(|part| part.name.split(' ').next() == Some(name)).count();
        let name = if taken == 0 { name.to_owned() } else { format!("{name} {}", taken + 1) };
        self.0.push(Part { name, root: parse(bytes)?, links: BTreeMap::new() });
        Ok(self.0.len() - 1)
    }

    /// Says where the references of a part to another document lead, or in one sentence why nowhere.
    pub fn link(&mut self, part: usize, reference: String, target: Result<usize, String>) {
        if let Some(part) = self.0.get_mut(part) {
            part.links.insert(reference, target);
        }
    }

    /// What has a name of its own in each part. None, where nothing refers to any.
    fn places(&self) -> Vec<Places> {
        let mut is_any = false;
        for part in &self.0 {
            walk(&part.root, &mut |object, way| {
                is_any |= way.is_in_schema_with_id();
                let references = REFERENCES.iter().filter_map(|keyword| object.get(keyword)?.as_str());
                is_any |= references.map(split).any(|(document, fragment)| {
                    let is_link = document.is_empty() || part.links.contains_key(document);
                    !is_link || !matches!(fragment.chars().next(), None | Some('/'))
                });
            });
        }
        if is_any { self.0.iter().map(|part| Places::of(&part.root)).collect() } else { Vec::new() }
    }

    /// Opens the whole as one document.
    ///
    /// # Errors
    /// See [`DocumentError`].
    pub fn open(mut self) -> Result<Document, DocumentError> {
        let places = self.places();
        if self.0.len() == 1 && places.is_empty() && self.0.iter().all(|part| part.links.is_empty()) {
            return self.0.pop().map_or(Err(DocumentError::NotAnObject), |only| Document::open(only.root));
        }
        let names: Vec<String> = self.0.iter().map(|part| pointer(&part.name)).collect();
        let mut unavailable = Vec::new();
        for (own, part) in self.0.iter_mut().enumerate() {
            let whole = Whole { own, part, names: &names, places: &places };
            let inside = |reference: &str, within: &Resource| {
                whole.rewritten(reference, within).filter(|new| new != reference)
            };
            if let Some(root) = replaced(&part.root, &mut { inside }) {
                part.root = root;
            }
            let lost = part.links.iter().filter_map(|(reference, to)| Some((reference, to.as_ref().err()?)));
            unavailable.extend(lost.map(|(reference, why)| (reference.as_str().into(), why.as_str().into())));
        }
        let mut parts = self.0.into_iter();
        let mut root = parts.next().map_or(Node::Null, |first| first.root);
        let bundled: Object = parts.map(|part| (part.name.into(), part.root)).collect();
        if let Some(members) = root.as_object_mut().filter(|_| !bundled.is_empty() || !unavailable.is_empty())
        {
            members.insert(BUNDLED, bundled);
            members.insert(UNAVAILABLE, Object::from_iter(unavailable));
        }
        Document::open(root)
    }
}

/// What a reference of one part may lead to.
struct Whole<'a> {
    own: usize,
    part: &'a Part,
    /// Of all parts, as they are written in a pointer.
    names: &'a [String],
    places: &'a [Places],
}

impl Whole<'_> {
    /// A reference as it reads inside the whole. `None` when it stays as it is.
    fn rewritten(&self, reference: &str, within: &Resource) -> Option<String> {
        let (document, fragment) = split(reference);
        let (target, place) = match document {
            "" => (self.own, self.around(fragment, within)),
            document => self.with_id(document, within).or_else(|| self.linked(document))?,
        };
        let is_pointer = fragment.is_empty() || fragment.starts_with('/');
        let place = if is_pointer { place } else { self.places.get(target)?.anchor(fragment)? };
        let fragment = if is_pointer { fragment } else { "" };
        match self.names.get(target)? {
            _ if target == 0 => Some(format!("#{place}{fragment}")),
            name => Some(format!("#/{BUNDLED}/{name}{place}{fragment}")),
        }
    }

    /// A pointer is meant from the nearest schema with an `$id`; many write it from the top of the document all the same.
    fn around<'r>(&self, fragment: &str, within: &'r Resource) -> &'r str {
        let is_there = || pointed_at(&self.part.root, &format!("#{}{fragment}", within.place)).is_some();
        if !within.place.is_empty() && is_there() { &within.place } else { "" }
    }

    fn with_id(&self, document: &str, within: &Resource) -> Option<(usize, &str)> {
        Some((self.own, self.places.get(self.own)?.with_id(document, within)?))
    }

    fn linked(&self, document: &str) -> Option<(usize, &str)> {
        Some((*self.part.links.get(document)?.as_ref().ok()?, ""))
    }
}

#[cfg(test)]
mod tests;
