//! The browser's window and document, without their many ways to be absent.

use js_sys::Promise;
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, Event, EventSource, HtmlElement, HtmlFormElement, MessageEvent, SubmitEvent, Window,
};

pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// The element that holds the whole page.
pub(crate) fn root() -> Option<Element> {
    document()?.document_element()
}

/// Loads another document in place of this one.
pub(crate) fn leave(address: &str) {
    if let Some(window) = window() {
        let _ = window.location().assign(address);
    }
}

/// Listens for as long as the document lives.
pub(super) fn listen<E: JsCast>(name: &str, mut handle: impl FnMut(&E) + 'static) {
    let Some(window) = window() else { return };
    let handler = Closure::<dyn FnMut(Event)>::new(move |event: Event| handle(event.unchecked_ref()));
    let _ = window.add_event_listener_with_callback(name, handler.as_ref().unchecked_ref());
    handler.forget();
}

/// Listens to a stream for as long as the page lives; one that has ended says nothing more.
pub(super) fn listen_to(source: &EventSource, name: &str, handle: impl Fn(MessageEvent) + 'static) {
    let handler = Closure::<dyn Fn(MessageEvent)>::new(handle);
    let _ = source.add_event_listener_with_callback(name, handler.as_ref().unchecked_ref());
    handler.forget();
}

/// What an event happened to, when it is of this kind.
pub(crate) fn target<T: JsCast>(event: &Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}

/// The nearest element around where an event happened, itself included.
pub(super) fn closest(event: &Event, selector: &str) -> Option<Element> {
    target::<Element>(event)?.closest(selector).ok()?
}

/// Everything of this kind inside an element that the selector means.
pub(crate) fn all<T: JsCast>(within: &Element, selector: &str) -> Vec<T> {
    let Ok(found) = within.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// The name and the value of the button that a form was sent with.
pub(crate) fn pressed(event: &SubmitEvent) -> Option<(String, String)> {
    let button = event.submitter()?;
    Some((button.get_attribute("name")?, button.get_attribute("value")?))
}

/// Whether a form changes something. Read from its attributes: an input named `method` hides the property.
pub(crate) fn is_changing(form: &HtmlFormElement) -> bool {
    form.get_attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post"))
}

pub(crate) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Waits for so many milliseconds.
pub(crate) async fn pause(millis: i32) {
    let later = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        }
    });
    let _ = JsFuture::from(later).await;
}
