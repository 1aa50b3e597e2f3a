use leptos::prelude::*;

use crate::{
    components::{
        answer::{JsonSource, TextSource, duration, size},
        page::{Page, Section},
        past_request::{OutcomeBadge, again_href, operation_href},
        problem::Problem,
        time::Moment,
    },
    error::ServerFnError,
    openapi::{BODY, Values},
    pages::path,
    paths,
    server::{error::with_status, history, request::authorised},
    types::{Past, PastAnswer, PastExchange, PastOutcome, reading::TextView},
    ui::{CodeBlock, DefinitionList, Endpoint},
};

/// `/history/{id}`
#[component]
pub fn PastRequestPage() -> impl IntoView {
    let exchange = Resource::new_blocking(|| (), |()| load());
    view! {
        <Page title="Past request" section=Section::History>
            <Suspense>{move || Suspend::new(async move { shown(exchange.await) })}</Suspense>
        </Page>
    }
}

async fn load() -> Result<PastExchange, ServerFnError> {
    let path = path();
    let id = path.rsplit('/').next().unwrap_or_default();
    history::exchange(&authorised()?, id).await.map_err(with_status)
}

fn shown(exchange: Result<PastExchange, ServerFnError>) -> AnyView {
    let PastExchange { past, answer } = match exchange {
        Ok(exchange) => exchange,
        Err(error) => return view! { <Problem error /> }.into_any(),
    };
    let operation = past.request.operation.clone();
    view! {
        <nav class="small" aria-label="Breadcrumb">
            <a href=paths::HISTORY>"History"</a>
        </nav>
        <header class="page-header">
            <h1>{operation.name.clone()}</h1>
            <p class="endpoint">
                <Endpoint method=operation.method.clone() path=operation.path.clone() />
            </p>
        </header>
        <div class="stack" data-gap="large">
            <div class="form-actions">
                <a class="button" data-kind="primary" href=again_href(&past)>
                    "Run again"
                </a>
                <a class="button" href=operation_href(&operation)>
                    "Open the operation"
                </a>
                {(!operation.by_address).then(|| view! { <Unsent /> })}
            </div>
            <div class="grid">{asked(&past)} {outcome(&past)}</div>
            {kept(answer, &past.request.outcome)}
        </div>
    }
    .into_any()
}

#[component]
fn Unsent() -> impl IntoView {
    view! { <span class="small muted">"The form is filled in. Nothing is sent until you press Send."</span> }
}

fn asked(past: &Past) -> AnyView {
    let (body, values) = split(&past.request.values);
    let facts: Vec<_> =
        values.into_iter().map(|(name, value)| (name, view! { <code>{value}</code> }.into_any())).collect();
    let nothing = facts.is_empty() && body.is_none();
    let body = body.map(|text| view! { <CodeBlock label="Body" wrap=true>{text}</CodeBlock> });
    let left_out = past.request.left_out.join(", ");
    let left_out = (!left_out.is_empty())
        .then(|| view! { <p class="small muted">"Not kept, in whole or in part: " {left_out}</p> });
    view! {
        <section class="card stack" data-gap="small" aria-labelledby="asked">
            <h2 id="asked">"Asked"</h2>
            {nothing.then(|| view! { <p class="small muted">"No values."</p> })}
            {(!facts.is_empty()).then(|| view! { <DefinitionList facts /> })}
            {body}
            {left_out}
        </section>
    }
    .into_any()
}

/// The body, and the other values that are not empty.
fn split(values: &Values) -> (Option<String>, Vec<(String, String)>) {
    let others = values.iter().filter(|(name, value)| *name != BODY && !value.is_empty());
    let others = others.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (values.first(BODY).map(str::to_owned), others)
}

fn outcome(past: &Past) -> AnyView {
    let outcome = past.request.outcome.clone();
    let details = match &outcome {
        PastOutcome::Answered { elapsed_ms, size: bytes, media_type, .. } => vec![
            ("Time", duration(*elapsed_ms)),
            ("Size", size(*bytes)),
            ("Type", if media_type.is_empty() { "none".to_owned() } else { media_type.clone() }),
        ],
        PastOutcome::Failed(why) => vec![("Why", why.clone())],
    };
    let facts = [
        ("When", view! { <Moment millis=past.at /> }.into_any()),
        ("Status", view! { <OutcomeBadge outcome /> }.into_any()),
    ];
    let details = details.into_iter().map(|(name, value)| (name, value.into_any()));
    let facts = facts.into_iter().chain(details).map(|(name, value)| (name.to_owned(), value)).collect();
    view! {
        <section class="card stack" data-gap="small" aria-labelledby="outcome">
            <h2 id="outcome">"What came of it"</h2>
            <DefinitionList facts />
        </section>
    }
    .into_any()
}

fn kept(answer: Option<PastAnswer>, outcome: &PastOutcome) -> AnyView {
    if matches!(outcome, PastOutcome::Failed(_)) {
        return ().into_any();
    }
    let answer = match answer {
        Some(PastAnswer { text, .. }) if text.is_empty() => quiet("It had no body."),
        Some(PastAnswer { text, is_json: true }) => view! { <JsonSource source=text open=true /> }.into_any(),
        Some(PastAnswer { text, .. }) => {
            view! { <TextSource view=TextView::whole(text) links=None /> }.into_any()
        }
        None => quiet("It was not kept: only text of up to 64 KiB is."),
    };
    view! {
        <section class="stack" data-gap="small" aria-labelledby="kept-answer">
            <h2 id="kept-answer">"Answer"</h2>
            {answer}
        </section>
    }
    .into_any()
}

fn quiet(text: &'static str) -> AnyView {
    view! { <p class="small muted">{text}</p> }.into_any()
}
