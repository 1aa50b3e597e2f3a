//! Reading a document, within bounds.

use std::borrow::Cow;
use std::cell::{Cell, RefCell, RefMut};
use std::collections::HashSet;
use std::{fmt, sync::Arc};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use super::{Node, Object};

/// Values in one document. The largest public ones (47 MB of JSON) have about two million.
pub(in crate::openapi) const MOST_VALUES: usize = 4_000_000;
/// Bytes of one text. Longer ones are cut: nobody reads them, and every page that shows one would carry it.
const LONGEST_TEXT: usize = 1 << 20;
/// How `serde_json` hands over numbers where its feature `arbitrary_precision` is on.
const NUMBER: &str = "$serde_json::private::Number";

/// A value that was read within the bounds.
pub(in crate::openapi) struct Tree(pub(in crate::openapi) Node);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let reader = Reader { left: Cell::new(MOST_VALUES), interner: RefCell::default() };
        Seed(&reader).deserialize(deserializer).map(Self)
    }
}

/// What one document may still hold, and what of it was read already.
struct Reader {
    left: Cell<usize>,
    interner: RefCell<Interner>,
}

/// Every different part, once (hash-consing).
#[derive(Default)]
struct Interner {
    texts: HashSet<Arc<str>>,
    numbers: HashSet<Arc<Number>>,
    compounds: HashSet<Compound>,
}

impl Interner {
    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let text = Arc::<str>::from(text);
        self.texts.insert(Arc::clone(&text));
        text
    }

    fn number(&mut self, number: Number) -> Node {
        if let Some(known) = self.numbers.get(&number) {
            return Node::Number(Arc::clone(known));
        }
        let number = Arc::new(number);
        self.numbers.insert(Arc::clone(&number));
        Node::Number(number)
    }

    fn compound(&mut self, node: Node) -> Node {
        let compound = Compound(node);
        if let Some(known) = self.compounds.get(&compound) {
            return known.0.clone();
        }
        let node = compound.0.clone();
        self.compounds.insert(compound);
        node
    }
}

/// An array or an object whose parts are known. So they are the same where they are held, and nobody has to look
/// inside.
struct Compound(Node);

impl Compound {
    /// Which parts it has.
    fn parts(&self) -> impl Iterator<Item = (Option<usize>, Part)> {
        let items = self.0.as_array().unwrap_or_default().iter().map(|item| (None, Part::of(item)));
        let members = self.0.as_object().map(Object::members).unwrap_or_default().iter();
        items.chain(members.map(|(name, node)| (Some(address(name)), Part::of(node))))
    }
}

impl PartialEq for Compound {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_object() == other.0.is_object() && self.parts().eq(other.parts())
    }
}

impl Eq for Compound {}

impl std::hash::Hash for Compound {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.is_object().hash(state);
        self.parts().for_each(|part| part.hash(state));
    }
}

/// Which of the known parts it is.
#[derive(PartialEq, Eq, Hash)]
enum Part {
    Null,
    Bool(bool),
    Held(usize),
}

impl Part {
    fn of(node: &Node) -> Self {
        match node {
            Node::Null => Self::Null,
            Node::Bool(value) => Self::Bool(*value),
            Node::Number(number) => Self::Held(address(number)),
            Node::String(text) => Self::Held(address(text)),
            Node::Array(items) => Self::Held(address(items)),
            Node::Object(members) => Self::Held(address(members)),
        }
    }
}

/// Where it is held. Everything that is known stays there while the document is read.
fn address<T: ?Sized>(held: &Arc<T>) -> usize {
    Arc::as_ptr(held).addr()
}

/// Reads one value.
#[derive(Clone, Copy)]
struct Seed<'a>(&'a Reader);

impl Seed<'_> {
    fn interner(&self) -> RefMut<'_, Interner> {
        self.0.interner.borrow_mut()
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let left = self.0.left.get().checked_sub(1);
        self.0
            .left
            .set(left.ok_or_else(|| D::Error::custom(format!("it holds more than {MOST_VALUES} values")))?);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(self.interner().number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(self.interner().number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Number::from_f64(value).map_or(Node::Null, |number| self.interner().number(number)))
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON has no better number for it")]
    fn visit_i128<E: Error>(self, value: i128) -> Result<Node, E> {
        match Number::from_i128(value) {
            Some(number) => Ok(self.interner().number(number)),
            None => self.visit_f64(value as f64),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON has no better number for it")]
    fn visit_u128<E: Error>(self, value: u128) -> Result<Node, E> {
        match Number::from_u128(value) {
            Some(number) => Ok(self.interner().number(number)),
            None => self.visit_f64(value as f64),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::String(self.interner().text(&cut(value))))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(self.interner().compound(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(name) = members.next_key_seed(Name(self.0))? {
            if *name == *NUMBER && list.is_empty() {
                let number = members.next_value::<String>()?.parse().map_err(Error::custom)?;
                return Ok(self.interner().number(number));
            }
            list.push((name, members.next_value_seed(self)?));
        }
        Ok(self.interner().compound(Object::from_iter(list).into()))
    }
}

/// Reads the name of a member.
struct Name<'a>(&'a Reader);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<Arc<str>, E> {
        Ok(self.0.interner.borrow_mut().text(name))
    }
}

fn cut(text: &str) -> Cow<'_, str> {
    match text.get(..text.floor_char_boundary(LONGEST_TEXT)) {
        Some(beginning) if beginning.len() < text.len() => format!("{beginning}…").into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_str, json};

    use super::*;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{"b":[1,-2,0.5,1e300,18446744073709551615,null,true,"x\ny"],"a":{"b":{},"b":[]}}"#;
        let (ours, theirs) = (from_str::<Tree>(text).unwrap().0, from_str::<Value>(text).unwrap());
        assert_eq!(ours.to_json(), theirs);
        assert_eq!(ours.to_string(), theirs.to_string(), "in the same order");
    }

    #[test]
    fn equal_parts_are_held_once() {
        let text =
            r#"{"a":{"x":[1,"y"]},"b":{"x":[1,"y"]},"c":{"x":[1,"z"]},"d":["x"],"e":{"x":[]},"f":{"x":{}}}"#;
        let tree = from_str::<Tree>(text).unwrap().0;
        let held = |name| {
            tree.get(name).map(|node| match Part::of(node) {
                Part::Held(address) => address,
                _ => panic!("{name} is held nowhere"),
            })
        };
        assert_eq!(held("a"), held("b"));
        let others: HashSet<_> = ["a", "c", "d", "e", "f"].map(held).into();
        assert_eq!(others.len(), 5);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = json!("ä".repeat(LONGEST_TEXT)).to_string();
        let tree = from_str::<Tree>(&text).unwrap().0;
        let cut = tree.as_str().unwrap();
        assert!(cut.len() <= LONGEST_TEXT + "…".len() && cut.ends_with("ä…"));
    }

    #[test]
    fn too_many_values_are_refused() {
        let text = format!("[{}0]", "0,".repeat(MOST_VALUES));
        let error = from_str::<Tree>(&text).err().unwrap().to_string();
        assert!(error.contains("more than 4000000 values"), "{error}");
    }
}
