use leptos::prelude::*;
use serde_json::Value;

use super::{PART, links::Links, tree};
use crate::{
    paths,
    types::reading::{EventsView, StreamEvent},
};

/// Events as far as they have come. While more are coming, a page that is alive adds them.
pub fn events(view: EventsView, links: Option<&Links>) -> AnyView {
    let live = links.filter(|links| !links.kept().arrived && !view.more);
    let live = live.map(|links| paths::answer_events(&links.kept().id, view.next).href());
    let count = view.events.len();
    let later = links.filter(|links| view.more || !links.kept().arrived).map(|links| links.from(view.next));
    let later = later.map(|href| {
        view! { <p><a class="button" data-size="small" href=href data-part=PART>"What came after these"</a></p> }
    });
    let events = view.events.iter().map(event).collect_view();
    let none = (count == 0).then(|| view! { <p class="small muted">"No event has come yet."</p> });
    view! {
        {none}
        <ol class="events" data-live=live aria-label="Events" tabindex="0">{events}</ol>
        {later}
    }
    .into_any()
}

/// One event, as HTML for a page that is already open.
#[must_use]
pub fn event_html(event: &StreamEvent) -> String {
    self::event(event).to_html()
}

fn event(event: &StreamEvent) -> AnyView {
    let kind = event.kind.clone().map(|kind| view! { <code>{kind}</code> " " });
    let id = event.id.clone().map(|id| view! { <span class="small muted">"id " {id}</span> });
    let data = match serde_json::from_str::<Value>(&event.data) {
        Ok(value) if value.is_object() || value.is_array() => tree::inline(&value),
        _ => view! { <p class="event-text">{event.data.clone()}</p> }.into_any(),
    };
    let about = (event.kind.is_some() || event.id.is_some()).then(|| view! { <p>{kind} {id}</p> });
    view! { <li>{about} {data}</li> }.into_any()
}
