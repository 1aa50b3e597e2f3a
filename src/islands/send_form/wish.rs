//! From a button that was pressed to the form and the answer that the server renders.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Document, File, FormData, HtmlFormElement, SubmitEvent, UrlSearchParams};

use super::file_inputs;
use crate::{
    client::{self, Next, dom},
    error::ServerFnError,
    server_fns::operations::send_operation,
};

/// What a button of the form asks for.
pub(super) struct Wish {
    pub form: HtmlFormElement,
    button: String,
    pub intent: String,
}

impl Wish {
    /// None when sending the form is the browser's business: the answers of a `GET` have addresses.
    pub fn of(event: &SubmitEvent) -> Option<Self> {
        let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
        let (button, intent) = dom::pressed(event).unwrap_or_default();
        (!sends(&intent) || dom::is_changing(&form)).then_some(Self { form, button, intent })
    }

    /// What the server makes of it; of what is filled in by the time that it answers, when nothing is sent.
    pub async fn ask(&self, address: &str, is_wanted: impl Fn() -> bool) -> Sent {
        if sends(&self.intent) && has_files(&self.form) {
            return self.post().await;
        }
        let mut filled = self.filled();
        loop {
            let answer = send_operation(address.to_owned(), filled.clone()).await;
            let now = self.filled();
            if sends(&self.intent) || now == filled || !is_wanted() {
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
    async fn post(&self) -> Sent {
        let (Some(data), Some(page)) = (self.data(), self.form.get_attribute("action")) else {
            return ServerFnError::Connection.into();
        };
        match client::post(&page, &data).await {
            Next::Page(page) => Sent::in_page(&page),
            Next::SessionEnded => Sent::leave(client::session_ended),
            Next::Moved(logout) => Sent::leave(|| dom::leave(&logout)),
            Next::Document => ServerFnError::Connection.into(),
        }
    }

    fn data(&self) -> Option<FormData> {
        let data = FormData::new_with_form(&self.form).ok()?;
        data.append_with_str(&self.button, &self.intent).ok()?;
        Some(data)
    }
}

/// What came of a wish.
pub(super) enum Sent {
    /// The form and its answer, as HTML.
    Panel(String),
    /// Nothing, and why.
    Problem(String),
    /// The browser is leaving this page.
    Nowhere,
}

impl Sent {
    /// A page without the panel says in a sentence why the form was not taken.
    fn in_page(page: &Document) -> Self {
        let find = |selector| page.query_selector(selector).ok().flatten();
        if let Some(panel) = find("[data-panel]") {
            return Self::Panel(panel.outer_html());
        }
        let words = find("[data-notice]").and_then(|words| words.text_content());
        words.map_or_else(|| ServerFnError::Connection.into(), Self::Problem)
    }

    fn leave(leave: impl FnOnce()) -> Self {
        leave();
        Self::Nowhere
    }
}

impl From<ServerFnError> for Sent {
    fn from(error: ServerFnError) -> Self {
        match error {
            // Whoever has asked is on the way out already.
            ServerFnError::Unauthorized => Self::Nowhere,
            error => Self::Problem(error.to_string()),
        }
    }
}

impl From<Result<String, ServerFnError>> for Sent {
    fn from(answer: Result<String, ServerFnError>) -> Self {
        answer.map_or_else(Self::from, Self::Panel)
    }
}

pub(super) fn sends(intent: &str) -> bool {
    matches!(intent, "" | "1" | "anyway" | "confirmed" | "confirmed-anyway")
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
