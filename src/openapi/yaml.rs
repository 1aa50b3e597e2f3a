//! YAML as JSON, within bounds.

use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};

use super::tree::{MOST_VALUES, Node, Tree};

/// How deep nodes may lie in one another. Real documents stay below 40; the parser recurses, and needs most of a
/// 2 MiB stack for 80 in a debug build.
const DEEPEST: usize = 64;
/// What all aliases together may unfold to. Documents use few; a "billion laughs" uses nothing else.
const MOST_UNFOLDED: usize = 200_000;

/// Reads one YAML 1.2 document as the JSON that it stands for. The error says where, and shows no line of it.
pub(super) fn parse(text: &[u8]) -> Result<Node, String> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEEPEST,
            flow_nesting_limit: DEEPEST,
            max_nodes: MOST_VALUES,
            max_events: 2 * MOST_VALUES,
            max_total_scalar_bytes: 256 * 1024 * 1024,
            max_documents: 1,
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MOST_UNFOLDED,
        },
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        strict_booleans: true,
        with_snippet: false,
    };
    let read = serde_saphyr::from_slice_with_options::<Tree>(text, options);
    read.map(|tree| tree.0).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use serde_json::json;

    use super::*;
    use crate::openapi::tree::node;

    #[test]
    fn yaml_is_read_as_json() {
        let text = "paths:\n  /a:\n    get: &get { responses: { 200: { description: yes } }, x: 007 }\n    put: *get\n";
        let get = json!({ "responses": { "200": { "description": "yes" } }, "x": "007" });
        assert_eq!(parse(text.as_bytes()), Ok(node!({ "paths": { "/a": { "get": get, "put": get } } })));
        assert_eq!(
            parse(b"a: 1\na: 2\nb: -9223372036854776000"),
            Ok(node!({ "a": 2, "b": -9_223_372_036_854_776_000.0 }))
        );
    }

    #[test]
    fn bombs_and_nonsense_are_refused() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            writeln!(laughs, "a{level}: &a{level} [{aliases}]").unwrap();
        }
        let deep = "- ".repeat(100_000) + "x";
        for text in
            [laughs.as_str(), deep.as_str(), "[".repeat(100_000).as_str(), "a: [", "\u{1}", "--- a\n--- b\n"]
        {
            assert!(parse(text.as_bytes()).is_err(), "{text:.40}");
        }
        assert!(parse(b"\xff").is_err());
    }
}
