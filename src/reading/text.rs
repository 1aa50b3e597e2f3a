use encoding_rs::{Encoding, UTF_8};

/// The encoding that a content type names (WHATWG Encoding, section 4.2).
pub fn named(content_type: &str) -> Option<&'static Encoding> {
    let parameters = content_type.split(';').skip(1);
    let mut parameters = parameters.filter_map(|parameter| parameter.split_once('='));
    let charset = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    Encoding::for_label(charset?.1.trim().trim_matches('"').as_bytes())
}

/// Bytes as text: UTF-8 where they are that, else in the encoding that they or the content type name. What does not fit
/// shows as `U+FFFD`.
pub fn decode(bytes: &[u8], content_type: &str) -> String {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    let encoding = match named(content_type) {
        Some(encoding) if marked.is_none() && !(is_utf8 && encoding.is_ascii_compatible()) => encoding,
        _ => UTF_8,
    };
    encoding.decode(bytes).0.into_owned()
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
        assert_eq!(decode(b"\x93\xfa\x96{", "text/plain; charset=\"Shift_JIS\""), "日本");
        assert_eq!(decode(b"\xcf\xf0\xe8", "text/html;charset=windows-1251"), "При");
        assert_eq!(
            decode("é".as_bytes(), "text/plain; charset=windows-1251"),
            "é",
            "it is UTF-8 all the same"
        );
        assert_eq!(decode(b"\xff\xfeh\0i\0", "text/plain"), "hi");
        assert_eq!(decode(b"h\0i\0", "text/plain; charset=utf-16le"), "hi");
    }
}
