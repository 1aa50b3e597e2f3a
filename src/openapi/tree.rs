//! A document as JSON in memory: within bounds, and no larger than it must be.
//!
//! What `serde_json` builds by itself has room to grow in every object and list. A document never grows again, and
//! two thirds of the objects of a real one have three members at most: exact sizes take a quarter off the whole.

use std::{cell::Cell, fmt};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Values in one document. The largest public ones (47 MB of JSON) have about two million, each of about 150 bytes.
pub(super) const MOST_VALUES: usize = 4_000_000;
/// Bytes of one text. Longer ones are cut: nobody reads them, and every page that shows one would carry it.
const LONGEST_TEXT: usize = 1 << 20;
/// How `serde_json` hands over numbers where its feature `arbitrary_precision` is on.
const NUMBER: &str = "$serde_json::private::Number";

/// A value that was read within the bounds.
pub(super) struct Tree(pub(super) Value);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(&Cell::new(MOST_VALUES)).deserialize(deserializer).map(Self)
    }
}

/// Reads one value and counts down what may still follow.
#[derive(Clone, Copy)]
struct Seed<'a>(&'a Cell<usize>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.0.get().checked_sub(1);
        self.0.set(left.ok_or_else(|| D::Error::custom(format!("it holds more than {MOST_VALUES} values")))?);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON has no better number for it")]
    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Number::from_i128(value).map_or_else(|| (value as f64).into(), Value::Number))
    }

    #[expect(clippy::cast_precision_loss, reason = "JSON has no better number for it")]
    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Number::from_u128(value).map_or_else(|| (value as f64).into(), Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(cut(value)))
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        list.shrink_to_fit();
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut list: Vec<(String, Value)> = Vec::new();
        while let Some(key) = members.next_key::<String>()? {
            if key == NUMBER && list.is_empty() {
                return members
                    .next_value::<String>()?
                    .parse::<Number>()
                    .map(Value::Number)
                    .map_err(Error::custom);
            }
            list.push((key, members.next_value_seed(self)?));
        }
        let mut object = Map::with_capacity(list.len());
        object.extend(list);
        Ok(Value::Object(object))
    }
}

fn cut(text: &str) -> String {
    match text.get(..text.floor_char_boundary(LONGEST_TEXT)) {
        Some(beginning) if beginning.len() < text.len() => format!("{beginning}…"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, json};

    use super::*;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{"b":[1,-2,0.5,1e300,18446744073709551615,null,true,"x\ny"],"a":{"b":{},"b":[]}}"#;
        let (ours, theirs) = (from_str::<Tree>(text).unwrap().0, from_str::<Value>(text).unwrap());
        assert_eq!(ours, theirs);
        assert_eq!(ours.to_string(), theirs.to_string(), "in the same order");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = json!("ä".repeat(LONGEST_TEXT)).to_string();
        let Value::String(cut) = from_str::<Tree>(&text).unwrap().0 else { panic!("a text") };
        assert!(cut.len() <= LONGEST_TEXT + "…".len() && cut.ends_with("ä…"));
    }

    #[test]
    fn too_many_values_are_refused() {
        let text = format!("[{}0]", "0,".repeat(MOST_VALUES));
        let error = from_str::<Tree>(&text).err().unwrap().to_string();
        assert!(error.contains("more than 4000000 values"), "{error}");
    }
}
