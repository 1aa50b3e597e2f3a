/// What the lexer meets, with the depth of the value: 0 for one that is in no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// A value begins at this place.
    Begin { depth: usize, shape: Shape },
    /// A value has ended before this place.
    End { depth: usize },
}

/// What a value is, as far as its first byte tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Object,
    List,
    Text,
    /// A number or a word.
    Bare,
}

/// Stands before each text of a sequence (RFC 7464).
pub(super) const RECORD_SEPARATOR: u8 = 0x1e;
/// Names in objects no deeper than this are remembered.
const NAMED: usize = 4;
const LONGEST_NAME: usize = 200;
/// JSON that is deeper than this is not followed any further.
const DEEPEST: usize = 1024;

/// Finds where values begin and end in a JSON text that comes in parts: one value, or several that are separated by
/// commas, white space or record separators. It does not check; a text that is no JSON gives tokens that mean nothing.
#[derive(Debug, Default)]
pub struct Lexer {
    open: Vec<Open>,
    within: Within,
    /// Whether the text is too deep to be followed, or closes what it never opened.
    lost: bool,
}

#[derive(Debug)]
struct Open {
    is_object: bool,
    name_next: bool,
    /// The name of the member at hand, as it is written.
    name: Vec<u8>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Within {
    #[default]
    Nothing,
    Text,
    Escape,
    Name,
    NameEscape,
    Bare,
}

impl Lexer {
    /// Reads the next part, which begins at `offset` of the whole. Each token is told with its place.
    pub fn feed(&mut self, part: &[u8], offset: u64, tell: &mut impl FnMut(&Self, Token, u64)) {
        for (at, byte) in (offset..).zip(part) {
            if self.lost {
                return;
            }
            self.step(*byte, at, tell);
        }
    }

    /// Whether everything that was opened is closed.
    pub fn is_at_end(&self) -> bool {
        !self.lost && self.open.is_empty() && matches!(self.within, Within::Nothing | Within::Bare)
    }

    /// The names that lead to the value at hand; none when a list is on the way, or when they are too deep or long.
    pub fn names(&self) -> Option<Vec<String>> {
        let named = self.open.len() <= NAMED && self.open.iter().all(|open| open.is_object);
        named.then(|| self.open.iter().map(|open| unescaped(&open.name)).collect())?
    }

    fn step(&mut self, byte: u8, at: u64, tell: &mut impl FnMut(&Self, Token, u64)) {
        match self.within {
            Within::Text | Within::Name => self.text(byte, at, tell),
            Within::Escape => self.within = Within::Text,
            Within::NameEscape => {
                self.remember(byte);
                self.within = Within::Name;
            }
            Within::Bare if is_bare(byte) => {}
            Within::Bare => {
                self.within = Within::Nothing;
                tell(self, Token::End { depth: self.open.len() }, at);
                self.between(byte, at, tell);
            }
            Within::Nothing => self.between(byte, at, tell),
        }
    }

    fn text(&mut self, byte: u8, at: u64, tell: &mut impl FnMut(&Self, Token, u64)) {
        let is_name = self.within == Within::Name;
        match byte {
            b'"' => {
                self.within = Within::Nothing;
                if !is_name {
                    tell(self, Token::End { depth: self.open.len() }, at + 1);
                }
                return;
            }
            b'\\' => self.within = if is_name { Within::NameEscape } else { Within::Escape },
            _ => {}
        }
        if is_name {
            self.remember(byte);
        }
    }

    fn between(&mut self, byte: u8, at: u64, tell: &mut impl FnMut(&Self, Token, u64)) {
        match byte {
            b'{' => self.enter(Shape::Object, at, tell),
            b'[' => self.enter(Shape::List, at, tell),
            b'}' | b']' => self.leave(at, tell),
            b'"' if self.open.last().is_some_and(|open| open.name_next) => self.begin_name(),
            b'"' => {
                tell(self, Token::Begin { depth: self.open.len(), shape: Shape::Text }, at);
                self.within = Within::Text;
            }
            b':' => self.set_name_next(false),
            b',' => self.set_name_next(true),
            byte if is_bare(byte) && !is_mark(byte, at) => {
                tell(self, Token::Begin { depth: self.open.len(), shape: Shape::Bare }, at);
                self.within = Within::Bare;
            }
            _ => {}
        }
    }

    fn enter(&mut self, shape: Shape, at: u64, tell: &mut impl FnMut(&Self, Token, u64)) {
        tell(self, Token::Begin { depth: self.open.len(), shape }, at);
        let is_object = shape == Shape::Object;
        self.open.push(Open { is_object, name_next: is_object, name: Vec::new() });
        self.lost = self.open.len() > DEEPEST;
    }

    fn leave(&mut self, at: u64, tell: &mut impl FnMut(&Self, Token, u64)) {
        if self.open.pop().is_none() {
            self.lost = true;
            return;
        }
        tell(self, Token::End { depth: self.open.len() }, at + 1);
    }

    fn begin_name(&mut self) {
        self.within = Within::Name;
        if let Some(open) = self.open.last_mut() {
            open.name.clear();
        }
    }

    fn remember(&mut self, byte: u8) {
        if self.open.len() <= NAMED
            && let Some(open) = self.open.last_mut().filter(|open| open.name.len() < LONGEST_NAME)
        {
            open.name.push(byte);
        }
    }

    fn set_name_next(&mut self, next: bool) {
        if let Some(open) = self.open.last_mut() {
            open.name_next = next && open.is_object;
        }
    }
}

/// Whether this is of the byte order mark that some servers put before JSON.
fn is_mark(byte: u8, at: u64) -> bool {
    "\u{feff}".as_bytes().get(usize::try_from(at).unwrap_or(usize::MAX)) == Some(&byte)
}

/// What numbers and words are made of; also what is no JSON at all.
fn is_bare(byte: u8) -> bool {
    !matches!(
        byte,
        b'{' | b'}' | b'[' | b']' | b'"' | b':' | b',' | b' ' | b'\t' | b'\r' | b'\n' | RECORD_SEPARATOR
    )
}

fn unescaped(name: &[u8]) -> Option<String> {
    let quoted = [b"\"", name, b"\""].concat();
    serde_json::from_slice(&quoted).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every value of the text as it is written, with its depth, in the order in which they end.
    fn values(text: &str, part: usize) -> Vec<(usize, String)> {
        let (mut lexer, mut starts, mut found) = (Lexer::default(), Vec::new(), Vec::new());
        let mut offset = 0;
        for bytes in text.as_bytes().chunks(part) {
            lexer.feed(bytes, offset, &mut |_, token, at| match token {
                Token::Begin { .. } => starts.push(usize::try_from(at).unwrap()),
                Token::End { depth } => {
                    let start = starts.pop().unwrap();
                    found.push((depth, text[start..usize::try_from(at).unwrap()].to_owned()));
                }
            });
            offset += bytes.len() as u64;
        }
        found
    }

    #[test]
    fn values_are_found_however_the_text_is_cut() {
        let text = r#"{"a\"":[1,"x]\\","é"], "b" : {"c":-1.5e3}} null"#.to_owned() + "\n";
        let expected = [
            (2, "1"),
            (2, r#""x]\\""#),
            (2, "\"é\""),
            (1, r#"[1,"x]\\","é"]"#),
            (2, "-1.5e3"),
            (1, r#"{"c":-1.5e3}"#),
            (0, r#"{"a\"":[1,"x]\\","é"], "b" : {"c":-1.5e3}}"#),
            (0, "null"),
        ];
        for part in [1, 2, 3, 7, 1000] {
            let found = values(&text, part);
            assert_eq!(found, expected.map(|(depth, text)| (depth, text.to_owned())), "parts of {part}");
        }
    }

    #[test]
    fn names_lead_to_values() {
        let (mut lexer, mut found) = (Lexer::default(), Vec::new());
        let text = br#"{"a":{"b\u0020c":[{"d":1}]},"e":2}"#;
        lexer.feed(text, 0, &mut |lexer, token, _| {
            if let Token::Begin { .. } = token {
                found.push(lexer.names().map(|names| names.join("/")));
            }
        });
        let path = |path: &str| Some(path.to_owned());
        assert_eq!(found, [path(""), path("a"), path("a/b c"), None, None, path("e")]);
    }

    #[test]
    fn what_is_no_json_is_survived() {
        for text in ["]]]", "{{{{", "\"\\", "<html>", &"[".repeat(5000), "{\"a\":,,,}", "\u{0}"] {
            let mut lexer = Lexer::default();
            lexer.feed(text.as_bytes(), 0, &mut |_, _, _| ());
            assert!(lexer.open.len() <= DEEPEST + 1);
        }
    }
}
