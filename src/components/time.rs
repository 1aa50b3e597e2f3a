//! Moments, in UTC: pages are rendered where nobody's clock is known. The browser, which knows one, writes those anew
//! that have a title, and leaves the exact moment there.

use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

use super::text::counted;

/// In milliseconds.
const MINUTE: u64 = 60_000;
const SHOWN: &str = "%Y-%m-%d %H:%M";

/// A moment, given in milliseconds since the Unix epoch.
#[component]
pub fn Moment(millis: u64) -> impl IntoView {
    let moment = i64::try_from(millis).ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    moment.map(|moment| {
        let shown = moment.strftime(SHOWN).to_string();
        let exact = Timestamp::from_second(moment.as_second()).unwrap_or(moment).to_string();
        view! { <time datetime=exact.clone() title=exact>{shown} " UTC"</time> }
    })
}

/// How far off a moment is, in words: “in 29 minutes”.
#[must_use]
pub fn until(millis: u64, now: u64) -> String {
    let rounded = |unit: u64| (millis.saturating_sub(now) + unit / 2) / unit;
    let (count, unit) = match rounded(MINUTE) {
        0 => return "in less than a minute".into(),
        minutes @ 1..120 => (minutes, "minute"),
        120..2880 => (rounded(60 * MINUTE), "hour"),
        _ => (rounded(24 * 60 * MINUTE), "day"),
    };
    format!("in {}", counted(count, unit))
}

/// This moment, in milliseconds since the Unix epoch.
#[must_use]
pub fn now() -> u64 {
    u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default()
}

/// A text that is a date (`2025-01-31`) or a moment (`2025-01-31T12:00:00Z`) of RFC 3339, as people read it. A moment
/// keeps the clock that it was written by.
#[must_use]
pub fn readable(text: &str) -> Option<String> {
    let date = text.get(..10).filter(|_| text.len() <= 40)?;
    date.parse::<Date>().ok()?;
    match text.get(10..) {
        Some("") => Some(text.to_owned()),
        Some(rest) if text.parse::<Timestamp>().is_ok() => {
            let time = rest.get(1..6)?;
            let seconds = rest.get(6..9).filter(|seconds| seconds.starts_with(':') && *seconds != ":00");
            let offset =
                rest.find(['+', '-']).and_then(|at| rest.get(at..)).map(|offset| format!(" {offset}"));
            Some(format!("{date} {time}{}{}", seconds.unwrap_or(""), offset.unwrap_or_default()))
        }
        _ => None,
    }
}

/// A date with its weekday, short: “Mon 17 Nov”.
#[must_use]
pub fn short_date(text: &str) -> Option<String> {
    let date: Date = text.get(..10)?.parse().ok()?;
    Some(date.strftime("%a %-d %b").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_moments_are_readable() {
        let cases = [
            ("2025-01-31", Some("2025-01-31")),
            ("2025-01-31T12:00:00Z", Some("2025-01-31 12:00")),
            ("2025-01-31T12:00:07.123Z", Some("2025-01-31 12:00:07")),
            ("2025-01-31T12:00:00+02:00", Some("2025-01-31 12:00 +02:00")),
            ("2025-02-31", None),
            ("2025-01-31 and more", None),
            ("1234567890", None),
            ("ééééééééé", None),
        ];
        for (text, expected) in cases {
            assert_eq!(readable(text).as_deref(), expected, "{text}");
        }
        assert_eq!(short_date("2025-11-17").as_deref(), Some("Mon 17 Nov"));
    }

    #[test]
    fn the_rest_of_a_session_in_words() {
        let cases = [
            (29_000, "in less than a minute"),
            (59_000, "in 1 minute"),
            (119 * MINUTE, "in 119 minutes"),
            (12 * 60 * MINUTE - 1, "in 12 hours"),
            (72 * 60 * MINUTE, "in 3 days"),
        ];
        for (millis, expected) in cases {
            assert_eq!(until(millis + 5, 5), expected);
        }
        assert_eq!(until(1, 2), "in less than a minute");
    }
}
