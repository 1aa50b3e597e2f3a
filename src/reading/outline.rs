use super::{Index, Lexer, Token, lexer::Shape};
use crate::json_pointer::pointer;

/// The lists that are remembered: the longest.
const MOST_LISTS: usize = 8;

/// The lists of a JSON text that comes in parts, and the values side by side at its top, as in JSON lines.
#[derive(Debug, Default)]
pub struct Outline {
    lexer: Lexer,
    read: u64,
    values: Index,
    open: Option<List>,
    closed: Vec<List>,
}

/// A list that is reached by names alone: the text itself, or `data`, or `result` in `data`.
#[derive(Debug, Clone)]
pub struct List {
    /// JSON pointer (RFC 6901) to it.
    pub pointer: String,
    /// Where its bracket opens.
    pub start: u64,
    /// The place after its closing bracket; none while it is still coming.
    pub end: Option<u64>,
    pub rows: Index,
    depth: usize,
}

impl List {
    fn length(&self, read: u64) -> u64 {
        self.end.unwrap_or(read).saturating_sub(self.start)
    }
}

impl Outline {
    /// Reads the next part.
    pub fn feed(&mut self, part: &[u8]) {
        let Self { lexer, values, open, closed, read } = self;
        lexer.feed(part, *read, &mut |lexer, token, at| match token {
            Token::Begin { depth, shape } => begin(lexer, (depth, shape), at, values, open),
            Token::End { depth } => {
                if let Some(mut list) = open.take_if(|list| list.depth == depth) {
                    list.end = Some(at);
                    keep(closed, list);
                }
            }
        });
        *read += part.len() as u64;
    }

    /// The bytes read so far.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// The values at the top: one in JSON, one for each line in JSON lines.
    pub fn values(&self) -> &Index {
        &self.values
    }

    /// Whether it is one value as far as its brackets tell, from its beginning to its end.
    pub fn is_one_value(&self) -> bool {
        self.values.count() == 1 && self.lexer.is_at_end()
    }

    /// The list at `pointer`.
    pub fn list(&self, pointer: &str) -> Option<&List> {
        self.lists().find(|list| list.pointer == pointer)
    }

    /// The list that is most of the text.
    pub fn longest(&self) -> Option<&List> {
        let longest = self.lists().max_by_key(|list| list.length(self.read))?;
        (longest.length(self.read) * 2 > self.read).then_some(longest)
    }

    /// Those that are remembered.
    pub fn lists(&self) -> impl Iterator<Item = &List> {
        self.closed.iter().chain(&self.open)
    }
}

fn begin(
    lexer: &Lexer,
    (depth, shape): (usize, Shape),
    at: u64,
    values: &mut Index,
    open: &mut Option<List>,
) {
    if depth == 0 {
        values.push(at);
    }
    match open {
        Some(list) if depth == list.depth + 1 => list.rows.push(at),
        None if shape == Shape::List => {
            *open = lexer.names().map(|names| List {
                pointer: pointer(&names),
                start: at,
                end: None,
                rows: Index::default(),
                depth,
            });
        }
        _ => {}
    }
}

fn keep(closed: &mut Vec<List>, list: List) {
    closed.push(list);
    if closed.len() > MOST_LISTS
        && let Some(shortest) = (0..closed.len()).min_by_key(|at| closed.get(*at).map(|list| list.length(0)))
    {
        closed.remove(shortest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> Outline {
        let mut outline = Outline::default();
        text.as_bytes().chunks(3).for_each(|part| outline.feed(part));
        outline
    }

    #[test]
    fn lists_are_found_by_their_names() {
        let text = r#"{"n":1,"data":{"it/ems":[{"x":[1,2]},{},7],"total":3},"tags":["a"]}"#;
        let found = outline(text);
        let list = found.list("/data/it~1ems").unwrap();
        assert_eq!((list.rows.count(), list.end), (3, Some(42)));
        assert_eq!(list.rows.locate(1), Some((1, u64::try_from(text.find("{},7").unwrap()).unwrap())));
        assert_eq!(found.list("/tags").unwrap().rows.count(), 1);
        assert_eq!(found.values().count(), 1);
        assert!(found.longest().is_none(), "none of them is most of it");
        assert_eq!(outline("[1,[2],3]").longest().map(|list| list.rows.count()), Some(3));
    }

    #[test]
    fn a_list_counts_while_it_is_coming() {
        let found = outline(r#"{"data":[{"a":1},{"a":2},{"a":"#);
        let list = found.longest().unwrap();
        assert_eq!((list.pointer.as_str(), list.rows.count(), list.end), ("/data", 3, None));
        assert_eq!(outline("{\"a\":1}\n{\"a\":2}\n").values().count(), 2);
        assert_eq!(outline("\u{1e}{\"a\":1}\n\u{1e}{\"a\":2}\n").values().count(), 2, "a sequence");
    }
}
