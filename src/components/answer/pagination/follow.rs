use percent_encoding::percent_decode_str;
use url::Url;

use super::plain;
use crate::{
    components::operation_link::href,
    openapi::{Parameter, Place, Values},
    paths::LocalPath,
    types::OperationPage,
};

/// Makes addresses of the operation at hand with other values.
pub struct Follow<'a> {
    pub page: &'a OperationPage,
    pub base: &'a Url,
}

impl Follow<'_> {
    /// The page that an address of the API leads to: only of the same operation, and only with what its form takes.
    pub fn address(&self, address: &str) -> Option<LocalPath> {
        let own = self.own()?;
        let target = own.join(address).ok().filter(|target| target.origin() == own.origin())?;
        if decoded(target.path()) != decoded(own.path()) {
            return None;
        }
        let given: Option<Vec<_>> = target
            .query_pairs()
            .map(|(name, value)| Some((self.query_parameter(&name)?.input.clone(), value.into_owned())))
            .collect();
        let in_query = |input: &str| self.parameters().any(|parameter| parameter.input == input);
        let mut values: Values = self.page.values.iter().filter(|(input, _)| !in_query(input)).collect();
        given?.into_iter().for_each(|(input, value)| values.push(input, value));
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

    /// Where the answer at hand came from.
    fn own(&self) -> Option<Url> {
        let parts = self.page.operation.request(&self.page.values, None).ok()?;
        let base = self.base.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}{}", parts.path_and_query)).ok()
    }

    fn query_parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters().find(|parameter| parameter.name == name)
    }

    fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.page.operation.parameters.iter().filter(|parameter| parameter.place == Place::Query)
    }
}

fn decoded(path: &str) -> Vec<u8> {
    percent_decode_str(path.trim_end_matches('/')).collect()
}
