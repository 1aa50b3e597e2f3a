//! A document, opened.

use super::address::Addresses;
use super::bundle::Bundle;
use super::copies::Copies;
use super::index::{self, OperationSummary};
use super::node;
use super::note::Note;
use super::operation::Operation;
use super::reference::Resolver;
use super::search::{Matches, SearchIndex};
use super::tree::{Node, Tree};
use super::values::Values;
use super::{inheritance, mend, path_items, swagger2, yaml};

/// The UTF-8 form of U+FEFF, which some editors put in front.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Why a document cannot be opened at all.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The text is not JSON.
    #[error("the OpenAPI document is not JSON that can be read: {0}")]
    NotJson(#[from] serde_json::Error),
    /// The text is not YAML either, or it unfolds to more than a document may hold.
    #[error("the OpenAPI document is neither JSON nor YAML that can be read: {0}")]
    NotYaml(String),
    /// The text is JSON or YAML, but not an object. Often it is a web page.
    #[error("the OpenAPI document is not an object")]
    NotAnObject,
}

/// An `OpenAPI` document with an index of its operations.
///
/// Opening costs one pass over the document. Everything else is read when it is asked for, so that one part
/// that is wrong spoils nothing but itself.
#[derive(Debug)]
pub struct Document {
    root: Node,
    operations: Vec<OperationSummary>,
    addresses: Addresses,
    search: SearchIndex,
    notes: Vec<Note>,
}

impl Document {
    /// Opens a document written as JSON or YAML: `OpenAPI` 3, or Swagger 2.0. References out of it lead nowhere;
    /// see [`Bundle`].
    ///
    /// # Errors
    /// When the text is neither, or not an object.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DocumentError> {
        Bundle::new(bytes)?.open()
    }

    pub(super) fn open(mut root: Node) -> Result<Self, DocumentError> {
        if !root.is_object() {
            return Err(DocumentError::NotAnObject);
        }
        let copies = Copies::default();
        path_items::merge(&mut root, &copies);
        swagger2::upgrade(&mut root, &copies);
        inheritance::note(&mut root);
        let resolver = Resolver::new(&root);
        let found = index::operations(&resolver);
        let search = SearchIndex::read(&root, &found);
        let mut operations: Vec<_> = found.into_iter().map(|found| found.summary).collect();
        let addresses = Addresses::assign(&mut operations);
        let notes = resolver.into_notes();
        Ok(Self { root, operations, addresses, search, notes })
    }

    /// The name of the API.
    #[must_use]
    pub fn title(&self) -> &str {
        self.info("title").unwrap_or("Untitled API")
    }

    /// The version of the API (not of `OpenAPI`), where it is given as text.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.info("version")
    }

    /// The description of the API, in `CommonMark`.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.info("description")
    }

    /// The tags that the document describes, in its order: their names, and what it says of them in `CommonMark`.
    pub fn tags(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let tags = node::items(&self.root, "tags").iter();
        tags.filter_map(|tag| Some((node::text(tag, "name")?, node::text(tag, "description"))))
    }

    /// Whether it says by which version of the specification it is written. What does not, and has no operations, is
    /// something else.
    #[must_use]
    pub fn names_its_version(&self) -> bool {
        ["openapi", "swagger"].iter().any(|key| self.root.get(key).is_some())
    }

    /// What is wrong with the document as a whole.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// All operations, in the document's order.
    #[must_use]
    pub fn operations(&self) -> &[OperationSummary] {
        &self.operations
    }

    /// The operation that answers at an address, already percent-decoded: see [`OperationSummary::address`].
    #[must_use]
    pub fn find(&self, address: &str) -> Option<&OperationSummary> {
        self.operations.get(self.addresses.position(address)?)
    }

    /// The operations that hold the words of the query, best first. Any text is a query.
    #[must_use]
    pub fn search(&self, query: &str) -> Matches<'_> {
        self.search.search(&self.operations, query)
    }

    /// One operation in full.
    #[must_use]
    pub fn operation(&self, summary: &OperationSummary) -> Operation {
        Operation::read(&self.root, summary, &Values::default())
    }

    /// One operation in full, with the body of the media type that the values choose, and the keys that they ask for.
    #[must_use]
    pub fn operation_for(&self, summary: &OperationSummary, values: &Values) -> Operation {
        Operation::read(&self.root, summary, values)
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    fn info(&self, key: &str) -> Option<&str> {
        node::text(self.root.get("info")?, key)
    }
}

/// Reads JSON or YAML, within the bounds of a document.
pub(super) fn parse(bytes: &[u8]) -> Result<Node, DocumentError> {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if !text.trim_ascii_start().starts_with(b"{") {
        let mended = || yaml::parse(mend::mended(text)?.as_bytes()).ok();
        return yaml::parse(text).or_else(|error| mended().ok_or(DocumentError::NotYaml(error)));
    }
    match serde_json::from_slice::<Tree>(text) {
        Ok(tree) => Ok(tree.0),
        Err(error) if error.is_data() => Err(error.into()),
        Err(error) => nearly_json(text).ok_or(error.into()),
    }
}

/// What is all but JSON: with a text that Unicode does not have, or with what only YAML allows between braces, such as
/// comments and a comma at the end.
fn nearly_json(text: &[u8]) -> Option<Node> {
    let mended = mend::mended(text);
    let json = mended.as_ref().and_then(|text| serde_json::from_str::<Tree>(text).ok());
    let yaml = || yaml::parse(mended.as_ref().map_or(text, |text| text.as_bytes())).ok();
    json.map(|tree| tree.0).or_else(yaml)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn opens_anything_that_is_an_object() {
        let document = Document::from_bytes(b"\xEF\xBB\xBF{\"paths\": 7, \"info\": []}").unwrap();
        assert_eq!((document.title(), document.version()), ("Untitled API", None));
        assert!(document.operations().is_empty() && document.notes().is_empty());
        assert_eq!(Document::from_bytes(b"info: { title: T }").unwrap().title(), "T");
        assert!(matches!(Document::from_bytes(b"<html></html>"), Err(DocumentError::NotAnObject)));
        assert!(matches!(Document::from_bytes(b"a: ["), Err(DocumentError::NotYaml(_))));
        for text in [
            r#"{ "info": { "title": "T" }, } # a comma and a comment"#,
            r#"{"info":{"title":"T","description":"[\ud800-\udfff]"}}"#,
            "{info: {title: T}}",
        ] {
            assert_eq!(Document::from_bytes(text.as_bytes()).unwrap().title(), "T", "{text}");
        }
        assert_eq!(Document::from_bytes(b"{\"info\":{\"title\":\"\xFFT\"}}").unwrap().title(), "\u{FFFD}T");
        assert_eq!(Document::from_bytes(b"info:\n  title: \xFFT").unwrap().title(), "\u{FFFD}T");
        assert_eq!(Document::from_bytes(br"info: {title: \ud800}").unwrap().title(), r"\ud800");
        assert!(matches!(Document::from_bytes(b"{\"a\": ["), Err(DocumentError::NotJson(_))));
        assert!(matches!(Document::from_bytes(b"[]"), Err(DocumentError::NotAnObject)));
    }

    /// Reading takes a time that does not grow with the square of anything, which would be hours.
    #[test]
    fn what_is_wide_is_read_in_bounded_time() {
        const UNREADABLE: usize = 200_000;
        const MANY: usize = 50_000;
        const LONGEST: Duration = Duration::from_mins(3);
        let each =
            |count, write: &dyn Fn(usize) -> String| (0..count).map(write).collect::<Vec<_>>().join(",");
        let unreadable = each(UNREADABLE, &|n| format!(r#""/{n}":{{"get":7}}"#));
        let parameters = each(MANY, &|n| format!(r#"{{"name":"p{n}","in":"query"}}"#));
        let properties = each(MANY, &|n| format!(r#""m{n}":{{}}"#));
        let required = each(MANY, &|n| format!(r#""m{n}""#));
        let schema = format!(r#"{{"type":"object","required":[{required}],"properties":{{{properties}}}}}"#);
        let body = format!(r#"{{"content":{{"application/json":{{"schema":{schema}}}}}}}"#);
        let wide = format!(r#""/wide":{{"post":{{"parameters":[{parameters}],"requestBody":{body}}}}}"#);
        let text = format!(r#"{{"paths":{{{unreadable},{wide}}}}}"#);
        let begun = Instant::now();
        let document = Document::from_bytes(text.as_bytes()).unwrap();
        assert_eq!(document.notes().len(), 1001);
        assert_eq!(document.notes()[1000].message, "199000 more notes are left out.");
        let summary = &document.operations()[0];
        let operation = document.operation(summary);
        assert!(operation.parameters.len() == 2000 && operation.notes[0].part == "parameters");
        let mut parts = 0;
        document.body_form(summary, &Values::default()).unwrap().walk(&mut |_| parts += 1);
        assert!((4000..=5001).contains(&parts), "{parts}");
        assert!(begun.elapsed() < LONGEST, "{:?}", begun.elapsed());
    }

    #[test]
    fn a_part_may_refer_to_many_others() {
        let references =
            (0..50_000).map(|n| format!(r#"{{"$ref":"{n}.json"}}"#)).collect::<Vec<_>>().join(",");
        let bundle = Bundle::new(format!(r#"{{"parameters":[{references}]}}"#).as_bytes()).unwrap();
        assert_eq!(bundle.references(0).len(), 10_000);
    }
}
