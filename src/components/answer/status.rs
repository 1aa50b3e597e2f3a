use leptos::prelude::*;

use crate::{
    error::Transient,
    types::AnswerView,
    ui::{StatusBadge, Tone},
};

/// The facts of the status line.
#[derive(Debug, Clone)]
pub struct Line {
    tone: Tone,
    words: String,
    /// Time, size and media type.
    facts: Vec<String>,
}

impl Line {
    pub fn of(answer: &AnswerView) -> Self {
        let status = format!("{} {}", answer.status, answer.reason);
        let (tone, words) = match answer.problem {
            Some(ref problem) => (Tone::Danger, format!("{}, but {}", status.trim_end(), but(problem))),
            None => (tone(answer.status), status.trim_end().to_owned()),
        };
        let mut facts = vec![duration(answer.elapsed_ms), size(answer.size)];
        facts.extend(
            Some(answer.media_type.clone()).filter(|media_type| answer.size > 0 && !media_type.is_empty()),
        );
        Self { tone, words, facts }
    }

    /// A status that is ours, because none came.
    pub fn without_answer(words: String) -> Self {
        Self { tone: Tone::Danger, words, facts: Vec::new() }
    }
}

#[component]
pub fn StatusLine(answer: Line) -> impl IntoView {
    let facts = answer.facts.into_iter().map(|fact| view! { " " <span>{fact}</span> });
    view! {
        <p class="answer-status">
            <StatusBadge tone=answer.tone words=answer.words />
            {facts.collect::<Vec<_>>()}
        </p>
    }
}

/// What is wrong with an answer whose status was good.
fn but(problem: &Transient) -> &'static str {
    match problem {
        Transient::TooLarge => "too large",
        Transient::Garbled => "garbled",
        Transient::NotJson | Transient::Unexpected => "not JSON",
        _ => "not whole",
    }
}

/// The tone of a class of statuses (RFC 9110, section 15).
pub fn tone(status: u16) -> Tone {
    match status {
        200..300 => Tone::Success,
        400..500 => Tone::Warning,
        500.. => Tone::Danger,
        _ => Tone::Info,
    }
}

/// A span of milliseconds.
pub fn duration(millis: u32) -> String {
    if millis < 1000 { format!("{millis} ms") } else { format!("{:.1} s", f64::from(millis) / 1000.0) }
}

/// A number of bytes, in powers of 1000.
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_are_readable() {
        assert_eq!((duration(42), duration(10_049)), ("42 ms".into(), "10.0 s".into()));
        assert_eq!(
            (size(812), size(3_190), size(16_777_216)),
            ("812 B".into(), "3.1 KB".into(), "16.7 MB".into())
        );
    }
}
