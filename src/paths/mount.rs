use std::sync::Arc;

/// Below which other APIs than the default one stand.
const APIS: &str = "/apis/";

/// Where an API stands in this application: the default one at the root, every other below `/apis/{name}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mount(Option<Arc<str>>);

impl Mount {
    /// The mount of an API that is not the default one. Its name is a path segment that needs no encoding.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::at(&format!("{APIS}{name}"))
    }

    /// The mount with this prefix, as [`Mount::prefix`] gives it.
    #[must_use]
    pub fn at(prefix: &str) -> Self {
        Self((!prefix.is_empty()).then(|| prefix.into()))
    }

    /// What stands in front of every address: nothing, or `/apis/{name}`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The name of an API that is not the default one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.as_deref()?.strip_prefix(APIS)
    }

    /// What an address of this site is inside this mount. `None` when it belongs to another.
    #[must_use]
    pub fn strip<'a>(&self, address: &'a str) -> Option<&'a str> {
        let local = address.strip_prefix(self.prefix())?;
        let is_inside = local.starts_with('/') && (self.0.is_some() || !is_mounted(local));
        is_inside.then_some(local)
    }
}

/// Whether an address, seen from the root, belongs to another API than the default one.
#[must_use]
pub fn is_mounted(address: &str) -> bool {
    address.starts_with(APIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_api_has_everything_but_the_others() {
        let root = Mount::default();
        assert_eq!((root.prefix(), root.name()), ("", None));
        assert_eq!(root.strip("/account?a=b"), Some("/account?a=b"));
        assert_eq!(root.strip("/apis"), Some("/apis"));
        assert_eq!(root.strip("/apis/shop/account"), None);
        assert_eq!(root.strip("account"), None);
    }

    #[test]
    fn another_api_has_what_stands_below_its_name() {
        let shop = Mount::of("shop");
        assert_eq!(shop, Mount::at("/apis/shop"));
        assert_eq!(shop.name(), Some("shop"));
        assert_eq!(shop.strip("/apis/shop/account"), Some("/account"));
        assert_eq!(shop.strip("/apis/shop/"), Some("/"));
        for address in ["/account", "/apis/shop", "/apis/shopping/account", "/apis/other/account", ""] {
            assert_eq!(shop.strip(address), None, "{address}");
        }
    }
}
