//! Makes the HTML of a text safe in which an author wrote HTML by hand.
//!
//! The whole text is cleaned, ours and theirs together: a tag may be opened in one piece of raw HTML and closed in
//! another, and an attribute left open would swallow what follows, so that nothing less than the whole is read as a
//! browser will read it. It is parsed by a browser's rules, cut down to the lists below, and written anew; nothing of
//! the author's own spelling survives. The lists let through what Markdown makes, so that it comes out as it went in.
//!
//! **What raw HTML can do:** everything Markdown can, and text-level elements (`kbd`, `abbr`, `mark`, `ruby`, …),
//! `details`, `figure`, tables with `colspan` and `caption`, `dl`, lists with `start`; `id`, `lang`, `dir` and `title`
//! anywhere; links to `http`, `https`, `mailto`, `tel` and relative addresses; images of this site.
//!
//! **What it cannot do:** run a script or event handler, bring a style, embed or load anything from elsewhere (frames,
//! objects, media, SVG, foreign images), ask for input (the one `input` is always a check box that cannot be changed),
//! use a class, role or id by which the page around the text is drawn or found, open a landmark (`nav`, `main`,
//! `header`, …), leave its own element, or hide anything in a comment.

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::{Builder, Url};

use crate::entries::{anchors, links};

/// Elements that are let through. Others lose their tags and keep their text.
const ELEMENTS: [&str; 65] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Elements that are left out with everything in them: what stands there is not meant to be read.
const REMOVED_WHOLE: [&str; 15] = [
    "audio", "canvas", "embed", "iframe", "math", "noscript", "object", "script", "select", "style", "svg", "template", "textarea",
    "title", "video",
];

/// Attributes that any element may have; `class`, `id`, `role` and `tabindex` only with the values that `attribute` allows.
const GENERAL_ATTRIBUTES: [&str; 8] = ["aria-label", "class", "dir", "id", "lang", "role", "tabindex", "title"];

/// Classes that the text of an entry is made of.
const CLASSES: [&str; 17] = [
    "alert",
    "alert-caution",
    "alert-important",
    "alert-note",
    "alert-tip",
    "alert-title",
    "alert-warning",
    "align-center",
    "align-left",
    "align-right",
    "external",
    "footnotes",
    "note-back",
    "note-ref",
    "table-scroll",
    "task",
    "wanted",
];
/// The beginning of the class that names the language of a piece of code.
const LANGUAGE_CLASS: &str = "language-";
/// Roles that the text of an entry is made of.
const ROLES: [&str; 5] = ["doc-backlink", "doc-endnotes", "doc-noteref", "group", "note"];

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(builder);

/// The same HTML without whatever the lists above do not name.
pub fn clean(html: &str) -> String {
    BUILDER.clean(html).to_string()
}

/// A tag that is complete by itself and can do nothing, as it is written when HTML is cleaned. Many texts have no
/// other raw HTML than line breaks in table cells, and cleaning takes ten times as long as everything else.
pub fn harmless_by_itself(html: &str) -> Option<&'static str> {
    let name = html.trim().strip_prefix('<')?.strip_suffix('>')?.trim_end_matches(['/', ' ']);
    match name {
        "br" => Some("<br>"),
        "hr" => Some("<hr>"),
        "wbr" => Some("<wbr>"),
        _ => None,
    }
}

/// Whether an element stays when HTML is cleaned. The name is in lower case.
pub fn keeps_element(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

/// A class without meaning in a selector or address: letters, digits, hyphens, underscores.
pub fn is_simple_word(class: &str) -> bool {
    class.starts_with(char::is_alphabetic) && class.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.into())
        .clean_content_tags(REMOVED_WHOLE.into())
        .generic_attributes(GENERAL_ATTRIBUTES.into())
        .add_tag_attributes("a", ["href", "hreflang"])
        .add_tag_attributes("blockquote", ["cite"])
        .add_tag_attributes("col", ["span"])
        .add_tag_attributes("colgroup", ["span"])
        .add_tag_attributes("data", ["value"])
        .add_tag_attributes("del", ["cite", "datetime"])
        .add_tag_attributes("details", ["open"])
        .add_tag_attributes("img", ["alt", "decoding", "height", "loading", "src", "width"])
        .add_tag_attributes("input", ["checked", "disabled", "type"])
        .add_tag_attributes("ins", ["cite", "datetime"])
        .add_tag_attributes("li", ["value"])
        .add_tag_attributes("ol", ["reversed", "start", "type"])
        .add_tag_attributes("q", ["cite"])
        .add_tag_attributes("td", ["colspan", "headers", "rowspan"])
        .add_tag_attributes("th", ["abbr", "colspan", "headers", "rowspan", "scope"])
        .add_tag_attributes("time", ["datetime"])
        .add_tag_attribute_values("a", "rel", ["noopener"])
        // A box that says whether a task is done, and nothing that could ask for a password.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .url_schemes(links::SCHEMES.into())
        .link_rel(None)
        .attribute_filter(attribute);
    builder
}

/// The value an attribute may have, of those that depend on it.
fn attribute<'v>(element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let allowed = match name {
        "class" => return classes(element, value),
        "id" => anchors::usable(value),
        "role" => ROLES.contains(&value),
        "tabindex" => value == "0",
        "src" => is_on_this_site(value),
        _ => true,
    };
    allowed.then_some(Cow::Borrowed(value))
}

/// The classes of the list. A heading may have any simple word, as in Markdown (`## Steps {.wide}`).
fn classes<'v>(element: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let is_heading = matches!(element, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    let keeps = |class: &str| {
        CLASSES.contains(&class) || (is_heading && is_simple_word(class)) || (element == "code" && class.starts_with(LANGUAGE_CLASS))
    };
    if value.split(' ').all(keeps) {
        return Some(Cow::Borrowed(value));
    }
    let kept: Vec<&str> = value.split_ascii_whitespace().filter(|class| keeps(class)).collect();
    (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
}

/// Whether a browser asks this site, and nobody else, for the address: a page loads nothing from elsewhere.
fn is_on_this_site(address: &str) -> bool {
    static SOME_PAGE: LazyLock<Url> =
        LazyLock::new(|| Url::parse("https://site.invalid/a/page/").expect("the address is written correctly"));
    SOME_PAGE.join(address).is_ok_and(|url| url.origin() == SOME_PAGE.origin())
}
