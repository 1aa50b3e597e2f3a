//! Past requests: in lists, and the ways back to them.

use leptos::prelude::*;

use super::{
    answer::{duration, tone},
    text::head,
    time::Moment,
};
use crate::{
    openapi::{BODY, BODY_AS, BODY_FOR, KEYS, Values, is_rows_input},
    paths::{self, LocalPath},
    types::{Intent, Past, PastOperation, PastOutcome, SEND},
    ui::{Endpoint, StatusBadge, Tone},
};

/// The most of what was filled in that a row shows, in bytes.
const LONGEST_LINE: usize = 160;

/// The address of the operation's page.
#[must_use]
pub fn operation_href(operation: &PastOperation) -> LocalPath {
    paths::operation(&operation.address, operation.by_id)
}

/// Where the same request is made once more: sent at once when its address alone sends it and nothing of it was left
/// out, otherwise filled in.
#[must_use]
pub fn again_href(past: &Past) -> LocalPath {
    let operation = &past.request.operation;
    let page = operation_href(operation);
    if !operation.by_address || !past.request.left_out.is_empty() {
        return page.and(format_args!("?again={}", past.id));
    }
    let mut values = past.request.values.clone();
    values.set(SEND, Intent::SEND_IT.to_string());
    page.with_query(&values.to_query())
}

/// What came of a request, in a word or two.
#[component]
pub fn OutcomeBadge(outcome: PastOutcome) -> impl IntoView {
    match outcome {
        PastOutcome::Answered { status, reason, .. } => {
            view! { <StatusBadge tone=tone(status) words=format!("{status} {reason}").trim_end() /> }
        }
        PastOutcome::Failed(_) => view! { <StatusBadge tone=Tone::Danger words="No answer" /> },
    }
}

/// A past request as a row of a list.
#[component]
pub fn PastRow(
    past: Past,
    /// Whether the row names the operation.
    #[prop(optional)]
    named: bool,
    /// What stands before it, such as a box to choose it by.
    #[prop(optional_no_strip)]
    lead: Option<AnyView>,
) -> impl IntoView {
    let title = named.then(|| title(&past.request.operation));
    let asked = Some(asked(&past.request.values)).filter(|asked| !asked.is_empty());
    let (facts, address, again) = (facts(&past), paths::past_request(&past.id), again_href(&past));
    view! {
        <li class="list-row past">
            {lead}
            <a class="past-link" href=address>
                {title}
                {asked.map(|asked| view! { <code class="past-asked">{asked}</code> })}
                {facts}
            </a>
            <a class="button" data-size="small" href=again>
                "Run again"
                <span class="visually-hidden">": " {past.request.operation.name}</span>
            </a>
        </li>
    }
}

fn title(operation: &PastOperation) -> AnyView {
    let PastOperation { method, path, name, .. } = operation.clone();
    view! {
        <span class="list-title">{name}</span>
        <span class="endpoint small">
            <Endpoint method path />
        </span>
    }
    .into_any()
}

/// When it was asked, and what came of it.
fn facts(past: &Past) -> AnyView {
    let outcome = past.request.outcome.clone();
    let elapsed = match &outcome {
        PastOutcome::Answered { elapsed_ms, .. } => Some(duration(*elapsed_ms)),
        PastOutcome::Failed(_) => None,
    };
    view! {
        <span class="past-facts small muted">
            <Moment millis=past.at /> " " <OutcomeBadge outcome /> " " {elapsed}
        </span>
    }
    .into_any()
}

/// What was filled in, in one line that tells requests of the same operation apart. What the form notes for itself,
/// such as how many rows a list has, is left out.
fn asked(values: &Values) -> String {
    let given = values.iter().filter(|(name, value)| !is_of_the_form(name) && !value.trim().is_empty());
    let pairs: Vec<String> = given
        .map(|(name, value)| {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let inside = name.strip_prefix(BODY).and_then(|inside| inside.strip_prefix('/'));
            format!("{}={value}", inside.unwrap_or(name))
        })
        .collect();
    head(&pairs.join(" "), LONGEST_LINE).to_owned()
}

/// How a body was filled in, for which media type, and how long a list is; a server that was chosen, or `null`, was asked for.
fn is_of_the_form(name: &str) -> bool {
    [KEYS, BODY_AS, BODY_FOR].contains(&name) || is_rows_input(name)
}

/// The person's latest requests of an operation, on its page.
#[component]
pub fn LatestRequests(latest: Vec<Past>) -> impl IntoView {
    (!latest.is_empty()).then(|| {
        let rows: Vec<_> = latest.into_iter().map(|past| view! { <PastRow past /> }).collect();
        view! {
            <section class="card" aria-labelledby="latest-requests">
                <div class="card-header">
                    <h2 id="latest-requests">"Your latest requests"</h2>
                    <a class="small" href=paths::HISTORY>
                        "History"
                    </a>
                </div>
                <ul class="list">{rows}</ul>
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::PastRequest;

    #[test]
    fn only_what_is_kept_whole_is_sent_at_once() {
        let href = |by_address, left_out: &[&str]| {
            let operation = PastOperation {
                address: "search".into(),
                by_id: true,
                method: "GET".into(),
                path: "/search".into(),
                name: "Search".into(),
                by_address,
            };
            let left_out = left_out.iter().map(|&name| name.to_owned()).collect();
            let (values, outcome) = (Values::parse("q=sea"), PastOutcome::Failed(String::new()));
            let request = PastRequest { operation, values, left_out, outcome };
            again_href(&Past { id: "id".into(), at: 0, request }).as_str().to_owned()
        };
        assert_eq!(href(true, &[]), "/operations/search?q=sea&send=1");
        assert_eq!(href(true, &["pin"]), "/operations/search?again=id");
        assert_eq!(href(false, &[]), "/operations/search?again=id");
    }

    #[test]
    fn a_row_tells_what_was_filled_in_and_nothing_else() {
        let mut values = Values::default();
        let given = [
            ("body~as", "form"),
            ("body~for", "text/csv"),
            ("body/items~rows", "1"),
            ("body/items/0/title", "Two  words"),
        ];
        for (name, value) in
            given.into_iter().chain([("body/a~1b", "2"), ("q", "sea"), ("page", " "), ("~server", "1")])
        {
            values.set(name, value);
        }
        assert_eq!(asked(&values), "items/0/title=Two words a~1b=2 q=sea ~server=1");
    }
}
