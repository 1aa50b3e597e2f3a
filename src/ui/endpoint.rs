use leptos::prelude::*;

use super::MethodBadge;

/// A method and a path.
#[component]
pub fn Endpoint(
    #[prop(into)] method: String,
    #[prop(into)] path: String,
    #[prop(optional)] deprecated: bool,
) -> impl IntoView {
    view! {
        <MethodBadge method />
        " "
        <PathTemplate path deprecated />
    }
}

/// A path template, which may break after each `/`. Its parameters stand out.
#[component]
pub fn PathTemplate(#[prop(into)] path: String, #[prop(optional)] deprecated: bool) -> impl IntoView {
    let segments = path.split_inclusive('/').enumerate();
    let segments = segments.map(|(position, segment)| {
        let break_before = (position > 1).then(|| view! { <wbr /> });
        (break_before, parts(segment).into_iter().map(part).collect::<Vec<_>>())
    });
    view! {
        <code class="path" data-deprecated=deprecated>
            {segments.collect::<Vec<_>>()}
        </code>
    }
}

fn part(text: &str) -> AnyView {
    let text = text.to_owned();
    if text.starts_with('{') { view! { <var>{text}</var> }.into_any() } else { text.into_any() }
}

/// A segment cut into its `{parameters}` and the text between them.
fn parts(segment: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some((before, from)) = rest.find('{').and_then(|start| rest.split_at_checked(start)) {
        let Some((parameter, after)) = from.find('}').and_then(|end| from.split_at_checked(end + 1)) else {
            break;
        };
        parts.extend([before, parameter]);
        rest = after;
    }
    parts.push(rest);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn parameters_are_cut_out() {
        assert_eq!(parts("{id}/"), ["{id}", "/"]);
        assert_eq!(parts("a-{from}..{to}"), ["a-", "{from}", "..", "{to}"]);
        assert_eq!(parts("plain{"), ["plain{"]);
        assert!(parts("").is_empty());
    }
}
