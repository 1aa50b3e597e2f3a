use leptos::prelude::*;
use serde_json::{Map, Value};

use super::{
    events::events,
    leaves::leaves,
    links::Links,
    list::list,
    list_links::ListLinks,
    source::{JsonSource, TextSource},
    tools::Tools,
    tree,
};
use crate::{
    paths,
    types::{
        AnswerBody, AnswerView,
        reading::{KeptLink, Look, TextView},
    },
    ui::{DefinitionList, EmptyState},
};

/// The body of an answer, by what it is, with the ways to look at it and to its other pages.
pub fn body(answer: AnswerView, pages: Option<AnyView>) -> AnyView {
    let refused = answer.status >= 400;
    let links = answer.kept.map(Links::new);
    let tools = links
        .clone()
        .map(|links| view! { <Tools links body=tools_for(&answer.body) found_in=found_in(&answer.body) /> });
    let lists = links.clone().map(|links| view! { <ListLinks links /> });
    let shown = match answer.body {
        AnswerBody::Empty if refused => ().into_any(),
        AnswerBody::Empty => empty(emptiness(answer.status)),
        AnswerBody::Json { data, about, source } => json(&data, &about, source, refused),
        AnswerBody::List(view) => list(*view, links.as_ref()),
        AnswerBody::Paths(view) => leaves(view, links.as_ref()),
        AnswerBody::Text(view) => view! { <TextSource view links /> }.into_any(),
        AnswerBody::Image(url) => picture(url.or_else(|| Some(links?.file().into()))),
        AnswerBody::Pdf => links.map(document).into_any(),
        AnswerBody::Page(text) => page(text, links),
        AnswerBody::Events(view) => events(view, links.as_ref()),
        AnswerBody::Binary => empty("The answer is neither text nor a picture, so it is not shown."),
    };
    view! {
        <div class="answer-reading" id=super::PART tabindex="-1">
            {tools}
            {lists}
            {shown}
        </div>
        {pages}
    }
    .into_any()
}

/// The ways to look at a body besides the plain one.
fn tools_for(body: &AnswerBody) -> Vec<(Look, &'static str)> {
    match body {
        AnswerBody::Json { .. } | AnswerBody::List(_) | AnswerBody::Paths(_) => {
            vec![(Look::Paths, "Paths"), (Look::Source, "Source")]
        }
        AnswerBody::Page(_) => vec![(Look::Page, "As a page")],
        AnswerBody::Text(_) | AnswerBody::Events(_) => vec![(Look::Source, "Source")],
        AnswerBody::Empty | AnswerBody::Image(_) | AnswerBody::Pdf | AnswerBody::Binary => Vec::new(),
    }
}

/// How an answer is looked at that is searched while it is looked at as what it is.
fn found_in(body: &AnswerBody) -> Look {
    match body {
        // Facts have no rows to search: what is found stands in the list of their paths.
        AnswerBody::Json { .. } => Look::Paths,
        AnswerBody::Text(_) | AnswerBody::Events(_) | AnswerBody::Page(_) => Look::Source,
        _ => Look::Read,
    }
}

/// What it means that there is no body.
fn emptiness(status: u16) -> &'static str {
    match status {
        200 => "The answer is empty.",
        300..400 => "The API points to another address; the headers say which.",
        _ => "The API has done it and had nothing to add.",
    }
}

pub(super) fn empty(text: &'static str) -> AnyView {
    view! {
        <EmptyState>
            <p>{text}</p>
        </EmptyState>
    }
    .into_any()
}

fn picture(url: Option<String>) -> AnyView {
    view! {
        <figure class="answer-picture">
            <img src=url alt="The answer as a picture" />
        </figure>
    }
    .into_any()
}

fn document(links: Links) -> AnyView {
    view! {
        <iframe class="answer-frame" src=links.file() title="The answer as a PDF"></iframe>
        <p class="small">
            <a href=links.file() target="_blank" rel="noopener noreferrer external">
                "Open the PDF in a window of its own"
            </a>
        </p>
    }
    .into_any()
}

/// HTML of the API: as text, or in a frame that runs nothing, from an address whose own policy says the same.
fn page(text: TextView, links: Option<Links>) -> AnyView {
    match links {
        Some(links) if links.reading().look == Look::Page => view! {
            <iframe class="answer-frame" src=links.sandbox() sandbox="" title="The answer as a page, without scripts"></iframe>
        }
        .into_any(),
        links => view! { <TextSource view=text links /> }.into_any(),
    }
}

/// JSON: what an error says stands above already, so its body is its source.
fn json(data: &Value, about: &Map<String, Value>, source: String, refused: bool) -> AnyView {
    let shown = (!refused).then(|| shown(data)).flatten();
    let open = shown.is_none();
    let about = (!about.is_empty()).then(|| {
        view! { <DefinitionList facts=tree::facts(about) framed=true /> }
    });
    view! {
        {shown}
        {about}
        <JsonSource source open />
    }
    .into_any()
}

fn shown(data: &Value) -> Option<AnyView> {
    match data {
        Value::Null => None,
        Value::Array(items) if items.is_empty() => Some(empty("The list is empty.")),
        data => Some(tree::framed(data)),
    }
}

/// Where the whole answer is stored from.
pub(super) fn download(kept: &KeptLink) -> AnyView {
    view! { <a class="button" data-size="small" href=paths::answer_body(&kept.id) download="">"Download"</a> }
        .into_any()
}
