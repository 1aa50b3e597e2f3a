//! What of HTML may come from the API's document.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::{Builder, UrlRelative};

const TAGS: [&str; 37] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Elements whose content is no text for people.
const WITHOUT_CONTENT: [&str; 13] = [
    "iframe", "math", "noembed", "noframes", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea", "title",
];
/// Links inside of the API's own site are left out: here they would lead to pages of ours.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .generic_attributes(HashSet::new())
        .clean_content_tags(HashSet::from(WITHOUT_CONTENT))
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("ol", ["start"])
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

/// HTML without anything that runs, loads, sends, or looks like a part of the page.
pub(super) fn clean(html: &str) -> String {
    BUILDER.clean(html).to_string()
}
