use super::text::without_separators;
use crate::types::reading::StreamEvent;

/// The first events in `text`, at most `most`, and how many bytes of it they take. An event that is not whole yet is
/// left. With `lines`, every line is the data of one.
pub fn events(text: &[u8], lines: bool, most: usize) -> (Vec<StreamEvent>, usize) {
    let (mut found, mut current, mut taken, mut at) = (Vec::new(), StreamEvent::default(), 0, 0);
    while found.len() < most
        && let Some((line, next)) = line(text, at)
    {
        at = next;
        if lines {
            String::from_utf8_lossy(without_separators(line)).trim().clone_into(&mut current.data);
        } else if !line.is_empty() {
            read(&mut current, &String::from_utf8_lossy(line));
            continue;
        }
        let event = std::mem::take(&mut current);
        if !event.data.is_empty() {
            found.push(event);
        }
        taken = at;
    }
    (found, taken)
}

/// Whether an event can begin after these bytes, the last ones before it.
pub fn is_between(before: &[u8], lines: bool) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'\n' | b'\r'));
    let line = before.strip_suffix(b"\r\n").or(before.split_last().map(|(_, line)| line)).unwrap_or_default();
    is_end(before.last()) && (lines || is_end(line.last()))
}

/// The place after the end of the event in whose midst `text` begins; none while it goes on.
pub fn after_event(text: &[u8], lines: bool) -> Option<usize> {
    let mut at = 0;
    while let Some((line, next)) = line(text, at) {
        if lines || line.is_empty() {
            return Some(next);
        }
        at = next;
    }
    None
}

/// The line at `at` without its end, and where the next begins; none while it may go on.
fn line(text: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = text.get(at..)?;
    let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    let is_pair = rest.get(length) == Some(&b'\r') && rest.get(length + 1) == Some(&b'\n');
    // A lone carriage return at the end may be the first half of a pair.
    if rest.get(length) == Some(&b'\r') && rest.len() == length + 1 {
        return None;
    }
    Some((rest.get(..length)?, at + length + if is_pair { 2 } else { 1 }))
}

fn read(event: &mut StreamEvent, line: &str) {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let (field, value) = line.split_once(':').unwrap_or((line, ""));
    let value = value.strip_prefix(' ').unwrap_or(value);
    match field {
        "data" if event.data.is_empty() => value.clone_into(&mut event.data),
        "data" => {
            event.data.push('\n');
            event.data.push_str(value);
        }
        "event" => event.kind = Some(value.to_owned()),
        "id" => event.id = Some(value.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_as_the_standard_says() {
        let text =
            b": hello\n\nevent: add\nid: 7\ndata: one\ndata:  two\r\n\r\ndata\n\nretry: 5\n\ndata: half";
        let (found, taken) = events(text, false, 9);
        let first = StreamEvent { id: Some("7".into()), kind: Some("add".into()), data: "one\n two".into() };
        assert_eq!(found, [first]);
        assert_eq!(&text[taken..], b"data: half");
        assert_eq!(events(b"data: a\r\n\r", false, 9).0, []);
    }

    #[test]
    fn the_next_event_is_found_from_the_midst_of_one() {
        for (before, lines, expected) in [
            ("", false, true),
            ("\n", false, true),
            ("ta\n\n", false, true),
            ("\r\n\r\n", false, true),
            ("ta\r\r", false, true),
            ("ata\n", false, false),
            ("a\r\n", false, false),
            ("data", false, false),
            ("ata\n", true, true),
            ("data", true, false),
        ] {
            assert_eq!(is_between(before.as_bytes(), lines), expected, "{before:?} {lines}");
        }
        assert_eq!(after_event(b"rest\ndata: more\n\ndata: next\n\n", false), Some(17));
        assert_eq!((after_event(b"rest\nnext", true), after_event(b"rest\ndata", false)), (Some(5), None));
    }

    #[test]
    fn lines_are_events_of_their_own() {
        let (found, taken) = events(b"{\"a\":1}\n\n\x1e\n\x1e\x1e{\"a\":2}\n{\"a\"", true, 9);
        assert_eq!(
            found.iter().map(|event| event.data.as_str()).collect::<Vec<_>>(),
            ["{\"a\":1}", "{\"a\":2}"]
        );
        assert_eq!(taken, 21);
    }
}
