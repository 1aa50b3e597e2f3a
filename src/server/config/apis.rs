//! Several APIs in one file: `[[upstream]]` instead of `[upstream]`.
//!
//! The first one is the default API. It takes the place that a single `[upstream]` has, so that every key of it can
//! still come from the environment; the others are kept beside it.

use std::{collections::HashSet, iter};

use config::{ConfigError, File, FileSourceString, Map, Source, Value, ValueKind};

use super::{ProxySettings, Settings, SettingsError, SignInSettings, UpstreamSettings, units};

const FIRST: &str = "upstream";
/// Where the others go. Nobody writes this key: a file that holds it is refused.
const OTHERS: &str = "other_upstreams";

/// A settings file whose `[[upstream]]` tables are told apart: the default API, and the others.
#[derive(Debug, Clone)]
pub(super) struct Split(pub File<FileSourceString, config::FileFormat>);

impl Source for Split {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let mut keys = self.0.collect()?;
        if keys.contains_key(OTHERS) {
            return Err(ConfigError::Message(format!("unknown field `{OTHERS}`: write [[{FIRST}]]")));
        }
        if let Some(ValueKind::Array(apis)) = keys.get(FIRST).map(|value| value.kind.clone()) {
            let mut apis = apis.into_iter();
            keys.insert(FIRST.into(), apis.next().unwrap_or_else(|| Map::<String, Value>::new().into()));
            keys.insert(OTHERS.into(), apis.collect::<Vec<_>>().into());
        }
        Ok(keys)
    }
}

impl Settings {
    /// The settings as each API sees them, with `upstream`, `sign_in` and `proxy` its own: the default API, and the others.
    #[must_use]
    pub fn by_api(&self) -> (Self, Vec<Self>) {
        let of = |upstream: &UpstreamSettings| Self {
            sign_in: upstream.sign_in.clone().unwrap_or_else(|| self.sign_in.clone()),
            proxy: upstream.proxy.clone().unwrap_or_else(|| self.proxy.clone()),
            upstream: upstream.clone(),
            others: Vec::new(),
            ..self.clone()
        };
        (of(&self.upstream), self.others.iter().map(of).collect())
    }

    /// Whether some API is the demo API.
    #[must_use]
    pub fn has_demo(&self) -> bool {
        self.upstreams().any(|upstream| upstream.base_url.is_none())
    }

    fn upstreams(&self) -> impl Iterator<Item = &UpstreamSettings> {
        iter::once(&self.upstream).chain(&self.others)
    }

    pub(super) fn check_apis(&self) -> Result<(), SettingsError> {
        if !self.others.is_empty() {
            self.check_names()?;
        }
        self.sign_in.check()?;
        self.proxy.check()?;
        self.upstreams().try_for_each(|upstream| {
            let checked = upstream.sign_in.as_ref().map_or(Ok(()), SignInSettings::check);
            let checked = checked.and_then(|()| upstream.proxy.as_ref().map_or(Ok(()), ProxySettings::check));
            checked.and_then(|()| upstream.check()).map_err(|error| self.of_api(upstream, error))
        })
    }

    fn of_api(&self, upstream: &UpstreamSettings, error: SettingsError) -> SettingsError {
        match &upstream.name {
            Some(name) if !self.others.is_empty() => SettingsError::Api(name.clone(), error.into()),
            _ => error,
        }
    }

    /// Several APIs are told apart by their names.
    fn check_names(&self) -> Result<(), SettingsError> {
        let wrong = |why: String| {
            SettingsError::key("upstream.name", why, "Give every [[upstream]] a name of its own.")
        };
        let mut seen = HashSet::new();
        for upstream in self.upstreams() {
            let name =
                upstream.name.as_deref().ok_or_else(|| wrong("one of several APIs has none".into()))?;
            if !seen.insert(name) {
                return Err(wrong(format!("two APIs are named {name}")));
            }
        }
        Ok(())
    }
}

pub(super) fn check_name(name: &str) -> Result<(), SettingsError> {
    if units::is_plain_name(name) {
        return Ok(());
    }
    Err(SettingsError::key(
        "upstream.name",
        format!("{name:?} cannot stand in an address"),
        "Use small letters, digits and -, at most 32 of them.",
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read, refused};

    const TWO: &str = r#"
        [sign_in.password]
        username_field = "email"

        [[upstream]]
        name = "shop"
        base_url = "https://shop.example"

        [[upstream]]
        name = "stock"
        title = "Stockroom"
        base_url = "https://stock.example/v1"
        timeout = "5 s"
        [upstream.sign_in.password]
        path = "/token"
    "#;

    #[test]
    fn one_table_is_one_api() {
        let settings = read("[upstream]\nbase_url = \"https://one.example\"", &[]).unwrap();
        let (default, others) = settings.by_api();
        assert_eq!(default.upstream.base_url.unwrap().as_str(), "https://one.example/");
        assert!(others.is_empty());
    }

    #[test]
    fn each_of_several_has_its_own_upstream_and_sign_in() {
        let (shop, others) = read(TWO, &[]).unwrap().by_api();
        assert_eq!(shop.upstream.name.as_deref(), Some("shop"));
        assert_eq!(shop.upstream.timeout.as_secs(), 10);
        assert_eq!(
            shop.sign_in.password.username_field, "email",
            "the top-level mapping, having none of its own"
        );
        let [stock] = others.as_slice() else { panic!("{others:?}") };
        assert_eq!(stock.upstream.title.as_deref(), Some("Stockroom"));
        assert_eq!(stock.upstream.base_url.as_ref().unwrap().as_str(), "https://stock.example/v1");
        assert_eq!(stock.upstream.timeout.as_secs(), 5);
        assert_eq!(stock.sign_in.password.path, "/token");
        assert_eq!(stock.sign_in.password.username_field, "username", "its own mapping is the whole mapping");
        assert_eq!(stock.session.store, shop.session.store);
    }

    #[test]
    fn the_environment_is_for_the_default_api() {
        let variables = [
            ("API_BASE_URL", "https://elsewhere.example"),
            ("VESTIBULE_UPSTREAM__TIMEOUT", "7"),
            ("VESTIBULE_SIGN_IN__PASSWORD__PATH", "/in"),
        ];
        let (shop, others) = read(TWO, &variables).unwrap().by_api();
        assert_eq!(shop.upstream.base_url.unwrap().as_str(), "https://elsewhere.example/");
        assert_eq!((shop.upstream.timeout.as_secs(), shop.sign_in.password.path.as_str()), (7, "/in"));
        assert_eq!(others[0].upstream.base_url.as_ref().unwrap().as_str(), "https://stock.example/v1");
        assert_eq!(others[0].upstream.timeout.as_secs(), 5);
    }

    #[test]
    fn a_single_table_in_brackets_needs_no_name() {
        assert!(read("[[upstream]]\nbase_url = \"https://one.example\"", &[]).unwrap().by_api().1.is_empty());
    }

    #[test]
    fn what_is_wrong_is_told_with_the_name_of_the_api() {
        for (text, parts) in [
            ("[[upstream]]\nname = \"a\"\n[[upstream]]", ["upstream.name", "has none"]),
            (
                "[[upstream]]\nname = \"a\"\n[[upstream]]\nname = \"a\"",
                ["upstream.name", "two APIs are named a"],
            ),
            ("[upstream]\nname = \"a/b\"", ["upstream.name", "small letters"]),
            ("[upstream]\nname = \"Shop\"", ["upstream.name", "small letters"]),
            ("[upstream]\nname = \"..\"", ["upstream.name", "small letters"]),
            ("[upstream]\nname = \"\"", ["upstream.name", "small letters"]),
            (
                "[[upstream]]\nname = \"a\"\n[[upstream]]\nname = \"b\"\ntimeout = 0",
                ["API b", "upstream.timeout"],
            ),
            (
                "[[upstream]]\nname = \"a\"\n[[upstream]]\nname = \"b\"\n[upstream.sign_in.password]\npath = \"x\"",
                ["API b", "sign_in.password.path"],
            ),
            ("[[upstream]]\nname = \"a\"\n[[upstream]]\nnam = \"b\"", ["nam", "unknown"]),
            ("[[other_upstreams]]\nname = \"a\"", ["other_upstreams", "[[upstream]]"]),
        ] {
            let sentence = refused(text, &[]);
            for part in parts {
                assert!(sentence.contains(part), "{text:?} is told as {sentence:?}");
            }
        }
    }
}
