use percent_encoding::percent_decode_str;
use url::Url;

use super::{given::Given, plain};
use crate::{
    components::operation_link::href,
    openapi::{Check, Filled, MORE_QUERY, Parameter, Place, Values},
    paths::LocalPath,
    types::OperationPage,
};

/// Makes addresses of the operation at hand with other values.
pub struct Follow<'a> {
    pub page: &'a OperationPage,
    /// Below what the call's path lay.
    pub base: &'a Url,
}

impl Follow<'_> {
    /// The page that an address of the API leads to: only of the same operation. What its query has beside the
    /// operation's parameters goes along as it is.
    pub fn address(&self, address: &str) -> Option<LocalPath> {
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
        Some(self.page_with(&values))
    }

    /// The same values but for one.
    pub fn with(&self, input: &str, value: &str) -> LocalPath {
        let mut values: Values = self.page.values.iter().filter(|(name, _)| *name != input).collect();
        values.push(input, value);
        self.page_with(&values)
    }

    /// The input of the first parameter in the query that has one of these names.
    pub fn input(&self, names: &[&str]) -> Option<&str> {
        let mut found = names.iter().filter_map(|name| self.parameters().find(|p| plain(&p.name) == *name));
        found.next().map(|parameter| parameter.input.as_str())
    }

    fn page_with(&self, values: &Values) -> LocalPath {
        href(&self.page.operation.summary).and(format_args!("?{}", values.to_query()))
    }

    /// Where the answer at hand came from, also when it was asked for against the document's word.
    fn own(&self) -> Option<Url> {
        let OperationPage { operation, values, .. } = self.page;
        let filled = Filled { values, body: None, uploads: &[], boundary: "", check: Check::Lenient };
        let parts = operation.request_for(filled).ok()?;
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}{}", parts.path_and_query)).ok()
    }

    fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.page.operation.parameters.iter().filter(|parameter| parameter.place == Place::Query)
    }
}

fn decoded(path: &str) -> Vec<u8> {
    percent_decode_str(path.trim_end_matches('/')).collect()
}
