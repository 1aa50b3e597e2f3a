//! What a person has asked: the list, one request in full, and two side by side.

mod comparison;
mod request;

use leptos::prelude::*;

pub use self::{comparison::ComparisonPage, request::PastRequestPage};
use crate::{
    components::{
        page::{Page, Section},
        past_request::PastRow,
        problem::Problem,
    },
    error::ServerFnError,
    openapi::Values,
    paths,
    server::{error::with_status, history, request::authorised},
    types::{self, Past},
    ui::{Alert, Disclosure, EmptyState, Pager, Tone},
};

/// The query parameter that says how many newer requests are passed over.
const FROM: &str = "from";

/// `/history`
#[component]
pub fn HistoryPage() -> impl IntoView {
    let page = Resource::new_blocking(|| (), |()| load());
    view! {
        <Page title="History" section=Section::History>
            <Suspense>{move || Suspend::new(async move { shown(page.await) })}</Suspense>
        </Page>
    }
}

async fn load() -> Result<types::HistoryPage, ServerFnError> {
    let values = Values::parse(&super::query());
    let from = values.first(FROM).and_then(|from| from.parse().ok()).unwrap_or_default();
    history::page(&authorised()?, from).await.map_err(with_status)
}

fn shown(page: Result<types::HistoryPage, ServerFnError>) -> AnyView {
    let page = match page {
        Ok(page) => page,
        Err(error) => return view! { <Problem error /> }.into_any(),
    };
    let is_empty = page.requests.is_empty() && page.newer.is_none();
    let (on, enabled) = (page.on, page.enabled);
    let rule = format!(
        "What you have asked, for you alone: your latest {} requests, for {} days. Files and whatever looks like a \
         secret are left out.",
        page.keep, page.days
    );
    let others = others(page.newer, page.older);
    let requests = if is_empty { nothing(on && enabled) } else { requests(page.requests) };
    view! {
        <header class="page-header">
            <h1>"History"</h1>
            <p class="muted">{rule}</p>
        </header>
        <div class="stack" data-gap="large">
            {(!enabled).then(|| view! { <NotHere /> })}
            {requests}
            {others}
            <Controls on enabled is_empty />
        </div>
    }
    .into_any()
}

#[component]
fn NotHere() -> impl IntoView {
    view! {
        <Alert tone=Tone::Info>
            <p>"This site does not note requests."</p>
        </Alert>
    }
}

fn nothing(noting: bool) -> AnyView {
    let text = if noting { "Send a request, and it will stand here." } else { "New requests are not noted." };
    view! {
        <EmptyState>
            <h2>"Nothing here"</h2>
            <p>{text}</p>
            <a class="button" href=paths::OPERATIONS>
                "All operations"
            </a>
        </EmptyState>
    }
    .into_any()
}

fn requests(requests: Vec<Past>) -> AnyView {
    let comparable = requests.len() > 1;
    let rows: Vec<_> = requests
        .into_iter()
        .map(|past| {
            let lead = comparable.then(|| choice(&past));
            view! { <PastRow past named=true lead /> }
        })
        .collect();
    let compare = comparable.then(|| {
        view! {
            <div class="form-actions">
                <button class="button" type="submit">
                    "Compare two"
                </button>
                <span class="small muted">"Choose two requests to see how their answers differ."</span>
            </div>
        }
    });
    view! {
        <form class="card form" method="get" action=paths::HISTORY_COMPARE aria-label="Requests">
            <ul class="list">{rows}</ul>
            {compare}
        </form>
    }
    .into_any()
}

/// The ways to the other pages of the list.
fn others(newer: Option<u32>, older: Option<u32>) -> AnyView {
    let ways = [(newer, "prev", "Newer"), (older, "next", "Older")];
    let ways = ways.into_iter().filter_map(|(from, rel, words)| {
        let href = paths::HISTORY.and(format_args!("?{FROM}={}", from?));
        Some(view! { <a class="button" data-size="small" rel=rel href=href>{words}</a> }.into_any())
    });
    let ways: Vec<_> = ways.collect();
    view! { <Pager label="Parts of the history" ways /> }.into_any()
}

fn choice(past: &Past) -> AnyView {
    let label = format!("Choose {} {}", past.request.operation.method, past.request.operation.path);
    view! { <input type="checkbox" name="with" value=past.id.clone() aria-label=label /> }.into_any()
}

#[component]
fn Controls(on: bool, enabled: bool, is_empty: bool) -> impl IntoView {
    let (change, words, explanation) = if on {
        ("off", "Switch off", "New requests are noted.")
    } else {
        ("on", "Switch on", "New requests are not noted. What is here stays until you empty it.")
    };
    let switch = enabled.then(|| {
        view! {
            <form class="form-actions" method="post" action=paths::HISTORY>
                <input type="hidden" name="change" value=change />
                <button class="button" type="submit">
                    {words}
                </button>
                <span class="small muted">{explanation}</span>
            </form>
        }
    });
    view! {
        <section class="card stack" aria-labelledby="keeping">
            <h2 id="keeping">"What is kept"</h2>
            {switch}
            {(!is_empty).then(|| view! { <Emptying /> })}
        </section>
    }
}

#[component]
fn Emptying() -> impl IntoView {
    view! {
        <Disclosure summary="Empty the history">
            <form class="form-actions" method="post" action=paths::HISTORY>
                <input type="hidden" name="change" value="clear" />
                <button class="button" data-kind="danger" type="submit">
                    "Empty it now"
                </button>
                <span class="small muted">"This cannot be undone."</span>
            </form>
        </Disclosure>
    }
}
