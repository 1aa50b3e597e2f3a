//! Who is signed in, and where.

mod sessions;

use leptos::prelude::*;
use serde_json::Value;

use self::sessions::OwnSessions;
use crate::{
    components::{
        answer::facts,
        page::Page,
        problem::PartProblem,
        sign_out::SignOutForm,
        time::{Moment, now, until},
    },
    error::ServerFnError,
    server_fns::session::{load_profile, load_session_times},
    types::{Profile, SessionTimes},
    ui::DefinitionList,
};

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    let profile = Resource::new_blocking(|| (), |()| load_profile());
    let times = Resource::new_blocking(|| (), |()| load_session_times());
    view! {
        <Page title="Account">
            <header class="page-header">
                <h1>"Account"</h1>
            </header>
            <div class="stack" data-gap="large">
            <div class="grid">
                <section class="card" aria-labelledby="profile">
                    <h2 id="profile">"Profile"</h2>
                    <Suspense>{move || Suspend::new(async move { profile_facts(profile.await) })}</Suspense>
                </section>
                <section class="card" aria-labelledby="this-session">
                    <h2 id="this-session">"This session"</h2>
                    <Suspense>{move || Suspend::new(async move { session_facts(times.await) })}</Suspense>
                    <SignOutForm kind="primary" />
                </section>
            </div>
            <OwnSessions />
            </div>
        </Page>
    }
}

fn profile_facts(profile: Result<Profile, ServerFnError>) -> AnyView {
    match profile {
        Ok(Profile { details: Value::Object(details), .. }) if !details.is_empty() => {
            view! { <DefinitionList facts=facts(&details) /> }.into_any()
        }
        Ok(Profile { person, .. }) => {
            let facts = [("name", person.name), ("user name", person.username)];
            let facts = facts.map(|(name, value)| (name.to_owned(), value.into_any()));
            view! { <DefinitionList facts=facts.into() /> }.into_any()
        }
        Err(error) => view! { <PartProblem error /> }.into_any(),
    }
}

fn session_facts(times: Result<SessionTimes, ServerFnError>) -> AnyView {
    let Ok(times) = times else { return ().into_any() };
    let now = now();
    let ends = |millis: u64| view! { <Moment millis /> ", " {until(millis, now)} }.into_any();
    let facts = [
        ("Signed in", view! { <Moment millis=times.signed_in_at /> }.into_any()),
        ("Last seen", view! { <Moment millis=times.seen_at /> }.into_any()),
        ("Ends when idle", ends(times.idle_ends_at)),
        ("Ends at the latest", ends(times.ends_at)),
    ];
    let facts = facts.map(|(name, value)| (name.to_owned(), value));
    view! { <DefinitionList facts=facts.into() /> }.into_any()
}
