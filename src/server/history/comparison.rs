use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput, Token};
use serde_json::Value;

use crate::types::{DiffLine, PastAnswer};

/// How many lines that are the same are shown around those that differ.
const CONTEXT: u32 = 3;

/// How one answer differs from another, line by line. Members of JSON objects are put in order before, as their order
/// means nothing.
pub(super) fn lines(before: &PastAnswer, after: &PastAnswer) -> Vec<DiffLine> {
    let (before, after) = (in_order(before), in_order(after));
    let input = InternedInput::new(before.as_str(), after.as_str());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let told = |tokens: &[Token], range: Range<u32>, kind: fn(String) -> DiffLine| {
        let tokens = tokens.get(range.start as usize..range.end as usize).unwrap_or_default();
        let line = |token: &Token| kind(input.interner[*token].trim_end_matches(['\r', '\n']).to_owned());
        tokens.iter().map(line).collect::<Vec<_>>()
    };
    let end = u32::try_from(input.before.len()).unwrap_or(u32::MAX);
    let (mut lines, mut shown) = (Vec::new(), 0);
    let mut hunks = diff.hunks().peekable();
    while let Some(hunk) = hunks.next() {
        let begin = hunk.before.start.saturating_sub(CONTEXT).max(shown);
        skip(&mut lines, begin - shown);
        let next = hunks.peek().map_or(end, |next| next.before.start);
        shown = hunk.before.end.saturating_add(CONTEXT).min(next);
        lines.extend(told(&input.before, begin..hunk.before.start, DiffLine::Same));
        lines.extend(told(&input.before, hunk.before.clone(), DiffLine::Gone));
        lines.extend(told(&input.after, hunk.after, DiffLine::New));
        lines.extend(told(&input.before, hunk.before.end..shown, DiffLine::Same));
    }
    if !lines.is_empty() {
        skip(&mut lines, end - shown);
    }
    lines
}

fn skip(lines: &mut Vec<DiffLine>, count: u32) {
    if count > 0 {
        lines.push(DiffLine::Skipped(count as usize));
    }
}

fn in_order(answer: &PastAnswer) -> String {
    let sorted = |mut value: Value| {
        value.sort_all_objects();
        serde_json::to_string_pretty(&value).ok()
    };
    let json = answer.is_json.then(|| serde_json::from_str(&answer.text).ok()).flatten();
    json.and_then(sorted).unwrap_or_else(|| answer.text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> PastAnswer {
        PastAnswer { text: text.to_owned(), is_json: true }
    }

    fn text(text: &str) -> PastAnswer {
        PastAnswer { text: text.to_owned(), is_json: false }
    }

    /// A number on each line.
    fn numbered(count: usize, step: usize) -> String {
        (0..count).fold(String::new(), |text, n| text + &(n * step).to_string() + "\n")
    }

    #[test]
    fn the_order_of_members_means_nothing() {
        assert_eq!(
            lines(&json(r#"{"a":1,"b":{"c":[1,2],"d":3}}"#), &json(r#"{"b":{"d":3,"c":[1,2]},"a":1}"#)),
            []
        );
        assert_ne!(lines(&json("[1,2]"), &json("[2,1]")), []);
    }

    #[test]
    fn a_changed_member_is_a_line_gone_and_a_line_new() {
        let same = |line: &str| DiffLine::Same(line.into());
        let changed = lines(&json(r#"{"id":1,"stock":3}"#), &json(r#"{"stock":4,"id":1}"#));
        let expected = [
            same("{"),
            same("  \"id\": 1,"),
            DiffLine::Gone("  \"stock\": 3".into()),
            DiffLine::New("  \"stock\": 4".into()),
            same("}"),
        ];
        assert_eq!(changed, expected);
    }

    #[test]
    fn what_is_far_from_a_change_is_counted() {
        let before = numbered(20, 1);
        let changed = lines(&text(&before), &text(&before.replace("10\n", "ten\n")));
        assert_eq!(changed.first(), Some(&DiffLine::Skipped(7)));
        assert_eq!(changed.last(), Some(&DiffLine::Skipped(6)));
        assert_eq!(changed.len(), 2 + 2 * CONTEXT as usize + 2);
    }

    #[test]
    fn large_answers_may_have_little_in_common() {
        assert!(lines(&text(&numbered(8_000, 3)), &text(&numbered(8_000, 7))).len() > 8_000);
    }
}
