use super::{
    Content, FieldValue, FormField, Request,
    quote::{shell, shell_header},
};

pub(super) fn write(request: &Request) -> String {
    let method = match request.method.as_str() {
        "HEAD" => "--head".to_owned(),
        method => format!("--request {}", shell(method)),
    };
    let mut lines = vec![format!("curl {method} --globoff {}", shell(&request.url))];
    lines.extend(request.own_headers().map(|(name, value)| format!("--header {}", header(name, value))));
    match &request.content {
        Content::None => {}
        Content::Text(text) => lines.push(format!("--data-raw {}", shell(text))),
        Content::File(name) => lines.push(format!("--data-binary {}", shell(&format!("@{name}")))),
        Content::Form(fields) => {
            lines.extend(fields.iter().map(|field| format!("--form {}", shell(&form(field)))));
        }
    }
    lines.join(" \\\n  ")
}

/// curl takes a header with nothing behind the colon for one that is not to be sent.
fn header(name: &str, value: &str) -> String {
    if value.is_empty() { shell(&format!("{name};")) } else { shell_header(name, value, ": ") }
}

fn form(FormField { name, media_type, value }: &FormField) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""));
    let value = match value {
        FieldValue::Text(text) => quoted(text),
        FieldValue::File(file) => format!("@{}", quoted(file)),
    };
    let media_type = media_type.as_ref().map(|media_type| format!(";type={media_type}")).unwrap_or_default();
    format!("{name}={value}{media_type}")
}
