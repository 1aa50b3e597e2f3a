use super::*;

pub(super) fn read(text: &str, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Settings::read(file.path(), Variables::of(variables))
}

/// The sentence that an operator would read.
#[track_caller]
pub(super) fn refused(text: &str, variables: &[(&str, &str)]) -> String {
    read(text, variables).unwrap_err().to_string()
}

#[test]
fn the_file_that_comes_with_the_program_is_fine() {
    let settings = read(include_str!("../../../Leptos.toml"), &[]).unwrap();
    assert_eq!(settings.session.store, StoreLocation::Sqlite("data/vestibule.db".into()));
}

#[test]
fn everything_has_a_default() {
    let settings = read("", &[]).unwrap();
    assert!(settings.upstream.base_url.is_none());
    assert_eq!(settings.session.idle_timeout.as_secs(), 1800);
    assert_eq!(settings.session.absolute_timeout.as_secs(), 43_200);
    assert_eq!(settings.upstream.max_body, 16 << 20);
    assert_eq!(settings.logout.brake, Rate { limit: 50, window: std::time::Duration::from_secs(10) });
}

#[test]
fn the_environment_wins_over_the_file() {
    let file =
        "[upstream]\nbase_url = \"https://one.example\"\ntimeout = \"5 s\"\n[session]\nstore = \"memory\"";
    let settings = read(
        file,
        &[
            ("API_BASE_URL", "https://three.example/v1"),
            ("VESTIBULE_UPSTREAM__BASE_URL", "https://two.example"),
            ("VESTIBULE_UPSTREAM__MAX_BODY", "1 MiB"),
            ("VESTIBULE_SESSION__IDLE_TIMEOUT", "90"),
            ("VESTIBULE_SESSION__ABSOLUTE_TIMEOUT", "2 h"),
            ("VESTIBULE_LOGOUT__CLEAR_COOKIES", "a,b"),
            ("VESTIBULE_LOGOUT__BRAKE", "5 in 1 min"),
            ("VESTIBULE_SIGN_IN__PASSWORD__USERNAME_FIELD", "email"),
            ("VESTIBULE_CONFIG", "elsewhere.toml"),
            ("LEPTOS_SITE_ADDR", "127.0.0.1:1"),
        ],
    )
    .unwrap();
    assert_eq!(settings.upstream.base_url.unwrap().as_str(), "https://three.example/v1");
    assert_eq!(settings.upstream.timeout.as_secs(), 5);
    assert_eq!(settings.upstream.max_body, 1 << 20);
    assert_eq!(settings.session.idle_timeout.as_secs(), 90);
    assert_eq!(settings.session.absolute_timeout.as_secs(), 7200);
    assert_eq!(settings.session.store, StoreLocation::Memory);
    assert_eq!(settings.logout.clear_cookies, ["a", "b"]);
    assert_eq!(settings.logout.brake.limit, 5);
    assert_eq!(settings.sign_in.password.username_field, "email");
}

#[test]
fn a_bad_setting_names_its_key_and_the_remedy() {
    for (text, parts) in [
        ("[upstream]\nbase_url = \"ftp://x\"", ["upstream.base_url", "API_BASE_URL"]),
        ("[upstream]\nbase_url = \"https://me:secret@x\"", ["upstream.base_url", "user name"]),
        ("[upstream]\nbase_url = \"nonsense\"", ["upstream.base_url", "Correct it"]),
        ("[upstream]\ntimeout = \"soon\"", ["upstream.timeout", "30 min"]),
        ("[upstream]\nmax_body = \"much\"", ["upstream.max_body", "Correct it"]),
        ("[upstream]\nmax_upload = -1", ["upstream.max_upload", "Correct it"]),
        ("[upstream]\nsession_end = [{status = 200}]", ["upstream.session_end", "every success"]),
        ("[upstream]\nsession_end = [{}]", ["upstream.session_end", "every answer"]),
        ("[upstream]\nhosts = [\"files.example.org\"]", ["upstream.hosts", "Correct it"]),
        ("[upstream]\nhosts = [\"ftp://files.example.org\"]", ["upstream.hosts", "https://"]),
        ("[upstream]\nhosts = [\"https://x.example/path\"]", ["upstream.hosts", "more than scheme"]),
        ("[upstream]\nhosts = [\"http://169.254.169.254\"]", ["upstream.hosts", "allow_private"]),
        ("[upstream]\nhosts = [{origin = \"https://x\", tokn = true}]", ["upstream.hosts", "Correct it"]),
        ("[upstream]\ndocument = \"secret\"", ["upstream.document", "secret"]),
        ("[upstream]\ndocument = \"with-token\"\nopenapi = \"api.json\"", ["upstream.document", "shared"]),
        (
            "[upstream]\nbase_url = \"https://a\"\ndocument = \"per-person\"\nopenapi = \"https://b/x\"",
            ["upstream.document", "token = true"],
        ),
        ("[upstream]\nmax_document = \"huge\"", ["upstream.max_document", "Correct it"]),
        ("[upstream]\nenvelope = \"paper\"", ["upstream.envelope", "paper"]),
        ("[session]\nstore = \"floppy\"", ["session.store", "sqlite:data/vestibule.db"]),
        ("[session]\nstore = \"redis://a b\"", ["session.store", "rediss://"]),
        ("[session]\nstore = \"redis://here\"", ["session.secret", "openssl rand"]),
        ("[session]\nreplicas = 1", ["session.replicas", "Redis"]),
        ("[session]\nidle_timeout = 0", ["session.idle_timeout", "30 min"]),
        ("[session]\nabsolute_timeout = \"1 min\"", ["session.absolute_timeout", "12 h"]),
        ("[session]\nabsolute_timeout = \"500 days\"", ["session.absolute_timeout", "400 days"]),
        ("[server]\npublic_url = \"http://console.example.org\"", ["server.public_url", "https://"]),
        ("[server]\npublic_url = \"https://x/path\"", ["server.public_url", "https://console.example.org"]),
        ("[server]\ntrusted_proxies = [\"here\"]", ["server.trusted_proxies", "10.0.0.0/8"]),
        ("[logout]\nbrake = \"often\"", ["logout.brake", "50 in 10s"]),
        ("[logout]\nbrake = \"0 in 1s\"", ["logout.brake", "50 in 10s"]),
        ("[sign_in.password]\npath = \"login\"", ["sign_in.password.path", "/auth/login"]),
        ("[sign_in.password]\nmethod = \"post\"", ["sign_in.password.method", "POST"]),
        ("[sign_in.password.tokens]\naccess = \"\"", ["sign_in.password.tokens.access", "/data/accessToken"]),
        ("[sign_in.password.refresh.tokens]\naccess = \"\"", ["refresh.tokens.access", "JSON pointer"]),
        ("[history]\nkeep = 0", ["history.keep", "between 1 and 1000"]),
        ("[history]\ndays = 4000", ["history.days", "history.enabled"]),
        ("[history]\nenabled = \"perhaps\"", ["history.enabled", "Correct it"]),
        ("[console]\nkeep_for = 0", ["console.keep_for", "15 min"]),
        ("[console]\nmax_answer = \"3 GiB\"", ["console.keep_per_person", "2 GiB"]),
        ("[console]\nmax_answer = \"a lot\"", ["console.max_answer", "Correct it"]),
        ("[proxy]\nmethods = [\"TRACE\"]", ["proxy.methods", "GET"]),
        ("[proxy]\nmethods = [\"get\"]", ["proxy.methods", "GET"]),
        ("[proxy]\npaths = [\"orders\"]", ["proxy.paths", "/orders"]),
        ("[proxy]\npass_headers = [\"Connection\"]", ["proxy.pass_headers", "Location"]),
        ("[proxy]\nidle_timeout = 0", ["proxy.idle_timeout", "5 min"]),
        ("[upstream.proxy]\nidle_timeout = \"soon\"", ["proxy.idle_timeout", "30 min"]),
        ("[log]\naudit = \"\"", ["log.audit", "stdout"]),
        ("[trace]\notlp = \"ftp://here\"", ["trace.otlp", "4318"]),
        ("[sesion]\nstore = \"memory\"", ["sesion", "session"]),
        ("[session]\nstor = \"memory\"", ["stor", "store"]),
    ] {
        assert_told(text, parts);
    }
    assert!(refused("", &[("VESTIBULE_UPSTREAM__TIMEOUT", "0")]).contains("upstream.timeout"));
    assert!(refused("", &[("VESTIBULE_SESION__STORE", "memory")]).contains("sesion"));
}

#[test]
fn a_missing_file_is_named_with_the_remedy() {
    let missing =
        Settings::read(Path::new("/nowhere/at/all.toml"), Variables::of([])).unwrap_err().to_string();
    assert!(missing.contains("/nowhere/at/all.toml") && missing.contains("--config"));
}

#[test]
fn a_bad_limit_names_its_key_and_the_remedy() {
    for (text, parts) in [
        ("[upstream]\nconnect_timeout = 0", ["upstream.connect_timeout", "10s"]),
        ("[session]\nconfirm_after = 0", ["session.confirm_after", "10 min"]),
        ("[sign_in]\nattempts_per_account = \"few\"", ["sign_in.attempts_per_account", "50 in 10s"]),
        ("[sign_in]\nattempts_per_network = \"0 in 1s\"", ["sign_in.attempts_per_network", "100 in 15 min"]),
    ] {
        assert_told(text, parts);
    }
}

#[test]
fn hosts_are_origins_or_tables() {
    let file = "[upstream]\nhosts = [\"https://a.example\", {origin = \"https://b.example\", token = true}]";
    let settings = read(file, &[]).unwrap().upstream;
    let token = |url: &str| settings.host_of(&url.parse().unwrap()).map(|host| host.token);
    assert_eq!(token("https://a.example:443/x"), Some(false));
    assert_eq!(token("https://b.example/x"), Some(true));
    assert_eq!((token("http://a.example/"), token("https://c.example/")), (None, None));
    let settings =
        read("", &[("VESTIBULE_UPSTREAM__HOSTS", "https://a.example,https://b.example:1")]).unwrap();
    assert_eq!(settings.upstream.hosts.len(), 2);
}

/// The sentence about this file names these.
#[track_caller]
fn assert_told(text: &str, parts: [&str; 2]) {
    let sentence = refused(text, &[]);
    for part in parts {
        assert!(sentence.contains(part), "{text:?} is told as {sentence:?}");
    }
}

#[test]
fn a_bad_provider_names_its_key_and_the_remedy() {
    for (text, parts) in [
        ("[sign_in.password]\nenabled = false", ["sign_in.password.enabled", "sign_in.oidc"]),
        ("[sign_in.oidc.corp]", ["sign_in.oidc.<name>.issuer", "https://login.example.org"]),
        ("[sign_in.oidc.corp]\nissuer = \"http://login.example\"", ["issuer", "not https"]),
        ("[sign_in.oidc.corp]\nissuer = \"https://:hunter2@login.example\"", ["issuer", "a password"]),
        (
            "[sign_in.oidc.corp]\nissuer = \"https://login.example\"",
            ["sign_in.oidc.<name>.client_id", "not set"],
        ),
        ("[sign_in.oidc.\"a/b\"]\nissuer = \"https://login.example\"", ["sign_in.oidc", "a-z"]),
        (
            "[sign_in.oidc.corp]\nissuer = \"https://login.example\"\nclient_id = \"c\"\n\
             authorize_parameters = {state = \"x\"}",
            ["authorize_parameters", "state"],
        ),
    ] {
        assert_told(text, parts);
    }
}

#[test]
fn a_provider_can_come_from_the_environment() {
    let settings = read(
        "",
        &[
            ("VESTIBULE_SIGN_IN__OIDC__CORP__ISSUER", "https://login.example.org"),
            ("VESTIBULE_SIGN_IN__OIDC__CORP__CLIENT_ID", "vestibule"),
            ("VESTIBULE_SIGN_IN__OIDC__CORP__CLIENT_SECRET", "hunter2"),
            ("VESTIBULE_SIGN_IN__OIDC__CORP__AUTHORIZE_PARAMETERS__ACR_VALUES", "mfa"),
        ],
    )
    .unwrap();
    let corp = &settings.sign_in.oidc["corp"];
    assert_eq!(corp.client_id, "vestibule");
    assert_eq!(corp.authorize_parameters["acr_values"], "mfa");
    assert!(corp.scopes.contains("offline_access"));
    assert!(!format!("{settings:?}").contains("hunter2"));
}

#[test]
fn a_secret_is_never_shown() {
    let settings = read("[session]\nsecret = \"hunter2hunter2\"", &[]).unwrap();
    assert!(!format!("{settings:?}").contains("hunter2"));
    let store = "[session]\nsecret = \"x\"\nstore = \"redis://ann:hunter2@here\"";
    assert!(!format!("{:?}", read(store, &[]).unwrap()).contains("hunter2"));
    for text in [
        "[session]\nstore = \"redis://ann:hunter2@a b\"",
        "[upstream]\nbase_url = \"https://ann:hunter2@[x\"",
        "[upstream]\nbase_url = \"https://ann:hunter2@x\"",
        "[upstream]\nhosts = [\"https://ann:hunter2@[x\"]",
        "[server]\npublic_url = \"https://ann:hunter2@[x\"",
        "[server]\npublic_url = \"https://:hunter2@x\"",
        "[trace]\notlp = \"https://ann:hunter2@[x\"",
        "[sign_in.oidc.corp]\nissuer = \"https://ann:hunter2@x\"",
        "[sign_in.oidc.corp]\nissuer = \"https://:hunter2@x\"",
        "[sign_in.oidc.corp]\nresource = \"https://ann:hunter2@[x\"",
    ] {
        assert!(!refused(text, &[]).contains("hunter2"), "{text}");
    }
    let collector = read("[trace]\notlp = \"https://ann:hunter2@x\"", &[]).unwrap();
    assert!(!format!("{collector:?}").contains("hunter2"));
}
