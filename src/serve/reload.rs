//! Live reload: the few addresses an open page asks, and the script that asks them, put into every page.
//!
//! A page asks for a tiny state again and again instead of holding a stream open: a browser allows six connections to
//! one host, and ten open tabs with a stream each would leave none to load a page with.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::Range;
use std::sync::atomic::Ordering;

use percent_encoding::percent_decode_str;

use super::{Answer, Report, Shown};

/// What no page of a site can begin with: the server's own addresses.
pub const PREFIX: &str = "/_folkmoot/";

/// What every open page asks for again and again.
pub const STATE: &str = "/_folkmoot/state";

const SCRIPT: &str = "text/javascript";

/// What pages load from here: name, media type and text. The first is put into pages, and loads the others.
const FILES: [(&str, &str, &str); 6] = [
    ("reload.js", SCRIPT, include_str!("reload.js")),
    ("preview.js", SCRIPT, include_str!("preview.js")),
    ("findings.js", SCRIPT, include_str!("findings.js")),
    ("panel.js", SCRIPT, include_str!("panel.js")),
    ("words.js", SCRIPT, include_str!("words.js")),
    ("overlay.css", "text/css", include_str!("overlay.css")),
];

/// Before this the script is put, so that it is there before the page is drawn.
const END_OF_HEAD: &[u8] = b"</head>";

/// A name for one run of the server. It only needs to differ from the run before, so no clock is asked.
pub fn new_run() -> String {
    // Each `RandomState` has keys of its own, which makes the hash of nothing a random number.
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

/// What stands at one of the server's own addresses.
pub fn answer(path: &str, query: Option<&str>, shown: &Shown, run: &str) -> Answer {
    let asked = path.strip_prefix(PREFIX).unwrap_or_default();
    let (content_type, text) = match asked {
        "state" => ("application/json", state(shown, run)),
        "looks" | "about" => match page_asked_about(query) {
            Some(page) if asked == "looks" => ("application/json", looks(&page, shown, run)),
            Some(page) => ("application/json", about(&page, shown, run)),
            None => return Answer::text(400, "Say which page, as in ?at=/practices/."),
        },
        asked => match FILES.iter().find(|(name, ..)| *name == asked) {
            Some((_, content_type, text)) => (*content_type, (*text).to_owned()),
            None => return Answer::text(404, "The server has no such address of its own."),
        },
    };
    Answer { status: 200, content_type: content_type.into(), bytes: text.into_bytes(), location: None }
}

/// Makes a page follow the site: puts the script into it, with what the page was made from.
pub fn follow(path: &str, mut answer: Answer, shown: &Shown, run: &str) -> Answer {
    if !is_page(&answer) {
        return answer;
    }
    let (build, looks) = (shown.build, Looks::of(path, &answer, shown));
    let tag = format!(
        "<script src=\"{PREFIX}reload.js\" defer data-run=\"{run}\" data-build=\"{build}\" data-page=\"{}\" data-styles=\"{}\"></script>",
        looks.page,
        looks.styles.iter().map(|style| style.digest.as_str()).collect::<Vec<_>>().join(" ")
    );
    let page = &mut answer.bytes;
    let place = position(page, END_OF_HEAD).unwrap_or(page.len());
    page.splice(place..place, tag.into_bytes());
    answer
}

fn is_page(answer: &Answer) -> bool {
    let media = answer.content_type.split(';').next().unwrap_or_default();
    media.trim().eq_ignore_ascii_case("text/html")
}

/// What a page asks for: enough to know whether it may be out of date, and no more, because it is asked often.
fn state(shown: &Shown, run: &str) -> String {
    let (build, errors) = (shown.build, shown.errors());
    let coming = shown.next_is_coming.load(Ordering::Relaxed);
    format!("{{\"run\":\"{run}\",\"build\":{build},\"errors\":{errors},\"coming\":{coming}}}\n")
}

/// What a page asks for once it knows that there is something new: whether it looks otherwise now.
fn looks(path: &str, shown: &Shown, run: &str) -> String {
    let page = shown.snapshot.answer(path).unwrap_or_else(|| shown.snapshot.not_found());
    let looks = Looks::of(path, &page, shown);
    let styles: Vec<[&str; 2]> = looks.styles.iter().map(|style| [style.href.as_str(), style.digest.as_str()]).collect();
    format!("{}\n", serde_json::json!({ "run": run, "build": shown.build, "looks": looks.page, "styles": styles }))
}

/// What a page asks for when it stands: what there is to say about it, for which the whole site has to be known.
fn about(path: &str, shown: &Shown, run: &str) -> String {
    let Report { errors, warnings, stopped, .. } = shown.report();
    let about = serde_json::value::RawValue::from_string(shown.snapshot.about(path)).ok();
    let said = serde_json::json!({ "run": run, "build": shown.build, "errors": errors, "warnings": warnings, "stopped": stopped });
    let mut text = said.to_string();
    // Put in as it is: it is JSON already.
    let about = about.as_ref().map_or("null", |about| about.get());
    text.truncate(text.len() - 1);
    format!("{text},\"about\":{about}}}\n")
}

/// The decoded path after `at=`, the only thing that is asked with.
fn page_asked_about(query: Option<&str>) -> Option<String> {
    let at = query?.split('&').find_map(|part| part.strip_prefix("at="))?;
    let path = percent_decode_str(at).decode_utf8().ok()?;
    (path.starts_with('/') && !path.chars().any(char::is_control)).then(|| path.into_owned())
}

/// How a page looks: what must be loaded again with it, and what can be exchanged in it.
struct Looks {
    /// A digest of the page without the addresses of its stylesheets, and of what it may load that is no stylesheet.
    page: String,
    styles: Vec<Style>,
}

struct Style {
    /// As the page writes it.
    href: String,
    digest: String,
}

/// How many digits of a digest are enough to tell two states of one page apart.
const DIGITS: usize = 16;

impl Looks {
    fn of(path: &str, answer: &Answer, shown: &Shown) -> Looks {
        let page = &answer.bytes;
        let mut hasher = blake3::Hasher::new();
        let mut styles = Vec::new();
        let mut rest = 0;
        // What stands after the head is taken for a part of the page.
        let head = position(page, END_OF_HEAD).unwrap_or(0);
        for href in stylesheets(&page[..head]) {
            hasher.update(&page[rest..href.start]);
            rest = href.end;
            let href = String::from_utf8_lossy(&page[href]).into_owned();
            let digest = resolved(path, &href).and_then(|address| digest_of_style(&address, shown, IMPORTS));
            let digest = digest.map_or_else(|| "-".to_owned(), |digest| short(&digest));
            styles.push(Style { href, digest });
        }
        hasher.update(&page[rest..]);
        hasher.update(shown.snapshot.assets().as_bytes());
        hasher.update(&answer.status.to_le_bytes());
        Looks { page: short(&hasher.finalize()), styles }
    }
}

/// How many stylesheets deep one may take in others. Two that take in each other end there.
const IMPORTS: usize = 4;

/// Of a stylesheet and of all that it takes in, since a page looks otherwise when any of them does.
fn digest_of_style(address: &str, shown: &Shown, deeper: usize) -> Option<blake3::Hash> {
    let style = shown.snapshot.answer(address)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&style.bytes);
    if let Some(deeper) = deeper.checked_sub(1) {
        let taken_in = imports(&style.bytes).into_iter().filter_map(|href| resolved(address, &href));
        for digest in taken_in.filter_map(|address| digest_of_style(&address, shown, deeper)) {
            hasher.update(digest.as_bytes());
        }
    }
    Some(hasher.finalize())
}

/// The addresses after each `@import` (CSS Cascading and Inheritance, section 2): a string, or what `url(` holds.
fn imports(style: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(style);
    let after = text.split("@import").skip(1).map(str::trim_start);
    let bare = after.map(|after| after.strip_prefix("url(").unwrap_or(after).trim_start());
    bare.filter_map(|said| match said.chars().next()? {
        quote @ ('"' | '\'') => said[1..].split(quote).next(),
        _ => said.split([')', ';']).next().map(str::trim_end),
    })
    .map(str::to_owned)
    .collect()
}

fn short(digest: &blake3::Hash) -> String {
    digest.to_hex()[..DIGITS].to_owned()
}

/// Where the addresses of a page's stylesheets stand in it: what is between the quotes of `href` in each `link` that says
/// `rel="stylesheet"`. One that is written otherwise is taken for a part of the page, which is then loaded again.
fn stylesheets(page: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = position(&page[at..], b"<link ").map(|start| at + start) {
        let end = position(&page[start..], b">").map_or(page.len(), |end| start + end);
        let tag = &page[start..end];
        if position(tag, b"rel=\"stylesheet\"").is_some()
            && let Some(href) = position(tag, HREF).map(|href| href + HREF.len())
            && let Some(length) = position(&tag[href..], b"\"")
        {
            found.push(start + href..start + href + length);
        }
        at = end;
    }
    found
}

const HREF: &[u8] = b"href=\"";

/// The route a relative or absolute path in a page leads to (RFC 3986, section 5.2), decoded; none where it leads away.
fn resolved(page: &str, href: &str) -> Option<String> {
    let href = href.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode_str(href).decode_utf8().ok()?;
    if decoded.contains("://") || decoded.starts_with("//") {
        return None;
    }
    let folder = &page[..=page.rfind('/')?];
    let joined = if decoded.starts_with('/') { decoded.into_owned() } else { format!("{folder}{decoded}") };
    let mut steps: Vec<&str> = Vec::new();
    for step in joined.split('/').skip(1) {
        match step {
            "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    Some(format!("/{}", steps.join("/")))
}

fn position(text: &[u8], sought: &[u8]) -> Option<usize> {
    text.windows(sought.len()).position(|bytes| bytes == sought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_stylesheets_are_found_in_their_place() {
        let page = b"<link rel=\"icon\" href=\"a.svg\"><link rel=\"stylesheet\" href=\"../x.css\" media=\"print\"><link href=\"y.css\" rel=\"stylesheet\">";
        let found: Vec<&[u8]> = stylesheets(page).into_iter().map(|href| &page[href]).collect();
        assert_eq!(found, [b"../x.css".as_slice(), b"y.css"]);
        assert!(stylesheets(b"<link rel=\"stylesheet\" href=\"").is_empty());
    }

    #[test]
    fn what_a_stylesheet_takes_in_is_found() {
        let style = b"@import \"a.css\"; @import url(b.css) print;@import url( 'c d.css' );\n@import";
        assert_eq!(imports(style), ["a.css", "b.css", "c d.css"]);
    }

    #[test]
    fn addresses_are_resolved_as_a_browser_does() {
        let of = |page, href| resolved(page, href);
        assert_eq!(of("/practices/x/", "../../assets/a.css").as_deref(), Some("/assets/a.css"));
        assert_eq!(of("/", "assets/a%20b.css?v=1").as_deref(), Some("/assets/a b.css"));
        assert_eq!(of("/x/", "/a.css").as_deref(), Some("/a.css"));
        assert_eq!(of("/x/", "../../../../a.css").as_deref(), Some("/a.css"));
        assert_eq!(of("/x/", "https://example.org/a.css"), None);
        assert_eq!(of("/x/", "//example.org/a.css"), None);
    }

    #[test]
    fn only_a_decoded_path_of_the_site_is_asked_about() {
        assert_eq!(page_asked_about(Some("at=%2Fa%20b%2F")).as_deref(), Some("/a b/"));
        assert_eq!(page_asked_about(Some("x=1&at=/")).as_deref(), Some("/"));
        for query in [None, Some(""), Some("at=a"), Some("at=%2F%00"), Some("at=%ff")] {
            assert_eq!(page_asked_about(query), None, "{query:?}");
        }
    }
}
