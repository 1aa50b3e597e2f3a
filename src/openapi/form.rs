//! A body as a form: nested inputs, unfolded as far as they are needed.
//!
//! The inputs are named like JSON Pointers (RFC 6901) behind `body`: `body/address/street`, `body/tags/0`. What
//! is unfolded follows from the values alone, so the form works as plain HTML: post what was typed, build the
//! form again, show it again.

mod builder;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::Document;
use super::field::{Field, Kind};
use super::index::OperationSummary;
use super::input;
use super::input_name::{empty_input, inside, is_within, null_input};
use super::request::{BODY, Check, FieldError};
use super::values::{self, Values};

/// One part of a form, and all that is inside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
pub struct FormNode {
    /// The name of its input, and the beginning of the names of all inputs inside.
    pub input: String,
    /// What it is called: the name of a member, the number of a row, `body` for the whole.
    pub label: String,
    /// What it means, in `CommonMark`.
    pub description: Option<String>,
    /// Whether what it is part of needs it.
    pub required: bool,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// Whether it may be `null`; then its [`null_input`] says so with any text.
    pub nullable: bool,
    /// Whether it is there only because the values name it.
    pub removable: bool,
    /// Whether what is filled in belongs to a variant that was left: it does not stay.
    pub is_left: bool,
    /// The choices between schemas that apply to it (`oneOf`, `anyOf`).
    pub variants: Vec<Variants>,
    /// What is filled in.
    pub content: Content,
}

/// A choice between several schemas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variants {
    /// The name of the input that takes the number of the chosen one.
    pub input: String,
    /// What they are called.
    pub names: Vec<String>,
    /// The number of the one that applies, counted from 0.
    pub chosen: usize,
}

/// What is filled in for one part of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// One input.
    Input(Box<Field>),
    /// A file, or several, for an [`Upload`](super::Upload) of that name. Only a multipart form has them.
    File {
        /// Whether there may be several.
        multiple: bool,
    },
    /// An object.
    Object {
        /// Its members.
        members: Vec<FormNode>,
        /// The name of the input that takes the name of one more member, where such are allowed.
        add: Option<String>,
        /// The regular expression (ECMA-262) that its name is to match, where there is one.
        pattern: Option<String>,
    },
    /// A list. Its [`rows_input`](super::rows_input) takes the number of rows to show.
    List {
        /// Its items. Those that are left empty do not count.
        rows: Vec<FormNode>,
    },
    /// An object that is not unfolded; its [`open_input`](super::open_input) unfolds it with any text.
    Folded,
}

impl Document {
    /// The body of an operation as a form, unfolded as far as the values ask for it. `None` when the operation
    /// takes no body, or takes one that is neither JSON nor a form.
    #[must_use]
    pub fn body_form(&self, operation: &OperationSummary, values: &Values) -> Option<FormNode> {
        builder::build(self.root(), operation, values)
    }
}

impl Values {
    /// The inputs of a [body form](Document::body_form) filled in with a body.
    #[must_use]
    pub fn from_body(body: &Value) -> Self {
        let mut values = Self::default();
        fill(&mut values, BODY, body);
        values
    }
}

fn fill(values: &mut Values, input: &str, value: &Value) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, value)| fill(values, &inside(input, name), value));
        }
        Value::Array(items) if !items.is_empty() => {
            items
                .iter()
                .enumerate()
                .for_each(|(row, item)| fill(values, &inside(input, &row.to_string()), item));
        }
        Value::Null => values.push(null_input(input), "1"),
        Value::String(text) if text.is_empty() => values.push(empty_input(input), "1"),
        value => values.push(input, values::as_typed(value)),
    }
}

/// For how many more parts there is room beside a value, where there was room for `left`. `None` when that is too little.
fn room_beside(left: usize, value: &Value) -> Option<usize> {
    let left = left.checked_sub(1)?;
    match value {
        Value::Object(members) => members.values().try_fold(left, room_beside),
        Value::Array(items) => items.iter().try_fold(left, room_beside),
        _ => Some(left),
    }
}

impl FormNode {
    /// Whether a form can have a part for each part of a body. One that cannot takes long to build, and shows less.
    #[must_use]
    pub fn has_room_for(body: &Value) -> bool {
        room_beside(builder::MOST_NODES, body).is_some()
    }

    /// What was filled in, as JSON. `None` when that is nothing. Files are left out.
    ///
    /// # Errors
    /// One for each input that is missing or does not fit.
    pub fn value(&self, values: &Values, check: Check) -> Result<Option<Value>, Vec<FieldError>> {
        match &self.content {
            _ if self.is_null(values) => Ok(Some(Value::Null)),
            Content::Input(field) => self.input_value(field, values, check),
            Content::File { .. } | Content::Folded => Ok(None),
            Content::Object { members, .. } => self.object_value(members, values, check),
            Content::List { rows } => self.list_value(rows, values, check),
        }
    }

    /// Whether it is said to be `null`.
    #[must_use]
    pub fn is_null(&self, values: &Values) -> bool {
        self.nullable && values.first(&null_input(&self.input)).is_some()
    }

    /// The text of its own input by which a list or an object is sent although nothing is in it. `None` for any other
    /// part, and for one that is always sent.
    #[must_use]
    pub fn when_empty(&self) -> Option<&'static str> {
        match self.content {
            _ if self.required => None,
            Content::Object { .. } => Some("{}"),
            Content::List { .. } => Some("[]"),
            _ => None,
        }
    }

    /// Whether it is a list or an object that is sent although nothing is in it.
    #[must_use]
    pub fn is_sent_empty(&self, values: &Values) -> bool {
        self.when_empty().is_some_and(|text| values.first(&self.input) == Some(text))
    }

    /// An object or a list is typed as JSON only where the form ends.
    fn input_value(
        &self,
        field: &Field,
        values: &Values,
        check: Check,
    ) -> Result<Option<Value>, Vec<FieldError>> {
        let text = values.sent(&self.input).first().copied().filter(|_| !self.is_left);
        let value = text.map(|text| input::single(field, text, check)).transpose();
        value.map_err(|message| vec![FieldError::new(&self.input, message)])
    }

    /// An optional object in which nothing was filled in is left out.
    fn object_value(
        &self,
        members: &[FormNode],
        values: &Values,
        check: Check,
    ) -> Result<Option<Value>, Vec<FieldError>> {
        let mut given = Map::new();
        let mut errors = Vec::new();
        for member in members {
            match member.value(values, check) {
                Ok(Some(value)) => drop(given.insert(member.label.clone(), value)),
                Ok(None) => {}
                Err(wrong) => errors.extend(wrong),
            }
        }
        if given.is_empty() && errors.is_empty() && !self.required {
            return Ok(self.is_sent_empty(values).then(|| Map::new().into()));
        }
        for member in members.iter().filter(|member| member.required) {
            if !given.contains_key(&member.label) {
                member.stand_in(&mut given, &mut errors, check);
            }
        }
        if errors.is_empty() { Ok(Some(Value::Object(given))) } else { Err(errors) }
    }

    /// What a required member comes to in which nothing was filled in.
    fn stand_in(&self, given: &mut Map<String, Value>, errors: &mut Vec<FieldError>, check: Check) {
        let is_blamed = errors.iter().any(|error| is_within(&error.input, &self.input));
        match self.only_value() {
            Some(value) => drop(given.insert(self.label.clone(), value)),
            None if is_blamed || check == Check::Lenient || self.is_file() => {}
            None => errors.push(FieldError::missing(&self.input)),
        }
    }

    fn list_value(
        &self,
        rows: &[FormNode],
        values: &Values,
        check: Check,
    ) -> Result<Option<Value>, Vec<FieldError>> {
        let (items, errors): (Vec<_>, Vec<_>) =
            rows.iter().map(|row| row.value(values, check)).partition(Result::is_ok);
        let errors: Vec<_> = errors.into_iter().filter_map(Result::err).flatten().collect();
        let items: Vec<_> = items.into_iter().filter_map(Result::ok).flatten().collect();
        if errors.is_empty() {
            let is_sent = !items.is_empty() || self.is_sent_empty(values);
            Ok(is_sent.then(|| Value::Array(items)))
        } else {
            Err(errors)
        }
    }

    fn is_file(&self) -> bool {
        matches!(self.content, Content::File { .. })
    }

    /// Every part of the form, the outermost first.
    pub fn walk<'f>(&'f self, visit: &mut impl FnMut(&'f Self)) {
        visit(self);
        for node in self.inside() {
            node.walk(visit);
        }
    }

    /// The same without what is inside an optional object that nobody has chosen or filled in: that is not sent.
    pub fn walk_sent<'f>(&'f self, values: &Values, visit: &mut impl FnMut(&'f Self)) {
        visit(self);
        let rows = matches!(self.content, Content::List { .. });
        for node in self.inside() {
            let is_object = matches!(node.content, Content::Object { .. });
            if rows || node.required || !is_object || node.is_chosen() || node.is_filled_in(values) {
                node.walk_sent(values, visit);
            }
        }
    }

    fn inside(&self) -> &[Self] {
        match &self.content {
            Content::Object { members, .. } => members,
            Content::List { rows } => rows,
            _ => &[],
        }
    }

    /// Whether it is of another schema than the one that it begins with, so that somebody has asked for it.
    fn is_chosen(&self) -> bool {
        self.variants.iter().any(|variants| variants.chosen > 0)
    }

    /// Whether it comes to anything, whatever that is.
    fn is_filled_in(&self, values: &Values) -> bool {
        !matches!(self.value(values, Check::Lenient), Ok(None))
    }

    /// The value of an input that takes only one, such as the name of a variant.
    fn only_value(&self) -> Option<Value> {
        match &self.content {
            Content::Input(field) => match &field.kind {
                Kind::Choice(choices) if choices.len() == 1 => {
                    input::single(field, choices.first()?, Check::Strict).ok()
                }
                _ => None,
            },
            Content::List { .. } => Some(Value::Array(Vec::new())),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        let any = json!({});
        let shapes = json!({
            "oneOf": [{ "$ref": "#/schemas/Circle" }, { "$ref": "#/schemas/Square" }],
            "discriminator": { "propertyName": "kind", "mapping": {
                "round": "#/schemas/Circle", "Square": "#/schemas/Square", "box": "#/schemas/Square",
            } },
        });
        let shape = |size: &str| {
            json!({
                "type": "object", "required": ["kind", size],
                "properties": { "kind": { "type": "string" }, size: { "type": "number", "minimum": 1 } },
            })
        };
        let body = json!({ "type": "object", "required": ["name"], "properties": {
            "id": { "type": "integer", "readOnly": true },
            "name": { "type": "string" },
            "count": { "enum": [1, 2] },
            "a/b": { "type": ["boolean", "null"] },
            "tags": { "type": "array", "items": { "type": "string" } },
            "shape": shapes, "any": any,
            "labels": { "type": "object", "additionalProperties": { "type": "integer" } },
            "child": { "$ref": "#/schemas/Body" },
            "file": { "type": "string", "format": "binary" },
        } });
        let content = json!({ "application/json": { "schema": { "$ref": "#/schemas/Body" } } });
        let document = json!({
            "paths": { "/": { "post": { "requestBody": { "content": content, "required": true } } } },
            "schemas": { "Body": body, "Circle": shape("radius"), "Square": shape("side") },
        });
        Document::from_bytes(document.to_string().as_bytes()).unwrap()
    }

    fn form(values: &Values) -> FormNode {
        let document = document();
        document.body_form(&document.operations()[0], values).unwrap()
    }

    fn find<'f>(node: &'f FormNode, input: &str) -> Option<&'f FormNode> {
        let inner = match &node.content {
            Content::Object { members, .. } => members.as_slice(),
            Content::List { rows } => rows.as_slice(),
            _ => &[],
        };
        if node.input == input { Some(node) } else { inner.iter().find_map(|node| find(node, input)) }
    }

    #[test]
    fn a_body_survives_being_filled_in_and_read() {
        let body = json!({
            "name": "", "count": 2, "a/b": null, "tags": ["x", "y"], "shape": { "kind": "Square", "side": 2 },
            "labels": { "one": 1 }, "any": [{ "a": {} }, "b", [], ""],
            "child": { "name": "c", "tags": [], "labels": {}, "child": { "name": "d", "tags": ["z", ""], "child": { "name": "e", "child": {} } } },
        });
        let values = Values::from_body(&body);
        assert_eq!(form(&values).value(&values, Check::Strict), Ok(Some(body)));
    }

    #[test]
    fn there_is_room_for_as_many_parts_as_a_form_has() {
        let most = builder::MOST_NODES;
        for (body, has_room) in [
            (json!(vec![1; most - 1]), true),
            (json!(vec![1; most]), false),
            (json!({ "a": vec![json!({}); most - 2] }), true),
            (json!({ "a": vec![json!({ "b": 1 }); most / 2] }), false),
        ] {
            assert_eq!(FormNode::has_room_for(&body), has_room);
        }
    }

    #[test]
    fn it_unfolds_as_it_is_asked_to() {
        let empty = form(&Values::default());
        assert!(find(&empty, "body/id").is_none());
        let child = find(&empty, "body/child/child/child").unwrap();
        assert_eq!(child.content, Content::Folded);
        let values = [
            ("body/child/child/child~open", "1"),
            ("body/tags~rows", "2"),
            ("body/labels~add", "new"),
            ("body/shape~variant0", "1"),
        ];
        let asked = form(&values.into_iter().collect());
        for input in ["body/child/child/child/name", "body/tags/1", "body/labels/new", "body/shape/side"] {
            assert!(find(&empty, input).is_none() && find(&asked, input).is_some(), "{input}");
        }
        let shape = find(&asked, "body/shape").unwrap();
        assert_eq!(
            (shape.variants[0].names.join(" "), shape.variants[0].chosen),
            ("Circle Square".to_owned(), 1)
        );
    }

    #[test]
    fn files_are_chosen_in_a_multipart_form_and_typed_elsewhere() {
        let file = json!({ "type": "string", "format": "binary" });
        let optional = |schema: &Value| json!({ "anyOf": [schema, { "type": "null" }] });
        let list = json!({ "type": "array", "items": optional(&file) });
        let schema =
            json!({ "properties": { "one": optional(&file), "several": optional(&list), "must": file } });
        let chosen = |media_type: &str| {
            let content = json!({ media_type: { "schema": schema } });
            let document = json!({ "paths": { "/": { "post": { "requestBody": { "content": content } } } } });
            let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
            let form = document.body_form(&document.operations()[0], &Values::default()).unwrap();
            ["body/one", "body/several", "body/must"].map(|input| match find(&form, input).unwrap().content {
                Content::File { multiple } => Some(multiple),
                _ => None,
            })
        };
        assert_eq!(chosen("multipart/form-data"), [Some(false), Some(true), Some(false)]);
        assert_eq!(chosen("application/json"), [None; 3]);
        assert_eq!(chosen("application/x-www-form-urlencoded"), [None; 3]);
    }

    #[test]
    fn one_of_several_types_is_chosen() {
        let schema = json!({ "additionalProperties": true, "properties": {
            "id": { "type": ["string", "integer", "null"] },
            "to": { "type": ["array", "string"], "items": { "type": "string" } },
        } });
        let content = json!({ "application/json": { "schema": schema } });
        let document = json!({ "paths": { "/": { "post": { "requestBody": { "content": content } } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let form = |values: &Values| document.body_form(&document.operations()[0], values).unwrap();
        for body in [
            json!({ "id": 7, "to": ["a"] }),
            json!({ "id": "x", "to": "a" }),
            json!({ "id": null, "to": [], "more": { "a": [1, "b"] } }),
        ] {
            let values = Values::from_body(&body);
            assert_eq!(form(&values).value(&values, Check::Strict), Ok(Some(body)));
        }
        let values = Values::parse("body/id=7&body/id~variant-type=0&body~add=other");
        let shown = form(&values);
        assert_eq!(shown.value(&values, Check::Strict), Ok(Some(json!({ "id": "7" }))));
        let id = find(&shown, "body/id").unwrap();
        assert_eq!((id.variants[0].names.join(" "), id.variants[0].chosen), ("string integer".to_owned(), 0));
        assert!(find(&shown, "body/other").is_some_and(|other| other.removable));
    }

    #[test]
    fn what_builds_on_a_schema_is_a_choice_only_where_that_schema_is_meant() {
        let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let kind = json!({ "type": "string" });
        let cat =
            json!({ "allOf": [of("Pet"), { "properties": { "kind": { "enum": ["a cat"] }, "lives": {} } }] });
        let schema = json!({ "required": ["described", "cat", "either"], "properties": {
            "described": { "allOf": [of("Pet")], "description": "One." },
            "cat": of("Cat"), "either": { "oneOf": [of("Cat"), of("Dog")] },
        } });
        let schemas = json!({
            "Pet": { "type": "object", "discriminator": { "propertyName": "kind" }, "properties": { "kind": kind } },
            "Cat": cat, "Dog": { "allOf": [of("Pet"), { "properties": { "barks": {} } }] },
        });
        let content = json!({ "application/json": { "schema": schema } });
        let document = json!({
            "components": { "schemas": schemas },
            "paths": { "/": { "post": { "requestBody": { "content": content } } } },
        });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let form = |values: &Values| document.body_form(&document.operations()[0], values).unwrap();
        let variants = |form: &FormNode, input: &str| find(form, input).unwrap().variants.clone();
        let empty = form(&Values::default());
        assert_eq!(variants(&empty, "body/described")[0].names, ["Cat", "Dog", "Pet"]);
        assert_eq!(variants(&empty, "body/cat"), []);
        assert_eq!(variants(&empty, "body/either").len(), 1);
        let body = json!({ "described": { "kind": "a cat", "lives": 9 }, "cat": { "kind": "a cat" }, "either": { "barks": true } });
        let values = Values::from_body(&body);
        let shown = form(&values);
        assert_eq!(variants(&shown, "body/described")[0].chosen, 0);
        assert_eq!(shown.value(&values, Check::Strict), Ok(Some(body)));
        let example: Value =
            serde_json::from_str(&document.operation(&document.operations()[0]).body.unwrap().example)
                .unwrap();
        assert_eq!(example["described"], json!({ "kind": "a cat", "lives": {} }));
    }

    #[test]
    fn members_are_as_the_pattern_of_their_name_says() {
        let schema = json!({ "type": "object", "additionalProperties": false, "properties": {
            "one": { "type": "object", "properties": { "a": {} }, "additionalProperties": false,
                "patternProperties": { "^x-": { "type": "integer" } } },
            "two": { "type": "object", "patternProperties": { "^n": { "type": "number" }, "^b": { "type": "boolean" } } },
        } });
        let content = json!({ "application/json": { "schema": schema } });
        let document = json!({ "paths": { "/": { "post": { "requestBody": { "content": content } } } } });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let body = json!({ "one": { "x-1": 1 }, "two": { "n": 0.5, "b": true, "other": 1 } });
        let values = Values::from_body(&body);
        let form = document.body_form(&document.operations()[0], &values).unwrap();
        assert_eq!(form.value(&values, Check::Strict), Ok(Some(body)));
        let kind = |input: &str| match &find(&form, input).unwrap().content {
            Content::Input(field) => field.kind.clone(),
            _ => panic!("{input} is no input"),
        };
        let kinds = ["body/one/x-1", "body/two/n", "body/two/b"].map(kind);
        assert_eq!(kinds, [Kind::Integer, Kind::Number, Kind::Boolean]);
        let asks = |input: &str| match &find(&form, input).unwrap().content {
            Content::Object { add, pattern, .. } => (add.is_some(), pattern.clone()),
            _ => panic!("{input} is no object"),
        };
        assert_eq!(asks("body"), (false, None));
        assert_eq!(asks("body/one"), (true, Some("^x-".to_owned())));
        assert_eq!(asks("body/two"), (true, None));
    }

    #[test]
    fn members_of_a_variant_that_was_left_do_not_stay() {
        let left = [("body/shape~variant0", "1"), ("body/shape/radius", "3"), ("body/shape/colour", "red")];
        let left = form(&left.into_iter().collect());
        assert!(find(&left, "body/shape/radius").is_none());
        assert!(find(&left, "body/shape/side").is_some() && find(&left, "body/shape/colour").is_some());
    }

    #[test]
    fn the_name_of_a_variant_follows_the_choice_and_may_be_any_that_the_document_maps() {
        let values = "body/name=n&body/shape~variant0=0&body/shape/kind=box&body/shape/radius=2";
        let values = Values::parse(values);
        let body = json!({ "name": "n", "shape": { "kind": "round", "radius": 2 } });
        assert_eq!(form(&values).value(&values, Check::Strict), Ok(Some(body)));
        let values = Values::parse("body/name=n&body/shape/kind=box&body/shape/side=2");
        let shown = form(&values);
        let body = json!({ "name": "n", "shape": { "kind": "box", "side": 2 } });
        assert_eq!(shown.value(&values, Check::Strict), Ok(Some(body)));
        let Content::Input(kind) = &find(&shown, "body/shape/kind").unwrap().content else {
            panic!("an input")
        };
        assert_eq!(kind.kind, Kind::Choice(vec!["Square".into(), "box".into()]));
        assert!(kind.is_tag);
    }

    #[test]
    fn what_is_missing_or_wrong_is_said_at_its_input() {
        let values: Values = [("body/shape/radius", "0"), ("body/child/tags/0", "t"), ("body/count", "3")]
            .into_iter()
            .collect();
        let errors = form(&values).value(&values, Check::Strict).unwrap_err();
        let inputs: Vec<_> = errors.iter().map(|error| error.input.as_str()).collect();
        assert_eq!(inputs, ["body/count", "body/shape/radius", "body/child/name", "body/name"]);
        let values: Values =
            [("body/name", "n"), ("body/shape/radius", "1"), ("body/tags/0", "")].into_iter().collect();
        let body = json!({ "name": "n", "shape": { "kind": "round", "radius": 1 } });
        assert_eq!(form(&values).value(&values, Check::Strict), Ok(Some(body)));
    }
}
