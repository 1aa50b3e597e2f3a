//! Numbers and texts, as pages write them.

use std::fmt::Display;

/// So many of something: “1 item”, “2 items”.
#[must_use]
pub fn counted<N: Copy + Display + From<u8> + PartialEq>(count: N, unit: &str) -> String {
    let plural = if count == N::from(1_u8) { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// A number with commas between its thousands.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

/// At most so many bytes of a text, never half a character.
#[must_use]
pub fn head(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        assert_eq!([0, 1, 2].map(|count: u32| counted(count, "row")), ["0 rows", "1 row", "2 rows"]);
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([999, 1_000, 1_234_567].map(grouped), ["999", "1,000", "1,234,567"]);
    }

    #[test]
    fn no_character_is_cut() {
        assert_eq!((head("aé", 2), head("aé", 3), head("aé", 9)), ("a", "aé", "aé"));
    }
}
