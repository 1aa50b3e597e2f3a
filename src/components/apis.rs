//! The way between the APIs, where there are several. Each has sessions of its own, so every way is a document's.

use leptos::prelude::*;

use crate::{
    paths,
    server::{
        console,
        request::RequestContext,
        state::{Apis, AppState},
    },
};

/// An API, as something to go to.
struct Choice {
    title: String,
    href: String,
    current: bool,
}

/// Every API; none where there is only one.
fn choices() -> Vec<Choice> {
    let (Some(apis), Some(request)) = (use_context::<Apis>(), use_context::<RequestContext>()) else {
        return Vec::new();
    };
    let here = request.state().mount();
    let choice = |api: &AppState| Choice {
        title: console::title(api, &api.document().get()),
        href: paths::HOME.on(api.mount()),
        current: api.mount() == here,
    };
    if apis.others.is_empty() { Vec::new() } else { apis.iter().map(choice).collect() }
}

/// In the header: which API this is, and the others.
#[component]
pub fn ApiChooser() -> impl IntoView {
    let choices = choices();
    (!choices.is_empty()).then(|| {
        let links = choices.into_iter().map(|Choice { title, href, current }| {
            view! {
                <li>
                    <a href=href rel="external" aria-current=current.then_some("true")>
                        {title}
                    </a>
                </li>
            }
        });
        let links: Vec<_> = links.collect();
        view! {
            <details class="chooser">
                <summary>"APIs"</summary>
                <nav aria-label="APIs">
                    <ul>{links}</ul>
                </nav>
            </details>
        }
    })
}

/// On the login page: the other APIs that one may have wanted.
#[component]
pub fn OtherApis() -> impl IntoView {
    let others: Vec<_> = choices().into_iter().filter(|choice| !choice.current).collect();
    (!others.is_empty()).then(|| {
        let links = others.into_iter().map(|Choice { title, href, .. }| {
            view! { <li><a href=href rel="external">{title}</a></li> }
        });
        let links: Vec<_> = links.collect();
        view! {
            <nav class="note" aria-labelledby="other-apis">
                <p id="other-apis">"Or go to another API:"</p>
                <ul>{links}</ul>
            </nav>
        }
    })
}
