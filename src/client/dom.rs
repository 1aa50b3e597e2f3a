//! The browser's document, without its many ways to be absent.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, Event, HtmlElement, HtmlFormElement, SubmitEvent, Window};

pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

pub(super) fn document() -> Option<Document> {
    window()?.document()
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

/// The nearest element around where an event happened, itself included.
pub(super) fn closest(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
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

pub(super) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}
