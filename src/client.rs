//! What only a browser does: move between pages without loading the document anew, and leave when the session ends.

mod copy;
pub(crate) mod dom;
mod live;
mod load;
mod navigation;
mod parts;
mod session_events;

use web_sys::KeyboardEvent;

pub(crate) use self::{
    live::activate,
    load::{Loaded, post},
    navigation::replace_address,
    session_events::{SessionEvent, next_session_event, on_session_event},
};
use crate::paths::{self, Mount};

/// The attribute of the document that holds the mount of its API.
pub const MOUNT: &str = "data-mount";

/// What holds the id of the person whose page is shown, in the attribute of this name.
const WHOSE: &str = "data-person";

/// Takes over links and searches. Called once, when the page's code has loaded.
pub fn start() {
    let prefix = mount().prefix().to_owned();
    // Calls of server functions go below the mount too.
    let _ = server_fn::client::try_set_server_url(Box::leak(prefix.into_boxed_str()));
    copy::start();
    navigation::start();
    dom::listen("keydown", focus_search);
    if let Some(page) = dom::root() {
        activate(&page);
    }
}

/// The session is over: a *document* navigation to the logout route, which clears cookies and ends on the login page.
pub fn session_ended() {
    dom::leave(&logout_address(&here()));
}

/// The logout route, for a browser that comes back to `next` afterwards: an address of this site.
pub(crate) fn logout_address(next: &str) -> String {
    let mount = mount();
    let next = mount.strip(next).unwrap_or_default();
    let encoded = String::from(js_sys::encode_uri_component(next));
    paths::forced_logout("expired", &encoded).on(&mount)
}

/// Path and query of the page that is shown.
pub(crate) fn here() -> String {
    let location = dom::window().map(|window| window.location());
    let here = location.and_then(|location| Some(location.pathname().ok()? + &location.search().ok()?));
    here.unwrap_or_default()
}

/// The id of the person whose page is shown.
pub(crate) fn whose() -> Option<String> {
    let holder = dom::document()?.query_selector(&format!("[{WHOSE}]")).ok()??;
    holder.get_attribute(WHOSE)
}

/// The mount of the API whose page is shown, as the document says.
pub(crate) fn mount() -> Mount {
    Mount::at(&dom::root().and_then(|root| root.get_attribute(MOUNT)).unwrap_or_default())
}

/// `/` leads to the page's search, unless somebody is writing.
fn focus_search(event: &KeyboardEvent) {
    let writing = dom::closest(event, "input, textarea, select, [contenteditable]").is_some();
    let plain = event.key() == "/" && !(event.ctrl_key() || event.meta_key() || event.alt_key());
    let search = dom::document().and_then(|document| document.query_selector("input[type=search]").ok()?);
    if let (true, false, Some(search)) = (plain, writing, search) {
        event.prevent_default();
        dom::focus(&search);
    }
}
