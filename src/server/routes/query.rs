/// A query as it came. Anything may stand in an address, so nothing in it is refused.
pub type Pairs = Vec<(String, String)>;

/// The first value of a name.
pub fn first<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
