//! Attacks on session cookies that have worked on others, and a browser's cookie jar to try deletions on.

use std::collections::BTreeMap;

use super::*;

const NAME: &str = "__Host-vestibule";

fn request(cookies: &[&[u8]]) -> HeaderMap {
    cookies.iter().map(|bytes| (COOKIE, HeaderValue::from_bytes(bytes).unwrap())).collect()
}

fn value(cookie: &[u8]) -> Option<Vec<u8>> {
    find(&request(&[cookie]), NAME).value().map(<[u8]>::to_vec)
}

#[test]
fn finds_the_cookie_wherever_it_stands() {
    for cookie in [
        "__Host-vestibule=v",
        "a=1; __Host-vestibule=v; b=2",
        "a=1;__Host-vestibule=v\t ",
        " __Host-vestibule = v",
    ] {
        assert_eq!(value(cookie.as_bytes()).unwrap(), b"v", "{cookie}");
    }
    assert_eq!(value(b"__Host-vestibule=a=b").unwrap(), b"a=b");
    assert_eq!(value(b"__Host-vestibule=").unwrap(), b"");
    assert_eq!(value(b"__Host-vestibule2=v; x__Host-vestibule=v; __Host-vestibule"), None);
    assert_eq!(find(&HeaderMap::new(), NAME), Cookie::Absent);
}

#[test]
fn http_2_may_split_the_header() {
    let headers = request(&[b"a=1", b"__Host-vestibule=v", b"b=2"]);
    assert_eq!(find(&headers, NAME), Cookie::One(b"v"));
}

/// CVE-2020-7070, CVE-2020-8184: `%5F%5FHost-` is no prefix to a browser, so any sibling host may set it.
#[test]
fn an_encoded_name_is_another_name() {
    let planted = b"__Host-vestibule=own; %5F%5FHost-vestibule=planted; _%5FHost-vestibule=planted";
    assert_eq!(value(planted).unwrap(), b"own");
    assert_eq!(value(b"%5F%5FHost-vestibule=planted; __host-vestibule=planted"), None);
}

/// Space that only some trim: a browser sees no prefix, a server that trims by Unicode does.
#[test]
fn only_space_and_tab_are_trimmed() {
    let spaces: [&[u8]; 6] = [b"\xE2\x80\x80", b"\xC2\xA0", b"\xC2\x85", b"\x85", b"\xA0", b"\xEF\xBB\xBF"];
    for space in spaces {
        let planted = [b"__Host-vestibule=own; ", space, b"__Host-vestibule=planted"].concat();
        assert_eq!(value(&planted).unwrap(), b"own");
        assert_eq!(value(&[space, b"__Host-vestibule=planted"].concat()), None);
    }
}

#[test]
fn two_of_the_name_are_none() {
    let twice: [&[&[u8]]; 4] = [
        &[b"__Host-vestibule=a; __Host-vestibule=b"],
        &[b"__Host-vestibule=a", b"__Host-vestibule=b"],
        &[b"__Host-vestibule=a; x=1; __Host-vestibule=a"],
        &[b"__Host-vestibule=; __Host-vestibule=a"],
    ];
    for cookies in twice {
        assert_eq!(find(&request(cookies), NAME), Cookie::Several);
        assert_eq!(find(&request(cookies), NAME).value(), None);
    }
}

/// A sibling host sets one cookie in UTF-8, and everybody appears signed out.
#[test]
fn bytes_in_other_cookies_do_not_matter() {
    assert_eq!(value(b"x=\xC3\xA9; \xFF\xFE=\x80; __Host-vestibule=own").unwrap(), b"own");
}

#[test]
fn nonsense_and_abundance_are_harmless() {
    let many = [b"c=1; ".repeat(300), b"__Host-vestibule=own".to_vec()].concat();
    assert_eq!(value(&many).unwrap(), b"own");
    assert_eq!(value(&vec![b'='; MOST_BYTES]), None);
    assert_eq!(value(&vec![b';'; MOST_BYTES]), None);
    for nonsense in
        [";;; = ;=;", "=", "==", ";", "", " ", "=__Host-vestibule=x", "a=1; =; ;;__Host-vestibule"]
    {
        assert_eq!(value(nonsense.as_bytes()), None, "{nonsense}");
    }
    let huge = [b"__Host-vestibule=own; x=".as_slice(), &vec![b'x'; MOST_BYTES]].concat();
    assert_eq!(value(&huge), None, "too much is nothing");
}

/// CVE-2024-24814: a cookie that says how many chunks there are. Here nothing is ever put together from chunks.
#[test]
fn a_count_of_chunks_means_nothing() {
    let cookie = SessionCookie::new(true, Duration::from_hours(12));
    for cookies in [
        "__Host-vestibule.0=a; __Host-vestibule.1=b",
        "__Host-vestibule_chunks=99999999",
        "__Host-vestibule=99999999",
    ] {
        assert!(cookie.token(&request(&[cookies.as_bytes()])).is_none());
    }
}

#[test]
fn the_session_cookie_round_trips() {
    for secure in [true, false] {
        let cookie = SessionCookie::new(secure, Duration::from_hours(12));
        let token = SessionToken::generate().unwrap();
        let set = cookie.set(&token).unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap();
        let headers = request(&[b"a=1", pair.as_bytes()]);
        assert_eq!(cookie.token(&headers).unwrap().expose(), token.expose());
        assert!(SessionCookie::new(!secure, Duration::ZERO).token(&headers).is_none());
        assert_eq!(format!("{set:?}"), "Sensitive");
    }
}

#[test]
fn attributes_are_those_of_the_contract() {
    let token = SessionToken::generate().unwrap();
    let text = token.expose().to_string();
    let attributes = |secure| {
        let set = SessionCookie::new(secure, Duration::from_hours(12)).set(&token).unwrap();
        set.to_str().unwrap().replace(&text, "TOKEN")
    };
    let plain = "Path=/; Max-Age=43200; HttpOnly; SameSite=Lax";
    assert_eq!(attributes(true), format!("__Host-vestibule=TOKEN; {plain}; Secure"));
    assert_eq!(attributes(false), format!("vestibule=TOKEN; {plain}"));
}

/// `vestibule` is where the name of the other cookie begins: names are compared whole.
#[test]
fn each_api_has_a_cookie_of_its_own() {
    for secure in [true, false] {
        let default = SessionCookie::new(secure, Duration::from_hours(12));
        let shop = default.clone().of_api("shop").unwrap();
        assert_eq!(shop.name(), format!("{}-shop", default.name()));
        let set = shop.set(&SessionToken::generate().unwrap()).unwrap();
        let headers = request(&[set.to_str().unwrap().split(';').next().unwrap().as_bytes()]);
        assert!(shop.token(&headers).is_some() && default.token(&headers).is_none());
        let mut jar = Jar::new(secure);
        jar.receive(&set);
        jar.receive(&default.clear());
        assert_eq!(jar.cookies.len(), 1, "the clearing of one leaves the other");
        jar.receive(&shop.clear());
        assert!(jar.cookies.is_empty());
    }
}

/// RUSTSEC-2017-0005, RUSTSEC-2020-0071: a huge lifetime was a panic.
#[test]
fn lifetimes_are_clamped() {
    for lifetime in [Duration::MAX, Duration::from_secs(u64::MAX), Duration::from_hours(401 * 24)] {
        let set = SessionCookie::new(true, lifetime).set(&SessionToken::generate().unwrap()).unwrap();
        assert!(set.to_str().unwrap().contains("; Max-Age=34560000;"));
    }
}

#[test]
fn names_that_no_cookie_can_have_are_refused() {
    let long = "x".repeat(201);
    for name in [
        "",
        "__Host-",
        "__Secure-",
        "a b",
        "a=b",
        "a;b",
        "a,b",
        "naïve",
        "a\r\nSet-Cookie: b",
        "\"a\"",
        &long,
    ] {
        let refused = ForeignCookies::new(&["fine".into(), name.into()], true).unwrap_err();
        assert_eq!(refused, InvalidCookieName(name.into()));
    }
}

#[test]
fn a_name_and_its_prefixed_forms_are_cleared_once() {
    let names = ["token".into(), "__Host-token".into(), "__Secure-token".into(), "token".into()];
    let foreign = ForeignCookies::new(&names, true).unwrap();
    let clears = foreign.clear(&HeaderMap::new());
    assert_eq!(clears.len(), 3);
    let sent = [
        &b"token.0=a; token.4=b; token.57=c; __Secure-token.1=d; other.0=e; token.0=twice"[..],
        b"token.=f; token.x=g",
    ];
    let clears = foreign.clear(&request(&sent));
    let names: Vec<_> = clears.iter().skip(3).map(cookie_name).collect();
    assert_eq!(names, ["token.0", "token.4", "token.57", "__Secure-token.1"]);
    let many: Vec<_> = (0..1000).map(|number| format!("token.{number}=a")).collect();
    let clears = foreign.clear(&request(&[many.join("; ").as_bytes()]));
    assert_eq!(clears.len(), 3 + 32, "the head of the answer stays small");
}

/// RFC 6265bis, section 5.7, as far as it concerns cookies of one host: what a browser holds, and what it refuses.
struct Jar {
    https: bool,
    cookies: BTreeMap<String, Held>,
}

struct Held {
    value: String,
    secure: bool,
}

impl Jar {
    fn new(https: bool) -> Self {
        Self { https, cookies: BTreeMap::new() }
    }

    fn receive(&mut self, header: &HeaderValue) {
        let mut parts = header.to_str().unwrap().split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        let has = |attribute: &str| attributes.iter().any(|other| other == attribute);
        let (secure, prefix) = (has("secure"), name.to_ascii_lowercase());
        let host_only = !attributes.iter().any(|attribute| attribute.starts_with("domain"));
        let protected = self.cookies.get(name).is_some_and(|held| held.secure);
        let refused = (!self.https && (secure || protected))
            || (prefix.starts_with("__secure-") && !secure)
            || (prefix.starts_with("__host-") && !(secure && host_only && has("path=/")))
            || !has("path=/");
        if refused {
            return;
        }
        self.cookies.remove(name);
        if !has("max-age=0") {
            self.cookies.insert(name.into(), Held { value: value.into(), secure });
        }
    }

    fn request(&self) -> HeaderMap {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, held)| format!("{name}={}", held.value)).collect();
        request(&[cookies.join("; ").as_bytes()])
    }
}

fn cookie_name(header: &HeaderValue) -> &str {
    header.to_str().unwrap().split('=').next().unwrap()
}

/// A deletion that does not match what a browser demands leaves the cookie where it is.
#[test]
fn a_browser_is_left_with_nothing() {
    let names = ["authjs.session-token", "next-auth.session-token", "access_token"].map(String::from);
    let session = SessionCookie::new(true, Duration::from_hours(12));
    let mut jar = Jar::new(true);
    jar.receive(&session.set(&SessionToken::generate().unwrap()).unwrap());
    for name in &names {
        for form in [name.clone(), format!("__Secure-{name}"), format!("__Host-{name}")] {
            for chunk in ["", ".0", ".1", ".4"] {
                let set = format!("{form}{chunk}=v; Path=/; Secure; HttpOnly");
                jar.receive(&HeaderValue::try_from(set).unwrap());
            }
        }
    }
    assert_eq!(jar.cookies.len(), 1 + 3 * 3 * 4);
    let clears = ForeignCookies::new(&names, true).unwrap().clear(&jar.request());
    for clear in clears.iter().chain([&session.clear()]) {
        jar.receive(clear);
    }
    assert_eq!(jar.cookies.keys().collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_browser_on_plain_http_is_left_with_nothing() {
    let session = SessionCookie::new(false, Duration::from_hours(12));
    let mut jar = Jar::new(false);
    jar.receive(&session.set(&SessionToken::generate().unwrap()).unwrap());
    jar.receive(&HeaderValue::from_static("access_token=v; Path=/; HttpOnly"));
    jar.receive(&HeaderValue::from_static("access_token.0=v; Path=/"));
    assert_eq!(jar.cookies.len(), 3);
    let foreign = ForeignCookies::new(&["access_token".into()], false).unwrap();
    for clear in foreign.clear(&jar.request()).iter().chain([&session.clear()]) {
        jar.receive(clear);
    }
    assert!(jar.cookies.is_empty());
}

/// Chromium and Firefox count `http://localhost` as secure, so prefixed cookies of another program may lie there.
#[test]
fn prefixed_cookies_are_cleared_on_loopback_too() {
    let mut jar = Jar::new(true);
    jar.receive(&HeaderValue::from_static("__Host-access_token=v; Path=/; Secure"));
    jar.receive(&HeaderValue::from_static("__Secure-access_token=v; Path=/; Secure"));
    assert_eq!(jar.cookies.len(), 2);
    let foreign = ForeignCookies::new(&["access_token".into()], false).unwrap();
    for clear in foreign.clear(&jar.request()) {
        jar.receive(&clear);
    }
    assert!(jar.cookies.is_empty());
}
