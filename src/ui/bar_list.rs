use leptos::prelude::*;

/// One bar: what it stands for, how long it is, and its value in figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    /// From 0 to 1.
    pub share: f64,
    pub value: String,
}

/// Values as bars, one to a line.
#[component]
pub fn BarList(bars: Vec<Bar>) -> impl IntoView {
    let rows = bars.into_iter().map(|bar| {
        let width = format!("{:.1}", bar.share.clamp(0.0, 1.0) * 100.0);
        view! {
            <li>
                <span>{bar.label}</span>
                <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=width height="1" />
                </svg>
                <span>{bar.value}</span>
            </li>
        }
    });
    view! { <ul class="bar-list">{rows.collect::<Vec<_>>()}</ul> }
}
