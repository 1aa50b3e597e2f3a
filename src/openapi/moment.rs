//! Times as browsers have inputs for them, and as RFC 3339 has them.

use super::field::Field;

const DATE_TIME: &str = "date-time";
const TIME: &str = "time";

/// As long as they can be: seconds, and parts of them, may be missing.
const SHAPE_OF_DATE_TIME: &str = "0000-00-00T00:00:00.";
const SHAPE_OF_TIME: &str = "00:00:00.";
/// Of `:00.`, by which a time without seconds is shorter.
const SECONDS: usize = 4;

/// What an input for a time leaves open: seconds, and the zone, which is UTC. Anything else is left as it is.
pub(super) fn zoned(field: &Field, text: &str) -> String {
    let shape = match field.format.as_deref() {
        Some(DATE_TIME) => SHAPE_OF_DATE_TIME,
        Some(TIME) => SHAPE_OF_TIME,
        _ => return text.to_owned(),
    };
    match shape.len().checked_sub(text.len()) {
        _ if !has_shape(text, shape) => text.to_owned(),
        Some(SECONDS) => format!("{text}:00Z"),
        _ => format!("{text}Z"),
    }
}

/// A time in UTC, with a date or without, as an input of a browser takes it (HTML, "local date and time"). `None` when
/// it is another text, or one that the browser would write otherwise.
#[must_use]
pub fn local_of(text: &str) -> Option<&str> {
    let local = text.strip_suffix('Z').unwrap_or(text);
    let is_local = has_shape(local, SHAPE_OF_DATE_TIME) || has_shape(local, SHAPE_OF_TIME);
    (is_local && !(local.contains('.') && local.ends_with('0'))).then_some(local)
}

/// `2024-05-01T10:30` or `10:30`, with seconds and parts of seconds or without.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(byte, shape): (u8, u8)| if shape == b'0' { byte.is_ascii_digit() } else { byte == shape };
    let fraction = text.get(shape.len()..).unwrap_or_default();
    let is_whole = text.len() + SECONDS == shape.len() || text.len() + 1 == shape.len();
    (is_whole || (1..=3).contains(&fraction.len()))
        && text.bytes().zip(shape.bytes()).all(fits)
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
        assert_eq!(local_of("2024-05-01T10:30:00.000Z"), None);
        assert_eq!(zoned(&Field::default(), "2024-05-01T10:30"), "2024-05-01T10:30");
        let field = Field { format: Some(TIME.into()), ..Field::default() };
        for (typed, sent) in [
            ("10:30", "10:30:00Z"),
            ("10:30:15", "10:30:15Z"),
            ("10:30:15.25", "10:30:15.25Z"),
            ("10:30:00+02:00", "10:30:00+02:00"),
            ("2024-05-01T10:30", "2024-05-01T10:30"),
        ] {
            assert_eq!(zoned(&field, typed), sent);
        }
        assert_eq!(local_of("10:30:00Z"), Some("10:30:00"));
    }
}
