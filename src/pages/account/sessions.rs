use leptos::prelude::*;

use crate::{
    components::{problem::PartProblem, time::Moment},
    error::ServerFnError,
    openapi::Values,
    paths,
    server::{account, error::with_status, request::authorised},
    types::{SignedInSession, SignedInSessions},
    ui::{Alert, Tone, ToneBadge},
};

/// Where the person is signed in, with a button for each. One form, so that it works without a script.
#[component]
pub fn OwnSessions() -> impl IntoView {
    let sessions = Resource::new_blocking(|| (), |()| load());
    let ended = Values::parse(&crate::pages::query()).first("ended").is_some();
    view! {
        <section class="card" id="sessions" aria-labelledby="own-sessions">
            <div class="card-header">
                <h2 id="own-sessions">"Where you are signed in"</h2>
            </div>
            {ended.then(|| view! { <Done /> })}
            <Suspense>{move || Suspend::new(async move { shown(sessions.await) })}</Suspense>
        </section>
    }
}

async fn load() -> Result<SignedInSessions, ServerFnError> {
    account::sessions::list(&authorised()?).await.map_err(with_status)
}

#[component]
fn Done() -> impl IntoView {
    view! {
        <Alert tone=Tone::Success role="status">
            <p>"Done. Open pages there say so at once."</p>
        </Alert>
    }
}

fn shown(sessions: Result<SignedInSessions, ServerFnError>) -> AnyView {
    let sessions = match sessions {
        Ok(sessions) => sessions,
        Err(error) => return view! { <PartProblem error /> }.into_any(),
    };
    let SignedInSessions { sessions, more, asks_again } = sessions;
    let has_others = sessions.len() > 1;
    let rows: Vec<_> = sessions.into_iter().map(|session| view! { <Row session /> }).collect();
    let more =
        (more > 0).then(|| view! { <p class="muted">{format!("And {more} more, used longer ago.")}</p> });
    let note = (has_others && asks_again).then(|| {
        view! { <p class="small muted">"You will be asked to sign in again first: you signed in a while ago."</p> }
    });
    view! {
        <form class="form" method="post" action=paths::ACCOUNT>
            <ul class="list">{rows}</ul>
            {more}
            <EndMany has_others />
            {note}
        </form>
    }
    .into_any()
}

#[component]
fn Row(session: SignedInSession) -> impl IntoView {
    let SignedInSession { id, device, is_this, .. } = session;
    let words = if is_this { "Sign out here" } else { "End" };
    let this = is_this.then(|| view! { <ToneBadge tone=Tone::Success>"This one"</ToneBadge> });
    let of_which = (!is_this).then(|| view! { <span class="visually-hidden">": " {device.clone()}</span> });
    view! {
        <li class="list-row">
            <div class="stack" data-gap="small">
                <p class="list-title">{device.clone()} {this}</p>
                <p class="small muted">
                    "Last used " <Moment millis=session.seen_at /> {from(session.seen_from)}
                </p>
                <p class="small muted">
                    "Signed in " <Moment millis=session.signed_in_at /> {from(session.signed_in_from)}
                </p>
            </div>
            <button class="button" data-size="small" type="submit" name="end" value=id>
                {words}
                {of_which}
            </button>
        </li>
    }
}

fn from(address: Option<String>) -> Option<impl IntoView> {
    address.map(|address| view! { " from " <code>{address}</code> })
}

#[component]
fn EndMany(has_others: bool) -> impl IntoView {
    let others = has_others.then(|| {
        view! {
            <button class="button" type="submit" name="end" value="others">
                "End all others"
            </button>
        }
    });
    view! {
        <div class="form-actions">
            {others}
            <button class="button" data-kind="danger" type="submit" name="end" value="all">
                "Sign out everywhere"
            </button>
        </div>
    }
}
