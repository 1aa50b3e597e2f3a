use super::{
    Content, FieldValue, FormField, Request,
    quote::{shell, shell_header},
};

/// What is to be known of a form that has texts with a media type.
const UNTYPED: &str = "# HTTPie sends a media type with files only: the texts go out without theirs.\n";

pub(super) fn write(request: &Request) -> String {
    let note = if request.content.has_typed_text() { UNTYPED } else { "" };
    let form = if matches!(request.content, Content::Form(_)) { " --multipart" } else { "" };
    let input = if matches!(request.content, Content::File(_)) { "" } else { " --ignore-stdin" };
    let mut lines =
        vec![format!("{note}http{input}{form} {} {}", shell(&request.method), shell(&request.url))];
    lines.extend(request.own_headers().map(|(name, value)| header(name, value)));
    match &request.content {
        Content::None => {}
        Content::Text(text) => lines.push(format!("--raw={}", shell(text))),
        Content::File(name) => lines.push(format!("< {}", shell(name))),
        Content::Form(fields) => lines.extend(fields.iter().map(|field| shell(&item(field)))),
    }
    lines.join(" \\\n  ")
}

/// `Name;` is how `HTTPie` sends a header with nothing in it.
fn header(name: &str, value: &str) -> String {
    if value.is_empty() { shell(&format!("{name};")) } else { shell_header(name, &plain(value), ":") }
}

fn item(FormField { name, media_type, value }: &FormField) -> String {
    match value {
        FieldValue::Text(text) => format!("{}={}", escaped(name), plain(text)),
        FieldValue::File(file) => {
            let media_type =
                media_type.as_ref().map(|media_type| format!(";type={media_type}")).unwrap_or_default();
            format!("{}@{file}{media_type}", escaped(name))
        }
    }
}

/// `:=`, `==`, `=@` and `:@` mean something else than `:` and `=`.
fn plain(value: &str) -> String {
    if value.starts_with(['=', '@']) { format!("\\{value}") } else { value.to_owned() }
}

fn escaped(name: &str) -> String {
    let escape = |letter: char| match letter {
        ':' | '=' | '@' => format!("\\{letter}"),
        letter => letter.to_string(),
    };
    name.chars().map(escape).collect()
}
