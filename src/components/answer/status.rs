use bytesize::ByteSize;
use leptos::prelude::*;

use crate::{
    error::Transient,
    types::AnswerView,
    ui::{StatusBadge, Tone},
};

/// The status of an answer, with its time, size and media type.
pub fn status_line(answer: &AnswerView) -> AnyView {
    let status = format!("{} {}", answer.status, answer.reason);
    let (tone, words) = match &answer.problem {
        Some(problem) => (Tone::Danger, format!("{}, but {}", status.trim_end(), but(problem))),
        None => (tone(answer.status), status.trim_end().to_owned()),
    };
    let mut facts = vec![duration(answer.elapsed_ms), size(answer.size)];
    facts.extend(
        Some(answer.media_type.clone()).filter(|media_type| answer.size > 0 && !media_type.is_empty()),
    );
    line(tone, words, facts)
}

/// A status that is ours, because none came.
pub fn status_without_answer(words: String) -> AnyView {
    line(Tone::Danger, words, Vec::new())
}

fn line(tone: Tone, words: String, facts: Vec<String>) -> AnyView {
    let facts: Vec<_> = facts.into_iter().map(|fact| view! { " " <span>{fact}</span> }).collect();
    view! {
        <p class="answer-status">
            <StatusBadge tone words />
            {facts}
        </p>
    }
    .into_any()
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
    ByteSize(bytes).display().si().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_are_readable() {
        assert_eq!((duration(42), duration(10_049)), ("42 ms".into(), "10.0 s".into()));
        for (bytes, expected) in
            [(812, "812 B"), (3_190, "3.2 kB"), (16_777_216, "16.8 MB"), (1 << 30, "1.1 GB")]
        {
            assert_eq!(size(bytes), expected);
        }
    }
}
