use leptos::prelude::*;

/// A labelled input with a hint, and what is wrong with it.
#[component]
pub fn Field(
    /// The id of the input.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    #[prop(optional)] required: bool,
    /// What the input takes, in a few words.
    #[prop(optional, into)]
    mark: String,
    #[prop(default = None)] hint: Option<AnyView>,
    #[prop(default = None)] error: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                <FieldLabel label required mark />
            </label>
            {children()}
            <FieldNotes id hint error />
        </div>
    }
}

/// What stands in the label of an input, or in the legend of several.
#[component]
pub fn FieldLabel(label: String, required: bool, mark: String) -> impl IntoView {
    let required =
        required.then(|| view! { " " <span class="field-mark" data-required="">"required"</span> });
    let mark = (!mark.is_empty()).then(|| view! { " " <span class="field-mark">{mark}</span> });
    view! {
        {label}
        {required}
        {mark}
    }
}

/// The hint of an input and what is wrong with it, under the ids that [`described_by`] names.
#[component]
pub fn FieldNotes(id: String, hint: Option<AnyView>, error: Option<String>) -> impl IntoView {
    let hint = hint.map(|hint| view! { <div class="field-hint" id=format!("{id}-hint")>{hint}</div> });
    let error = error.map(|error| view! { <p class="field-error" id=format!("{id}-error")>{error}</p> });
    view! {
        {hint}
        {error}
    }
}

/// The value of an input's `aria-describedby`.
#[must_use]
pub fn described_by(id: &str, has_hint: bool, has_error: bool) -> Option<String> {
    match (has_hint, has_error) {
        (false, false) => None,
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (true, true) => Some(format!("{id}-hint {id}-error")),
    }
}
