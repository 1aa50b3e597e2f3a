use crate::{
    paths::{self, LocalPath},
    types::reading::{KeptLink, Look, Reading},
};

/// The addresses at which an answer is looked at in other ways.
#[derive(Debug, Clone)]
pub struct Links(KeptLink);

impl Links {
    pub fn new(kept: KeptLink) -> Self {
        Self(kept)
    }

    pub fn kept(&self) -> &KeptLink {
        &self.0
    }

    pub fn reading(&self) -> &Reading {
        &self.0.reading
    }

    /// The page of the answer, whatever is looked at.
    pub fn page(&self) -> LocalPath {
        paths::answer(&self.0.id)
    }

    /// A picture or a PDF itself.
    pub fn file(&self) -> LocalPath {
        paths::answer_file(&self.0.id)
    }

    /// HTML as a page that runs nothing.
    pub fn sandbox(&self) -> LocalPath {
        paths::answer_page(&self.0.id)
    }

    pub fn to(&self, reading: &Reading) -> LocalPath {
        self.page().with_query(&reading.to_values().to_query())
    }

    /// Another look, from the beginning.
    pub fn look(&self, look: Look) -> LocalPath {
        self.to(&Reading { look, list: self.reading().list.clone(), ..Reading::default() })
    }

    /// One list by itself, or all of the answer.
    pub fn list(&self, list: Option<&str>) -> LocalPath {
        self.to(&Reading { list: list.map(str::to_owned), ..Reading::default() })
    }

    /// The same, from another row or byte.
    pub fn from(&self, from: u64) -> LocalPath {
        self.to(&Reading { from, ..self.reading().clone() })
    }

    /// A part of the text, whatever is searched for in it.
    pub fn part(&self, from: u64) -> LocalPath {
        self.to(&Reading { look: Look::Source, from, ..Reading::default() })
    }

    /// The text from another byte on, to search on.
    pub fn source(&self, from: u64) -> LocalPath {
        self.to(&Reading {
            look: Look::Source,
            from,
            find: self.reading().find.clone(),
            ..Reading::default()
        })
    }

    /// Sorted by a column; the other way round when it is that already.
    pub fn sorted(&self, column: &str) -> LocalPath {
        let same = self.reading().sort.as_deref() == Some(column);
        let descending = same && !self.reading().descending;
        self.to(&Reading { sort: Some(column.to_owned()), descending, from: 0, ..self.reading().clone() })
    }
}
