/// What bytes are, by how they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// A picture of this media type.
    Picture(&'static str),
    Pdf,
    Html,
    Text,
    Binary,
}

/// The signatures of what browsers show (WHATWG MIME Sniffing, section 6).
const SIGNATURES: [(&[u8], Sniffed); 7] = [
    (b"\x89PNG\r\n\x1a\n", Sniffed::Picture("image/png")),
    (b"\xff\xd8\xff", Sniffed::Picture("image/jpeg")),
    (b"GIF8", Sniffed::Picture("image/gif")),
    (b"BM", Sniffed::Picture("image/bmp")),
    (b"\0\0\x01\0", Sniffed::Picture("image/x-icon")),
    (b"%PDF-", Sniffed::Pdf),
    (b"<svg", Sniffed::Picture("image/svg+xml")),
];
const ENOUGH: usize = 1024;

/// What a body is, whatever its headers say. `declared` only helps where nothing else tells.
pub fn sniff(body: &[u8], declared: &str) -> Sniffed {
    if let Some((_, sniffed)) = SIGNATURES.iter().find(|(signature, _)| body.starts_with(signature)) {
        return *sniffed;
    }
    if body.starts_with(b"RIFF") && body.get(8..12) == Some(b"WEBP") {
        return Sniffed::Picture("image/webp");
    }
    if body.get(4..12).is_some_and(|brand| brand == b"ftypavif" || brand == b"ftypavis") {
        return Sniffed::Picture("image/avif");
    }
    if body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff") {
        return Sniffed::Text;
    }
    let head = body.get(..ENOUGH).unwrap_or(body);
    if head.contains(&0) || is_mostly_control(head) {
        return Sniffed::Binary;
    }
    textual(head, declared)
}

fn textual(head: &[u8], declared: &str) -> Sniffed {
    let text = String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if declared == "image/svg+xml" && text.starts_with('<') && text.contains("<svg") {
        return Sniffed::Picture("image/svg+xml");
    }
    let is_page = text.starts_with("<!doctype html") || text.starts_with("<html");
    if is_page || (matches!(declared, "text/html" | "application/xhtml+xml") && text.starts_with('<')) {
        return Sniffed::Html;
    }
    Sniffed::Text
}

fn is_mostly_control(head: &[u8]) -> bool {
    let control = |byte: &&u8| byte.is_ascii_control() && !byte.is_ascii_whitespace() && **byte != 0x1b;
    head.iter().filter(control).count() * 10 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_what_they_are() {
        let svg = "image/svg+xml";
        for (body, declared, expected) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], "text/plain", Sniffed::Picture("image/png")),
            (b"<!DOCTYPE html><p>", "image/png", Sniffed::Html),
            (b"<?xml version=\"1.0\"?><svg>", svg, Sniffed::Picture(svg)),
            (b"<?xml version=\"1.0\"?><a/>", svg, Sniffed::Text),
            (b"<b>hi", "text/html", Sniffed::Html),
            (b"<b>hi", "text/plain", Sniffed::Text),
            (b"%PDF-1.4", "", Sniffed::Pdf),
            (b"a\0b", "text/plain", Sniffed::Binary),
            (b"\xff\xfea\0b\0", "text/plain", Sniffed::Text),
            ("{\"é\":1}".as_bytes(), "application/json", Sniffed::Text),
        ] {
            assert_eq!(sniff(body, declared), expected, "{declared}");
        }
    }
}
