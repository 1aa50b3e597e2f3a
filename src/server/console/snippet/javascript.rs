use super::{Content, FieldValue, FormField, Request, quote::json};

pub(super) fn write(request: &Request) -> String {
    let (before, body) = body(&request.content);
    let headers = request.header_lines(|name, value| format!("    {}: {},\n", json(name), json(value)));
    format!(
        "{before}const response = await fetch({}, {{\n  method: {},\n  headers: {{\n{headers}  }},\n{body}}});\n\
         console.log(response.status, await response.text());",
        json(&request.url),
        json(&request.method),
    )
}

/// What stands before the call, and the line in it.
fn body(content: &Content) -> (String, String) {
    const OPEN: &str = "import { openAsBlob } from \"node:fs\";\n\n";
    const NAMED: &str = "// FormData gives a file name to every part that has a media type.\n";
    match content {
        Content::None => (String::new(), String::new()),
        Content::Text(text) => (String::new(), format!("  body: {},\n", json(text))),
        Content::File(name) => (OPEN.to_owned(), format!("  body: await openAsBlob({}),\n", json(name))),
        Content::Form(fields) => {
            let has_files = fields.iter().any(|field| matches!(field.value, FieldValue::File(_)));
            let open = if has_files { OPEN } else { "" };
            let named = if content.has_typed_text() { NAMED } else { "" };
            let fields: String = fields.iter().map(field).collect();
            (format!("{open}{named}const form = new FormData();\n{fields}\n"), "  body: form,\n".to_owned())
        }
    }
}

fn field(FormField { name, media_type, value }: &FormField) -> String {
    let kind = media_type.as_ref().map(|media_type| format!(", {{ type: {} }}", json(media_type)));
    let value = match (value, &kind) {
        (FieldValue::File(file), kind) => {
            let kind = kind.as_deref().unwrap_or_default();
            format!("await openAsBlob({}{kind}), {}", json(file), json(file))
        }
        (FieldValue::Text(text), None) => json(text),
        (FieldValue::Text(text), Some(kind)) => format!("new Blob([{}]{kind})", json(text)),
    };
    format!("form.append({}, {value});\n", json(name))
}
