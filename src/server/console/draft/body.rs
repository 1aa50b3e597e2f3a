//! The body of a draft: as a form, as JSON, and from one to the other.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Draft;
use crate::{
    json_pointer::{escaped, unescaped},
    openapi::{
        BODY, BODY_AS, BODY_EXAMPLE, BODY_FOR, Body, BodyKind, Check, Content, FieldError, FormNode,
        MEDIA_TYPE, Values, is_within,
    },
    types::BodyEntry,
};

/// What [`BODY_AS`] says.
const JSON: &str = "json";
const FORM: &str = "form";

impl Draft {
    /// Notes for which media type the body is filled in. For another kind of body, it begins anew.
    pub(super) fn settle_body(&mut self) {
        let Some(body) = &self.operation.body else { return };
        let (media_type, example) = (body.media_type.clone(), body.example.clone());
        self.is_other_kind = self.is_of_another_kind();
        if self.is_other_kind {
            self.clear_body();
            self.fill_in(&example);
        }
        self.values.set(BODY_FOR, media_type);
    }

    /// Fills the body in with what the document offers, when nobody has done anything about it yet.
    pub(super) fn begin_body(&mut self) {
        let Some(body) = &self.operation.body else { return };
        let example = body.example.clone();
        let is_touched = |name: &str| is_within(name, BODY) && ![MEDIA_TYPE, BODY_FOR].contains(&name);
        if !self.values.iter().any(|(name, _)| is_touched(name)) {
            self.fill_in(&example);
        }
    }

    fn is_of_another_kind(&self) -> bool {
        let Some(before) = self.values.first(BODY_FOR) else { return false };
        let mut values = Values::default();
        values.push(MEDIA_TYPE, before);
        let before = self.document.operation_for(&self.operation.summary, &values).body;
        let is_json = |kind| matches!(kind, BodyKind::Json | BodyKind::Form);
        match (before.map(|body| body.kind), self.operation.body.as_ref().map(|body| body.kind)) {
            (Some(before), Some(now)) => before != now && !(is_json(before) && is_json(now)),
            _ => false,
        }
    }

    /// As a form where that shows all of it, else as a text.
    fn fill_in(&mut self, example: &str) {
        let example = self.without_files(example);
        match serde_json::from_str::<Value>(&example) {
            Ok(json) if self.lost(&json).is_none() => self.fill_form(&json),
            _ => self.fill_text(example),
        }
    }

    /// Whatever an example of the document has in the place of a file, it is none that could be sent.
    fn without_files(&self, example: &str) -> String {
        let is_multipart = self.operation.body.as_ref().is_some_and(Body::is_multipart);
        let json = serde_json::from_str::<Value>(example).ok().filter(|_| is_multipart);
        let form = json.as_ref().and_then(|json| self.form_for(json));
        let (Some(mut json), Some(form)) = (json, form) else { return example.to_owned() };
        form.walk(&mut |node| {
            if matches!(node.content, Content::File { .. }) {
                take_out(&mut json, &node.input);
            }
        });
        serde_json::to_string_pretty(&json).unwrap_or_default()
    }

    fn clear_body(&mut self) {
        let stays = |name: &str| [MEDIA_TYPE, BODY_FOR].contains(&name) || !is_within(name, BODY);
        self.values.retain(stays);
        self.let_go_of_form();
    }

    fn fill_text(&mut self, text: String) {
        self.clear_body();
        self.values.set(BODY_AS, JSON);
        self.values.set(BODY, text);
    }

    fn fill_form(&mut self, json: &Value) {
        self.clear_body();
        Values::from_body(json).iter().for_each(|(name, text)| self.values.push(name, text));
        self.values.set(BODY_AS, FORM);
    }

    /// The form for this JSON, if the body can be shown as one at all.
    fn form_for(&self, json: &Value) -> Option<FormNode> {
        if !FormNode::has_room_for(json) {
            return None;
        }
        let mut values = Values::from_body(json);
        self.values.first(MEDIA_TYPE).into_iter().for_each(|chosen| values.push(MEDIA_TYPE, chosen));
        self.document.body_form(&self.operation.summary, &values).filter(has_inputs)
    }

    /// The form for the body, whether it is shown or not.
    pub fn form(&self) -> Option<&FormNode> {
        self.any_form().filter(|form| has_inputs(form))
    }

    /// Also when it is one input for everything.
    pub(super) fn any_form(&self) -> Option<&FormNode> {
        let build = || self.document.body_form(&self.operation.summary, &self.values);
        self.form.get_or_init(build).as_ref()
    }

    /// To be called when the values of the body have changed: the form follows from them.
    pub(super) fn let_go_of_form(&mut self) {
        self.form = Arc::default();
    }

    /// What was typed decides when nothing else does: a text is a text.
    fn is_form(&self) -> bool {
        match self.values.first(BODY_AS) {
            Some(shown_as) => shown_as == FORM,
            None => self.values.count(BODY) == 0,
        }
    }

    /// The form by which the body is filled in.
    pub fn form_in_use(&self) -> Option<&FormNode> {
        self.form().filter(|_| self.is_form())
    }

    /// How the body is shown.
    pub(super) fn entry(&self) -> BodyEntry {
        match &self.operation.body {
            None => BodyEntry::None,
            Some(body) if body.kind == BodyKind::File => BodyEntry::File,
            Some(_) => match self.form_in_use() {
                Some(form) => BodyEntry::Form(Box::new(form.clone())),
                None => BodyEntry::Text {
                    text: self.values.first(BODY).unwrap_or_default().to_owned(),
                    form: self.form().cloned().map(Box::new),
                    why: self.why.clone(),
                },
            },
        }
    }

    /// The body as a text, also when it is filled in as a form. `None` when it is empty.
    pub fn text(&self, check: Check) -> Result<Option<String>, Vec<FieldError>> {
        if let Some(form) = self.form_in_use() {
            return Ok(form.value(&self.values, check)?.map(|value| value.to_string()));
        }
        let is_text = self.operation.body.as_ref().is_some_and(|body| body.kind != BodyKind::File);
        let text = self.values.first(BODY).filter(|text| is_text && !text.trim().is_empty());
        Ok(text.map(str::to_owned))
    }

    pub(super) fn show_as_json(&mut self) {
        let Some(form) = self.form_in_use() else { return };
        let value = form.value(&self.values, Check::Lenient).ok().flatten();
        let text = value.and_then(|value| serde_json::to_string_pretty(&value).ok());
        self.fill_text(text.unwrap_or_default());
    }

    /// Only when the form shows all of it: nothing is lost on the way.
    pub(super) fn show_as_form(&mut self) {
        let text = self.values.first(BODY).unwrap_or_default().to_owned();
        if text.trim().is_empty() {
            self.fill_form(&Value::Null);
            return;
        }
        match serde_json::from_str::<Value>(&text) {
            Ok(json) => match self.lost(&json) {
                None => self.fill_form(&json),
                Some(pointer) => self.why = Some(in_words(&pointer)),
            },
            Err(error) => self.why = Some(format!("This stays a text, because it is not JSON: {error}.")),
        }
    }

    /// The first part of a value that would be lost in the form.
    fn lost(&self, json: &Value) -> Option<String> {
        let Some(form) = self.form_for(json) else { return Some(String::new()) };
        let shown = form.value(&Values::from_body(json).as_shown(), Check::Lenient).ok().flatten();
        // A form in which nothing is filled in sends nothing, which is not the same as an empty object.
        let nothing =
            if json.as_object().is_some_and(Map::is_empty) { Value::Null } else { Map::new().into() };
        difference(json, &shown.unwrap_or(nothing), String::new())
    }

    pub(super) fn take_example(&mut self) {
        let Some(chosen) = self.values.first(BODY_EXAMPLE).map(str::to_owned) else { return };
        let number = chosen.parse::<usize>().ok();
        let examples = self.operation.body.as_ref().map(|body| body.examples.as_slice()).unwrap_or_default();
        let Some(example) = number.and_then(|number| examples.get(number)) else { return };
        let text = example.text.clone();
        if self.is_form() {
            self.fill_in(&text);
        } else {
            let text = self.without_files(&text);
            self.fill_text(text);
        }
        self.values.set(BODY_EXAMPLE, chosen);
    }
}

/// Takes the member that an input stands for out of a body.
fn take_out(json: &mut Value, input: &str) {
    let place = input.strip_prefix(BODY).and_then(|pointer| pointer.rsplit_once('/'));
    let Some((around, name)) = place else { return };
    let name = unescaped(name);
    if let Some(members) = json.pointer_mut(around).and_then(Value::as_object_mut) {
        members.retain(|member, _| *member != name);
    }
}

/// Whether there is more to it than one input for everything.
fn has_inputs(form: &FormNode) -> bool {
    !form.variants.is_empty() || matches!(form.content, Content::Object { .. } | Content::List { .. })
}

fn in_words(pointer: &str) -> String {
    let part = if pointer.is_empty() { "it".to_owned() } else { format!("the value at {pointer}") };
    format!("This stays JSON, because the form cannot show {part} as it is.")
}

/// Where two values begin to differ (JSON Pointer).
fn difference(left: &Value, right: &Value, pointer: String) -> Option<String> {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let mut members = left.iter();
            let differs = members.find_map(|(name, value)| {
                let pointer = format!("{pointer}/{}", escaped(name));
                match right.get(name) {
                    Some(other) => difference(value, other, pointer),
                    None => Some(pointer),
                }
            });
            differs.or_else(|| (right.len() > left.len()).then_some(pointer))
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            pairs.find_map(|(row, (left, right))| difference(left, right, format!("{pointer}/{row}")))
        }
        (left, right) => (left != right).then_some(pointer),
    }
}

#[cfg(test)]
mod tests;
