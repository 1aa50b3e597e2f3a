//! An answer at a glance: a few rows, or a few bars.

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::{
    answer::{cell, number_type, scalar},
    operation_link::href,
    time::short_date,
};
use crate::{
    error::ServerFnError,
    openapi::OperationSummary,
    reading::list::rows,
    server_fns::home::load_glance,
    types::{AnswerBody, OperationPage, Outcome},
    ui::{Bar, BarList, Skeleton, TableScroll},
};

const ROWS: usize = 5;
const COLUMNS: usize = 4;
const BARS: usize = 7;

/// The answer of one operation, in a card of its own. It may come later than the page.
#[component]
pub fn Glance(summary: OperationSummary) -> impl IntoView {
    let id = format!("glance-{}", summary.address.replace(char::is_whitespace, "-"));
    let address = summary.address.clone();
    let name = summary.name.clone();
    let answer = Resource::new(|| (), move |()| load_glance(address.clone()));
    let waiting = format!("Loading: {name}");
    let heading = id.clone();
    view! {
        <div class="card">
            <div class="card-header">
                <h3 id=id>{summary.name.clone()}</h3>
                <a class="small" href=href(&summary)>
                    "Open"
                    <span class="visually-hidden">": " {summary.name.clone()}</span>
                </a>
            </div>
            <Suspense fallback=move || view! { <Skeleton label=waiting.clone() lines=ROWS /> }>
                {move || {
                    let heading = heading.clone();
                    let name = name.clone();
                    Suspend::new(async move { glimpse(answer.await, heading, name) })
                }}
            </Suspense>
        </div>
    }
}

fn glimpse(answer: Result<OperationPage, ServerFnError>, heading: String, name: String) -> AnyView {
    let outcome = match answer {
        Ok(page) => page.outcome,
        Err(error) => Outcome::Failed(error),
    };
    match outcome {
        Outcome::Answered(answer) if answer.status < 400 && answer.problem.is_none() => match answer.body {
            AnswerBody::Json { data, .. } => shown(&data, heading, name),
            _ => quiet("Open it to see the answer."),
        },
        Outcome::Answered(answer) => {
            quiet(answer.message.unwrap_or(format!("The API said {}.", answer.status)))
        }
        Outcome::Failed(ServerFnError::Unauthorized) => ().into_any(),
        Outcome::Failed(error) => quiet(error.to_string()),
        Outcome::NotSent | Outcome::HeldBack | Outcome::Restored => {
            quiet("Open it to fill in what it needs.")
        }
    }
}

fn quiet(text: impl Into<String>) -> AnyView {
    let text = text.into();
    view! { <p class="small muted">{text}</p> }.into_any()
}

fn shown(data: &Value, heading: String, name: String) -> AnyView {
    let Some(found) = rows(data) else { return quiet("Open it to see the answer.") };
    match bars(&found.rows) {
        Some(bars) => view! { <BarList bars /> }.into_any(),
        None => table(&found.rows, heading, name),
    }
}

/// The newest days of a list that has a date and a number for each.
fn bars(rows: &[&Map<String, Value>]) -> Option<Vec<Bar>> {
    let first = rows.first()?;
    let date = first
        .iter()
        .find(|(_, value)| value.as_str().is_some_and(|text| text.len() == 10 && short_date(text).is_some()))?
        .0;
    let number = first.iter().find(|(_, value)| value.is_number())?.0;
    if first.len() > 3 {
        return None;
    }
    let newest = newest(rows, date);
    let value = |row: &&Map<String, Value>| row.get(number).and_then(Value::as_f64).unwrap_or_default();
    let most = newest.iter().map(value).fold(0.0, f64::max);
    let bar = |row: &&Map<String, Value>| Bar {
        label: row.get(date).and_then(Value::as_str).and_then(short_date).unwrap_or_default(),
        share: if most > 0.0 { value(row) / most } else { 0.0 },
        value: row.get(number).map(Value::to_string).unwrap_or_default(),
    };
    Some(newest.iter().map(bar).collect())
}

/// The last days, the newest at the end: some APIs begin with it.
fn newest<'a>(rows: &[&'a Map<String, Value>], date: &str) -> Vec<&'a Map<String, Value>> {
    let day = |row: Option<&&'a Map<String, Value>>| row.and_then(|row| row.get(date)?.as_str());
    if day(rows.first()) > day(rows.last()) {
        return rows.iter().take(BARS).rev().copied().collect();
    }
    rows.iter().skip(rows.len().saturating_sub(BARS)).copied().collect()
}

/// The first rows with the columns that hold single values.
fn table(rows: &[&Map<String, Value>], heading: String, name: String) -> AnyView {
    let plain = |(_, value): &(&String, &Value)| !value.is_array() && !value.is_object();
    let columns: Vec<&String> = rows
        .first()
        .into_iter()
        .flat_map(|row| row.iter().filter(plain))
        .map(|(name, _)| name)
        .take(COLUMNS)
        .collect();
    let columns: Vec<_> = columns.into_iter().map(|name| (name, number_type(rows, name))).collect();
    let heads =
        columns.iter().map(|(name, kind)| view! { <th scope="col" data-type=*kind>{(*name).clone()}</th> });
    let heads: Vec<_> = heads.collect();
    let body = rows.iter().take(ROWS).map(|row| {
        let cells = columns
            .iter()
            .enumerate()
            .map(|(at, (name, kind))| cell(row.get(*name).map(scalar), at == 0, *kind));
        view! { <tr>{cells.collect::<Vec<_>>()}</tr> }
    });
    let body: Vec<_> = body.collect();
    view! {
        <TableScroll labelled_by=heading>
            <table class="table">
                <caption class="visually-hidden">{name}</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </TableScroll>
    }
    .into_any()
}
