use super::*;

fn whole(text: &str) -> String {
    let (beginning, rest) = html(text);
    beginning + &rest
}

#[test]
fn common_mark_becomes_html_below_the_headings_of_the_page() {
    let text = "# Title\n\nSome *words*, `code` and [a link](https://example.com/?a=1&b=2 \"title\").\n\n* one\n* two\n\n\
                | a | b |\n|---|--:|\n| 1 | 2 |\n\n![chart](https://example.com/chart.png)";
    let html = whole(text);
    for expected in [
        "<h3>Title</h3>",
        "<em>words</em>",
        "<code>code</code>",
        "<a href=\"https://example.com/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">a link</a>",
        "<li>two</li>",
        "<td>1</td>",
        "<a href=\"https://example.com/chart.png\" rel=\"noopener noreferrer nofollow\">chart</a>",
    ] {
        assert!(html.contains(expected), "{expected} in {html}");
    }
    assert!(!html.contains("<img") && !html.contains("style"), "{html}");
}

/// What was once run, loaded or sent by Swagger UI, Redoc, Scalar, `RapiDoc` or Stoplight, and its kin.
#[test]
fn nothing_runs_loads_or_sends() {
    let texts = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<details open ontoggle=alert(1)>x</details>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<form action=https://example.com><input name=password></form>",
        "<style>@import 'https://example.com/x.css';</style>",
        "<link rel=stylesheet href=https://example.com/x.css>",
        "<base href=https://example.com/>",
        "<meta http-equiv=refresh content=\"0;url=https://example.com\">",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
        "<a href=\" &#14; javascript:alert(1)\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<a href=\"vbscript:alert(1)\" onclick=alert(1) style=\"position:fixed\" id=news name=send>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert`1`)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](&#106;avascript:alert(1))",
        "![x](https://example.com/pixel.png\"onerror=\"alert(1))",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "<p title=\"`<script>`\"><code><script>alert(1)</script>",
        "`<img src=x onerror=alert(1)>`",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<textarea><img src=x onerror=alert(1)></textarea>",
        "<object data=javascript:alert(1)><embed src=javascript:alert(1)>",
        "<table background=javascript:alert(1)><tr><td background=x>x</table>",
        "</div></main><h1>Sign in again</h1><button>x</button>",
    ];
    for text in texts {
        let html = whole(text).to_lowercase();
        let tags: Vec<&str> = html.split('<').skip(1).filter_map(|tag| tag.split('>').next()).collect();
        for tag in tags {
            let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
            assert!(["a", "p", "code", "table", "tbody", "tr", "td"].contains(&name), "{text} -> {html}");
            for attribute in ["on", "style", "src", "id=", "class", "name=", "title=", "background"] {
                assert!(!tag.contains(&format!(" {attribute}")), "{text} -> {html}");
            }
            if let Some((_, address)) = tag.split_once("href=\"") {
                assert!(address.starts_with("https://example.com/"), "{text} -> {html}");
            }
        }
    }
}

#[test]
fn hostile_texts_end_soon() {
    let started = std::time::Instant::now();
    let texts = [
        "> ".repeat(50_000),
        "[".repeat(50_000),
        "*a_".repeat(50_000),
        "<b><p>".repeat(20_000),
        "<div title='".repeat(20_000),
        "<a><b x=1><i>".repeat(20_000),
        "| a ".repeat(50_000),
        "x".repeat(3_000_000),
    ];
    for text in texts {
        assert!(whole(&text).len() < 3_000_000);
        assert!(first_paragraph(&text).is_none_or(|first| first.len() <= LONGEST));
    }
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn long_texts_fold_between_blocks() {
    let (beginning, rest) = html(&"Some words that go on.\n\n".repeat(200));
    assert!(beginning.ends_with("</p>\n") && beginning.len() < 3000, "{beginning}");
    assert!(rest.starts_with("<p>") && rest.len() > 3000, "{rest}");
    assert_eq!(html("short").1, "");
    assert_eq!(html(&"word ".repeat(1000)).1, "");
}

#[test]
fn the_first_paragraph_is_plain() {
    assert_eq!(first_paragraph("A **b** `c`\n[d](e).\n\nMore"), Some("A b c d.".to_owned()));
    assert_eq!(first_paragraph("<!-- x -->\n\n- one\n- two"), Some("one".to_owned()));
    assert_eq!(first_paragraph(" \n"), None);
}

#[test]
fn what_needs_no_rendering_is_told_apart() {
    for plain in ["Words to look for, in the title.", "Größe in cm (1-2)"] {
        assert!(is_plain(plain), "{plain}");
        assert_eq!(whole(plain), format!("<p>{plain}</p>\n"));
    }
    for marked in [
        "`-` turns it round",
        "a [link](https://example.com)",
        "# Title",
        "one\ntwo",
        "- one",
        "<b>",
        "&amp;",
        "",
    ] {
        assert!(!is_plain(marked), "{marked}");
    }
}
