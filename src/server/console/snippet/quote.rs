//! Texts as literals.

/// A word of a POSIX shell: nothing is special between single quotes, but a single quote.
pub fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', r"'\''"))
}

/// A header in a shell. The one with the token is left open to the variable.
pub fn shell_header(name: &str, value: &str, separator: &str) -> String {
    match value.strip_suffix("$TOKEN") {
        Some(before) if name == "Authorization" => format!("\"{name}{separator}{before}$TOKEN\""),
        _ => shell(&format!("{name}{separator}{value}")),
    }
}

/// A string of JavaScript or Python. JSON's are theirs too; what neither can write down raw is escaped.
pub fn json(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
        .replace('\u{7f}', "\\u007f")
}

/// A string of Rust.
pub fn rust(text: &str) -> String {
    format!("{text:?}")
}
