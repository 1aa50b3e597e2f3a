//! Hearing at once that the session has ended, or is another: one stream of events for all tabs of a browser.
//!
//! A browser opens few connections to a server, so the tabs take turns: the one that holds the lock (Web Locks) listens,
//! and tells the others (`BroadcastChannel`). When it is closed, the lock goes to the next.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, EventSource, MessageEvent};

use super::{dom, live::listen, mount};
use crate::paths;

/// Of the lock and of the channel.
fn name() -> String {
    format!("vestibule-session{}", mount().prefix())
}

/// Calls `hear` with what another tab has heard.
pub(crate) fn on_word(hear: impl Fn(Word) + 'static) {
    let Ok(channel) = BroadcastChannel::new(&name()) else { return };
    let hear = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| hear(Word::of(&event.data())));
    channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // Both live as long as the page.
    hear.forget();
}

/// What a stream has come to.
#[derive(Clone, PartialEq)]
pub(crate) enum Word {
    /// It has told that the session has ended, and why.
    Ended(String),
    /// There is none to be had, which may have other reasons; or this browser holds another session.
    Doubt,
}

impl Word {
    /// As it goes from tab to tab: the reason, or nothing.
    fn of(told: &JsValue) -> Self {
        told.as_string().filter(|reason| reason != "replaced").map_or(Self::Doubt, Self::Ended)
    }
}

/// Listens, once it is this tab's turn, until the stream comes to an end.
///
/// # Errors
/// When this browser has no locks.
pub(crate) async fn next_word() -> Result<Word, JsValue> {
    let navigator = dom::window().ok_or(JsValue::NULL)?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let held = request.call2(&locks, &name().into(), &Closure::once_into_js(until_stream_ends))?;
    Ok(Word::of(&JsFuture::from(held.dyn_into::<Promise>()?).await?))
}

/// Kept with the reason when the session has ended, and with nothing when this browser holds another one. A browser that
/// loses the connection connects again by itself; it gives up when the answer is no stream.
fn until_stream_ends() -> Promise {
    Promise::new(&mut |end, _| {
        let address = format!("{}{}", mount().prefix(), paths::SESSION_EVENTS);
        let Ok(source) = EventSource::new(&address) else {
            let _ = end.call0(&JsValue::NULL);
            return;
        };
        for event in ["ended", "replaced"] {
            let (stream, end) = (source.clone(), end.clone());
            listen(&source, event, move |event| {
                stream.close();
                tell_other_tabs(&event.data());
                let _ = end.call1(&JsValue::NULL, &event.data());
            });
        }
        let stream = source.clone();
        listen(&source, "error", move |_| {
            if stream.ready_state() == EventSource::CLOSED {
                let _ = end.call0(&JsValue::NULL);
            }
        });
    })
}

fn tell_other_tabs(word: &JsValue) {
    if let Ok(channel) = BroadcastChannel::new(&name()) {
        let _ = channel.post_message(word);
        channel.close();
    }
}

/// Waits for so many milliseconds.
pub(crate) async fn pause(millis: i32) {
    let later = Promise::new(&mut |resolve, _| {
        if let Some(window) = dom::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
        }
    });
    let _ = JsFuture::from(later).await;
}
