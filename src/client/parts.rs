//! Changing one part of a page: the part of the same name on another page of ours takes its place.

use leptos::task::spawn_local;
use web_sys::Element;

use super::{
    dom, here, live,
    load::{self, Loaded},
    navigation,
};

/// The attribute of a link or form that names the part it changes, by its id.
pub(super) const PART: &str = "data-part";

/// The attribute of a part that says which of the links that would change it was the last.
const TURN: &str = "data-turn";

/// Puts the part that stands at `address` in place. The browser goes there itself when there is none.
pub(super) fn go(address: String, id: String) {
    let Some(old) = part(&id) else { return dom::leave(&address) };
    let awaited = Awaited::new(&old, id);
    spawn_local(async move {
        let loaded = load::load(&address, here).await;
        let Some(old) = awaited.part() else { return };
        match loaded {
            Loaded::Page(page) => match page.get_element_by_id(&awaited.id) {
                Some(new) => replace(&old, &new),
                None => dom::leave(&address),
            },
            Loaded::SessionEnded(logout) => dom::leave(&logout),
            Loaded::Document => dom::leave(&address),
        }
    });
}

/// A part that is on its way. A later one for the same place, or another page, makes it superfluous.
struct Awaited {
    id: String,
    turn: String,
    page: u32,
}

impl Awaited {
    fn new(old: &Element, id: String) -> Self {
        let before = old.get_attribute(TURN).and_then(|turn| turn.parse().ok()).unwrap_or(0_u32);
        let turn = (before + 1).to_string();
        let _ = old.set_attribute(TURN, &turn);
        let _ = old.set_attribute("aria-busy", "true");
        Self { id, turn, page: navigation::newest() }
    }

    /// What it takes the place of. None when it came too late.
    fn part(&self) -> Option<Element> {
        let is_awaited = |old: &Element| old.get_attribute(TURN).as_deref() == Some(&self.turn);
        part(&self.id).filter(|old| is_awaited(old) && navigation::newest() == self.page)
    }
}

fn part(id: &str) -> Option<Element> {
    dom::document()?.get_element_by_id(id)
}

fn replace(old: &Element, new: &Element) {
    if old.replace_with_with_node_1(new).is_ok() {
        live::activate(new);
        dom::focus(new);
    }
}
