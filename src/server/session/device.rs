//! A browser in words, by what it says of itself (`User-Agent`, RFC 9110, section 10.1.5).
//!
//! Own code: browsers have frozen these texts, so a short table in the right order names them. The crates for it bring
//! regular expressions by the thousand, or have had no release for years.

/// Browsers name their forebears too, so the first that fits counts.
const BROWSERS: [(&str, &str); 13] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
];

/// Here too: an iPhone says that it is like a Mac, and Android that it is Linux.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("Linux", "Linux"),
];

/// “Firefox on Linux”, as far as that can be told.
#[must_use]
pub fn device(agent: &str) -> String {
    let named = |table: &[(&str, &'static str)]| {
        table.iter().find(|(token, _)| agent.contains(token)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("A browser on {system}"),
        (None, None) => "An unknown browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_in_wide_use_are_named() {
        const WEBKIT: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let mozilla = |rest: &str| format!("Mozilla/5.0 {rest}");
        for (agent, words) in [
            (mozilla("(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox on Linux"),
            (
                mozilla(&format!("(Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36")),
                "Chrome on Windows",
            ),
            (
                mozilla(&format!(
                    "(Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
                )),
                "Edge on Windows",
            ),
            (
                mozilla(
                    "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15",
                ),
                "Safari on macOS",
            ),
            (
                mozilla(
                    "(iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 CriOS/141.0 Safari/604.1",
                ),
                "Chrome on iPhone",
            ),
            (
                mozilla(&format!("(Linux; Android 10; K) {WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36")),
                "Chrome on Android",
            ),
            (
                mozilla(&format!(
                    "(X11; Linux x86_64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36 OPR/124.0.0.0"
                )),
                "Opera on Linux",
            ),
            ("curl/8.14.1".to_owned(), "curl"),
            (mozilla("(X11; Linux x86_64) Something/1"), "A browser on Linux"),
            (String::new(), "An unknown browser"),
            ("<script>alert(1)</script>".to_owned(), "An unknown browser"),
        ] {
            assert_eq!(device(&agent), words, "{agent}");
        }
    }
}
