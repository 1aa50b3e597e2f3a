//! Pages that stand alone: no session, no script, one thing to say, and the way on.

use leptos::prelude::*;

use crate::{
    components::document_head::DocumentHead,
    paths::{self, Mount},
    server::assets::Assets,
    ui::Doorway,
};

/// What a notice says, and where it leads.
#[derive(Debug, Clone)]
pub struct Notice {
    pub api: String,
    pub title: &'static str,
    pub text: String,
    pub action: Action,
}

/// The way on.
#[derive(Debug, Clone)]
pub enum Action {
    /// Sign out, or stay.
    SignOut,
    /// Load this address again, or go home.
    Retry,
    /// Go home.
    Home,
    /// Go to the login page.
    Login,
    /// Go to the account page.
    Account,
    /// Go to the history.
    History,
    /// Go back to the form at this address.
    Back(String),
    /// Go on to this address.
    GoOn(String),
}

/// A notice as a whole document.
#[must_use]
pub fn html(notice: Notice, assets: &Assets, mount: &Mount) -> String {
    let stylesheet = assets.stylesheet.clone();
    let document = Owner::new().with(|| {
        provide_context(mount.clone());
        view! {
            <html lang="en">
                <head>
                    <DocumentHead stylesheet />
                    <title>{format!("{} · {}", notice.title, notice.api)}</title>
                </head>
                <body>
                    <Doorway above=notice.api.clone() title=notice.title>
                        <p data-notice="">{notice.text}</p>
                        {actions(notice.action)}
                    </Doorway>
                </body>
            </html>
        }
        .to_html()
    });
    format!("<!DOCTYPE html>{document}")
}

fn actions(action: Action) -> AnyView {
    match action {
        Action::SignOut => view! { <SignOutQuestion /> }.into_any(),
        Action::Retry => way_on(String::new(), "Try again"),
        Action::Home => way_on(paths::HOME.href(), "Go home"),
        Action::Login => way_on(paths::LOGIN.href(), "Sign in"),
        Action::Account => way_on(paths::own_sessions("").href(), "Your sessions"),
        Action::History => way_on(paths::HISTORY.href(), "Your history"),
        Action::Back(href) => way_on(href, "Back to the form"),
        Action::GoOn(href) => way_on(href, "Go on"),
    }
}

fn way_on(href: String, words: &'static str) -> AnyView {
    view! {
        <a class="button" data-kind="primary" data-size="full" href=href>
            {words}
        </a>
    }
    .into_any()
}

#[component]
fn SignOutQuestion() -> impl IntoView {
    view! {
        <form class="form" data-gap="small" method="post" action=paths::LOGOUT>
            <button class="button" data-kind="primary" data-size="full" type="submit">
                "Sign out"
            </button>
            <a class="button" data-size="full" href=paths::HOME>
                "Cancel"
            </a>
        </form>
    }
}
