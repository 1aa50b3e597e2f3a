use leptos::prelude::*;

use crate::{
    openapi::Body,
    types::OperationPage,
    ui::{Field, TextArea, described_by},
};

/// The name of the input.
pub const NAME: &str = "body";
/// Its id.
pub const ID: &str = "b-body";

const FEWEST_ROWS: usize = 4;
const MOST_ROWS: usize = 16;

/// The body of a request, as text.
#[component]
pub fn BodyInput(body: Body, text: String, error: Option<String>) -> impl IntoView {
    let hint = hint(&body);
    let rows = u8::try_from(text.lines().count().clamp(FEWEST_ROWS, MOST_ROWS)).unwrap_or(u8::MAX);
    let described_by = described_by(ID, hint.as_deref(), error.as_deref());
    view! {
        <fieldset class="form-group">
            <legend>{format!("Body, {}", body.media_type)}</legend>
            <Field id=ID label="Body" required=body.required hint error=error.clone()>
                <TextArea
                    id=ID
                    name=NAME
                    text
                    code=true
                    required=body.required
                    invalid=error.is_some()
                    described_by
                    rows
                />
            </Field>
        </fieldset>
    }
}

fn hint(body: &Body) -> Option<String> {
    let filled_in =
        (!body.example.is_empty()).then(|| "Filled in from the document; change what you need.".to_owned());
    let hints: Vec<String> = [body.description.clone(), filled_in].into_iter().flatten().collect();
    (!hints.is_empty()).then(|| hints.join(" "))
}

/// What was sent, or else the example to begin with.
pub fn text(page: &OperationPage) -> String {
    let was_sent = page.values.iter().any(|(name, _)| name == NAME);
    match (&page.body, &page.operation.body) {
        (Some(text), _) => text.clone(),
        (None, Some(body)) if !was_sent => body.example.clone(),
        _ => String::new(),
    }
}
