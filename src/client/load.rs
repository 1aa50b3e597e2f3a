//! Asking for another page of ours, and telling it from whatever else may come in its place.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, DomParser, FormData, RequestInit, Response, SupportedType};

use super::{dom, here, logout_address};

/// What stands at an address.
pub(crate) enum Loaded {
    Page(Document),
    /// The session has ended: the logout route to leave for.
    SessionEnded(String),
    /// Something that the browser has to load as a document.
    Document,
}

/// The page at an address. When the session has ended, `next` is where the browser comes back to afterwards.
pub(super) async fn load(address: &str, next: impl FnOnce() -> String) -> Loaded {
    ask(address, &RequestInit::new(), next).await
}

/// What a form leads to that is posted to `address`, with its files.
pub(crate) async fn post(address: &str, form: &FormData) -> Loaded {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(form);
    ask(address, &init, here).await
}

async fn ask(address: &str, init: &RequestInit, next: impl FnOnce() -> String) -> Loaded {
    let Ok(response) = fetch(address, init).await else { return Loaded::Document };
    let header = |name| response.headers().get(name).ok().flatten().unwrap_or_default();
    // The page of an operation has the status of its answer, which may be a refusal that ends nothing.
    if response.status() == 401 && header("www-authenticate") == "Session" {
        return Loaded::SessionEnded(logout_address(&next()));
    }
    let content_type = header("content-type");
    if response.redirected() || !content_type.starts_with("text/html") {
        return Loaded::Document;
    }
    let Ok(page) = parse(&response).await else { return Loaded::Document };
    // A page that was on its way already when the session ended says itself where to go on to.
    let marker = page.query_selector("[data-session-ended]").ok().flatten();
    match marker.and_then(|marker| marker.get_attribute("data-session-ended")) {
        Some(logout) => Loaded::SessionEnded(logout),
        None => Loaded::Page(page),
    }
}

async fn fetch(address: &str, init: &RequestInit) -> Result<Response, JsValue> {
    let window = dom::window().ok_or(JsValue::NULL)?;
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "text/html")?;
    init.set_headers(&headers);
    JsFuture::from(window.fetch_with_str_and_init(address, init)).await?.dyn_into()
}

async fn parse(response: &Response) -> Result<Document, JsValue> {
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)
}
