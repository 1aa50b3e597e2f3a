//! What makes a part of a page alive: events that come, moments in the reader's own words.

use std::cell::RefCell;

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{Element, EventSource};

use super::dom;

/// A page holds no more events than this.
const MOST: u32 = 2000;

/// What stands below a list that holds as many.
const FULL: &str = "<p class=\"small muted\" role=\"status\">This page holds no more than 2,000 events, so it has \
                    stopped listening. Load it again to see how it goes on.</p>";

/// Moments and dates that are still as the server wrote them.
const MOMENTS: &str = "time[title]:not([data-local])";

thread_local! {
    /// The streams that are open, and the lists that they fill. A browser has few connections to a server.
    static OPEN: RefCell<Vec<(Element, EventSource)>> = const { RefCell::new(Vec::new()) };
}

/// Brings a part of a page to life that has just been put in place of another.
pub(crate) fn activate(part: &Element) {
    OPEN.with_borrow_mut(|open| open.retain(is_listening));
    each(part, "[data-live]", follow);
    each(part, MOMENTS, localise);
}

fn each(part: &Element, selector: &str, act: fn(&Element)) {
    for element in dom::all::<Element>(part, selector) {
        act(&element);
    }
}

/// Closes the stream of a list that is no longer on the page.
fn is_listening((list, stream): &(Element, EventSource)) -> bool {
    if !list.is_connected() {
        stream.close();
    }
    stream.ready_state() != EventSource::CLOSED
}

/// Adds to a list what comes from the address that it names, as the server renders it.
fn follow(list: &Element) {
    let address = list.get_attribute("data-live").unwrap_or_default();
    let Ok(source) = EventSource::new(&address) else { return };
    let (here, stream) = (list.clone(), source.clone());
    let close = move || {
        stream.close();
        let _ = here.remove_attribute("data-live");
    };
    let (here, end) = (list.clone(), close.clone());
    dom::listen_to(&source, "message", move |event| {
        if here.child_element_count() > MOST {
            let _ = here.insert_adjacent_html("afterend", FULL);
            return end();
        }
        let html = event.data().as_string().unwrap_or_default();
        let _ = here.insert_adjacent_html("beforeend", &html);
        each(&here, MOMENTS, localise);
    });
    dom::listen_to(&source, "end", move |_| close());
    OPEN.with_borrow_mut(|open| open.push((list.clone(), source)));
}

/// How a moment is written, and a date, which is the same day by every clock.
const OF_MOMENT: [(&str, &str); 2] = [("dateStyle", "medium"), ("timeStyle", "medium")];
const OF_DATE: [(&str, &str); 2] = [("dateStyle", "medium"), ("timeZone", "UTC")];

/// A moment by the reader's clock and in the reader's words, or a date. What it was stays in its title.
fn localise(time: &Element) {
    let exact = time.get_attribute("datetime").unwrap_or_default();
    let moment = Date::new(&exact.as_str().into());
    let Some(window) = dom::window().filter(|_| !moment.get_time().is_nan()) else { return };
    let _ = time.set_attribute("data-local", "");
    let style = Object::new();
    let is_date = exact.len() == "2025-01-31".len();
    for (name, value) in if is_date { OF_DATE } else { OF_MOMENT } {
        let _ = Reflect::set(&style, &name.into(), &JsValue::from_str(value));
    }
    let language = window.navigator().language().unwrap_or_default();
    time.set_text_content(moment.to_locale_string(&language, &style).as_string().as_deref());
}
