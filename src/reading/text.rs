use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::lexer::RECORD_SEPARATOR;

/// The encoding that a content type names (WHATWG Encoding, section 4.2).
pub fn charset(content_type: &str) -> Option<&'static Encoding> {
    let parameters = content_type.split(';').skip(1);
    let mut parameters = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, label) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Encoding::for_label(label.trim().trim_matches('"').as_bytes())
}

/// Bytes as text: UTF-8 where they are that, else in the encoding that they or the content type name. What does not fit
/// shows as `U+FFFD`.
pub fn decode(bytes: &[u8], content_type: &str) -> String {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    let encoding = match charset(content_type) {
        Some(encoding) if marked.is_none() && !(is_utf8 && encoding.is_ascii_compatible()) => encoding,
        _ => UTF_8,
    };
    encoding.decode(bytes).0.into_owned()
}

/// A part of a text that begins with `head`, which says how all of it is encoded.
pub fn decode_part(part: &[u8], head: &[u8], content_type: &str) -> String {
    match Encoding::for_bom(head) {
        Some((encoding, _)) if encoding != UTF_8 => encoding.decode(part).0.into_owned(),
        _ => decode(part, content_type),
    }
}

/// Whether a text that begins with `head` has two bytes for a character, or four.
pub fn is_utf16(head: &[u8], content_type: &str) -> bool {
    said(head, content_type).is_some_and(|encoding| [UTF_16LE, UTF_16BE].contains(&encoding))
}

/// A few words as they stand in a text that begins with `head`, as far as that is UTF-8 or UTF-16.
pub fn encoded(words: &str, head: &[u8], content_type: &str) -> Vec<u8> {
    let said = said(head, content_type);
    if said == Some(UTF_16LE) {
        words.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else if said == Some(UTF_16BE) {
        words.encode_utf16().flat_map(u16::to_be_bytes).collect()
    } else {
        words.as_bytes().to_vec()
    }
}

fn said(head: &[u8], content_type: &str) -> Option<&'static Encoding> {
    let marked = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    marked.or_else(|| charset(content_type))
}

/// What follows the byte order mark that some servers put before JSON (RFC 8259, section 8.1), and the record separators
/// before that of a sequence.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    without_separators(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes))
}

/// What follows the record separators before a text of a sequence: one, or several of which all but the last stand before
/// nothing (RFC 7464, section 2.1).
pub(super) fn without_separators(bytes: &[u8]) -> &[u8] {
    let count = bytes.iter().take_while(|byte| **byte == RECORD_SEPARATOR).count();
    bytes.get(count..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_later_part_is_encoded_as_the_first_says() {
        for head in [b"\xff\xfeh\0", b"h\0i\0"] {
            let content_type = "text/csv; charset=utf-16";
            assert!(is_utf16(head, content_type));
            assert_eq!(decode_part(b"h\0i\0", head, content_type), "hi");
        }
        assert!(is_utf16(b"\xfe\xff\0h", "text/plain") && !is_utf16(b"\xef\xbb\xbfh", "text/plain"));
        assert_eq!(decode_part(b"\0h\0i", b"\xfe\xff\0h", "text/plain"), "hi");
        assert_eq!(encoded("hi", b"\xfe\xff\0h", "text/plain"), b"\0h\0i");
        assert_eq!(encoded("hi", b"h\0i\0", "text/plain; charset=utf-16le"), b"h\0i\0");
        assert_eq!(encoded("hi", b"hihi", "text/plain; charset=latin1"), b"hi");
        assert_eq!(decode_part("é".as_bytes(), b"\xef\xbb\xbfh", "text/plain; charset=latin1"), "é");
    }
}
