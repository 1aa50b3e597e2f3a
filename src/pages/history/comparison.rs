use leptos::prelude::*;

use crate::{
    components::{
        answer::{duration, size},
        page::{Page, Section},
        past_request::OutcomeBadge,
        problem::Problem,
        time::Moment,
    },
    error::ServerFnError,
    openapi::Values,
    pages::query,
    paths,
    server::{error::with_status, history, request::authorised},
    types::{Comparison, DiffLine, Past, PastOutcome},
    ui::{Alert, CodeBlock, DefinitionList, Endpoint, Tone},
};

/// `/history/compare`
#[component]
pub fn ComparisonPage() -> impl IntoView {
    let comparison = Resource::new_blocking(|| (), |()| load());
    view! {
        <Page title="Compare" section=Section::History>
            <nav class="small" aria-label="Breadcrumb">
                <a href=paths::HISTORY>"History"</a>
            </nav>
            <header class="page-header">
                <h1>"Two requests compared"</h1>
            </header>
            <Suspense>{move || Suspend::new(async move { shown(comparison.await) })}</Suspense>
        </Page>
    }
}

/// `None` when it is not two that were chosen.
async fn load() -> Result<Option<Comparison>, ServerFnError> {
    let values = Values::parse(&query());
    let chosen: Vec<&str> = values.all("with").collect();
    match chosen.as_slice() {
        [one, other] => history::compare(&authorised()?, [one, other]).await.map(Some).map_err(with_status),
        _ => Ok(None),
    }
}

fn shown(comparison: Result<Option<Comparison>, ServerFnError>) -> AnyView {
    match comparison {
        Ok(Some(comparison)) => compared(comparison),
        Ok(None) => view! { <ChooseTwo /> }.into_any(),
        Err(error) => view! { <Problem error /> }.into_any(),
    }
}

#[component]
fn ChooseTwo() -> impl IntoView {
    view! {
        <Alert tone=Tone::Info role="status">
            <p>"Choose exactly two requests. " <a href=paths::HISTORY>"Back to the history"</a></p>
        </Alert>
    }
}

fn compared(Comparison { before, after, lines }: Comparison) -> AnyView {
    view! {
        <div class="stack" data-gap="large">
            <div class="grid">{side("The older", &before)} {side("The newer", &after)}</div>
            <section class="stack" data-gap="small" aria-labelledby="difference">
                <h2 id="difference">"Answers"</h2>
                {difference(lines)}
            </section>
        </div>
    }
    .into_any()
}

fn side(title: &'static str, past: &Past) -> AnyView {
    let operation = past.request.operation.clone();
    let outcome = past.request.outcome.clone();
    let mut facts = vec![
        ("When", view! { <a href=paths::past_request(&past.id)><Moment millis=past.at /></a> }.into_any()),
        ("Status", view! { <OutcomeBadge outcome=outcome.clone() /> }.into_any()),
    ];
    match outcome {
        PastOutcome::Answered { elapsed_ms, size: bytes, .. } => {
            facts.push(("Time", duration(elapsed_ms).into_any()));
            facts.push(("Size", size(bytes).into_any()));
        }
        PastOutcome::Failed(why) => facts.push(("Why", why.into_any())),
    }
    let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    view! {
        <section class="card stack" data-gap="small" aria-label=title>
            <h2>{title}</h2>
            <p class="endpoint small">
                <Endpoint method=operation.method path=operation.path />
            </p>
            <DefinitionList facts />
        </section>
    }
    .into_any()
}

fn difference(lines: Option<Vec<DiffLine>>) -> AnyView {
    match lines {
        None => quiet("One of the answers was not kept: only text of up to 64 KiB is."),
        Some(lines) if lines.is_empty() => quiet("The answers are the same."),
        Some(lines) => {
            let lines: Vec<_> = lines.into_iter().map(line).collect();
            view! {
                <p class="small muted">
                    <del>"− only in the older"</del>
                    " "
                    <ins>"+ only in the newer"</ins>
                </p>
                <div class="diff">
                    <CodeBlock label="How the answers differ">{lines}</CodeBlock>
                </div>
            }
            .into_any()
        }
    }
}

fn quiet(text: &'static str) -> AnyView {
    view! { <p role="status">{text}</p> }.into_any()
}

fn line(line: DiffLine) -> AnyView {
    match line {
        DiffLine::Same(text) => view! { <span>{format!("  {text}\n")}</span> }.into_any(),
        DiffLine::Gone(text) => view! { <del>{format!("− {text}\n")}</del> }.into_any(),
        DiffLine::New(text) => view! { <ins>{format!("+ {text}\n")}</ins> }.into_any(),
        DiffLine::Skipped(1) => view! { <i>"… 1 line the same\n"</i> }.into_any(),
        DiffLine::Skipped(count) => view! { <i>{format!("… {count} lines the same\n")}</i> }.into_any(),
    }
}
