//! The keys of an API: security schemes of the type `apiKey` that an operation asks for, besides the session's token.
//!
//! What a document says of security decides nothing; a key can be given, and that is all. Nothing that stands in an
//! address is a key, so where all else does, keys have to be asked for first.

use super::field::Field;
use super::node;
use super::parameter::{OTHER_HEADERS, Parameter, is_token};
use super::password::PASSWORD;
use super::place::Place;
use super::reference::Resolver;
use super::tree::Node;

/// The input with which the form of an operation asks for its keys, where they would else not be offered.
pub const KEYS: &str = "~keys";

/// Keys of one operation.
const MOST: usize = 20;

/// An input for each key, but for those that the parameters have already.
pub(super) fn read<'a>(resolver: &Resolver<'a>, operation: &'a Node, known: &[Parameter]) -> Vec<Parameter> {
    let own = operation.get("security").and_then(Node::as_array);
    let demands = own.unwrap_or_else(|| node::items(resolver.root(), "security"));
    let names = demands.iter().filter_map(Node::as_object).flatten().map(|(name, _)| name);
    let mut keys: Vec<Parameter> = Vec::new();
    for key in names.filter_map(|name| key(resolver, name)) {
        let is_it =
            |other: &Parameter| other.place == key.place && other.name.eq_ignore_ascii_case(&key.name);
        if keys.len() < MOST && !known.iter().chain(&keys).any(is_it) {
            keys.push(key);
        }
    }
    keys
}

/// Of one security scheme. Headers that are set for every call are none of its.
fn key(resolver: &Resolver, scheme: &str) -> Option<Parameter> {
    let schemes = resolver.root().get("components").and_then(|components| components.get("securitySchemes"));
    let schemes = schemes.or_else(|| resolver.root().get("securityDefinitions"))?;
    let node = resolver.resolve(schemes.get(scheme)?)?;
    let name = node::text(node, "name")?;
    let place = Place::of(node).filter(|place| *place != Place::Path)?;
    let is_ours = place == Place::Header && OTHER_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own));
    let is_key = node::text(node, "type") == Some("apiKey") && (place == Place::Query || is_token(name));
    (is_key && !is_ours).then(|| Parameter {
        description: node::string(node, "description"),
        field: Field { format: Some(PASSWORD.to_owned()), ..Field::default() },
        is_key: true,
        ..Parameter::plain(name, place)
    })
}
