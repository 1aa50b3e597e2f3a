use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::Url;

use super::{choosers::Chooser, given::Given};
use crate::{
    components::{operation_link::href, request_form::NEWS},
    openapi::{MORE_QUERY, Parameter, Place, Values},
    paths::LocalPath,
    types::{Intent, OperationPage, SEND},
};

/// The longest form that is put into a page once for each way, in bytes.
const LONGEST: usize = 64 << 10;

/// The same operation with other values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By its address.
    Link(LocalPath),
    /// By a form, sent as the intent says.
    Form { action: LocalPath, values: Values, send: Intent },
}

/// Makes ways of the operation at hand.
pub struct Follow<'a> {
    pub page: &'a OperationPage,
    /// Below what the call's path lay.
    base: &'a Url,
    choosers: Vec<Chooser>,
}

impl<'a> Follow<'a> {
    pub fn new(page: &'a OperationPage, base: &'a Url) -> Self {
        Self { page, base, choosers: Chooser::all(page) }
    }

    /// The page that an address of the API leads to: only of the same operation. What its query has beside the
    /// operation's parameters goes along as it is.
    pub fn address(&self, address: &str) -> Option<Way> {
        let own = self.own()?;
        let target = own.join(address).ok().filter(|target| target.origin() == own.origin())?;
        if decoded(target.path()) != decoded(own.path()) {
            return None;
        }
        let parameters: Vec<_> = self.parameters().collect();
        let given = Given::read(&parameters, target.query().unwrap_or_default());
        let is_old = |name: &str| name == MORE_QUERY || parameters.iter().any(|one| one.is_input(name));
        let mut values: Values = self.page.values.iter().filter(|(name, _)| !is_old(name)).collect();
        given.inputs.into_iter().for_each(|(input, value)| values.push(input, value));
        if !given.more.is_empty() {
            values.push(MORE_QUERY, given.more);
        }
        self.way(values)
    }

    /// The same values but for one. `None` where it is the same.
    pub fn with(&self, chooser: &Chooser, value: &Value) -> Option<Way> {
        if chooser.holds(value) {
            return None;
        }
        let mut values = self.page.values.clone();
        chooser.set(&mut values, value)?;
        self.way(values)
    }

    /// The first input that chooses a page and has one of these names, best first.
    pub fn chooser(&self, names: &[&str]) -> Option<&Chooser> {
        names.iter().find_map(|name| self.choosers.iter().find(|chooser| chooser.name == *name))
    }

    fn way(&self, mut values: Values) -> Option<Way> {
        let OperationPage { operation, .. } = self.page;
        let page = href(&operation.summary);
        if operation.is_by_address() {
            return Some(Way::Link(page.with_query(&values.to_query())));
        }
        // What takes something away is asked about each time.
        let sent = self.page.values.first(SEND).and_then(|sent| sent.parse().ok());
        let anyway = matches!(sent, Some(Intent::Send { anyway: true, .. }));
        values.retain(|name| name != SEND);
        let length: usize = values.iter().map(|(name, value)| name.len() + value.len()).sum();
        let form = || Way::Form {
            action: page.and(format_args!("#{NEWS}")),
            values,
            send: Intent::Send { anyway, confirmed: false },
        };
        (length <= LONGEST).then(form)
    }

    /// Where the answer at hand came from, without its query.
    fn own(&self) -> Option<Url> {
        let path = self.page.operation.path(&self.page.values)?;
        Url::parse(&format!("{}{path}", self.base.as_str().trim_end_matches('/'))).ok()
    }

    fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.page.operation.parameters.iter().filter(|one| one.place == Place::Query)
    }
}

fn decoded(path: &str) -> Vec<u8> {
    percent_decode_str(path.trim_end_matches('/')).collect()
}
