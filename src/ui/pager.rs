use leptos::prelude::*;

/// The ways to the other parts of something long. Nothing where there is nothing.
#[component]
pub fn Pager(
    /// What the parts are of, for those who do not see it.
    label: &'static str,
    /// Which part this is. Words push the ways to the other end of the line, empty ones too.
    #[prop(default = None)]
    words: Option<String>,
    /// Links, or buttons.
    ways: Vec<AnyView>,
) -> impl IntoView {
    let is_any = words.is_some() || !ways.is_empty();
    is_any.then(|| {
        let words = words.map(|words| view! { <p>{words}</p> });
        let ways: Vec<_> = ways.into_iter().map(|way| view! { <li>{way}</li> }).collect();
        view! {
            <nav class="pagination" aria-label=label>
                {words}
                <ul>{ways}</ul>
            </nav>
        }
    })
}
