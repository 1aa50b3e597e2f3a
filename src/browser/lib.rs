//! Where the browser starts.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server has rendered.
#[wasm_bindgen]
pub fn hydrate() {
    vestibule::client::start();
    leptos::mount::hydrate_islands();
}
