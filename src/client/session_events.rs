//! Hearing at once that the session has ended, or is another: one stream of events for all tabs of a browser.
//!
//! A browser opens few connections to a server, so the tabs take turns: the one that holds the lock (Web Locks) listens,
//! and tells the others (`BroadcastChannel`). When it is closed, the lock goes to the next.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, EventSource, MessageEvent};

use super::{dom, mount};
use crate::paths;

/// Of the lock and of the channel.
fn name() -> String {
    format!("vestibule-session{}", mount().prefix())
}

/// Calls `handle` with what another tab has heard.
pub(crate) fn on_session_event(handle: impl Fn(SessionEvent) + 'static) {
    let Ok(channel) = BroadcastChannel::new(&name()) else { return };
    let handler = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        handle(SessionEvent::of(&event.data()));
    });
    channel.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    // Both live as long as the page.
    handler.forget();
}

/// What a stream has come to.
#[derive(Clone, PartialEq)]
pub(crate) enum SessionEvent {
    /// It has told that the session has ended, and why.
    Ended(String),
    /// There is none to be had, which may have other reasons; or this browser holds another session.
    Doubt,
}

impl SessionEvent {
    /// As it goes from tab to tab: the reason, or nothing.
    fn of(told: &JsValue) -> Self {
        told.as_string().filter(|reason| reason != "replaced").map_or(Self::Doubt, Self::Ended)
    }
}

/// Listens, once it is this tab's turn, until the stream comes to an end.
///
/// # Errors
/// When this browser has no locks.
pub(crate) async fn next_session_event() -> Result<SessionEvent, JsValue> {
    let navigator = dom::window().ok_or(JsValue::NULL)?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let held = request.call2(&locks, &name().into(), &Closure::once_into_js(until_stream_ends))?;
    Ok(SessionEvent::of(&JsFuture::from(held.dyn_into::<Promise>()?).await?))
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
            dom::listen_to(&source, event, move |event| {
                stream.close();
                tell_other_tabs(&event.data());
                let _ = end.call1(&JsValue::NULL, &event.data());
            });
        }
        let stream = source.clone();
        dom::listen_to(&source, "error", move |_| {
            if stream.ready_state() == EventSource::CLOSED {
                let _ = end.call0(&JsValue::NULL);
            }
        });
    })
}

fn tell_other_tabs(reason: &JsValue) {
    if let Ok(channel) = BroadcastChannel::new(&name()) {
        let _ = channel.post_message(reason);
        channel.close();
    }
}
