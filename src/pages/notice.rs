//! Pages that stand alone: no session, no script, one thing to say, and the way on.

use leptos::prelude::*;

use crate::{paths, server::assets::Assets};

/// What a notice says, and where it leads.
#[derive(Debug, Clone)]
pub struct Notice {
    pub api: String,
    pub title: &'static str,
    pub text: String,
    pub action: Action,
}

/// The way on.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// Sign out, or stay.
    SignOut,
    /// Load this address again, or go home.
    Retry,
    /// Go home.
    Home,
    /// Go to the login page.
    Login,
}

/// A notice as a whole document.
pub fn html(notice: Notice, assets: &Assets) -> String {
    let stylesheet = assets.stylesheet.clone();
    let document = Owner::new().with(|| {
        view! {
            <html lang="en">
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    <title>{notice.title}</title>
                    <link rel="icon" href=paths::ICON type="image/svg+xml" />
                    <link rel="stylesheet" href=stylesheet />
                </head>
                <body>
                    <main class="entrance">
                        <h1>{notice.title}</h1>
                        <p>{notice.text}</p>
                        {actions(notice.action)}
                    </main>
                </body>
            </html>
        }
        .to_html()
    });
    format!("<!DOCTYPE html>{document}")
}

fn actions(action: Action) -> AnyView {
    match action {
        Action::SignOut => view! {
            <form class="form" method="post" action=paths::LOGOUT>
                <button class="button" data-kind="primary" type="submit">"Sign out"</button>
                <a class="button" href=paths::HOME>"Cancel"</a>
            </form>
        }
        .into_any(),
        Action::Retry => view! { <a class="button" data-kind="primary" href="">"Try again"</a> }.into_any(),
        Action::Home => view! { <a class="button" data-kind="primary" href=paths::HOME>"Go home"</a> }.into_any(),
        Action::Login => view! { <a class="button" data-kind="primary" href=paths::LOGIN>"Sign in"</a> }.into_any(),
    }
}
