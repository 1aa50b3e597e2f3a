use super::{Content, FieldValue, FormField, Request, quote::rust};

pub(super) fn write(request: &Request) -> String {
    let headers =
        request.header_lines(|name, value| format!("        .header({}, {})\n", rust(name), rust(value)));
    format!(
        "#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
         \x20   let response = reqwest::Client::new()\n        .request({}.parse()?, {})\n{headers}{}\
         \x20       .send()\n        .await?;\n\
         \x20   println!(\"{{}} {{}}\", response.status(), response.text().await?);\n    Ok(())\n}}",
        rust(&request.method),
        rust(&request.url),
        body(&request.content),
    )
}

fn body(content: &Content) -> String {
    match content {
        Content::None => String::new(),
        Content::Text(text) => format!("        .body({})\n", rust(text)),
        Content::File(name) => format!("        .body(tokio::fs::File::open({}).await?)\n", rust(name)),
        Content::Form(fields) => {
            let fields: String = fields.iter().map(field).collect();
            format!("        .multipart(\n            reqwest::multipart::Form::new()\n{fields}        )\n")
        }
    }
}

fn field(FormField { name, media_type, value }: &FormField) -> String {
    let media_type =
        media_type.as_ref().map(|media_type| format!(".mime_str({})?", rust(media_type))).unwrap_or_default();
    let part = match value {
        FieldValue::Text(text) => format!("text({})", rust(text)),
        FieldValue::File(file) => format!("file({}).await?", rust(file)),
    };
    format!("                .part({}, reqwest::multipart::Part::{part}{media_type})\n", rust(name))
}
