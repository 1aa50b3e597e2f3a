use std::{borrow::Cow, fmt};

use leptos::{prelude::use_context, tachys::html::attribute::IntoAttributeValue};

use super::Mount;

/// An address of this application, as everything inside knows it: without the mount of the API that it belongs to.
///
/// Browsers need the mount in front. An attribute of a page (`href=paths::HOME`) puts it there by itself, and so does
/// the router for every `Location`; there is no `Display`, so that nobody writes such an address without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPath(Cow<'static, str>);

impl LocalPath {
    pub(super) const fn fixed(path: &'static str) -> Self {
        Self(Cow::Borrowed(path))
    }

    /// The same with something after it: a segment, a query, a fragment. It has to be encoded.
    #[must_use]
    pub fn and(&self, rest: impl fmt::Display) -> Self {
        Self(Cow::Owned(format!("{}{rest}", self.0)))
    }

    /// The same with a query, which has to be encoded, or as it is where that is empty.
    #[must_use]
    pub fn with_query(&self, query: &str) -> Self {
        if query.is_empty() { self.clone() } else { self.and(format_args!("?{query}")) }
    }

    /// Without the mount: for routes, comparisons and redirects.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As browsers know it.
    #[must_use]
    pub fn on(&self, mount: &Mount) -> String {
        format!("{}{}", mount.prefix(), self.0)
    }

    /// As a link on the page that is being rendered.
    #[must_use]
    pub fn href(&self) -> String {
        self.on(&use_context().unwrap_or_default())
    }
}

impl IntoAttributeValue for LocalPath {
    type Output = String;

    fn into_attribute_value(self) -> String {
        self.href()
    }
}

/// A link, for components that take any address.
impl From<LocalPath> for String {
    fn from(path: LocalPath) -> Self {
        path.href()
    }
}
