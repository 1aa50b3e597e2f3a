use leptos::prelude::*;

use super::request_form::NEWS;
use crate::{
    types::Preview,
    ui::{CodeBlock, DefinitionList, Disclosure},
};

/// A request before it is sent, and in the languages in which people go on with it.
#[component]
pub fn RequestPreview(
    preview: Preview,
    /// Whether there is nothing more urgent on the page.
    is_news: bool,
) -> impl IntoView {
    let Preview { method, url, headers, body, snippets } = preview;
    let news = is_news.then_some("");
    let headers =
        headers.into_iter().map(|(name, value)| (name, view! { <code>{value}</code> }.into_any())).collect();
    let body = body.map(|body| {
        view! {
            <h3>"Body"</h3>
            <CodeBlock label="Body" wrap=true>
                {body}
            </CodeBlock>
        }
    });
    view! {
        <section
            class="card stack"
            id=is_news.then_some(NEWS)
            aria-labelledby="preview"
            tabindex="-1"
            data-news=news
            autofocus=is_news
        >
            <h2 id="preview">"Preview"</h2>
            <p class="small muted">"Not sent. Put your token in place of $TOKEN."</p>
            <CodeBlock label="Request line" wrap=true>
                {format!("{method} {url}")}
            </CodeBlock>
            <h3>"Headers"</h3>
            <DefinitionList facts=headers />
            {body}
            <h3>"Copy as"</h3>
            {snippets.into_iter().enumerate().map(snippet).collect::<Vec<_>>()}
        </section>
    }
}

/// Text to select, with a button for those who have scripts.
fn snippet((number, (language, code)): (usize, (String, String))) -> AnyView {
    let (label, shown) = (format!("Copy as {language}"), code.clone());
    view! {
        <Disclosure summary=language.clone() open=number == 0>
            <CodeBlock label=language>{shown}</CodeBlock>
            <button class="button" data-size="small" type="button" data-copy=code aria-label=label>
                "Copy"
            </button>
        </Disclosure>
    }
    .into_any()
}
