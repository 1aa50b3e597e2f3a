use leptos::prelude::*;

use crate::{
    server::request::RequestContext,
    ui::{Alert, Tone},
};

/// Says that there is a newer document of the API, but one that cannot be read. Nothing when all is well, and
/// nothing when there is no document at all, which is for the page to say.
#[component]
pub fn Outdated() -> impl IntoView {
    let current = use_context::<RequestContext>().map(|context| context.document());
    let problem = current.filter(|current| current.document.is_some()).and_then(|current| current.problem);
    problem.map(|problem| {
        view! {
            <Alert tone=Tone::Warning role="status">
                <p>
                    "This may be out of date. The newest version of the API’s document could not be read: "
                    {problem} ". The one before is in use, and it is tried again by itself."
                </p>
            </Alert>
        }
    })
}
