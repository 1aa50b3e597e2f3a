use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    client::{self, Word},
    error::ServerFnError,
    server_fns::session::check_session,
};

/// How often an open page asks whether it is still signed in, as the API may have ended the session unannounced.
const INTERVAL: Duration = Duration::from_mins(1);

/// How long a page waits before it listens again, in milliseconds.
const RETRY: i32 = 3000;

/// Says so, in a banner, when the session has ended behind an open page; nobody is moved in the middle of a thought.
#[island]
pub fn SessionWatch() -> impl IntoView {
    let ended = RwSignal::new(false);
    let check = move || spawn_local(look(ended));
    Effect::new(move || {
        client::on_word_of_end(move || ended.set(true));
        spawn_local(listen(ended));
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
    let focus = window_event_listener(leptos::ev::focus, move |_| check());
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

/// Asks. Somebody who has signed in again in another tab is signed in here too.
async fn look(ended: RwSignal<bool>) {
    match check_session().await {
        Ok(()) => ended.set(false),
        Err(ServerFnError::Unauthorized) => ended.set(true),
        // That says nothing about the session.
        Err(_) => {}
    }
}

/// Hears of the end at once. Browsers that cannot still ask now and then.
async fn listen(ended: RwSignal<bool>) {
    loop {
        if !ended.get_untracked() {
            match client::next_word().await {
                Ok(Word::Ended) => ended.set(true),
                Ok(Word::Doubt) => look(ended).await,
                Err(_) => return,
            }
        }
        client::pause(RETRY).await;
    }
}
