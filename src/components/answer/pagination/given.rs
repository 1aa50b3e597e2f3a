//! From the query of an address back to the inputs that it was written from.

use percent_encoding::percent_decode_str;

use crate::openapi::{Kind, Parameter, Style, member_input};

/// What a query gives.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Texts by the names of inputs.
    pub inputs: Vec<(String, String)>,
    /// The pairs that no parameter takes, as a query.
    pub more: String,
}

impl Given {
    pub fn read(parameters: &[&Parameter], query: &str) -> Self {
        let mut given = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match inputs(parameters, &decoded(name), value) {
                Some(inputs) => given.inputs.extend(inputs),
                None if given.more.is_empty() => given.more.push_str(pair),
                None => given.more.extend(["&", pair]),
            }
        }
        given
    }
}

/// The inputs that one pair gives, its value as it is written.
fn inputs(parameters: &[&Parameter], name: &str, value: &str) -> Option<Vec<(String, String)>> {
    let named = |name: &str| parameters.iter().find(|parameter| parameter.name == name);
    if let Some(parameter) = named(name) {
        return Some(own(parameter, value));
    }
    let input = match name.split_once('[').and_then(|(outer, inner)| Some((outer, inner.strip_suffix(']')?)))
    {
        Some((outer, "")) => named(outer).filter(|list| is_list(list))?.input.clone(),
        Some((outer, member)) if !member.contains(['[', ']']) => {
            let object = named(outer).filter(|object| object.writing.style == Style::DeepObject)?;
            member_input(&object.input, member)
        }
        Some(_) => return None,
        None => member_input(&parameters.iter().find(|object| spreads(object, name))?.input, name),
    };
    Some(vec![(input, decoded(value))])
}

/// A value in its own name: one text, or all items of a list, or all members of an object.
fn own(parameter: &Parameter, value: &str) -> Vec<(String, String)> {
    let Parameter { input, writing, field, .. } = parameter;
    let between: &[&str] = match writing.style {
        Style::Form => &[","],
        Style::SpaceDelimited => &["%20", "+"],
        Style::PipeDelimited => &["|", "%7C", "%7c"],
        Style::TabDelimited => &["%09"],
        _ => &[],
    };
    let between = between.iter().find(|mark| !writing.explode && value.contains(**mark));
    let parts = || value.split(between.copied().unwrap_or("&")).map(decoded);
    match &field.kind {
        Kind::List(_) => parts().map(|item| (input.clone(), item)).collect(),
        Kind::Object(_) if between.is_some() => {
            let parts: Vec<_> = parts().collect();
            let pairs = parts.chunks_exact(2);
            pairs.map(|pair| (member_input(input, &pair[0]), pair[1].clone())).collect()
        }
        _ => vec![(input.clone(), decoded(value))],
    }
}

fn is_list(parameter: &Parameter) -> bool {
    matches!(parameter.field.kind, Kind::List(_))
}

/// Whether an object writes its members side by side, one of them under this name.
fn spreads(object: &Parameter, name: &str) -> bool {
    let Kind::Object(members) = &object.field.kind else { return false };
    let is_spread = object.writing.explode && object.writing.style == Style::Form;
    is_spread && members.named.iter().any(|member| member.name == name)
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::openapi::{Document, Values};

    fn parameter(name: &str, more: &Value, schema: &Value) -> Value {
        let mut parameter = json!({ "name": name, "in": "query", "schema": schema });
        parameter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        parameter
    }

    #[test]
    fn a_query_gives_what_it_was_written_from() {
        let (list, text) =
            (json!({ "type": "array", "items": { "type": "string" } }), json!({ "type": "string" }));
        let object = json!({ "type": "object", "properties": { "min": text, "max": text } });
        let joined = |style: &str| json!({ "style": style, "explode": false });
        let parameters = [
            parameter("q", &json!({}), &text),
            parameter("tags", &json!({}), &list),
            parameter("ids[]", &json!({}), &list),
            parameter("sort", &joined("form"), &list),
            parameter("wide", &joined("spaceDelimited"), &list),
            parameter("piped", &joined("pipeDelimited"), &list),
            parameter("filter", &json!({ "style": "deepObject" }), &object),
            parameter("price", &json!({}), &object),
        ];
        let document = json!({ "paths": { "/": { "get": { "parameters": parameters } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let operation = document.operation(&document.operations()[0]);
        let parameters: Vec<_> = operation.parameters.iter().collect();
        for (query, inputs, more) in [
            ("q=a+b%26", "q=a%20b%26", ""),
            ("tags=a&tags[]=b&tags%5B%5D=c", "tags=a&tags=b&tags=c", ""),
            ("ids%5B%5D=1", "ids[]=1", ""),
            ("sort=a,-b%2Cc", "sort=a&sort=-b%2Cc", ""),
            ("wide=a%20b", "wide=a&wide=b", ""),
            ("piped=a%7Cb", "piped=a&piped=b", ""),
            ("filter%5Bmin%5D=1&filter[other]=2", "filter[min]=1&filter[other]=2", ""),
            ("min=1&max=2", "price[min]=1&price[max]=2", ""),
            ("cursor=x%3D&q=1&a[b][c]=d", "q=1", "cursor=x%3D&a[b][c]=d"),
        ] {
            let given = Given::read(&parameters, query);
            let found: Values = given.inputs.into_iter().collect();
            assert_eq!((found, given.more.as_str()), (Values::parse(inputs), more), "{query}");
        }
    }
}
