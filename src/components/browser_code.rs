use leptos::{nonce::use_nonce, prelude::*};

use crate::server::assets::Assets;

/// Loads the code for the browser and starts the islands, once the page has been painted.
///
/// What Leptos has for this (`HydrationScripts`) lets the browser fetch the code ahead of the page's own paint, which
/// then waits for it, and reads the names of the files anew for each page.
#[component]
pub fn BrowserCode(assets: Assets) -> impl IntoView {
    // As `HydrationScripts` does: only what is inside of islands is hydrated.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let start = include_str!("start_islands.js");
    let Assets { script, wasm, .. } = assets;
    view! {
        <script type="module" nonce=use_nonce()>
            {format!("{start}({script:?}, {wasm:?});")}
        </script>
    }
}
