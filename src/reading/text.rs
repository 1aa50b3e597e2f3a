/// Bytes as text: UTF-8, or Latin-1 where the content type says so. Bytes that fit neither show as `U+FFFD`.
pub fn decode(bytes: &[u8], content_type: &str) -> String {
    let content_type = content_type.to_ascii_lowercase();
    let latin = ["iso-8859-1", "latin1", "windows-1252"].iter().any(|name| content_type.contains(name));
    match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(),
        Err(_) if latin => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// What follows the byte order mark that some servers put before JSON (RFC 8259, section 8.1).
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn text_is_decoded_by_what_it_is() {
        assert_eq!(decode("\u{feff}é".as_bytes(), ""), "é");
        assert_eq!(decode(b"\xe9", "text/plain; charset=ISO-8859-1"), "é");
        assert_eq!(decode(b"\xe9", "text/plain"), "\u{fffd}");
    }
}
