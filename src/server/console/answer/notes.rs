//! What an answer says of itself and is not.

use super::body::Shown;
use crate::{
    server::answers::{Ending, Kept, Progress},
    types::AnswerBody,
};

/// Sentences about it, for people.
pub(super) fn notes(kept: &Kept, progress: &Progress, shown: &Shown) -> Vec<String> {
    let ending = match &progress.ending {
        Some(Ending::Broken(_)) => Some(format!("{} bytes of it came, and are shown below.", progress.bytes)),
        Some(Ending::Neglected) => Some("It was read no further, because nobody was looking at it.".into()),
        Some(Ending::Gone) => Some("It is kept no longer.".into()),
        Some(Ending::Whole) | None => None,
    };
    let told = shown.note.map(str::to_owned).or_else(|| lie(&kept.media_type, &shown.body));
    told.into_iter().chain(ending).collect()
}

fn lie(declared: &str, body: &AnswerBody) -> Option<String> {
    let is = match body {
        AnswerBody::Image(_) if !declared.starts_with("image/") => "a picture",
        AnswerBody::Pdf if declared != "application/pdf" => "a PDF document",
        AnswerBody::Page(_) if !declared.contains("html") => "an HTML page",
        AnswerBody::Text(_) if !is_text(declared) => "text",
        AnswerBody::Json { .. } | AnswerBody::List(_) if is_shown(declared) => "JSON",
        AnswerBody::Binary if is_text(declared) || is_shown(declared) => "something else",
        _ => return None,
    };
    let vague = matches!(declared, "" | "application/octet-stream" | "binary/octet-stream");
    (!vague).then(|| format!("The API says that this is {declared}, but it is {is}."))
}

/// Media types that are never text.
fn is_shown(declared: &str) -> bool {
    ["image/", "audio/", "video/", "font/"].iter().any(|kind| declared.starts_with(kind))
        || matches!(declared, "application/pdf" | "application/zip")
}

fn is_text(declared: &str) -> bool {
    let names = ["text/", "xml", "yaml", "csv", "javascript", "form-urlencoded", "graphql"];
    names.iter().any(|name| declared.contains(name)) && !is_shown(declared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::reading::TextView;

    #[test]
    fn lies_are_told_and_nothing_else() {
        let text = || AnswerBody::Text(TextView::default());
        for (declared, body, told) in [
            ("image/png", text(), true),
            ("application/json", text(), true),
            ("text/plain", text(), false),
            ("application/xml", text(), false),
            ("", text(), false),
            ("text/csv", AnswerBody::Binary, true),
            ("application/octet-stream", AnswerBody::Binary, false),
            ("application/json", AnswerBody::Image(None), true),
            ("image/png", AnswerBody::Image(None), false),
        ] {
            assert_eq!(lie(declared, &body).is_some(), told, "{declared} {body:?}");
        }
    }
}
