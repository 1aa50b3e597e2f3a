//! The frame of every page of a signed-in person.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{apis::ApiChooser, outdated::Outdated, sign_out::SignOutForm};
use crate::{
    islands::SessionWatch,
    paths,
    server::{account, console, request::RequestContext},
    types::Person,
    ui::{Mark, SearchForm},
};

/// Where a page stands in the main navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Home,
    /// The index of operations.
    Operations,
    /// One operation, below the index.
    Operation,
    History,
    Elsewhere,
}

impl Section {
    /// The value of `aria-current` on the link to another section, or to this one.
    fn current(self, link: Self) -> Option<&'static str> {
        match (self, link) {
            (Self::Operation, Self::Operations) => Some("true"),
            _ => (self == link).then_some("page"),
        }
    }

    /// Whether its pages have a search of their own.
    fn searches(self) -> bool {
        matches!(self, Self::Home | Self::Operations)
    }
}

/// A whole page.
#[component]
pub fn Page(
    /// What the page is, for the window's title.
    #[prop(into)]
    title: String,
    #[prop(default = Section::Elsewhere)] section: Section,
    children: Children,
) -> impl IntoView {
    let context = use_context::<RequestContext>();
    let api = context.as_ref().map(RequestContext::api_title).unwrap_or_default();
    let person = context.as_ref().and_then(|context| account::person(context).ok());
    let base_url = context.as_ref().map(|context| console::base_url(context.state())).unwrap_or_default();
    view! {
        <Title text=title_text(&format!("{title} · {api}")) />
        <a class="skip-link" href="#main">
            "Skip to content"
        </a>
        <SiteHeader api section person />
        <div class="banners" role="status">
            <SessionWatch />
        </div>
        <main id="main" class="page" tabindex="-1">
            {(section != Section::Elsewhere).then(|| view! { <Outdated /> })}
            {children()}
        </main>
        <SiteFooter base_url />
    }
}

#[component]
fn SiteHeader(api: String, section: Section, person: Option<Person>) -> impl IntoView {
    let search = (!section.searches()).then(|| {
        view! { <SearchForm action=paths::OPERATIONS id="site-search" label="Find an operation" small=true /> }
    });
    let id = person.as_ref().map(|person| person.id.clone());
    view! {
        <header class="site-header" data-person=id>
            <div class="site-header-bar">
                <div class="site-title">
                    <a class="brand" href=paths::HOME>
                        <Mark />
                        <span>{api}</span>
                    </a>
                    <ApiChooser />
                </div>
                <Navigation section />
                {search}
                {person.map(|person| view! { <Account person /> })}
            </div>
        </header>
    }
}

#[component]
fn Navigation(section: Section) -> impl IntoView {
    let links = [
        (Section::Home, paths::HOME, "Home"),
        (Section::Operations, paths::OPERATIONS, "Operations"),
        (Section::History, paths::HISTORY, "History"),
    ];
    let links = links.map(|(link, href, name)| {
        view! {
            <li>
                <a href=href aria-current=section.current(link)>
                    {name}
                </a>
            </li>
        }
    });
    view! {
        <nav class="nav" aria-label="Main">
            <ul>{links.into_iter().collect::<Vec<_>>()}</ul>
        </nav>
    }
}

#[component]
fn Account(person: Person) -> impl IntoView {
    view! {
        <div class="account">
            <a href=paths::ACCOUNT>{person.name}</a>
            <SignOutForm kind="quiet" size="small" />
        </div>
    }
}

#[component]
fn SiteFooter(base_url: String) -> impl IntoView {
    view! {
        <footer class="site-footer">
            <p>"Vestibule " {env!("CARGO_PKG_VERSION")} ", in front of " <code>{base_url}</code></p>
        </footer>
    }
}

/// A text for the document's title. It is written into the page as it is given, and the name of an API or of an
/// operation may hold markup.
#[must_use]
pub fn title_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_holds_no_markup() {
        assert_eq!(title_text("</title><base href=x> & co"), "&lt;/title>&lt;base href=x> &amp; co");
    }
}
