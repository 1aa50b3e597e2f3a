//! What only a browser does: move between pages without loading the document anew, and leave when the session ends.

pub(crate) mod dom;
mod navigation;

use crate::paths;

/// Takes over links and searches. Called once, when the page's code has loaded.
pub fn start() {
    navigation::start();
}

/// The session is over: a *document* navigation to the logout route, which clears cookies and ends on the login page.
pub fn session_ended() {
    let Some(window) = web_sys::window() else { return };
    let location = window.location();
    let here = location.pathname().and_then(|path| Ok(path + &location.search()?)).unwrap_or_default();
    session_ended_at(&here);
}

/// The same, coming back to `next` afterwards.
fn session_ended_at(next: &str) {
    let encoded = String::from(js_sys::encode_uri_component(next));
    dom::leave(&paths::forced_logout("expired", &encoded));
}
