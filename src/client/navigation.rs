//! Moving between pages: fetch the next page, put its parts in place, keep the rest running.
//!
//! Pages are rendered on the server, so this needs no routes and no templates. Whatever is not plainly one of our pages
//! (a redirect, a download, an ended session, another layout) becomes an ordinary document navigation.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Reflect};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, FormData, HtmlAnchorElement, HtmlFormElement, MouseEvent, PageTransitionEvent,
    PopStateEvent, SubmitEvent, Url, UrlSearchParams,
};

use super::{
    dom, here, live,
    load::{self, Loaded},
    mount, parts,
};

/// The parts of a page that differ from the next; everything else stays.
const PARTS: [&str; 2] = [".site-header", "main"];

thread_local! {
    /// The newest navigation; the answer to an older one is dropped.
    static NEWEST: Cell<u32> = const { Cell::new(0) };
    /// Path and query of the page that is shown.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What becomes of the address bar.
#[derive(Clone, Copy, PartialEq)]
enum Entry {
    /// A new entry of the history.
    New,
    /// The entry that the browser has already gone to, and how far it was scrolled.
    Existing { scroll: f64 },
}

pub(super) fn start() {
    dom::listen("click", on_click);
    dom::listen("submit", on_submit);
    dom::listen("popstate", on_popstate);
    SHOWN.set(here());
    // A page that comes back from the browser's cache may show what its session no longer may.
    dom::listen("pageshow", |event: &PageTransitionEvent| {
        if event.persisted()
            && let Some(window) = dom::window()
        {
            let _ = window.location().reload();
        }
    });
}

/// Back or forward. A step within the page that is shown, as from one heading to another, is the browser's own.
fn on_popstate(event: &PopStateEvent) {
    if SHOWN.with_borrow(|shown| *shown != here()) {
        go(href(), Entry::Existing { scroll: event.state().as_f64().unwrap_or_default() });
    }
}

/// The whole address of the page that is shown.
fn href() -> String {
    dom::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

fn on_click(event: &MouseEvent) {
    let plain = event.button() == 0
        && !(event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key());
    if event.default_prevented() || !plain {
        return;
    }
    let Some(link) =
        dom::closest(event, "a[href]").and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
    else {
        return;
    };
    let elsewhere =
        !link.target().is_empty() || link.has_attribute("download") || link.rel().contains("external");
    if elsewhere || !is_page(&link.href()) {
        return;
    }
    event.prevent_default();
    follow(link.href(), &link);
}

/// A form that only asks (a search, a `GET` operation) is a navigation; one that changes something is left alone.
fn on_submit(event: &SubmitEvent) {
    if event.default_prevented() {
        return;
    }
    let Some(form) = dom::target::<HtmlFormElement>(event) else { return };
    if dom::is_changing(&form) || form.has_attribute("target") {
        return;
    }
    if let Some(address) = address_of(&form, event).filter(|address| is_page(address)) {
        event.prevent_default();
        follow(address, &form);
    }
}

/// Goes on to another page, or changes the part of this one that the link or form names.
fn follow(address: String, from: &Element) {
    match from.get_attribute(parts::PART) {
        Some(part) => parts::go(address, part),
        None => go(address, Entry::New),
    }
}

/// The address that the browser itself would go to.
fn address_of(form: &HtmlFormElement, event: &SubmitEvent) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    let query = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    if let Some((name, value)) = dom::pressed(event) {
        query.append(&name, &value);
    }
    let action = Url::new_with_base(&form.get_attribute("action").unwrap_or_default(), &href()).ok()?;
    action.set_search(&String::from(query.to_string()));
    Some(action.href())
}

/// Whether an address is of this API, another page than this one, and no endpoint.
fn is_page(address: &str) -> bool {
    let (Ok(url), Some(window)) = (Url::new(address), dom::window()) else { return false };
    let location = window.location();
    let same_origin = location.origin().is_ok_and(|origin| origin == url.origin());
    let only_hash = !url.hash().is_empty()
        && location.pathname().is_ok_and(|path| path == url.pathname())
        && location.search().is_ok_and(|search| search == url.search());
    let path = url.pathname();
    let is_page = |path: &str| !path.starts_with("/api/") && !path.starts_with("/auth/");
    same_origin && !only_hash && mount().strip(&path).is_some_and(is_page)
}

/// The turn of the newest navigation.
pub(super) fn newest() -> u32 {
    NEWEST.get()
}

fn go(address: String, entry: Entry) {
    let turn = NEWEST.get() + 1;
    NEWEST.set(turn);
    if entry == Entry::New {
        remember_scroll();
    }
    set_loading(true);
    spawn_local(async move {
        let loaded = load::load(&address, || local(&address)).await;
        if newest() != turn {
            return;
        }
        set_loading(false);
        match loaded {
            Loaded::Page(page) if show(&page, &address, entry).is_some() => {}
            Loaded::SessionEnded(logout) => dom::leave(&logout),
            Loaded::Page(_) | Loaded::Document => dom::leave(&address),
        }
    });
}

/// Puts the next page in place. `None`, and nothing changed, when it is laid out differently.
fn show(page: &Document, address: &str, entry: Entry) -> Option<()> {
    let document = dom::document()?;
    let part = |of: &Document, selector| of.query_selector(selector).ok().flatten();
    let pairs: Vec<(Element, Element)> = PARTS
        .iter()
        .filter_map(|selector| Some((part(&document, selector)?, part(page, selector)?)))
        .collect();
    if pairs.len() != PARTS.len() {
        return None;
    }
    if entry == Entry::New {
        enter(address).ok()?;
    }
    for (old, new) in pairs {
        old.replace_with_with_node_1(&new).ok()?;
        start_islands(&new);
        live::activate(&new);
    }
    document.set_title(&page.title());
    SHOWN.set(local(address));
    settle(&document, address, entry);
    Some(())
}

/// A new entry of the history, unless it is the address that is there: as the browser itself has it.
fn enter(address: &str) -> Result<(), JsValue> {
    let history = dom::window().ok_or(JsValue::NULL)?.history()?;
    if href() == address {
        return history.replace_state_with_url(&JsValue::NULL, "", None);
    }
    history.push_state_with_url(&JsValue::NULL, "", Some(address))
}

/// Writes another address of the page that is shown into the entry that it has.
pub(crate) fn replace_address(address: &str) {
    let history = dom::window().and_then(|window| window.history().ok());
    if history
        .is_some_and(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(address)).is_ok())
    {
        SHOWN.set(here());
    }
}

/// Starts the islands of a new part; the script that has loaded this code leaves the function for it on the window.
fn start_islands(part: &Element) {
    let function = dom::window().and_then(|window| Reflect::get(&window, &"startIslands".into()).ok());
    if let Some(start) = function.and_then(|function| function.dyn_into::<Function>().ok()) {
        let _ = start.call1(&JsValue::NULL, part);
    }
}

/// The eye and the focus go where a document navigation would have put them.
fn settle(document: &Document, address: &str, entry: Entry) {
    let hash = Url::new(address).map(|url| url.hash()).unwrap_or_default();
    let target = document.get_element_by_id(hash.trim_start_matches('#'));
    let Some(window) = dom::window() else { return };
    match (target, entry) {
        (Some(target), Entry::New) => {
            target.scroll_into_view();
            dom::focus(&target);
        }
        (_, entry) => {
            let top = if let Entry::Existing { scroll } = entry { scroll } else { 0.0 };
            // Focusing scrolls as well: to the news, where there is some, and else no further than the page's top.
            if let Ok(Some(main)) = document.query_selector("main") {
                dom::focus(&main);
            }
            window.scroll_to_with_x_and_y(0.0, top);
            if let Ok(Some(news)) = document.query_selector("main [autofocus]") {
                dom::focus(&news);
            }
        }
    }
}

fn remember_scroll() {
    let Some(window) = dom::window() else { return };
    let (Ok(scroll), Ok(history)) = (window.scroll_y(), window.history()) else { return };
    let _ = history.replace_state_with_url(&scroll.into(), "", None);
}

fn set_loading(loading: bool) {
    if let Some(root) = dom::root() {
        let _ = root.toggle_attribute_with_force("data-loading", loading);
    }
}

/// Path and query of an absolute address.
fn local(address: &str) -> String {
    Url::new(address).map(|url| url.pathname() + &url.search()).unwrap_or_default()
}
