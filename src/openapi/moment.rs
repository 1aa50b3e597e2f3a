//! Times as browsers have inputs for them, and as RFC 3339 has them.

use super::field::Field;

const DATE_TIME: &str = "date-time";

/// What an input for a time leaves open: seconds, and the zone, which is UTC. Anything else is left as it is.
pub(super) fn zoned(field: &Field, text: &str) -> String {
    match (field.format.as_deref(), text.len()) {
        (Some(DATE_TIME), 16) if is_local(text) => format!("{text}:00Z"),
        (Some(DATE_TIME), _) if is_local(text) => format!("{text}Z"),
        _ => text.to_owned(),
    }
}

/// A time in UTC as an input of a browser takes it (HTML, "local date and time"). `None` when it is another text.
#[must_use]
pub fn local_of(text: &str) -> Option<&str> {
    let local = text.strip_suffix('Z').unwrap_or(text);
    is_local(local).then_some(local)
}

/// `2024-05-01T10:30`, with seconds and parts of seconds or without.
fn is_local(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00.";
    let fits = |(byte, shape): (u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape };
    let fraction = text.get(SHAPE.len()..).unwrap_or_default();
    matches!(text.len(), 16 | 19 | 21..=23)
        && text.bytes().zip(SHAPE).all(fits)
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_are_in_utc() {
        let field = Field { format: Some(DATE_TIME.into()), ..Field::default() };
        for (typed, sent) in [
            ("2024-05-01T10:30", "2024-05-01T10:30:00Z"),
            ("2024-05-01T10:30:15.5", "2024-05-01T10:30:15.5Z"),
            ("2024-05-01T10:30:00+02:00", "2024-05-01T10:30:00+02:00"),
            ("tomorrow", "tomorrow"),
        ] {
            assert_eq!(zoned(&field, typed), sent);
        }
        assert_eq!(local_of("2024-05-01T10:30:00Z"), Some("2024-05-01T10:30:00"));
        assert_eq!(local_of("2024-05-01T10:30:00+02:00"), None);
        assert_eq!(zoned(&Field::default(), "2024-05-01T10:30"), "2024-05-01T10:30");
    }
}
