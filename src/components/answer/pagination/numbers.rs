use std::fmt;

use serde_json::{Map, Value};

use super::{
    choosers::Chooser,
    follow::{Follow, Way},
    plain,
};

/// The input that chooses a page, and those that choose the first row.
const PAGE: [&str; 1] = ["page"];
const OFFSET: [&str; 2] = ["offset", "skip"];
/// Members that tell the number of the last page, in lower case and without separators.
const LAST: [&str; 4] = ["pages", "totalpages", "pagecount", "lastpage"];
const TOTAL: [&str; 4] = ["total", "totalcount", "totalitems", "totalresults"];
const SIZE: [&str; 4] = ["pagesize", "perpage", "size", "limit"];
/// Those that tell how far it is from one first row to the next: the size of a last page is less.
const STEP: [&str; 3] = ["limit", "perpage", "pagesize"];
/// Members that tell the number of this page.
const CURRENT: [&str; 4] = ["page", "pagenumber", "currentpage", "number"];

/// Pages that are chosen by number and counted from 1, or by their first row, which is counted from 0.
#[derive(Debug, Clone, Copy)]
pub struct Numbers<'f> {
    chooser: &'f Chooser,
    current: u64,
    last: u64,
    /// The rows of a page, where it is chosen by the first of them.
    size: Option<u64>,
}

impl<'f> Numbers<'f> {
    /// `None` unless the operation has a page to ask for and the answer tells how many there are.
    pub fn of(follow: &'f Follow, about: &Map<String, Value>) -> Option<Self> {
        Self::by_page(follow, about).or_else(|| Self::by_offset(follow, about))
    }

    /// What the answer calls this page has the last word: some count from 0.
    fn by_page(follow: &'f Follow, about: &Map<String, Value>) -> Option<Self> {
        let chooser = follow.chooser(&PAGE)?;
        let current = filled_in(chooser, 1).filter(|_| is_by_default(chooser, "1"))?;
        let is_told = number(about, &CURRENT).is_none_or(|told| told == current);
        is_told.then_some(Self { chooser, current, last: last(about)?, size: None })
    }

    fn by_offset(follow: &'f Follow, about: &Map<String, Value>) -> Option<Self> {
        let chooser = follow.chooser(&OFFSET)?;
        let asked = || filled_in(follow.chooser(&STEP)?, 0);
        let size = number(about, &STEP).or_else(asked).filter(|size| *size > 0)?;
        let offset = filled_in(chooser, 0).filter(|offset| offset.is_multiple_of(size))?;
        let last = number(about, &TOTAL)?.div_ceil(size);
        Some(Self { chooser, current: offset / size + 1, last, size: Some(size) })
    }

    pub fn way(self, follow: &Follow, relation: &str) -> Option<Way> {
        let page = match relation {
            "first" => (self.current > 2).then_some(1),
            "prev" => self.current.checked_sub(1).filter(|number| *number > 0),
            "next" => (self.current < self.last).then(|| self.current + 1),
            _ => (self.current + 1 < self.last).then_some(self.last),
        }?;
        let value = self.size.map_or(page, |size| (page - 1) * size);
        follow.with(self.chooser, &value.into())
    }
}

impl fmt::Display for Numbers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Page {} of {}", self.current, self.last)
    }
}

/// The number that is filled in, else the one that applies when nothing is.
fn filled_in(chooser: &Chooser, usual: u64) -> Option<u64> {
    let text = chooser.current.as_ref().or(chooser.default.as_ref());
    text.map_or(Some(usual), |text| text.parse().ok())
}

fn is_by_default(chooser: &Chooser, usual: &str) -> bool {
    chooser.default.as_deref().is_none_or(|default| default == usual)
}

fn last(about: &Map<String, Value>) -> Option<u64> {
    let size = || number(about, &SIZE).filter(|size| *size > 0);
    number(about, &LAST).or_else(|| Some(number(about, &TOTAL)?.div_ceil(size()?)))
}

/// The first number of one of these names, in the answer itself or in what tells of its pages.
fn number(about: &Map<String, Value>, names: &[&str]) -> Option<u64> {
    let within = ["meta", "pagination", "paging", "page"];
    let inner = about.iter().filter(|(name, _)| within.contains(&plain(name).as_str()));
    let mut all = about.iter().chain(inner.filter_map(|(_, value)| value.as_object()).flatten());
    all.find_map(|(name, value)| value.as_u64().filter(|_| names.contains(&plain(name).as_str())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_page_is_told_or_counted() {
        let last = |data: Value| last(data.as_object().unwrap());
        assert_eq!(last(json!({ "total_pages": 3 })), Some(3));
        assert_eq!(last(json!({ "total": 21, "pageSize": 10 })), Some(3));
        assert_eq!(last(json!({ "meta": { "total": 21, "per_page": 10 } })), Some(3));
        assert_eq!(last(json!({ "total": 21, "pageSize": 0 })), None);
        assert_eq!(last(json!({})), None);
    }
}
