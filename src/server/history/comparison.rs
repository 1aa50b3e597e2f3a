use std::time::Duration;

use serde_json::Value;
use similar::{ChangeTag, DiffOp, TextDiff};

use crate::types::{DiffLine, PastAnswer};

/// How many lines that are the same are shown around those that differ.
const CONTEXT: usize = 3;
/// What is not found to be the same by then counts as different.
const PATIENCE: Duration = Duration::from_millis(200);

/// How one answer differs from another, line by line. Members of JSON objects are put in order before, as their order
/// means nothing.
pub(super) fn lines(before: &PastAnswer, after: &PastAnswer) -> Vec<DiffLine> {
    let (before, after) = (in_order(before), in_order(after));
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(before.as_str(), after.as_str());
    let mut lines = Vec::new();
    let mut shown = 0;
    for group in diff.grouped_ops(CONTEXT) {
        let begin = group.first().map_or(shown, |op| op.old_range().start);
        skip(&mut lines, begin - shown);
        shown = group.last().map_or(begin, |op| op.old_range().end);
        lines.extend(group.iter().flat_map(|op| changes(&diff, op)));
    }
    if !lines.is_empty() {
        skip(&mut lines, diff.old_len() - shown);
    }
    lines
}

fn skip(lines: &mut Vec<DiffLine>, count: usize) {
    if count > 0 {
        lines.push(DiffLine::Skipped(count));
    }
}

fn changes<'a>(diff: &'a TextDiff<'_, '_, str>, op: &DiffOp) -> impl Iterator<Item = DiffLine> + use<'a> {
    diff.iter_changes(op).map(|change| {
        let line = change.value().trim_end_matches(['\r', '\n']).to_owned();
        match change.tag() {
            ChangeTag::Equal => DiffLine::Same(line),
            ChangeTag::Delete => DiffLine::Gone(line),
            ChangeTag::Insert => DiffLine::New(line),
        }
    })
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
        assert_eq!(changed.len(), 2 + 2 * CONTEXT + 2);
    }

    #[test]
    fn large_answers_that_have_nothing_in_common_take_no_time() {
        let begun = std::time::Instant::now();
        assert!(lines(&text(&numbered(8_000, 3)), &text(&numbered(8_000, 7))).len() > 8_000);
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
}
