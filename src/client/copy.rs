//! Buttons that copy a text: `data-copy` holds it.

use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::MouseEvent;

use super::dom;

/// The attribute in which a button keeps its words while it says what came of it.
const WORDS: &str = "data-words";
/// How long it says so, in milliseconds.
const SHOWN: i32 = 2000;

pub(super) fn start() {
    dom::listen("click", |event: &MouseEvent| {
        let Some(button) = dom::closest(event, "[data-copy]") else { return };
        let (Some(window), Some(text)) = (dom::window(), button.get_attribute("data-copy")) else { return };
        spawn_local(async move {
            let copied = JsFuture::from(window.navigator().clipboard().write_text(&text)).await;
            let words = button.get_attribute(WORDS).or_else(|| button.text_content()).unwrap_or_default();
            let _ = button.set_attribute(WORDS, &words);
            button.set_text_content(Some(if copied.is_ok() { "Copied" } else { "Not copied" }));
            dom::pause(SHOWN).await;
            button.set_text_content(Some(&words));
        });
    });
}
