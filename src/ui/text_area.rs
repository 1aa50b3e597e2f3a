use leptos::prelude::*;

/// An input of several lines.
///
/// The framework writes the content of a `<textarea>` as it is, so it is escaped here.
#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    #[prop(into)] name: String,
    text: String,
    /// What it is called, where nothing beside it says so.
    #[prop(default = None)]
    label: Option<String>,
    /// Whether the text is code.
    #[prop(optional)]
    code: bool,
    #[prop(optional)] required: bool,
    #[prop(optional)] invalid: bool,
    #[prop(default = None)] described_by: Option<String>,
    #[prop(default = None)] placeholder: Option<String>,
    rows: u8,
) -> impl IntoView {
    view! {
        <textarea
            class="input"
            data-code=code
            id=id
            name=name
            aria-label=label
            required=required
            aria-invalid=invalid.then_some("true")
            aria-describedby=described_by
            placeholder=placeholder
            rows=rows.to_string()
            spellcheck="false"
            autocapitalize="none"
            autocomplete="off"
        >
            {content(&text)}
        </textarea>
    }
}

/// The text as the parser reads it back: it drops one leading line feed.
fn content(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if escaped.starts_with(['\n', '\r']) { format!("\n{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let text = text.to_owned();
        Owner::new().with(|| view! { <TextArea id="i" name="n" text rows=4 /> }.to_html())
    }

    #[test]
    fn the_text_stays_inside() {
        assert!(html("</textarea><b>&amp;").contains(">&lt;/textarea&gt;&lt;b&gt;&amp;amp;</textarea>"));
        assert!(html("").contains("></textarea>"));
        assert!(html("\na").contains(">\n\na</textarea>"));
    }
}
