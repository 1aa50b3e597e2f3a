/// What bytes are, by how they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// A picture of this media type.
    Picture(&'static str),
    Pdf,
    Html,
    Text,
    Binary,
}

/// The signatures of what browsers show (WHATWG MIME Sniffing, section 6).
const SIGNATURES: [(&[u8], Seen); 7] = [
    (b"\x89PNG\r\n\x1a\n", Seen::Picture("image/png")),
    (b"\xff\xd8\xff", Seen::Picture("image/jpeg")),
    (b"GIF8", Seen::Picture("image/gif")),
    (b"BM", Seen::Picture("image/bmp")),
    (b"\0\0\x01\0", Seen::Picture("image/x-icon")),
    (b"%PDF-", Seen::Pdf),
    (b"<svg", Seen::Picture("image/svg+xml")),
];
const ENOUGH: usize = 1024;

/// What a body is, whatever its headers say. `declared` only helps where nothing else tells.
pub fn seen(body: &[u8], declared: &str) -> Seen {
    if let Some((_, seen)) = SIGNATURES.iter().find(|(signature, _)| body.starts_with(signature)) {
        return *seen;
    }
    if body.starts_with(b"RIFF") && body.get(8..12) == Some(b"WEBP") {
        return Seen::Picture("image/webp");
    }
    if body.get(4..12).is_some_and(|brand| brand == b"ftypavif" || brand == b"ftypavis") {
        return Seen::Picture("image/avif");
    }
    if body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff") {
        return Seen::Text;
    }
    let head = body.get(..ENOUGH).unwrap_or(body);
    if head.contains(&0) || is_mostly_control(head) {
        return Seen::Binary;
    }
    textual(head, declared)
}

fn textual(head: &[u8], declared: &str) -> Seen {
    let text = String::from_utf8_lossy(head).trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if declared == "image/svg+xml" && text.starts_with('<') && text.contains("<svg") {
        return Seen::Picture("image/svg+xml");
    }
    let is_page = text.starts_with("<!doctype html") || text.starts_with("<html");
    if is_page || (matches!(declared, "text/html" | "application/xhtml+xml") && text.starts_with('<')) {
        return Seen::Html;
    }
    Seen::Text
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
            (&b"\x89PNG\r\n\x1a\n...."[..], "text/plain", Seen::Picture("image/png")),
            (b"<!DOCTYPE html><p>", "image/png", Seen::Html),
            (b"<?xml version=\"1.0\"?><svg>", svg, Seen::Picture(svg)),
            (b"<?xml version=\"1.0\"?><a/>", svg, Seen::Text),
            (b"<b>hi", "text/html", Seen::Html),
            (b"<b>hi", "text/plain", Seen::Text),
            (b"%PDF-1.4", "", Seen::Pdf),
            (b"a\0b", "text/plain", Seen::Binary),
            (b"\xff\xfea\0b\0", "text/plain", Seen::Text),
            ("{\"é\":1}".as_bytes(), "application/json", Seen::Text),
        ] {
            assert_eq!(seen(body, declared), expected, "{declared}");
        }
    }
}
