use super::{Content, FieldValue, FormField, Request, quote::json};

pub(super) fn write(request: &Request) -> String {
    let headers = request.header_lines(|name, value| format!("        {}: {},\n", json(name), json(value)));
    format!(
        "import requests\n\nresponse = requests.request(\n    {},\n    {},\n    headers={{\n{headers}    }},\n{})\n\
         print(response.status_code, response.text)",
        json(&request.method),
        json(&request.url),
        body(&request.content),
    )
}

fn body(content: &Content) -> String {
    match content {
        Content::None => String::new(),
        Content::Text(text) => format!("    data={}.encode(),\n", json(text)),
        Content::File(name) => format!("    data=open({}, \"rb\"),\n", json(name)),
        Content::Form(fields) => {
            let fields: String = fields.iter().map(field).collect();
            format!("    files=[\n{fields}    ],\n")
        }
    }
}

/// A name, and a file's name with the content; the media type where there is one.
fn field(FormField { name, media_type, value }: &FormField) -> String {
    let media_type =
        media_type.as_ref().map(|media_type| format!(", {}", json(media_type))).unwrap_or_default();
    let value = match value {
        FieldValue::Text(text) => format!("None, {}", json(text)),
        FieldValue::File(file) => format!("{}, open({}, \"rb\")", json(file), json(file)),
    };
    format!("        ({}, ({value}{media_type})),\n", json(name))
}
