//! What an answer is asked to be in, where an operation has it in several media types.

use super::field::{Field, Kind};
use super::parameter::Parameter;
use super::place::Place;
use super::response::Response;

/// The header that asks for it. No document declares it: it is none of its parameters (`OpenAPI` 3.1.1, section
/// 4.8.12.1).
const ACCEPT: &str = "Accept";
/// How many are offered.
const MOST: usize = 50;

/// A choice between the media types of successful answers, where there are several.
pub(super) fn choice(responses: &[Response]) -> Option<Parameter> {
    let successful = responses.iter().filter(|response| response.status.starts_with('2'));
    let mut media_types: Vec<&String> = Vec::new();
    for media_type in successful.flat_map(|response| &response.media_types) {
        if media_types.len() < MOST && !media_type.contains('*') && !media_types.contains(&media_type) {
            media_types.push(media_type);
        }
    }
    let kind = Kind::Choice(media_types.iter().copied().cloned().collect());
    (media_types.len() > 1).then(|| Parameter {
        description: Some(
            "What the answer is to be in. Without a choice: JSON, if that can be had, else anything."
                .to_owned(),
        ),
        field: Field { kind, ..Field::default() },
        ..Parameter::plain(ACCEPT, Place::Header)
    })
}

impl Parameter {
    /// Whether it only says what the answer is to be in.
    #[must_use]
    pub fn is_about_answer(&self) -> bool {
        self.place == Place::Header && self.name == ACCEPT
    }
}
