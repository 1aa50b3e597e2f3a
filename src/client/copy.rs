//! Buttons that copy a text: `data-copy` holds it.

use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::MouseEvent;

use super::dom;

pub(super) fn start() {
    dom::listen("click", |event: &MouseEvent| {
        let Some(button) = dom::closest(event, "[data-copy]") else { return };
        let (Some(window), Some(text)) = (dom::window(), button.get_attribute("data-copy")) else { return };
        spawn_local(async move {
            let copied = JsFuture::from(window.navigator().clipboard().write_text(&text)).await;
            button.set_text_content(Some(if copied.is_ok() { "Copied" } else { "Not copied" }));
        });
    });
}
