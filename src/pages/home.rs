use leptos::prelude::*;

use crate::{
    components::{
        glance::Glance,
        operation_link::OperationSuggestion,
        page::{Page, Section},
        problem::PartProblem,
        prose::Prose,
        recently_used::RecentlyUsed,
    },
    error::ServerFnError,
    openapi::OperationSummary,
    paths,
    server::{account, console, request::RequestContext},
    server_fns::session::load_profile,
    types::{ApiSummary, Person, Profile},
    ui::{Alert, DefinitionList, SearchForm, Tone},
};

/// `/`
#[component]
pub fn HomePage() -> impl IntoView {
    let content = use_context::<RequestContext>().map(|context| {
        let state = context.state();
        let api = console::summary(&context);
        let is_unread = api.problem.is_some() && context.document().document.is_none();
        let glances = console::find_all(&context, &console::glances(state));
        view! {
            <Greeting api=api.title.clone() person=account::person(&context).ok() />
            <div class="stack" data-gap="large">
                {is_unread.then(|| view! { <Unread /> })}
                <Find tags=api.tags.clone() />
                <RecentlyUsed />
                <Glances glances />
                <div class="grid">
                    <Suggestions suggestions=console::suggestions(&context) />
                    <About api />
                </div>
            </div>
        }
    });
    view! {
        <Page title="Home" section=Section::Home>
            {content}
        </Page>
    }
}

/// Who is signed in, as the API says now; the session alone knows enough when it does not.
#[component]
fn Greeting(api: String, person: Option<Person>) -> impl IntoView {
    let me = Resource::new_blocking(|| (), |()| load_profile());
    view! {
        <Suspense>
            {move || {
                let (api, person) = (api.clone(), person.clone());
                Suspend::new(async move { greeting(api, person, me.await) })
            }}
        </Suspense>
    }
}

fn greeting(api: String, person: Option<Person>, profile: Result<Profile, ServerFnError>) -> AnyView {
    let problem = profile.as_ref().err().cloned().map(|error| view! { <PartProblem error /> });
    let Some(person) = profile.map(|profile| profile.person).ok().or(person) else { return ().into_any() };
    view! {
        <header class="page-header">
            <h1>"Hello, " {person.name}</h1>
            <p class="muted">
                "You are signed in to " <strong>{api}</strong> " as " <code>{person.username}</code> "."
            </p>
            {problem}
        </header>
    }
    .into_any()
}

#[component]
fn Unread() -> impl IntoView {
    view! {
        <Alert tone=Tone::Warning role="status">
            <p>"The API’s document could not be read, so its operations are missing. It is tried again by itself."</p>
        </Alert>
    }
}

#[component]
fn Find(tags: Vec<(String, u32)>) -> impl IntoView {
    let tags = tags.into_iter().map(|(tag, count)| {
        let href = paths::tag(&tag);
        view! {
            <li>
                <a href=href>
                    {tag} " " <span class="count">{count}</span>
                </a>
            </li>
        }
    });
    let tags: Vec<_> = tags.collect();
    let tags =
        (!tags.is_empty()).then(|| view! { <nav aria-label="Tags"><ul class="tags">{tags}</ul></nav> });
    view! {
        <section class="card" aria-labelledby="find">
            <h2 id="find">"What do you want to do?"</h2>
            <SearchForm action=paths::OPERATIONS id="home-search" label="Orders, upload, /books…" />
            {tags}
        </section>
    }
}

#[component]
fn Glances(glances: Vec<OperationSummary>) -> impl IntoView {
    (!glances.is_empty()).then(|| {
        let cards: Vec<_> = glances.into_iter().map(|summary| view! { <Glance summary /> }).collect();
        view! {
            <section class="stack" aria-labelledby="glance">
                <h2 id="glance">"At a glance"</h2>
                <div class="grid">{cards}</div>
            </section>
        }
    })
}

#[component]
fn Suggestions(suggestions: Vec<OperationSummary>) -> impl IntoView {
    (!suggestions.is_empty()).then(|| {
        let rows: Vec<_> =
            suggestions.into_iter().map(|summary| view! { <OperationSuggestion summary /> }).collect();
        view! {
            <section class="card" aria-labelledby="try">
                <h2 id="try">"Try these"</h2>
                <ul class="list">{rows}</ul>
            </section>
        }
    })
}

#[component]
fn About(api: ApiSummary) -> impl IntoView {
    let operations = view! { {api.operations} ", " <a href=paths::OPERATIONS>"see all"</a> }.into_any();
    let version = api.version.map(|version| ("Version", version.into_any()));
    let facts = [
        Some(("Title", api.title.into_any())),
        version,
        Some(("Address", view! { <code>{api.base_url}</code> }.into_any())),
        Some(("Operations", operations)),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect();
    view! {
        <section class="card" aria-labelledby="about">
            <h2 id="about">"About this API"</h2>
            <Prose text=api.description />
            <DefinitionList facts />
        </section>
    }
}
