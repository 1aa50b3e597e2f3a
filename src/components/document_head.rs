use leptos::{html::meta, prelude::*};

use crate::paths;

/// What every document of ours begins with, inside `<head>`.
#[component]
pub fn DocumentHead(stylesheet: String) -> impl IntoView {
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {theme_color("(prefers-color-scheme: light)", "#fdfcfa")}
        {theme_color("(prefers-color-scheme: dark)", "#1e1b18")}
        <link rel="icon" href=paths::ICON type="image/svg+xml" />
        <link rel="stylesheet" href=stylesheet />
    }
}

fn theme_color(media: &'static str, color: &'static str) -> impl IntoView {
    meta().name("theme-color").attr("media", media).content(color)
}
