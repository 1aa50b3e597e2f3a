use leptos::prelude::*;
use leptos_meta::Link;

use crate::{
    components::{
        operation_header::OperationHeader,
        operation_link::href,
        operation_panel::OperationPanel,
        page::{Page, Section},
        problem::{NoSuchOperation, Problem},
    },
    error::ServerFnError,
    islands::SendForm,
    paths,
    server::{
        console,
        error::{set_status, with_status},
        posted::Posted,
        request::authorised,
    },
    server_fns::operations::open_operation,
    types,
};

/// `/operations/{operation}`
#[component]
pub fn OperationPage() -> impl IntoView {
    let page = Resource::new_blocking(|| (), |()| load());
    view! { <Suspense>{move || Suspend::new(async move { shown(page.await) })}</Suspense> }
}

/// Opens the operation at the request's address, or sends it as the posted form says.
async fn load() -> Result<types::OperationPage, ServerFnError> {
    let address = paths::operation_address(&super::path()).unwrap_or_default();
    match use_context::<Posted>() {
        Some(posted) => console::send(&authorised()?, &address, posted).await.map_err(with_status),
        None => open_operation(address, super::query()).await,
    }
}

fn shown(page: Result<types::OperationPage, ServerFnError>) -> AnyView {
    match page {
        Ok(page) => {
            set_status(if page.problems.is_empty() { page.outcome.status() } else { 422 });
            operation(page)
        }
        Err(error) => refused(error),
    }
}

fn refused(error: ServerFnError) -> AnyView {
    let title = if error == ServerFnError::NotFound { "Not found" } else { "Operation" };
    let content = match error {
        ServerFnError::NotFound => {
            set_status(404);
            view! { <NoSuchOperation path=super::path() /> }.into_any()
        }
        error => view! { <Problem error /> }.into_any(),
    };
    view! { <Page title section=Section::Operation>{content}</Page> }.into_any()
}

fn operation(page: types::OperationPage) -> AnyView {
    let canonical = href(&page.operation.summary);
    let title = page.operation.summary.name.clone();
    let address = page.operation.summary.address.clone();
    let header = view! { <OperationHeader operation=page.operation.clone() /> };
    view! {
        <Link rel="canonical" href=canonical.href() />
        <Page title section=Section::Operation>
            {header}
            <SendForm address>
                <OperationPanel page />
            </SendForm>
        </Page>
    }
    .into_any()
}
