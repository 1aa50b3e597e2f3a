use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    client::{self, SessionEvent, dom},
    error::ServerFnError,
    server_fns::session::check_session,
};

/// How often an open page asks whether it is still signed in, as the API may have ended the session unannounced.
const INTERVAL: Duration = Duration::from_mins(1);

/// How long a page waits before it listens again, in milliseconds.
const RETRY: i32 = 3000;

/// How long the new cookie may be on its way, in milliseconds, when another tab's session takes the place of this one's.
const ON_THE_WAY: i32 = 1000;

/// What has come of the session behind an open page.
#[derive(Clone, PartialEq)]
enum News {
    None,
    /// It has ended, for this reason if that is known.
    Ended(Option<String>),
    /// The browser is somebody else's now, who is called this.
    Another(String),
}

/// Says so, in a banner, when the session has ended behind an open page, or somebody else has signed in; nobody is moved
/// in the middle of a thought.
#[island]
pub fn SessionWatch() -> impl IntoView {
    let news = RwSignal::new(News::None);
    let check = move || spawn_local(look(news));
    Effect::new(move || {
        client::on_session_event(move |event| on_event(news, event));
        spawn_local(listen(news));
        let watch = set_interval_with_handle(
            move || {
                if !document().hidden() && !has_ended(news) {
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
    let shown = move || match news.get() {
        News::None => None,
        News::Ended(reason) => Some((
            format!(
                "Your session has ended. What is on this page stays until you leave it. {}",
                why(reason.as_deref())
            ),
            client::logout_address(&client::here()),
            "Sign in again",
        )),
        News::Another(name) => Some((
            format!("You are now signed in as {name}. What is on this page is from before."),
            client::here(),
            "Load this page anew",
        )),
    };
    move || {
        shown().map(|(words, href, on)| {
            view! {
                <div class="banner" data-tone="warning">
                    <p>{words}</p>
                    <a class="button" data-size="small" rel="external" href=href>
                        {on}
                    </a>
                </div>
            }
        })
    }
}

fn why(reason: Option<&str>) -> &'static str {
    match reason {
        Some("signed-out") => "You have signed out in this browser.",
        Some("revoked") => "It was ended from another device or by an administrator.",
        Some("signed-out-at-provider") => "Your identity provider has signed you out.",
        Some("idle-timeout") => "It was not used for a long time.",
        Some("absolute-timeout") => "It lasted as long as sessions may.",
        Some("expired") => "The API does not accept it any more.",
        _ => "",
    }
}

fn has_ended(news: RwSignal<News>) -> bool {
    news.with_untracked(|news| matches!(news, News::Ended(_)))
}

fn on_event(news: RwSignal<News>, event: SessionEvent) {
    match event {
        SessionEvent::Ended(reason) => news.set(News::Ended(Some(reason))),
        SessionEvent::Doubt => spawn_local(look_twice(news)),
    }
}

/// The event of a session that is replaced can be faster than the cookie of the new one.
async fn look_twice(news: RwSignal<News>) {
    look(news).await;
    if has_ended(news) {
        dom::pause(ON_THE_WAY).await;
        look(news).await;
    }
}

/// Asks. Somebody who has signed in again in another tab is signed in here too, if the page is theirs.
async fn look(news: RwSignal<News>) {
    match check_session().await {
        Ok(person) if client::whose().is_none_or(|whose| whose == person.id) => news.set(News::None),
        Ok(person) => news.set(News::Another(person.name)),
        Err(ServerFnError::Unauthorized) if !has_ended(news) => news.set(News::Ended(None)),
        // That says nothing about the session, or nothing new.
        Err(_) => {}
    }
}

/// Hears of it at once. Browsers that cannot still ask now and then.
async fn listen(news: RwSignal<News>) {
    loop {
        if !has_ended(news) {
            match client::next_session_event().await {
                Ok(event) => on_event(news, event),
                Err(_) => return,
            }
        }
        dom::pause(RETRY).await;
    }
}
