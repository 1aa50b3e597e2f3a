//! JSON that is all but right: texts that Unicode does not have. What is wrong in them is replaced, and the rest is read.

use std::borrow::Cow;

/// As JSON writes U+FFFD, the replacement character.
const REPLACEMENT: &str = "\\ufffd";
/// Of `\u0000`.
const ESCAPE: usize = 6;

/// The text with U+FFFD for bytes that are no UTF-8, and for halves of surrogate pairs. `None` when it has neither.
pub(super) fn mended(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    match whole_pairs(&text) {
        Cow::Owned(mended) => Some(mended),
        Cow::Borrowed(_) => matches!(text, Cow::Owned(_)).then(|| text.into_owned()),
    }
}

fn whole_pairs(text: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let start = at + found;
        let unit = unit_at(text, start);
        let is_pair = matches!(unit, Some(0xD800..=0xDBFF))
            && matches!(unit_at(text, start + ESCAPE), Some(0xDC00..=0xDFFF));
        at = start + 2;
        if is_pair {
            at = start + 2 * ESCAPE;
        } else if matches!(unit, Some(0xD800..=0xDFFF)) {
            mended.push_str(text.get(copied..start).unwrap_or_default());
            mended.push_str(REPLACEMENT);
            at = start + ESCAPE;
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(mended)
}

/// The number that is escaped there.
fn unit_at(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + ESCAPE)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_pairs_are_replaced_and_nothing_else() {
        for (written, read) in [
            (r#""a\ud800-\udfffé""#, "a\u{FFFD}-\u{FFFD}é"),
            (r#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}"),
            (r#""\ude00\u00e9""#, "\u{FFFD}é"),
        ] {
            assert_eq!(serde_json::from_str::<String>(&mended(written.as_bytes()).unwrap()).unwrap(), read);
        }
        assert_eq!(mended(b"\"a\xFFb\"").as_deref(), Some("\"a\u{FFFD}b\""));
        for well in [r#""\u12"#, "\"é\\", r#""\ud83d\ude00 \\ud83d \n""#] {
            assert_eq!(mended(well.as_bytes()), None);
        }
    }
}
