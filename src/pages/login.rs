use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{apis::OtherApis, page::title_text},
    openapi::Values,
    paths::{self, Again, LocalPath},
    server::{error::set_status, request::RequestContext},
    types::LoginAttempt,
    ui::{Alert, Doorway, Field, Tone},
};

/// The id of the sentence that says why somebody is not signed in.
const ERROR: &str = "sign-in-error";

/// `/login`: one form that needs no JavaScript.
#[component]
pub fn LoginPage() -> impl IntoView {
    let context = use_context::<RequestContext>();
    let api = context.as_ref().map(RequestContext::api_title).unwrap_or_default();
    let demo = context.as_ref().is_some_and(|context| context.state().is_demo());
    let query = Values::parse(&super::query());
    let attempt = use_context::<LoginAttempt>();
    let next = attempt.as_ref().map_or(query.first("next").unwrap_or_default(), |attempt| &attempt.next);
    let next = context.as_ref().map(|context| context.caller().led_to(next)).unwrap_or_default();
    let ways = context.map(|context| Ways::offered(&context, query.first("reason")));
    let Ways { password, providers, again } = ways.unwrap_or_default();
    let target = next.to_string();
    let news = match &attempt {
        Some(attempt) => {
            set_status(attempt.problem.status());
            Some(view! { <Failed words=attempt.problem.sentence() /> }.into_any())
        }
        None => query.first("reason").and_then(reason),
    };
    let username = attempt.map(|attempt| attempt.username);
    view! {
        <Title text=title_text(&format!("Sign in · {api}")) />
        <Doorway above="Vestibule" title=format!("Sign in to {api}")>
            {news}
            {password.then(|| view! { <SignInForm next=next.to_string() username /> })}
            {(password && !providers.is_empty()).then(|| view! { <p class="divider">"or"</p> })}
            {(!providers.is_empty())
                .then(|| view! { <ProviderList providers next=target again primary=!password /> })}
            {demo.then(|| view! { <DemoNote /> })}
            <OtherApis />
        </Doorway>
    }
}

/// The ways to sign in that the page offers.
#[derive(Default)]
struct Ways {
    password: bool,
    /// The words of each provider's button, and where it leads.
    providers: Vec<(String, LocalPath)>,
    /// Whether the provider has to ask who somebody is.
    again: Option<Again>,
}

impl Ways {
    fn offered(context: &RequestContext, reason: Option<&str>) -> Self {
        let (password, oidc) =
            (&context.state().settings().sign_in.password, &context.state().sign_in().oidc);
        // Whoever is to show that it is them does so in the way in which they have signed in.
        let person = context.session().filter(|_| reason == Some("confirm"));
        let known_by = person.as_ref().and_then(|session| oidc.of(session.data.oidc.as_ref()?));
        // Whoever was signed out, of their own or not, is asked again by the provider, and not waved through.
        let again = reason.map(|_| if known_by.is_some() { Again::SamePerson } else { Again::Anybody });
        let offered = oidc.iter().filter(|provider| match known_by {
            Some(known_by) => known_by.name() == provider.name(),
            None => person.is_none() || !password.enabled,
        });
        Self {
            password: password.enabled && known_by.is_none(),
            providers: offered
                .map(|provider| {
                    (format!("Sign in with {}", provider.label()), paths::oidc_start(provider.name()))
                })
                .collect(),
            again,
        }
    }
}

/// Forms that change nothing here.
#[component]
fn ProviderList(
    providers: Vec<(String, LocalPath)>,
    next: String,
    again: Option<Again>,
    primary: bool,
) -> impl IntoView {
    let button = |(words, action): (String, LocalPath)| {
        view! {
            <form class="form" method="get" action=action>
                <input type="hidden" name="next" value=next.clone() />
                {again.map(|again| view! { <input type="hidden" name="again" value=again.as_str() /> })}
                <button class="button" data-kind=primary.then_some("primary") data-size="full" type="submit">
                    {words}
                </button>
            </form>
        }
    };
    view! { <div class="form" data-gap="small">{providers.into_iter().map(button).collect_view()}</div> }
}

/// Why somebody is here, by the word in the address.
fn reason(word: &str) -> Option<AnyView> {
    let (tone, words) = match word {
        "expired" => {
            (Tone::Info, "Your session has ended. Sign in again and you will be back where you were.")
        }
        "confirm" => (
            Tone::Info,
            "You signed in a while ago. Sign in again to show that it is you, and you will be back where you were.",
        ),
        "signed-out" => (Tone::Success, "You have signed out."),
        "revoked" => (
            Tone::Warning,
            "This session was ended from another device, by an administrator or by your identity provider. Sign in again to go on.",
        ),
        _ => return None,
    };
    Some(view! { <Alert tone role="status"><p>{words}</p></Alert> }.into_any())
}

#[component]
fn Failed(words: String) -> impl IntoView {
    view! {
        <Alert tone=Tone::Danger role="alert" id=ERROR>
            <p>{words}</p>
        </Alert>
    }
}

#[component]
fn SignInForm(
    next: String,
    /// What was typed the time before, if that did not work.
    username: Option<String>,
) -> impl IntoView {
    let again = username.is_some();
    view! {
        <form class="form" data-gap="small" method="post" action=paths::LOGIN>
            <input type="hidden" name="next" value=next />
            <Field id="username" label="User name">
                <input
                    class="input"
                    id="username"
                    name="username"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    value=username
                    autofocus=!again
                    aria-invalid=again.then_some("true")
                    aria-describedby=again.then_some(ERROR)
                />
            </Field>
            <Field id="password" label="Password">
                <input
                    class="input"
                    id="password"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                    autofocus=again
                    aria-invalid=again.then_some("true")
                    aria-describedby=again.then_some(ERROR)
                />
            </Field>
            <button class="button" data-kind="primary" data-size="full" type="submit">
                "Sign in"
            </button>
        </form>
    }
}

#[component]
fn DemoNote() -> impl IntoView {
    view! {
        <p class="note">
            "This is the demo API. Sign in as " <kbd>"demo"</kbd> " with the password " <kbd>"demo"</kbd> "."
        </p>
    }
}
