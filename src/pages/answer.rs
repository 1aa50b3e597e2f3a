use leptos::prelude::*;

use crate::{
    components::{
        answer::KeptAnswer,
        operation_link::href,
        page::{Page, Section},
        problem::Problem,
    },
    error::ServerFnError,
    paths,
    server::{console, error::set_status, request::authorised},
    types,
    ui::ErrorPage,
};

/// `/answers/{id}`: an answer that is kept, looked at as the query says.
#[component]
pub fn AnswerPage() -> impl IntoView {
    let page = Resource::new_blocking(|| (), |()| load());
    view! { <Suspense>{move || Suspend::new(async move { shown(page.await) })}</Suspense> }
}

async fn load() -> Result<types::AnswerPage, ServerFnError> {
    let path = super::path();
    let id = path
        .strip_prefix(paths::ANSWERS.as_str())
        .and_then(|rest| rest.strip_prefix('/'))
        .unwrap_or_default();
    console::reread(&authorised()?, id, &super::query()).await
}

fn shown(page: Result<types::AnswerPage, ServerFnError>) -> AnyView {
    match page {
        Ok(page) => answer(page),
        Err(error) => {
            let content = match error {
                ServerFnError::NotFound => {
                    set_status(404);
                    view! { <Gone /> }.into_any()
                }
                error => view! { <Problem error /> }.into_any(),
            };
            view! { <Page title="Answer">{content}</Page> }.into_any()
        }
    }
}

fn answer(page: types::AnswerPage) -> AnyView {
    let operation = href(&page.operation);
    let name = page.operation.name.clone();
    view! {
        <Page title=format!("Answer · {name}") section=Section::Operation>
            <div class="page-header">
                <p class="small">
                    <a href=operation>{name}</a>
                </p>
                <h1>"Answer"</h1>
            </div>
            <KeptAnswer answer=page.answer />
        </Page>
    }
    .into_any()
}

#[component]
fn Gone() -> impl IntoView {
    let text = "Answers are kept for a few minutes, and only for whoever asked. Send the operation again.";
    view! {
        <ErrorPage status=404 title="This answer is not kept any longer" text=text.into_any()>
            <a class="button" data-kind="primary" href=paths::OPERATIONS>
                "All operations"
            </a>
        </ErrorPage>
    }
}
