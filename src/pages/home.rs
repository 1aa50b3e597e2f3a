use leptos::prelude::*;

use crate::{components::page::Page, server_fns::session::load_profile};

/// `/`
#[component]
pub fn HomePage() -> impl IntoView {
    let me = Resource::new_blocking(|| (), |()| load_profile());
    view! {
        <Page title="Home">
            <Suspense>
                {move || Suspend::new(async move { me.await.map(|me| view! { <h1>{me.person.name}</h1> }).ok() })}
            </Suspense>
        </Page>
    }
}
