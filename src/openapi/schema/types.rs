//! Which types and which values a schema allows.

use super::{Schema, only_null};
use crate::openapi::node;
use crate::openapi::tree::Node;

/// By which a schema allows `null`: that of 3.0, and what stands for it in Swagger 2.0.
pub(in crate::openapi) const NULLABLE: [&str; 2] = ["nullable", "x-nullable"];

impl<'a> Schema<'a> {
    /// The types that the schema names.
    pub(in crate::openapi) fn types(&self) -> Vec<&'a str> {
        if let Some(chosen) = self.chosen {
            return vec![chosen];
        }
        let named = self.get("type");
        let one = named.and_then(Node::as_str);
        let several = named.and_then(Node::as_array).into_iter().flatten().filter_map(Node::as_str);
        one.into_iter().chain(several).collect()
    }

    /// The types to choose from, where the schema names several that differ.
    pub(in crate::openapi) fn types_to_choose(&self) -> Vec<&'a str> {
        let types = that_differ(&self.types());
        if types.len() > 1 && self.choices().is_none() { types } else { Vec::new() }
    }

    /// Whether a value is a text or `null`, and nothing else.
    pub(in crate::openapi) fn takes_only_texts(&self) -> bool {
        let types = self.types();
        types.contains(&"string") && types.iter().all(|name| matches!(*name, "string" | "null"))
    }

    /// As if the schema named this type only.
    pub(in crate::openapi) fn of_type(self, chosen: &'a str) -> Self {
        Self { chosen: Some(chosen), ..self }
    }

    /// Whether it stands for the bytes of a file. (`contentMediaType` since 3.1.)
    pub(in crate::openapi) fn is_file(&self) -> bool {
        let media_type = self.text("contentMediaType").filter(|_| self.get("contentEncoding").is_none());
        self.text("format") == Some("binary") || media_type == Some("application/octet-stream")
    }

    /// Whether a multipart form sends it as a file or as several, be they optional or not.
    pub(in crate::openapi) fn is_upload(&self) -> bool {
        let schema = self.clone().settled();
        schema.is_file() || schema.items().settled().is_file()
    }

    /// The type of the schema: the first that it names, rather not `null`, else what its other keywords are for.
    pub(in crate::openapi) fn kind(&self) -> Option<&'a str> {
        let types = self.types();
        let is_narrow = |name: &str| name == "null" || (name == "integer" && types.contains(&"number"));
        let first = types.iter().find(|name| !is_narrow(name)).or(types.first());
        first.copied().or_else(|| self.implied_type())
    }

    fn implied_type(&self) -> Option<&'static str> {
        const SIGNS: [(&str, &str); 12] = [
            ("properties", "object"),
            ("additionalProperties", "object"),
            ("patternProperties", "object"),
            ("required", "object"),
            ("items", "array"),
            ("prefixItems", "array"),
            ("pattern", "string"),
            ("minLength", "string"),
            ("maxLength", "string"),
            ("minimum", "number"),
            ("maximum", "number"),
            ("format", "string"),
        ];
        let by_format = || self.text("format").and_then(number_of_format);
        match SIGNS.iter().find(|(keyword, _)| self.get(keyword).is_some()) {
            Some(("minimum" | "maximum" | "format", kind)) => by_format().or(Some(*kind)),
            Some((_, kind)) => Some(*kind),
            None => self.choices()?.first().map(|choice| type_of(choice)),
        }
    }

    /// The values that are allowed, without `null`, when they are listed: by `const`, or by every `enum` at once.
    pub(in crate::openapi) fn choices(&self) -> Option<Vec<&'a Node>> {
        if let Some(only) = self.get("const") {
            return Some(vec![only]);
        }
        let mut lists = self.all("enum").filter_map(Node::as_array);
        let mut choices: Vec<_> = lists.next()?.iter().filter(|choice| !choice.is_null()).collect();
        lists.for_each(|list| choices.retain(|choice| list.contains(choice)));
        Some(choices)
    }

    /// The same as they are sent.
    pub(in crate::openapi) fn choices_as_sent(&self) -> Option<Vec<Node>> {
        Some(self.choices()?.into_iter().map(|choice| self.as_sent(choice)).collect())
    }

    /// A value that the document gives, as it is sent: where nothing but texts go, a number or a flag is a text that was
    /// written without quotes, as YAML lets people do.
    pub(in crate::openapi) fn as_sent(&self, value: &Node) -> Node {
        match value {
            Node::Number(_) | Node::Bool(_) if self.takes_only_texts() => node::as_typed(value).into(),
            value => value.clone(),
        }
    }

    /// Whether it says that it may be `null`, apart from its types.
    pub(in crate::openapi) fn says_nullable(&self) -> bool {
        NULLABLE.iter().any(|keyword| self.flag(keyword))
    }

    /// Whether it may be `null`: by its type, by `nullable` (3.0), or by an alternative.
    pub(in crate::openapi) fn is_nullable(&self) -> bool {
        let types = self.types();
        let lists = self.layers.iter().flat_map(|layer| [layer.get("oneOf"), layer.get("anyOf")]);
        (types.len() > 1 && types.contains(&"null"))
            || self.says_nullable()
            || lists.flatten().filter_map(Node::as_array).flatten().any(only_null)
    }
}

/// The types among these names, each once. Every integer is a number.
pub(in crate::openapi) fn that_differ<'a>(named: &[&'a str]) -> Vec<&'a str> {
    const KNOWN: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
    let mut types = Vec::new();
    for name in named.iter().copied().filter(|name| KNOWN.contains(name)) {
        let is_number = name == "integer" && named.contains(&"number");
        if !is_number && !types.contains(&name) {
            types.push(name);
        }
    }
    types
}

/// The type of number that a format stands for (`OpenAPI` format registry).
fn number_of_format(format: &str) -> Option<&'static str> {
    match format {
        "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" => Some("integer"),
        "float" | "double" => Some("number"),
        _ => None,
    }
}

/// The name that JSON Schema has for the type of a value.
pub(in crate::openapi) fn type_of(value: &Node) -> &'static str {
    match value {
        Node::Null => "null",
        Node::Bool(_) => "boolean",
        Node::Number(number) if number.is_f64() => "number",
        Node::Number(_) => "integer",
        Node::String(_) => "string",
        Node::Array(_) => "array",
        Node::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::reference::Resolver;
    use crate::openapi::tree::node;

    #[test]
    fn the_format_of_a_number_says_that_it_is_one() {
        for (schema, kind) in [
            (node!({ "format": "int64" }), Some("integer")),
            (node!({ "format": "int32", "minimum": 1 }), Some("integer")),
            (node!({ "format": "double" }), Some("number")),
            (node!({ "format": "date" }), Some("string")),
            (node!({ "format": "int64", "pattern": "^[0-9]+$" }), Some("string")),
            (node!({ "format": "int64", "type": "string" }), Some("string")),
        ] {
            let resolver = Resolver::new(&schema);
            assert_eq!(Schema::read(&resolver, &schema).kind(), kind, "{schema}");
        }
    }
}
