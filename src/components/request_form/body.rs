use leptos::prelude::*;

use super::{button::FormButton, input::Inputs, node};
use crate::{
    components::prose::note,
    openapi::{
        BODY, BODY_AS, BODY_EXAMPLE, BODY_FILE, BODY_FOR, Body, BodyKind, FormNode, MEDIA_TYPE, NamedExample,
    },
    types::{BodyEntry, Intent},
    ui::{Alert, Field, TextArea, Tone, described_by},
};

/// The id of the input for the body.
pub const ID: &str = "b-body";
/// The id of the button between form and JSON.
const SWITCH: &str = "b-switch";

const FEWEST_ROWS: usize = 6;
const MOST_ROWS: usize = 24;

/// The body of a request.
pub fn body_input(body: &Body, inputs: &Inputs) -> AnyView {
    let hint = hint(body);
    let (shown_as, content) = match inputs.body() {
        BodyEntry::None => ("json", ().into_any()),
        BodyEntry::Form(form) => ("form", form_entry(form, inputs, hint)),
        BodyEntry::File => ("json", file_entry(body, inputs, hint)),
        BodyEntry::Text { text, why, .. } => {
            let text = text_entry(body, text.clone(), hint, inputs.error(BODY));
            let why = why.clone().map(told);
            let files = if body.is_multipart() { inputs.body().files() } else { Vec::new() };
            let files: Vec<AnyView> = files.into_iter().map(|file| node::node(file, inputs)).collect();
            ("json", view! { {why}{text}{files} }.into_any())
        }
    };
    view! {
        <fieldset class="form-group">
            <legend>{format!("Body, {}", body.media_type)}</legend>
            <input type="hidden" name=BODY_AS value=shown_as />
            <input type="hidden" name=BODY_FOR value=body.media_type.clone() />
            {toolbar(body, inputs)}
            {content}
        </fieldset>
    }
    .into_any()
}

/// What else there is to choose: a media type, an example, form or JSON.
fn toolbar(body: &Body, inputs: &Inputs) -> Option<AnyView> {
    let choices = [media_types(body), examples(&body.examples), switch(body, inputs.body())];
    let choices: Vec<AnyView> = choices.into_iter().flatten().collect();
    (!choices.is_empty()).then(|| view! { <div class="form-toolbar">{choices}</div> }.into_any())
}

fn media_types(body: &Body) -> Option<AnyView> {
    let options = body.media_types.iter().cloned().map(|media_type| {
        let (selected, text) = (media_type == body.media_type, media_type.clone());
        view! { <option selected=selected value=media_type>{text}</option> }
    });
    let options: Vec<_> = options.collect();
    (options.len() > 1).then(|| {
        view! {
            <label>
                "Media type "
                <select class="input" name=MEDIA_TYPE id="b-type" data-redraw="">
                    {options}
                </select>
            </label>
            <noscript>
                <FormButton intent=Intent::Redraw>"Use media type"</FormButton>
            </noscript>
        }
        .into_any()
    })
}

fn examples(examples: &[NamedExample]) -> Option<AnyView> {
    let options = examples.iter().enumerate().map(|(number, example)| {
        let name = example.name.clone();
        view! { <option value=number.to_string()>{name}</option> }
    });
    let options: Vec<_> = options.collect();
    (options.len() > 1).then(|| {
        view! {
            <label>
                "Example "
                <select class="input" name=BODY_EXAMPLE id="b-example">
                    {options}
                </select>
            </label>
            <FormButton intent=Intent::TakeExample id="b-take-example">
                "Use example"
            </FormButton>
        }
        .into_any()
    })
}

fn switch(body: &Body, entry: &BodyEntry) -> Option<AnyView> {
    let (intent, words) = match (body.kind, entry) {
        (BodyKind::Json | BodyKind::Form, BodyEntry::Form(_)) => (Intent::AsJson, "Edit as JSON"),
        (BodyKind::Json | BodyKind::Form, BodyEntry::Text { form: Some(_), .. }) => {
            (Intent::AsForm, "Edit as form")
        }
        _ => return None,
    };
    Some(view! { <FormButton intent id=SWITCH>{words}</FormButton> }.into_any())
}

fn form_entry(form: &FormNode, inputs: &Inputs, hint: Option<AnyView>) -> AnyView {
    let hint = hint.map(|hint| view! { <div class="field-hint">{hint}</div> });
    let error = inputs.error(BODY).map(|error| view! { <p class="field-error">{error}</p> });
    view! {
        <div class="form-node" id=ID tabindex="-1">
            {hint}
            {error}
            {node::content(form, inputs)}
        </div>
    }
    .into_any()
}

/// Why it stays a text.
fn told(why: String) -> AnyView {
    view! {
        <Alert tone=Tone::Info role="status">
            <p>{why}</p>
        </Alert>
    }
    .into_any()
}

fn text_entry(body: &Body, text: String, hint: Option<AnyView>, error: Option<String>) -> AnyView {
    let rows = u8::try_from(text.lines().count().clamp(FEWEST_ROWS, MOST_ROWS)).unwrap_or(u8::MAX);
    let described_by = described_by(ID, hint.is_some(), error.is_some());
    let (required, invalid) = (body.required, error.is_some());
    view! {
        <Field id=ID label="Body" required hint error>
            <TextArea id=ID name=BODY text code=true required invalid described_by rows />
        </Field>
    }
    .into_any()
}

fn file_entry(body: &Body, inputs: &Inputs, hint: Option<AnyView>) -> AnyView {
    let error = inputs.error(BODY);
    let required = body.required;
    let accept = (!body.media_type.starts_with("application/octet")).then(|| body.media_type.clone());
    view! {
        <Field id=ID label="File" required mark=body.media_type.clone() hint error>
            <input class="input" type="file" id=ID name=BODY_FILE accept=accept required=required />
        </Field>
    }
    .into_any()
}

fn hint(body: &Body) -> Option<AnyView> {
    let filled_in = !body.example.is_empty() && body.kind != BodyKind::File;
    let filled_in = filled_in.then_some("Filled in from the document; change what you need.");
    let is_any = body.description.is_some() || filled_in.is_some();
    is_any.then(|| view! { {body.description.as_deref().map(note)} " " {filled_in} }.into_any())
}
