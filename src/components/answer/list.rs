use leptos::prelude::*;
use serde_json::{Map, Value};

use super::{
    PART, hidden_inputs,
    links::Links,
    plot::plots,
    source::JsonSource,
    table::{self, Columns},
    tree::Tree,
    window::{WindowLinks, caption},
};
use crate::{
    reading::list::Object,
    types::reading::{ListView, Row, Window},
    ui::{DefinitionList, Disclosure, EmptyState, TableScroll},
};

/// The name of the column of rows that are no objects.
const VALUE: &str = "value";

/// A list: drawn where it is a number over time, and always a table.
pub fn list(view: ListView, links: Option<&Links>) -> AnyView {
    let tree = Tree::default();
    let about = view.about.iter().map(|(name, value)| (name.clone(), tree.value(value, 0)));
    let about: Vec<_> = about.collect();
    let source = view.source.map(|source| view! { <JsonSource source open=false /> });
    view! {
        {plots(&view.plots)}
        {rows(view.window, links, &tree)}
        {(!about.is_empty()).then(|| view! { <DefinitionList facts=about framed=true /> })}
        {source}
    }
    .into_any()
}

fn rows(window: Window, links: Option<&Links>, tree: &Tree) -> AnyView {
    let caption = caption(&window, links.map(Links::reading));
    if window.rows.is_empty() {
        return view! { <EmptyState><p>{caption}</p></EmptyState> }.into_any();
    }
    let ways = links.map(|links| view! { <WindowLinks window=window.without_rows() links=links.clone() /> });
    let is_sortable = window.sortable && window.total > 1;
    let objects: Vec<Object> = window.rows.into_iter().map(object).collect();
    let objects: Vec<&Object> = objects.iter().collect();
    let chosen = links.map(|links| links.reading().columns.clone()).unwrap_or_default();
    let columns = Columns::of(&objects, &chosen);
    let choice = links.map(|links| choice(links, &table::columns(&objects), &columns));
    let heads = heads(&columns, links.filter(|_| is_sortable));
    let body = table::body(tree, &objects, &columns, 0);
    view! {
        {choice}
        <TableScroll labelled_by="answer-caption">
            <table class="table">
                <caption id="answer-caption">{caption}</caption>
                {heads}
                {body}
            </table>
        </TableScroll>
        {ways}
    }
    .into_any()
}

fn object(row: Row) -> Object {
    match row.value {
        Value::Object(members) => members,
        value => Map::from_iter([(VALUE.to_owned(), value)]),
    }
}

fn heads(columns: &Columns, sortable: Option<&Links>) -> AnyView {
    let heads = columns.shown.iter().map(|(name, kind)| {
        let sorted = sortable.filter(|links| links.reading().sort.as_ref() == Some(name));
        let sorted = sorted.map(|links| if links.reading().descending { "descending" } else { "ascending" });
        let head = match sortable {
            Some(links) => view! { <a href=links.sorted(name) data-part=PART>{name.clone()}</a> }.into_any(),
            None => name.clone().into_any(),
        };
        view! { <th scope="col" data-type=*kind aria-sort=sorted>{head}</th> }
    });
    let more = (!columns.folded.is_empty()).then(|| view! { <th scope="col">"more"</th> });
    view! {
        <thead>
            <tr>{heads.collect_view()} {more}</tr>
        </thead>
    }
    .into_any()
}

/// A box to tick for each column.
fn choice(links: &Links, all: &[&String], columns: &Columns) -> AnyView {
    // Columns that were not chosen are known only as long as no choice was made.
    let mut names: Vec<String> = all.iter().map(|name| (*name).clone()).collect();
    names.extend(links.reading().columns.iter().filter(|name| !all.contains(name)).cloned());
    if names.len() < 3 {
        return ().into_any();
    }
    let boxes = names.into_iter().map(|name| {
        let checked = columns.shown.iter().any(|(shown, _)| *shown == name);
        let value = name.clone();
        view! {
            <li>
                <label>
                    <input type="checkbox" name="column" value=value checked=checked />
                    " "
                    {name}
                </label>
            </li>
        }
    });
    let boxes = boxes.collect_view();
    let kept = crate::types::reading::Reading { columns: Vec::new(), ..links.reading().clone() };
    let hidden = hidden_inputs(&kept.to_values());
    let action = links.page();
    view! {
        <Disclosure summary="Columns">
            <form class="columns" method="get" action=action data-part=PART>
                {hidden}
                <ul>{boxes}</ul>
                <button class="button" data-size="small" type="submit">
                    "Show these"
                </button>
            </form>
        </Disclosure>
    }
    .into_any()
}
