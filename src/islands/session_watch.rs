use std::time::Duration;

use leptos::prelude::*;

use crate::{client, error::ServerFnError, server_fns::session::check_session};

/// How often an open page asks whether it is still signed in.
const INTERVAL: Duration = Duration::from_mins(1);

/// Says so, in a banner, when the session has ended behind an open page; nobody is moved in the middle of a thought.
#[island]
pub fn SessionWatch() -> impl IntoView {
    let ended = RwSignal::new(false);
    let check = move || {
        leptos::task::spawn_local(async move {
            if check_session().await == Err(ServerFnError::Unauthorized) {
                ended.set(true);
            }
        });
    };
    Effect::new(move || {
        let watch = set_interval_with_handle(
            move || {
                if !document().hidden() && !ended.get_untracked() {
                    check();
                }
            },
            INTERVAL,
        );
        on_cleanup(move || {
            if let Ok(watch) = watch {
                watch.clear();
            }
        });
    });
    let focus = window_event_listener(leptos::ev::focus, move |_| {
        if !ended.get_untracked() {
            check();
        }
    });
    on_cleanup(move || focus.remove());
    let sign_in = move || client::logout_address(&client::here());
    view! {
        <Show when=move || ended.get()>
            <div class="banner" data-tone="warning">
                <p>"Your session has ended. What is on this page stays until you leave it."</p>
                <a class="button" data-size="small" rel="external" href=sign_in>
                    "Sign in again"
                </a>
            </div>
        </Show>
    }
}
