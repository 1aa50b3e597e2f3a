//! Settings from the environment: `VESTIBULE_SESSION__STORE` is the key `session.store`.
//!
//! What a variable means depends on its key, never on what its text looks like:
//!
//! | key | text |
//! |---|---|
//! | a list | items with commas between them, or a list as JSON or TOML has it |
//! | a map, whose names are not ours | as JSON or TOML has it; or a variable for each name: `…__EXTRA_FIELDS__grantType`, `…__EXTRA_FIELDS__SCOPE` for `scope` |
//! | anything else | itself: a client secret of digits stays what it is, and a number is read where one is wanted |
//!
//! An empty variable is as good as none, as deployments set such ones without meaning it; but for the keys where nothing
//! is something.

use std::ffi::{OsStr, OsString};

use config::{ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

const PREFIX: &str = "VESTIBULE_";

const LISTS: [&str; 8] = [
    "server.trusted_proxies",
    "upstream.hosts",
    "upstream.session_end",
    "logout.clear_cookies",
    "home.glance",
    "proxy.methods",
    "proxy.paths",
    "proxy.pass_headers",
];

/// A `*` stands for any name.
const MAPS: [&str; 3] = [
    "sign_in.password.extra_fields",
    "sign_in.password.refresh.extra_fields",
    "sign_in.oidc.*.authorize_parameters",
];

/// Where an empty text says that there is none.
const MAY_BE_EMPTY: [&str; 10] = [
    "sign_in.password.tokens.refresh",
    "sign_in.password.tokens.expires_in",
    "sign_in.password.refresh.path",
    "sign_in.password.refresh.tokens.refresh",
    "sign_in.password.refresh.tokens.expires_in",
    "sign_in.password.revoke.path",
    "sign_in.password.profile.path",
    "sign_in.password.profile.name",
    "sign_in.oidc.*.scopes",
    "logout.clear_cookies",
];

/// The variables of this process, or what stands for them.
#[derive(Debug, Clone)]
pub(super) struct Variables(Vec<(OsString, OsString)>);

impl Variables {
    pub(super) fn of(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut all: Vec<_> = variables.into_iter().collect();
        // A map comes before its names.
        all.sort();
        Self(all)
    }

    /// The text of one variable, if it is set to any.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(other, _)| other == name)?;
        value.to_str().filter(|text| !text.is_empty())
    }
}

impl Source for Variables {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        let mut settings = Map::new();
        for (name, value) in &self.0 {
            let name = name.to_str().filter(|name| !is_service_link(name, value));
            let Some(key) = name.and_then(Key::of) else { continue };
            let text = value.to_str().ok_or_else(|| key.wrong("holds what is no UTF-8"))?;
            if let Some(kind) = key.read(text)? {
                put(&mut settings, &key.0, value_of(kind));
            }
        }
        Ok(settings)
    }
}

/// Kubernetes tells every pod of the services beside it ("service links"), and of one whose name begins with `vestibule`
/// in variables that look like ours.
fn is_service_link(variable: &str, text: &OsStr) -> bool {
    let Some(rest) = variable.strip_prefix(PREFIX).filter(|rest| !rest.contains("__")) else { return false };
    let rest = format!("_{rest}");
    let is_address =
        || text.to_str().is_some_and(|text| ["tcp://", "udp://"].iter().any(|p| text.starts_with(p)));
    rest.ends_with("_SERVICE_HOST")
        || rest.ends_with("_SERVICE_PORT")
        || rest.contains("_SERVICE_PORT_")
        || (rest.ends_with("_PORT") && is_address())
        || rest.split("_PORT_").skip(1).any(is_port)
}

/// `3000_TCP`, `3000_TCP_ADDR` and so on.
fn is_port(text: &str) -> bool {
    let protocol = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    protocol.len() < text.len() && (protocol.starts_with("_TCP") || protocol.starts_with("_UDP"))
}

/// The names that lead to a setting.
struct Key(Vec<String>);

impl Key {
    /// Names of settings are in small letters; so are those in a map, unless they hold some. `None`: this is no setting.
    fn of(variable: &str) -> Option<Self> {
        let (prefix, rest) = variable.split_at_checked(PREFIX.len())?;
        if !prefix.eq_ignore_ascii_case(PREFIX) {
            return None;
        }
        let mut key = Self(Vec::new());
        for name in rest.split("__") {
            let is_as_written =
                key.is_among(&MAPS) && name.contains(|letter: char| letter.is_ascii_lowercase());
            key.0.push(if is_as_written { name.to_owned() } else { name.to_ascii_lowercase() });
        }
        Some(key)
    }

    /// What a text means here; `None` for one that means nothing.
    fn read(&self, text: &str) -> Result<Option<ValueKind>, ConfigError> {
        let is_in_map = Self(self.0[..self.0.len() - 1].to_vec()).is_among(&MAPS);
        if text.is_empty() && !is_in_map && !self.is_among(&MAY_BE_EMPTY) {
            return Ok(None);
        }
        if self.is_among(&MAPS) || (self.is_among(&LISTS) && text.trim_start().starts_with('[')) {
            let kind = structure(text).ok_or_else(|| self.wrong("is neither JSON nor TOML"))?;
            return Ok(Some(kind));
        }
        Ok(Some(if self.is_among(&LISTS) { list(text) } else { ValueKind::String(text.to_owned()) }))
    }

    /// Whether one of `keys` is meant; an API's own sign-in and proxy are like those of all.
    fn is_among(&self, keys: &[&str]) -> bool {
        let names = match self.0.as_slice() {
            [first, rest @ ..]
                if first == "upstream"
                    && matches!(rest, [next, ..] if next == "sign_in" || next == "proxy") =>
            {
                rest
            }
            names => names,
        };
        keys.iter().any(|key| {
            let mut wanted = key.split('.');
            let fits = names.iter().all(|name| wanted.next().is_some_and(|one| one == "*" || one == name));
            fits && wanted.next().is_none()
        })
    }

    /// The text itself is not told: it may be a secret.
    fn wrong(&self, why: &str) -> ConfigError {
        ConfigError::Message(format!("the variable for the key `{}` {why}", self.0.join(".")))
    }
}

fn value_of(kind: ValueKind) -> Value {
    Value::new(Some(&"the environment".to_owned()), kind)
}

fn put(table: &mut Map<String, Value>, names: &[String], value: Value) {
    match names {
        [] => {}
        [name] => {
            table.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            let inner = table.entry(name.clone()).or_insert_with(|| Map::<String, Value>::new().into());
            if !matches!(inner.kind, ValueKind::Table(_)) {
                *inner = Map::<String, Value>::new().into();
            }
            if let ValueKind::Table(inner) = &mut inner.kind {
                put(inner, rest, value);
            }
        }
    }
}

fn list(text: &str) -> ValueKind {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    ValueKind::Array(items.map(|item| value_of(ValueKind::String(item.to_owned()))).collect())
}

/// A list or table as JSON or TOML has it.
fn structure(text: &str) -> Option<ValueKind> {
    let kind = if let Ok(json) = serde_json::from_str(text) {
        of_json(json)
    } else {
        let file = File::from_str(&format!("value = {text}"), FileFormat::Toml);
        file.collect().ok()?.remove("value")?.kind
    };
    matches!(kind, ValueKind::Array(_) | ValueKind::Table(_)).then_some(kind)
}

fn of_json(json: serde_json::Value) -> ValueKind {
    match json {
        serde_json::Value::Null => ValueKind::Nil,
        serde_json::Value::Bool(is_so) => ValueKind::Boolean(is_so),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => ValueKind::I64(whole),
            (None, Some(fraction)) => ValueKind::Float(fraction),
            (None, None) => ValueKind::Nil,
        },
        serde_json::Value::String(text) => ValueKind::String(text),
        serde_json::Value::Array(items) => {
            ValueKind::Array(items.into_iter().map(|item| value_of(of_json(item))).collect())
        }
        serde_json::Value::Object(members) => {
            let members = members.into_iter().map(|(name, member)| (name, value_of(of_json(member))));
            ValueKind::Table(members.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::super::{
        SessionEndRule, Settings,
        tests::{read, refused},
    };

    fn with(variables: &[(&str, &str)]) -> Settings {
        read("", variables).unwrap()
    }

    #[test]
    fn a_list_of_tables_is_json_or_toml() {
        let rule =
            SessionEndRule { status: Some(403), pointer: Some("/code".into()), value: Some("X".into()) };
        for text in [
            r#"[{"status": 403, "pointer": "/code", "value": "X"}]"#,
            r#"[{"status":403,"pointer":"/code","value":"X"}]"#,
            r#"[{status = 403, pointer = "/code", value = "X"}]"#,
        ] {
            let settings = with(&[("VESTIBULE_UPSTREAM__SESSION_END", text)]);
            assert_eq!(settings.upstream.session_end, std::slice::from_ref(&rule), "{text}");
        }
        let hosts = r#"[{"origin": "https://files.example", "token": true}, "https://b.example"]"#;
        let hosts = with(&[("VESTIBULE_UPSTREAM__HOSTS", hosts)]).upstream.hosts;
        assert!(hosts[0].token && !hosts[1].token);
    }

    #[test]
    fn a_map_is_json_or_toml_or_a_variable_for_each_name() {
        for (variable, text) in [
            (
                "VESTIBULE_SIGN_IN__PASSWORD__EXTRA_FIELDS",
                r#"{"grantType": "password", "level": 2, "n": "2"}"#,
            ),
            ("VESTIBULE_SIGN_IN__PASSWORD__EXTRA_FIELDS", r#"{grantType = "password", level = 2, n = "2"}"#),
            (
                "VESTIBULE_UPSTREAM__SIGN_IN__PASSWORD__EXTRA_FIELDS",
                r#"{"grantType": "password", "level": 2, "n": "2"}"#,
            ),
        ] {
            let (api, _) = with(&[(variable, text)]).by_api();
            let fields = json!(api.sign_in.password.extra_fields);
            assert_eq!(fields, json!({"grantType": "password", "level": 2, "n": "2"}), "{text}");
        }
        let settings = with(&[
            ("VESTIBULE_SIGN_IN__PASSWORD__REFRESH__EXTRA_FIELDS", r#"{"a": 1}"#),
            ("VESTIBULE_SIGN_IN__PASSWORD__REFRESH__EXTRA_FIELDS__grantType", "refresh"),
            ("VESTIBULE_SIGN_IN__PASSWORD__REFRESH__EXTRA_FIELDS__scope", ""),
        ]);
        let fields = json!(settings.sign_in.password.refresh.extra_fields);
        assert_eq!(fields, json!({"a": 1, "grantType": "refresh", "scope": ""}));
    }

    #[test]
    fn nothing_is_something_where_that_is_said() {
        let password = with(&[
            ("VESTIBULE_SIGN_IN__PASSWORD__REFRESH__PATH", ""),
            ("VESTIBULE_SIGN_IN__PASSWORD__REVOKE__PATH", ""),
            ("VESTIBULE_SIGN_IN__PASSWORD__PROFILE__PATH", ""),
            ("VESTIBULE_SIGN_IN__PASSWORD__TOKENS__EXPIRES_IN", ""),
            ("VESTIBULE_SIGN_IN__PASSWORD__TOKENS__REFRESH", ""),
            ("VESTIBULE_SIGN_IN__PASSWORD__PATH", ""),
            ("VESTIBULE_SESSION__SECRET", ""),
            ("VESTIBULE_UPSTREAM__BASE_URL", ""),
        ])
        .sign_in
        .password;
        let empty = [
            password.refresh.path,
            password.revoke.path,
            password.profile.path,
            password.tokens.expires_in,
            password.tokens.refresh,
        ];
        assert!(empty.iter().all(String::is_empty), "{empty:?}");
        assert_eq!(password.path, "/auth/login", "elsewhere it is as good as not set");
        assert!(with(&[("VESTIBULE_LOGOUT__CLEAR_COOKIES", "")]).logout.clear_cookies.is_empty());
    }

    #[test]
    fn a_text_stays_what_it_is() {
        for text in ["0012345", "1e5", "TRUE", "Infinity", "[x]", "{x}", " x "] {
            let settings = with(&[
                ("VESTIBULE_SIGN_IN__OIDC__CORP__ISSUER", "https://login.example.org"),
                ("VESTIBULE_SIGN_IN__OIDC__CORP__CLIENT_ID", text),
                ("VESTIBULE_SIGN_IN__OIDC__CORP__CLIENT_SECRET", text),
            ]);
            let corp = &settings.sign_in.oidc["corp"];
            assert_eq!(corp.client_id, text);
            assert_eq!(corp.client_secret.as_ref().unwrap().expose_secret(), text);
        }
    }

    #[test]
    fn numbers_and_booleans_are_read_where_they_are_wanted() {
        let settings = with(&[
            ("VESTIBULE_SESSION__IDLE_TIMEOUT", "90"),
            ("VESTIBULE_UPSTREAM__MAX_BODY", "1048576"),
            ("VESTIBULE_HISTORY__ENABLED", "false"),
            ("VESTIBULE_HISTORY__KEEP", "7"),
            ("VESTIBULE_DEMO__LISTEN", "127.0.0.1:1"),
        ]);
        assert_eq!((settings.session.idle_timeout.as_secs(), settings.upstream.max_body), (90, 1 << 20));
        assert_eq!((settings.history.enabled, settings.history.keep), (false, 7));
    }

    #[test]
    fn what_kubernetes_says_of_a_service_is_no_setting() {
        with(&[
            ("VESTIBULE_SERVICE_HOST", "10.0.0.7"),
            ("VESTIBULE_SERVICE_PORT", "3000"),
            ("VESTIBULE_SERVICE_PORT_HTTP", "3000"),
            ("VESTIBULE_PORT", "tcp://10.0.0.7:3000"),
            ("VESTIBULE_PORT_3000_TCP", "tcp://10.0.0.7:3000"),
            ("VESTIBULE_PORT_3000_TCP_ADDR", "10.0.0.7"),
            ("VESTIBULE_PORT_3000_TCP_PORT", "3000"),
            ("VESTIBULE_PORT_3000_TCP_PROTO", "tcp"),
            ("VESTIBULE_PORT_53_UDP", "udp://10.0.0.7:53"),
            ("VESTIBULE_REDIS_MASTER_SERVICE_HOST", "10.0.0.8"),
            ("VESTIBULE_REDIS_MASTER_PORT", "tcp://10.0.0.8:6379"),
            ("VESTIBULE_REDIS_MASTER_PORT_6379_TCP_ADDR", "10.0.0.8"),
        ]);
        for (variable, text, key) in [
            ("VESTIBULE_NONSENSE", "1", "nonsense"),
            ("VESTIBULE_PORT", "3000", "port"),
            ("VESTIBULE_PORT_HTTP", "3000", "port_http"),
            ("VESTIBULE_PORT__TCP", "3000", "port"),
            ("VESTIBULE_SERVICE", "tcp://10.0.0.7:3000", "service"),
        ] {
            let sentence = refused("", &[(variable, text)]);
            assert!(sentence.contains(&format!("`{key}`")), "{variable}: {sentence}");
        }
    }

    #[test]
    fn items_are_trimmed() {
        let settings = with(&[
            ("VESTIBULE_SERVER__TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"),
            ("VESTIBULE_LOGOUT__CLEAR_COOKIES", " a , b,"),
        ]);
        assert_eq!(settings.server.trusted_proxies.len(), 2);
        assert_eq!(settings.logout.clear_cookies, ["a", "b"]);
    }

    #[test]
    fn what_is_wrong_names_the_key_and_not_the_text() {
        for (variable, text, key) in [
            ("VESTIBULE_UPSTREAM__SESSION_END", "[hunter2", "upstream.session_end"),
            ("VESTIBULE_UPSTREAM__SESSION_END", "401", "upstream.session_end"),
            ("VESTIBULE_SIGN_IN__PASSWORD__EXTRA_FIELDS", "hunter2", "sign_in.password.extra_fields"),
            ("VESTIBULE_SIGN_IN__PASSWORD__EXTRA_FIELDS", "[\"hunter2\"]", "sign_in.password.extra_fields"),
            ("VESTIBULE_HISTORY__ENABLED", "perhaps", "history.enabled"),
            ("VESTIBULE_HISTORY__KEEP", "many", "history.keep"),
        ] {
            let sentence = refused("", &[(variable, text)]);
            assert!(sentence.contains(key) && !sentence.contains("hunter2"), "{sentence}");
        }
    }

    #[test]
    fn what_is_no_utf_8_is_told_or_does_not_concern_us() {
        use std::os::unix::ffi::OsStringExt;
        let bytes = || std::ffi::OsString::from_vec(vec![0xff]);
        let file = tempfile::NamedTempFile::new().unwrap();
        let read = |name: &str| Settings::read(file.path(), super::Variables::of([(name.into(), bytes())]));
        assert!(read("LS_COLORS").is_ok());
        let sentence = read("VESTIBULE_SESSION__STORE").unwrap_err().to_string();
        assert!(sentence.contains("session.store") && sentence.contains("UTF-8"), "{sentence}");
    }
}
