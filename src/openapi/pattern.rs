//! A text that matches a regular expression, for examples.
//!
//! Reads what patterns in documents are made of (ECMA-262 without back references) and writes as it reads: the
//! first alternative, one character of each class. What it does not know gives no text at all.

use std::iter::Peekable;
use std::str::Chars;

/// How deep groups may lie in one another.
const DEEPEST: usize = 16;
/// The longest text worth showing, in bytes.
const LONGEST: usize = 4096;
/// What is tried first for a class of characters.
const USUAL: &str = "aA1-_ ./:@=,+*#";

/// A text that matches, of a length between the two. `None` when the pattern or the length asks for too much.
pub(super) fn sample(pattern: &str, least: u64, most: u64) -> Option<String> {
    let once = text(pattern, 1)?.chars().count() as u64;
    let to_the_least = (least + 1).saturating_sub(once);
    let repetitions = [1, 2, 0, to_the_least, least, least.div_ceil(2)];
    let mut texts = repetitions.into_iter().filter_map(|times| text(pattern, usize::try_from(times).ok()?));
    texts.find(|text| (least..=most).contains(&(text.chars().count() as u64)))
}

fn text(pattern: &str, times: usize) -> Option<String> {
    let mut writer = Writer { rest: pattern.chars().peekable(), times };
    let text = writer.alternatives(DEEPEST)?;
    writer.rest.next().is_none().then_some(text)
}

struct Writer<'a> {
    rest: Peekable<Chars<'a>>,
    /// How often to repeat what may be repeated freely.
    times: usize,
}

impl Writer<'_> {
    /// All alternatives have to be read; the first is written.
    fn alternatives(&mut self, depth: usize) -> Option<String> {
        let first = self.sequence(depth)?;
        while self.rest.next_if_eq(&'|').is_some() {
            self.sequence(depth)?;
        }
        Some(first)
    }

    fn sequence(&mut self, depth: usize) -> Option<String> {
        let mut text = String::new();
        while let Some(next) = self.rest.next_if(|next| !matches!(next, '|' | ')')) {
            let atom = self.atom(next, depth.checked_sub(1)?)?;
            let times = self.quantifier()?;
            if text.len().saturating_add(atom.len().saturating_mul(times)) > LONGEST {
                return None;
            }
            text.push_str(&atom.repeat(times));
        }
        Some(text)
    }

    fn atom(&mut self, first: char, depth: usize) -> Option<String> {
        match first {
            '^' | '$' => Some(String::new()),
            '.' => Some("a".to_owned()),
            '[' => self.class().map(String::from),
            '(' => self.group(depth),
            '\\' => self.escape().map(|set| set.pick().map_or_else(String::new, String::from)),
            '*' | '+' | '?' => None,
            literal => Some(literal.to_string()),
        }
    }

    /// A group that only looks ahead or behind writes nothing, and is hoped to agree.
    fn group(&mut self, depth: usize) -> Option<String> {
        let mut writes = true;
        if self.rest.next_if_eq(&'?').is_some() {
            writes = match self.rest.next()? {
                ':' => true,
                '=' | '!' => false,
                '<' => self.name_or_look_behind()?,
                _ => return None,
            };
        }
        let text = self.alternatives(depth)?;
        self.rest.next_if_eq(&')')?;
        Some(if writes { text } else { String::new() })
    }

    fn name_or_look_behind(&mut self) -> Option<bool> {
        if self.rest.next_if(|next| matches!(next, '=' | '!')).is_some() {
            return Some(false);
        }
        self.rest.by_ref().find(|next| *next == '>').map(|_| true)
    }

    /// How often the atom before is to be written: once, or as often as a quantifier allows and is wanted.
    fn quantifier(&mut self) -> Option<usize> {
        let (least, most) = match self.rest.peek() {
            Some('?') => (0, 1),
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('{') => return self.counted(),
            _ => return Some(1),
        };
        self.rest.next();
        self.rest.next_if_eq(&'?');
        Some(self.times.clamp(least, most))
    }

    fn counted(&mut self) -> Option<usize> {
        self.rest.next();
        let inside: String = self.rest.by_ref().take_while(|next| *next != '}').collect();
        self.rest.next_if_eq(&'?');
        let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
        let least = if least.is_empty() { 0 } else { least.trim().parse().ok()? };
        let most = if most.trim().is_empty() { usize::MAX } else { most.trim().parse().ok()? };
        (least <= most).then(|| self.times.clamp(least, most))
    }

    /// A character of a class, read to its closing bracket.
    fn class(&mut self) -> Option<char> {
        let mut set = Set { excludes: self.rest.next_if_eq(&'^').is_some(), ranges: Vec::new() };
        loop {
            match self.rest.next()? {
                ']' => return set.pick(),
                '\\' => set.ranges.extend(self.escape()?.as_ranges()),
                from => set.ranges.push((from, from)),
            }
            self.range(&mut set)?;
        }
    }

    /// Turns the last character of the set into a range when a hyphen and another character follow.
    fn range(&mut self, set: &mut Set) -> Option<()> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || ahead.next() == Some(']') {
            return Some(());
        }
        self.rest.next();
        let to = match self.rest.next()? {
            '\\' => self.escape()?.single(),
            to => Some(to),
        };
        match (set.ranges.last_mut(), to) {
            (Some((from, last)), Some(to)) if from == last && *from <= to => *last = to,
            (_, Some(to)) => set.ranges.extend([('-', '-'), (to, to)]),
            _ => set.ranges.push(('-', '-')),
        }
        Some(())
    }

    /// The characters that an escape stands for. None at all for one that stands for a position.
    fn escape(&mut self) -> Option<Set> {
        let digits = [('0', '9')];
        let word = [('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')];
        let space = [(' ', ' '), ('\t', '\r')];
        Some(match self.rest.next()? {
            'd' => Set::of(digits, false),
            'D' => Set::of(digits, true),
            'w' => Set::of(word, false),
            'W' => Set::of(word, true),
            's' => Set::of(space, false),
            'S' => Set::of(space, true),
            'b' | 'B' | 'A' | 'z' | 'Z' => Set::of([], false),
            't' => Set::only('\t'),
            'n' => Set::only('\n'),
            'r' => Set::only('\r'),
            'u' => Set::only(self.code_point(4)?),
            'x' => Set::only(self.code_point(2)?),
            'p' => self.property()?,
            other if other.is_ascii_alphanumeric() => return None,
            literal => Set::only(literal),
        })
    }

    fn code_point(&mut self, digits: usize) -> Option<char> {
        let code: String = self.rest.by_ref().take(digits).collect();
        char::from_u32(u32::from_str_radix(&code, 16).ok()?)
    }

    fn property(&mut self) -> Option<Set> {
        self.rest.next_if_eq(&'{')?;
        let name: String = self.rest.by_ref().take_while(|next| *next != '}').collect();
        match name.chars().next()? {
            'L' | 'A' => Some(Set::of([('a', 'z'), ('A', 'Z')], false)),
            'N' => Some(Set::of([('0', '9')], false)),
            'Z' => Some(Set::only(' ')),
            'P' => Some(Set::only('-')),
            'S' => Some(Set::only('+')),
            'M' | 'C' => Some(Set::of([], false)),
            _ => None,
        }
    }
}

/// A set of characters.
struct Set {
    excludes: bool,
    ranges: Vec<(char, char)>,
}

impl Set {
    fn of(ranges: impl Into<Vec<(char, char)>>, excludes: bool) -> Self {
        Self { excludes, ranges: ranges.into() }
    }

    fn only(character: char) -> Self {
        Self::of([(character, character)], false)
    }

    fn single(&self) -> Option<char> {
        match self.ranges.as_slice() {
            [(from, to)] if from == to && !self.excludes => Some(*from),
            _ => None,
        }
    }

    fn holds(&self, character: char) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != self.excludes
    }

    fn pick(&self) -> Option<char> {
        let first = self.ranges.first().filter(|_| !self.excludes).map(|(from, _)| *from);
        USUAL.chars().find(|character| self.holds(*character)).or(first)
    }

    /// As part of a class. What an excluding escape stands for there is cut down to one character.
    fn as_ranges(&self) -> Vec<(char, char)> {
        if self.excludes {
            self.pick().map(|one| (one, one)).into_iter().collect()
        } else {
            self.ranges.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_patterns() {
        let cases = [
            (r"^[\da-z]{26}$", "a".repeat(26)),
            (r"^(\+1|00)[1-9]\d{1,3}$", "+111".to_owned()),
            (r"^arn:aws(-[\w]+)*:iam::\d{12}:role\/.+$", "arn:aws-a:iam::111111111111:role/a".to_owned()),
            (r"[^a-zA-Z0-9]{2}(?:x|y)?\u0041", "--xA".to_owned()),
            (r"^(?!aws)(?<name>[\w\-.]+)$", "a".to_owned()),
            (r"\p{L}+\s[]]?", "a ".to_owned()),
        ];
        for (pattern, expected) in &cases[..5] {
            assert_eq!(sample(pattern, 0, 99).as_ref(), Some(expected), "{pattern}");
        }
        assert_eq!(sample(cases[5].0, 0, 99), None);
    }

    #[test]
    fn lengths_are_kept_and_limits_hold() {
        assert_eq!(sample("^[a-z]+$", 8, 9).as_deref(), Some("aaaaaaaa"));
        assert_eq!(sample("^x{3}$", 0, 2), None);
        for pattern in [
            "((a{999}){999}){999}",
            r"(a)\1",
            "(",
            "[a",
            "a{2,1}",
            "*",
            "ab{18446744073709551615}",
            &"(".repeat(1000),
        ] {
            assert_eq!(sample(pattern, 0, u64::MAX), None, "{pattern}");
        }
    }
}
