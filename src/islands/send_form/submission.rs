//! From a button that was pressed to the form and the answer that the server renders.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Document, File, FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};

use super::file_inputs;
use crate::{
    client::{self, Loaded, dom},
    error::ServerFnError,
    server_fns::operations::send_operation,
    types::Intent,
};

/// A form, and the name and the value of the button that it was sent with; both are empty when there was none.
pub(super) struct Submission {
    pub form: HtmlFormElement,
    button: String,
    value: String,
}

impl Submission {
    /// None when sending the form is the browser's business: the answers of a `GET` have addresses.
    pub fn of(event: &SubmitEvent) -> Option<Self> {
        let (button, value) = dom::pressed(event).unwrap_or_default();
        let submission = Self { form: dom::target(event)?, button, value };
        (!submission.sends() || dom::is_changing(&submission.form)).then_some(submission)
    }

    /// Whether the request itself is to be sent.
    pub fn sends(&self) -> bool {
        matches!(intent(&self.value), Intent::Send { .. })
    }

    /// What the server makes of it; of what is filled in by the time that it answers, when nothing is sent.
    pub async fn ask(&self, address: &str, is_wanted: impl Fn() -> bool) -> Outcome {
        if self.sends() && has_files(&self.form) {
            return self.post().await;
        }
        let mut filled = self.filled();
        loop {
            let answer = send_operation(address.to_owned(), filled.clone()).await;
            let now = self.filled();
            if self.sends() || now == filled || !is_wanted() {
                return answer.into();
            }
            filled = now;
        }
    }

    /// The form, files by their names.
    fn filled(&self) -> String {
        let Some(query) = self.data().and_then(|data| texts(&data)) else { return String::new() };
        String::from(query.to_string())
    }

    /// Sends the form as the browser itself would, and takes the panel from the page that it leads to.
    async fn post(&self) -> Outcome {
        let (Some(data), Some(page)) = (self.data(), self.form.get_attribute("action")) else {
            return ServerFnError::Connection.into();
        };
        match client::post(&page, &data).await {
            Loaded::Page(page) => Outcome::in_page(&page),
            Loaded::SessionEnded(logout) => {
                dom::leave(&logout);
                Outcome::Nowhere
            }
            Loaded::Document => ServerFnError::Connection.into(),
        }
    }

    fn data(&self) -> Option<FormData> {
        let data = FormData::new_with_form(&self.form).ok()?;
        data.append_with_str(&self.button, &self.value).ok()?;
        Some(data)
    }
}

/// What came of a submission.
pub(super) enum Outcome {
    /// The form and its answer, as HTML.
    Panel(String),
    /// Nothing, and why.
    Problem(String),
    /// The browser is leaving this page.
    Nowhere,
}

impl Outcome {
    /// A page without the panel says in a sentence why the form was not taken.
    fn in_page(page: &Document) -> Self {
        let find = |selector| page.query_selector(selector).ok().flatten();
        if let Some(panel) = find("[data-panel]") {
            return Self::Panel(panel.outer_html());
        }
        let words = find("[data-notice]").and_then(|words| words.text_content());
        words.map_or_else(|| ServerFnError::Connection.into(), Self::Problem)
    }
}

impl From<ServerFnError> for Outcome {
    fn from(error: ServerFnError) -> Self {
        match error {
            // Whoever has asked is on the way out already.
            ServerFnError::Unauthorized => Self::Nowhere,
            error => Self::Problem(error.to_string()),
        }
    }
}

impl From<Result<String, ServerFnError>> for Outcome {
    fn from(answer: Result<String, ServerFnError>) -> Self {
        answer.map_or_else(Self::from, Self::Panel)
    }
}

/// What a button of this value asks for. A form without one is sent.
pub(super) fn intent(value: &str) -> Intent {
    let Ok(intent) = value.parse();
    intent
}

/// What is filled in, files by their names.
fn texts(data: &FormData) -> Option<UrlSearchParams> {
    let query = UrlSearchParams::new().ok()?;
    for pair in js_sys::try_iter(data).ok()??.flatten() {
        let pair = Array::from(&pair);
        let value = pair.get(1);
        let text = match value.dyn_ref::<File>() {
            Some(file) => file.name(),
            None => value.as_string().unwrap_or_default(),
        };
        query.append(&pair.get(0).as_string()?, &text);
    }
    Some(query)
}

fn has_files(form: &HtmlFormElement) -> bool {
    file_inputs(form).iter().any(|input| input.files().is_some_and(|files| files.length() > 0))
}
