//! A call's path can never change the host, nor leave the base URL.

use percent_encoding::percent_decode_str;
use url::{Position, Url};

/// A path that would not stay below the base URL, or is no path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the path would leave the upstream's base URL")]
pub struct PathError;

/// The address of `path_and_query` below `base`.
///
/// The text is judged before any URL parser sees it, because parsers differ in what they forgive: `\` as `/`, tabs
/// dropped, `//host` as another host. What the parser then made of it is compared with `base` once more.
///
/// # Errors
/// Refuses absolute URLs, `//x`, `\`, control characters, fragments, and dot segments in any spelling.
pub fn join(base: &Url, path_and_query: &str) -> Result<Url, PathError> {
    let (path, query) = match path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path_and_query, None),
    };
    if !path.starts_with('/')
        || path.starts_with("//")
        || !is_plain(path_and_query)
        || path.split('/').any(is_dots)
    {
        return Err(PathError);
    }
    let above = base.path().trim_end_matches('/');
    let mut url = base.clone();
    url.set_path(&format!("{above}{path}"));
    url.set_query(query);
    let has_stayed =
        url[..Position::BeforePath] == base[..Position::BeforePath] && url.path().starts_with(above);
    if has_stayed { Ok(url) } else { Err(PathError) }
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() && !matches!(c, '\\' | '#' | ' '))
}

/// `.` and `..`, also percent-encoded once or twice, with an encoded separator beside them, or with the parameters
/// that some servers cut off before they look (`..;x`).
fn is_dots(segment: &str) -> bool {
    if !segment.contains('%') {
        return is_dot_segment(segment);
    }
    let once = percent_decode_str(segment).decode_utf8_lossy();
    let twice = percent_decode_str(&once).decode_utf8_lossy();
    [segment, &once, &twice].into_iter().any(|text| text.split(['/', '\\']).any(is_dot_segment))
}

fn is_dot_segment(part: &str) -> bool {
    matches!(part.split(';').next(), Some("." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_below_the_base() {
        let base = Url::parse("https://api.example/v1/").unwrap();
        let url = |path| join(&base, path).map(|url| url.to_string());
        assert_eq!(url("/me"), Ok("https://api.example/v1/me".into()));
        assert_eq!(url("/users/@me?x=//y&z=.."), Ok("https://api.example/v1/users/@me?x=//y&z=..".into()));
        assert_eq!(url("/a%2Fb/c:d"), Ok("https://api.example/v1/a%2Fb/c:d".into()));
        assert_eq!(url("/~x/..."), Ok("https://api.example/v1/~x/...".into()));
    }

    #[test]
    fn refuses_what_could_leave_it() {
        let base = Url::parse("https://api.example/v1").unwrap();
        for path in [
            "",
            "me",
            "//evil.example",
            "https://evil.example/",
            "@evil.example",
            "/..",
            "/../admin",
            "/a/../b",
            "/%2e%2e/admin",
            "/.%2E/x",
            "/%252e%252e/x",
            "/..%2fadmin",
            "/a/.",
            "/..;/admin",
            "/a/..;x=1/b",
            "/a/%2e%2e%3b/b",
            "/\\evil.example",
            "\\\\evil",
            "/a\tb",
            "/a\r\nb",
            "/a#b",
            "/ //evil",
            "/%2e%2e%5cx",
        ] {
            assert_eq!(join(&base, path), Err(PathError), "{path:?}");
        }
    }
}
