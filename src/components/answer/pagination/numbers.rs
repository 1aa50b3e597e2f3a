use std::fmt;

use serde_json::{Map, Value};

use super::{
    choosers::Chooser,
    follow::{Follow, Way},
    plain,
};

/// The input that chooses a page.
const PAGE: &str = "page";
/// Members that tell the number of the last page, in lower case and without separators.
const LAST: [&str; 4] = ["pages", "totalpages", "pagecount", "lastpage"];
const TOTAL: [&str; 4] = ["total", "totalcount", "totalitems", "totalresults"];
const SIZE: [&str; 4] = ["pagesize", "perpage", "size", "limit"];

/// Pages that are chosen by number and counted from 1.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    current: u64,
    last: u64,
}

impl Numbers {
    /// `None` unless the operation has a `page` to ask for and the answer tells how many there are.
    pub fn of(follow: &Follow, about: &Map<String, Value>) -> Option<Self> {
        Some(Self { current: current(follow.chooser(&[PAGE])?)?, last: last(about)? })
    }

    pub fn way(self, follow: &Follow, relation: &str) -> Option<Way> {
        let number = match relation {
            "first" => (self.current > 2).then_some(1),
            "prev" => self.current.checked_sub(1).filter(|number| *number > 0),
            "next" => (self.current < self.last).then(|| self.current + 1),
            _ => (self.current + 1 < self.last).then_some(self.last),
        };
        follow.with(follow.chooser(&[PAGE])?, &number?.into())
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Page {} of {}", self.current, self.last)
    }
}

/// The number of this page.
fn current(chooser: &Chooser) -> Option<u64> {
    let default = chooser.default.as_deref().unwrap_or("1");
    let current = chooser.current.as_deref().unwrap_or(default).parse().ok();
    current.filter(|_| default == "1")
}

fn last(about: &Map<String, Value>) -> Option<u64> {
    let within = ["meta", "pagination", "paging", "page"];
    let inner = about.iter().filter(|(name, _)| within.contains(&plain(name).as_str()));
    let all = || about.iter().chain(inner.clone().filter_map(|(_, value)| value.as_object()).flatten());
    let number = |names: &[&str]| {
        all().find_map(|(name, value)| value.as_u64().filter(|_| names.contains(&plain(name).as_str())))
    };
    let counted = || Some(number(&TOTAL)?.div_ceil(number(&SIZE).filter(|size| *size > 0)?));
    number(&LAST).or_else(counted)
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
