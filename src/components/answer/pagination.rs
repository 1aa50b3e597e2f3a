//! The way to the other pages of a list, as far as the API tells it: by `Link` headers (RFC 8288), by members of the
//! answer that hold an address, a number or a cursor, or by how many pages there are.
//!
//! Every way is the same operation with other values: an address that holds them, or a form that posts them. An address
//! of any other place is no way.

mod choosers;
mod follow;
mod given;
mod link_header;
mod members;
mod numbers;

use leptos::prelude::*;
use serde_json::{Map, Value};
use url::Url;

use self::follow::{Follow, Way};
use super::hidden_inputs;
use crate::{
    types::{AnswerBody, OperationPage, Outcome, SEND},
    ui::Pager,
};

/// The ways to the other pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// “Page 2 of 3”, where that is told.
    words: Option<String>,
    first: Option<Way>,
    previous: Option<Way>,
    next: Option<Way>,
    last: Option<Way>,
}

impl Pages {
    /// `None` when there are no others, or the API does not tell. `base` is where the API is.
    pub fn of(page: &OperationPage, base: &Url) -> Option<Self> {
        let Outcome::Answered(answer) = &page.outcome else { return None };
        // What is posted may do anything: only where it has found a list, and no file would be missing.
        let asks_again = page.operation.is_by_address() || (holds_list(&answer.body) && !page.takes_files());
        if !asks_again || answer.status >= 400 {
            return None;
        }
        let (places, last_row) = told_in(&answer.body);
        let follow = Follow::new(page, base);
        let links = link_header::links(&answer.headers);
        let mut told =
            Self::default().or(|rel| follow.address(links.iter().find(|(name, _)| name == rel)?.1.as_str()));
        for about in &places {
            told = told.or(|rel| members::way(&follow, about, last_row, rel));
        }
        let numbers = places.iter().find_map(|about| numbers::Numbers::of(&follow, about));
        let numbered = numbers.as_ref().map(|numbers| told.clone().or(|rel| numbers.way(&follow, rel)));
        let words = numbers.map(|numbers| numbers.to_string());
        let pages = Self { words, ..numbered.unwrap_or(told) };
        (pages != Self::default()).then_some(pages)
    }

    /// Fills in what is not known yet.
    fn or(self, way: impl Fn(&str) -> Option<Way>) -> Self {
        Self {
            words: self.words,
            first: self.first.or_else(|| way("first")),
            previous: self.previous.or_else(|| way("prev")),
            next: self.next.or_else(|| way("next")),
            last: self.last.or_else(|| way("last")),
        }
    }
}

fn holds_list(body: &AnswerBody) -> bool {
    match body {
        AnswerBody::List(_) => true,
        AnswerBody::Json { data: Value::Object(members), .. } => members.values().any(Value::is_array),
        AnswerBody::Json { data, .. } => data.is_array(),
        _ => false,
    }
}

/// Where an answer tells of its pages, and the last row of its list, if that is in view.
fn told_in(body: &AnswerBody) -> (Vec<&Map<String, Value>>, Option<&Value>) {
    match body {
        AnswerBody::Json { data, about, .. } => {
            (std::iter::once(about).chain(data.as_object()).collect(), None)
        }
        AnswerBody::List(list) => {
            let is_all = list.window.next.is_none();
            (vec![&list.about], list.window.rows.last().filter(|_| is_all).map(|row| &row.value))
        }
        _ => (Vec::new(), None),
    }
}

/// Links to the other pages, or buttons.
#[component]
pub fn Pagination(pages: Pages) -> impl IntoView {
    let ways = [
        (pages.first, "first", "First"),
        (pages.previous, "prev", "Previous"),
        (pages.next, "next", "Next"),
        (pages.last, "last", "Last"),
    ];
    let ways = ways.into_iter().filter_map(|(way, rel, words)| Some(shown(way?, rel, words)));
    let ways: Vec<_> = ways.collect();
    // The ways stand where they would with words beside them.
    let words = Some(pages.words.unwrap_or_default());
    view! { <Pager label="Pages" words ways /> }
}

fn shown(way: Way, rel: &'static str, words: &'static str) -> AnyView {
    match way {
        Way::Link(href) => {
            view! { <a class="button" data-size="small" rel=rel href=href>{words}</a> }.into_any()
        }
        Way::Form { action, values, send } => view! {
            <form method="post" action=action data-page=rel>
                {hidden_inputs(&values)}
                <button class="button" data-size="small" type="submit" name=SEND value=send.to_string()>
                    {words}
                </button>
            </form>
        }
        .into_any(),
    }
}

/// A name of a member, however it is written.
fn plain(name: &str) -> String {
    name.replace(['_', '-', '@', '$', '.'], "").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        openapi::{Document, Values},
        types::{AnswerView, BodyEntry, Step},
    };

    /// An operation with an id in its path, two ways to choose a page and a filter.
    fn page(query: &str, link: &str, body: Value) -> OperationPage {
        let query_parameter = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/shops/{id}/books": {"get": {"operationId": "list", "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                query_parameter("page"), query_parameter("cursor"), query_parameter("q"),
                query_parameter("starting_after"),
            ]}}},
        });
        let document = Document::from_bytes(document.to_string().as_bytes()).unwrap();
        let operation = document.operation(document.find("list").unwrap());
        let answer = AnswerView {
            status: 200,
            reason: "OK".into(),
            elapsed_ms: 1,
            size: 1,
            media_type: "application/json".into(),
            headers: vec![("link".into(), link.into())],
            message: None,
            meaning: None,
            problem: None,
            notes: Vec::new(),
            kept: None,
            body: AnswerBody::Json { data: body, about: Map::new(), source: String::new() },
        };
        let outcome = Outcome::Answered(Box::new(answer));
        OperationPage {
            operation,
            values: Values::parse(query),
            body: BodyEntry::None,
            problems: Vec::new(),
            step: Step::Fill,
            detail: None,
            preview: None,
            outcome,
            latest: Vec::new(),
        }
    }

    fn ways(page: &OperationPage) -> Option<[Option<String>; 4]> {
        let base = Url::parse("https://api.example/v1").unwrap();
        let pages = Pages::of(page, &base)?;
        let text = |way: Option<Way>| match way? {
            Way::Link(path) => Some(path.as_str().replace("/operations/list?", "")),
            Way::Form { .. } => panic!("it is sent by its address"),
        };
        Some([pages.first, pages.previous, pages.next, pages.last].map(text))
    }

    #[test]
    fn links_of_the_same_operation_are_followed() {
        let link = r#"<https://api.example/v1/shops/7/books?page=3&q=a%20b>; rel="next", </v1/shops/7/books?page=1>; rel=prev"#;
        let found = ways(&page("id=7&q=a%20b&page=2", link, json!({})));
        let own = |query: &str| Some(format!("id=7&{query}"));
        assert_eq!(found, Some([None, own("page=1"), own("page=3&q=a%20b"), None]));
        for elsewhere in [
            "https://evil.example/v1/shops/7/books?page=3",
            "https://api.example/v1/shops/8/books?page=3",
            "javascript:alert(1)",
            "//evil.example/v1/shops/7/books?page=3",
        ] {
            let link = format!("<{elsewhere}>; rel=next");
            assert_eq!(ways(&page("id=7", &link, json!({}))), None, "{elsewhere}");
            let member = ways(&page("id=7", "", json!({"next": {"href": elsewhere}})));
            assert!(member.is_none() || elsewhere.starts_with("javascript:"), "only a cursor: {elsewhere}");
        }
    }

    #[test]
    fn what_the_document_does_not_name_goes_along() {
        let link = "</v1/shops/7/books?after=x%3D%26&q=a>; rel=next";
        let [_, _, next, _] = ways(&page("id=7&q=a&~query=after%3Dw", link, json!({}))).unwrap();
        assert_eq!(next.as_deref(), Some("id=7&q=a&~query=after%3Dx%253D%2526"));
    }

    #[test]
    fn members_lead_to_the_next_page() {
        let next = |body: Value| ways(&page("id=7&q=x", "", body)).and_then(|[_, _, next, _]| next);
        let own = |query: &str| Some(format!("id=7&q=x&{query}"));
        assert_eq!(next(json!({"next_cursor": "abc"})), own("cursor=abc"));
        assert_eq!(next(json!({"meta": {"nextPageToken": "a b"}})), own("cursor=a%20b"));
        assert_eq!(next(json!({"paging": {"cursors": {"after": "z"}}})), own("cursor=z"));
        assert_eq!(next(json!({"nextPage": 3})), own("page=3"));
        assert_eq!(
            next(json!({"_links": {"next": {"href": "/v1/shops/7/books?page=2"}}})),
            Some("id=7&page=2".into())
        );
        assert_eq!(next(json!({"next": null})), None);
        assert_eq!(next(json!({"has_more": false, "next_cursor": "abc"})), None);
    }
}
