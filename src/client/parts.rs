//! Changing one part of a page: the part of the same name on another page of ours takes its place.

use leptos::task::spawn_local;
use web_sys::Element;

use super::{
    dom, live,
    navigation::{self, Next},
};

/// The attribute of a link or form that names the part it changes, by its id.
pub(super) const PART: &str = "data-part";

/// Puts the part that stands at `address` in place. The browser goes there itself when there is none.
pub(super) fn go(address: String, id: String) {
    let Some(old) = part(&id) else { return dom::leave(&address) };
    let _ = old.set_attribute("aria-busy", "true");
    spawn_local(async move {
        match navigation::load(&address).await {
            Next::Page(page) => match page.get_element_by_id(&id) {
                Some(new) => replace(&old, &new),
                None => dom::leave(&address),
            },
            Next::SessionEnded => super::session_ended(),
            Next::Moved(logout) => dom::leave(&logout),
            Next::Document => dom::leave(&address),
        }
    });
}

fn part(id: &str) -> Option<Element> {
    dom::document()?.get_element_by_id(id)
}

fn replace(old: &Element, new: &Element) {
    if old.replace_with_with_node_1(new).is_ok() {
        live::enliven(new);
        dom::focus(new);
    }
}
