//! The shell around every page, and the table of pages.

use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    components::{browser_code::BrowserCode, document_head::DocumentHead},
    pages::{
        AccountPage, AnswerPage, ComparisonPage, HistoryPage, HomePage, LoginPage, NotFoundPage,
        OperationPage, OperationsPage, PastRequestPage,
    },
    paths::Mount,
    server::assets::Assets,
};

/// The document around the application.
pub fn shell(options: LeptosOptions, assets: Assets, mount: &Mount) -> impl IntoView + use<> {
    let mount = Some(mount.prefix().to_owned()).filter(|prefix| !prefix.is_empty());
    view! {
        <!DOCTYPE html>
        <html lang="en" data-mount=mount>
            <head>
                <DocumentHead stylesheet=assets.stylesheet.clone() />
                <AutoReload options />
                <BrowserCode assets />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The pages. Those whose answer decides the status are rendered whole before the first byte is sent; the home page
/// streams in order, so that it is complete without JavaScript too.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::InOrder />
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async />
                <Route path=path!("/operations") view=OperationsPage ssr=SsrMode::Async />
                <Route path=path!("/operations/*address") view=OperationPage ssr=SsrMode::Async />
                <Route path=path!("/history") view=HistoryPage ssr=SsrMode::Async />
                <Route path=path!("/history/compare") view=ComparisonPage ssr=SsrMode::Async />
                <Route path=path!("/history/:id") view=PastRequestPage ssr=SsrMode::Async />
                <Route path=path!("/answers/:id") view=AnswerPage ssr=SsrMode::Async />
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}
