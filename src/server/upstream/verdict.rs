//! Which answers mean "this token is dead".

use http::header;
use serde_json::Value;

use super::Answer;
use crate::server::config::SessionEndRule;

/// Whether `answer` says, by one of `rules`, that the token it was asked with is dead.
pub fn ends_session(answer: &Answer, rules: &[SessionEndRule]) -> bool {
    rules.iter().any(|rule| status_fits(answer, rule) && body_fits(answer, rule))
}

/// The longest body, in bytes, that a verdict is looked for in before an answer is passed on.
pub const LONGEST: usize = 64 << 10;

/// Whether the body that belongs to this head has to be seen before it is known what [`ends_session`] says: where a
/// rule looks into bodies, those that are short as far as their head tells, and those of JSON that does not tell.
pub fn may_be_told(head: &Answer, rules: &[SessionEndRule]) -> bool {
    let looks_inside = rules.iter().any(|rule| rule.pointer.is_some() && status_fits(head, rule));
    let length =
        head.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    looks_inside
        && length.map_or_else(|| head.media_type().ends_with("json"), |length: usize| length <= LONGEST)
}

fn status_fits(answer: &Answer, rule: &SessionEndRule) -> bool {
    rule.status.is_none_or(|status| answer.status.as_u16() == status)
}

fn body_fits(answer: &Answer, rule: &SessionEndRule) -> bool {
    let Some(pointer) = &rule.pointer else { return true };
    // Parsing every large answer only to look at one field would cost more than the answer itself.
    let Ok(text) = std::str::from_utf8(&answer.body) else { return false };
    // With escapes, JSON may write the value in other letters.
    if rule.value.as_ref().is_some_and(|value| !text.contains('\\') && !text.contains(value)) {
        return false;
    }
    let Ok(body) = answer.json() else { return false };
    match (body.pointer(pointer), &rule.value) {
        (Some(found), Some(value)) => text_of(found) == *value,
        (found, None) => found.is_some(),
        (None, Some(_)) => false,
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, StatusCode};

    use super::*;
    use crate::server::config::UpstreamSettings;

    fn answer(status: u16, body: &'static str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: body.into(),
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn by_default_401_and_the_message_of_the_original() {
        let rules = UpstreamSettings::default().session_end;
        for (status, body, ends) in [
            (401, "", true),
            (401, "<h1>no</h1>", true),
            (200, r#"{"message":"UnAuthentication"}"#, true),
            (403, r#"{"message":"UnAuthentication"}"#, true),
            (200, r#"{"message":"fine","note":"UnAuthentication"}"#, false),
            (200, "UnAuthentication", false),
            (403, r#"{"message":"not allowed"}"#, false),
            (500, "", false),
        ] {
            assert_eq!(ends_session(&answer(status, body), &rules), ends, "{status} {body}");
        }
    }

    #[test]
    fn rules_tell_a_dead_token_from_a_refusal() {
        let rule = |status, pointer: &str, value: &str| SessionEndRule {
            status: Some(status),
            pointer: Some(pointer.into()),
            value: Some(value.into()),
        };
        let rules = [rule(403, "/code", "TOKEN_EXPIRED"), rule(422, "/errors/0/code", "17")];
        assert!(ends_session(&answer(403, r#"{"code":"TOKEN_EXPIRED"}"#), &rules));
        assert!(!ends_session(&answer(403, r#"{"code":"NOT_YOURS"}"#), &rules));
        assert!(ends_session(&answer(422, r#"{"errors":[{"code":17}]}"#), &rules));
        assert!(!ends_session(&answer(401, ""), &rules));
    }

    #[test]
    fn a_value_is_found_however_json_writes_it() {
        let rule = |value: &str| SessionEndRule {
            status: None,
            pointer: Some("/error".into()),
            value: Some(value.into()),
        };
        for (value, body, ends) in [
            ("auth/expired", r#"{"error":"auth\/expired"}"#, true),
            ("auth/expired", r#"{"error":"auth/expired"}"#, true),
            ("expiré", r#"{"error":"expir\u00e9"}"#, true),
            ("expiré", r#"{"error":"expiré"}"#, true),
            ("expiré", r#"{"error":"expir\u00e8"}"#, false),
            ("auth/expired", r#"{"error":"denied","note":"auth\/expired"}"#, false),
        ] {
            assert_eq!(ends_session(&answer(403, body), &[rule(value)]), ends, "{value} {body}");
        }
    }
}
