//! JSON as something to read: objects as lists of facts, lists as lists or tables, texts as what they are.

use std::cell::Cell;

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::table;
use crate::{
    components::{
        text::{counted, head},
        time,
    },
    ui::{DefinitionList, Disclosure},
};

/// Folds that are open from the start.
const OPEN: usize = 2;
/// Deeper values are left to the source.
const DEEPEST: usize = 12;
/// Values that a page shows in all.
const MOST_VALUES: u32 = 10_000;
/// Members of one list or object that are in view; the others fold away.
const MOST_MEMBERS: usize = 200;
/// What stands before those.
const MORE: &str = "and more";
/// Bytes of one text.
const LONGEST_TEXT: usize = 2_000;

/// A value that fills its own frame.
pub fn framed(value: &Value) -> AnyView {
    match value {
        Value::Object(members) if !members.is_empty() => {
            view! { <DefinitionList facts=facts(members) framed=true /> }.into_any()
        }
        Value::Array(items) if !items.is_empty() => {
            view! { <div class="card">{Tree::default().items(items, 1)}</div> }.into_any()
        }
        value => view! { <p class="card">{scalar(value)}</p> }.into_any(),
    }
}

/// A value in the midst of others, without a frame.
pub fn inline(value: &Value) -> AnyView {
    Tree::default().value(value, 0)
}

/// A date or moment in words; any other text as it is.
pub fn readable_or(text: &str) -> String {
    time::readable(text).unwrap_or_else(|| text.to_owned())
}

/// The members of an object, ready for a list of facts.
#[must_use]
pub fn facts(members: &Map<String, Value>) -> Vec<(String, AnyView)> {
    Tree::default().facts(members.iter(), 0)
}

/// Counts what it shows, so that no answer makes an endless page.
#[derive(Debug)]
pub struct Tree {
    left: Cell<u32>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { left: Cell::new(MOST_VALUES) }
    }
}

impl Tree {
    /// A value at some depth.
    pub fn value(&self, value: &Value, depth: usize) -> AnyView {
        self.named_value("", value, depth)
    }

    /// Those members of an object that `names` says, folded away.
    pub fn members(&self, object: &Map<String, Value>, names: &[&String], depth: usize) -> AnyView {
        let members: Vec<_> = names.iter().filter_map(|name| object.get_key_value(*name)).collect();
        self.fold(members.len(), "field", OPEN + depth, || {
            view! { <DefinitionList facts=self.facts(members.into_iter(), OPEN + depth) /> }.into_any()
        })
    }

    /// The members of an object. Those that are too many fold away, in turn.
    fn facts<'a>(
        &self,
        mut members: impl Iterator<Item = (&'a String, &'a Value)>,
        depth: usize,
    ) -> Vec<(String, AnyView)> {
        let shown = members.by_ref().take(MOST_MEMBERS);
        let mut facts: Vec<_> =
            shown.map(|(name, value)| (name.clone(), self.named_value(name, value, depth))).collect();
        let rest: Vec<_> = members.collect();
        if !rest.is_empty() {
            let rest = self.fold(rest.len(), "field", OPEN + depth, || {
                view! { <DefinitionList facts=self.facts(rest.into_iter(), depth) /> }.into_any()
            });
            facts.push((MORE.to_owned(), rest));
        }
        facts
    }

    fn named_value(&self, name: &str, value: &Value, depth: usize) -> AnyView {
        match value {
            Value::Object(members) if !members.is_empty() => self.object(members, depth),
            Value::Array(items) if !items.is_empty() => self.list(name, items, depth),
            value => {
                self.left.set(self.left.get().saturating_sub(1));
                scalar(value)
            }
        }
    }

    fn object(&self, members: &Map<String, Value>, depth: usize) -> AnyView {
        self.fold(members.len(), "field", depth, || {
            view! { <DefinitionList facts=self.facts(members.iter(), depth + 1) /> }.into_any()
        })
    }

    fn list(&self, name: &str, items: &[Value], depth: usize) -> AnyView {
        let rows: Vec<_> = items.iter().filter_map(Value::as_object).collect();
        self.fold(items.len(), "item", depth, || {
            if rows.len() == items.len() && depth < OPEN {
                return table::inner_table(self, &rows, name, depth);
            }
            self.items(items, depth + 1)
        })
    }

    fn items(&self, items: &[Value], depth: usize) -> AnyView {
        let shown = items.iter().take(MOST_MEMBERS).map(|item| view! { <li>{self.value(item, depth)}</li> });
        let shown: Vec<_> = shown.collect();
        let more = items.get(MOST_MEMBERS..).filter(|more| !more.is_empty());
        let more = more.map(|more| self.rest(more.len(), depth, || self.items(more, depth)));
        view! {
            <ol>{shown}</ol>
            {more}
        }
        .into_any()
    }

    /// So many items that are too many to be in view.
    pub fn rest(&self, count: usize, depth: usize, content: impl FnOnce() -> AnyView) -> AnyView {
        view! { <div><span class="muted">{MORE}</span> {self.fold(count, "item", OPEN + depth, content)}</div> }
            .into_any()
    }

    /// Folds away what `content` makes, unless it is too deep or too much.
    fn fold(&self, count: usize, unit: &str, depth: usize, content: impl FnOnce() -> AnyView) -> AnyView {
        let summary = counted(count, unit);
        if depth > DEEPEST || self.left.get() == 0 {
            return view! { <span class="muted">{summary}</span> }.into_any();
        }
        self.left.set(self.left.get() - 1);
        let content = content();
        view! {
            <Disclosure summary open=depth < OPEN>
                {content}
            </Disclosure>
        }
        .into_any()
    }
}

/// A value that holds no others.
#[must_use]
pub fn scalar(value: &Value) -> AnyView {
    match value {
        Value::String(text) if text.is_empty() => nothing("empty text"),
        Value::String(text) => self::text(text),
        Value::Null => nothing("null"),
        Value::Array(_) => nothing("empty list"),
        Value::Object(_) => nothing("empty object"),
        value => value.to_string().into_any(),
    }
}

fn nothing(words: &'static str) -> AnyView {
    view! { <span data-type="null">{words}</span> }.into_any()
}

/// A text as what it is: a link, an e-mail address, a date, or itself.
fn text(text: &str) -> AnyView {
    if let Some(shown) = time::readable(text) {
        return view! { <time datetime=text.to_owned() title=text.to_owned()>{shown}</time> }.into_any();
    }
    if is_web_address(text) {
        return web_link(text.to_owned());
    }
    if is_email(text) {
        return view! { <a href=format!("mailto:{text}")>{text.to_owned()}</a> }.into_any();
    }
    let shown = head(text, LONGEST_TEXT);
    if shown.len() < text.len() { format!("{shown} …").into_any() } else { shown.to_owned().into_any() }
}

fn web_link(address: String) -> AnyView {
    let href = address.clone();
    view! {
        <a href=href rel="noreferrer noopener external" target="_blank">
            {address}
        </a>
    }
    .into_any()
}

/// `http` and `https` only: other schemes can do things.
fn is_web_address(text: &str) -> bool {
    text.len() <= LONGEST_TEXT
        && (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(char::is_whitespace)
        && url::Url::parse(text).is_ok()
}

/// An address of the plain sort, safe to put after `mailto:`.
fn is_email(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_+@".contains(c);
    let Some((name, domain)) = text.split_once('@') else { return false };
    !name.is_empty()
        && domain.contains('.')
        && !domain.contains('@')
        && text.len() <= 254
        && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn html(value: &Value) -> String {
        Owner::new().with(|| framed(value).to_html())
    }

    #[test]
    fn texts_are_shown_as_what_they_are() {
        let html = |text: &str| Owner::new().with(|| self::text(text).to_html());
        assert!(
            html("https://a.example/?x=1").starts_with("<a href=\"https://a.example/?x=1\" rel=\"noreferrer")
        );
        assert!(html("ada@example.org").contains("href=\"mailto:ada@example.org\""));
        assert!(html("2025-01-31T12:00:00Z").contains(
            "<time datetime=\"2025-01-31T12:00:00Z\" title=\"2025-01-31T12:00:00Z\">2025-01-31 12:00"
        ));
        for plain in ["javascript:alert(1)", "http://", "https://a b", "a@b", "<b>", "x@y.example?subject=z"]
        {
            assert!(!html(plain).contains('<'), "{plain}");
        }
    }

    #[test]
    fn deep_and_long_answers_end() {
        let deep = (0..100).fold(json!(1), |inner, _| json!({ "a": inner }));
        assert!(html(&deep).matches("<dl").count() <= DEEPEST + 2);
        let many: Vec<_> = (0..300).map(|_| (0..300).collect::<Vec<_>>()).collect();
        let html = html(&json!(many));
        assert!(html.contains("and more") && html.matches("<li>").count() < 12_000);
    }

    #[test]
    fn what_is_too_much_to_be_in_view_can_be_reached() {
        let members: Map<_, _> = (0..450).map(|n| (format!("member {n}"), json!(n))).collect();
        let rows: Vec<_> = (0..450).map(|n| json!({ "row": format!("row {n}") })).collect();
        let html =
            html(&json!({ "members": members, "rows": rows, "numbers": (1000..1450).collect::<Vec<_>>() }));
        for text in ["250 fields", "50 fields", "member 449", "row 449", "250 items", "50 items", "1449"] {
            assert!(html.contains(text), "{text}");
        }
    }
}
