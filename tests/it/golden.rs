//! Golden sites: each text in `tests/sites` is a whole knowledge base with what is told about it and what becomes of it.
//!
//! `UPDATE_EXPECT=1 cargo test golden` writes what came, and the difference is the review. What may stand in a text is
//! in the README of the tests.

use crate::knowledge_base::{Built, KnowledgeBase, TODAY, text};
use crate::lines::difference;
use crate::pages;
use folkmoot::findings::show::{self, Notes, Styled};
use folkmoot::findings::{Severity, any_error};
use folkmoot::knowledge::gaps::gate;
use folkmoot::knowledge::{Audience, Drafts, Internal};
use folkmoot::pipeline::Options;
use folkmoot::site::Links;
use folkmoot::time;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const SITES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sites");

/// The name of the section that holds the findings.
const FINDINGS: &str = "findings";
/// The name of a section that holds what the gate says.
const GATE: &str = "gate";
/// The name of a section that lists every file of the site.
const FILES: &str = "files";

/// A golden site as it is written.
struct Golden {
    /// Everything above the first section, kept as it is when the rest is written anew.
    given: String,
    options: Options,
    /// Pages are shown whole, not only their `<main>`.
    whole: bool,
    /// Words that may stand in no file of the site.
    absent: Vec<String>,
    files: Vec<Given>,
    sections: Vec<(String, String)>,
}

/// A file of the community.
struct Given {
    path: String,
    text: String,
    /// How it differs from plain lines of text.
    ways: Vec<String>,
}

#[test]
fn golden_sites_are_as_they_were_written() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut failures = String::new();
    for path in sites() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let written = fs::read_to_string(&path).unwrap();
        let golden = Golden::read(&written).unwrap_or_else(|why| panic!("tests/sites/{name}: {why}"));
        let base = golden.lay_out();
        let built = base.build(&golden.options);
        let came = golden.told(&built);
        if update && came != written {
            fs::write(&path, &came).unwrap();
        } else if let Some(difference) = difference(&written, &came) {
            write!(failures, "\n=== tests/sites/{name} (- as written, + as it came)\n{difference}").unwrap();
        }
        for broken in golden.broken_promises(&built) {
            write!(failures, "\n=== tests/sites/{name}: {broken}\n").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}\nIf that is how it should be: UPDATE_EXPECT=1 cargo test golden, and read the difference.");
}

fn sites() -> Vec<PathBuf> {
    let mut sites: Vec<PathBuf> = fs::read_dir(SITES).unwrap().map(|entry| entry.unwrap().path()).collect();
    sites.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    sites.sort();
    assert!(!sites.is_empty(), "there are golden sites");
    sites
}

impl Golden {
    fn read(text: &str) -> Result<Golden, String> {
        let at = section_starts(text).next().ok_or("no `== findings ==` line")?;
        let (given, rest) = text.split_at(at);
        let mut golden = Golden {
            given: given.to_owned(),
            options: Options { today: time::read_date(TODAY), now: 0, audience: Audience::default(), links: Links::Folders },
            whole: false,
            absent: Vec::new(),
            files: Vec::new(),
            sections: Vec::new(),
        };
        for line in given.split_inclusive('\n') {
            let bare = line.trim_end();
            match (bare.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")), golden.files.last_mut()) {
                (Some(header), _) => golden.files.push(Given::named(header)),
                (None, Some(file)) => file.text.push_str(line),
                (None, None) => golden.heed(bare)?,
            }
        }
        let mut starts: Vec<usize> = section_starts(rest).collect();
        starts.push(rest.len());
        for pair in starts.windows(2) {
            let (header, body) = rest[pair[0]..pair[1]].split_once('\n').ok_or("a section without an end of line")?;
            golden.sections.push((header[3..header.len() - 3].to_owned(), body.to_owned()));
        }
        Ok(golden)
    }

    /// Takes a line such as `today: 2026-03-04`; all other lines above the first file are for the reader.
    fn heed(&mut self, line: &str) -> Result<(), String> {
        let Some((word, value)) = line.split_once(": ") else { return Ok(()) };
        match word {
            "today" => self.options.today = Some(time::read_date(value).ok_or_else(|| format!("`{value}` is not a day"))?),
            "absent" => self.absent.push(value.to_owned()),
            "with" => {
                for way in value.split(", ") {
                    match way {
                        "drafts" => self.options.audience.drafts = Drafts::Shown,
                        "internal" => self.options.audience.internal = Internal::Shown,
                        "portable" => self.options.links = Links::Portable,
                        "whole pages" => self.whole = true,
                        _ => return Err(format!("`{way}` is not a way to build a site")),
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn lay_out(&self) -> KnowledgeBase {
        let mut base = KnowledgeBase::new();
        for file in &self.files {
            file.lay_out(&mut base);
        }
        base
    }

    /// The whole text as it would have to be written.
    fn told(&self, built: &Built) -> String {
        let mut text = self.given.clone();
        let mut sections: Vec<&str> = self.sections.iter().map(|(name, _)| name.as_str()).collect();
        if !sections.contains(&FINDINGS) {
            sections.insert(0, FINDINGS);
        }
        for (number, name) in sections.iter().enumerate() {
            let body = match *name {
                FINDINGS => built.told(),
                GATE => gate(built),
                // What the search index is cut into follows from its content, and is no matter of any one site.
                FILES => {
                    let paths = built.files.keys().filter(|path| !path.starts_with("search/data/"));
                    // Digests would decide the order of files of one name.
                    let mut lines: Vec<String> = paths.map(|path| format!("{}\n", undigested(path))).collect();
                    lines.sort_unstable();
                    lines.concat()
                }
                route => self.page(built, route),
            };
            // An empty line between sections lets the eye find them.
            let gap = if number > 0 { "\n" } else { "" };
            write!(text, "{gap}== {name} ==\n{}", kept_apart(&body)).unwrap();
        }
        text
    }

    /// A page by its route; after the route there may be classes, for golden sites that are about a part of it.
    fn page(&self, built: &Built, name: &str) -> String {
        let (route, classes) = name.split_once(" .").unwrap_or((name, ""));
        let Some(file) = built.site.find(route) else { return "(Nothing is at this address.)\n".into() };
        let path = built.site.path(file);
        let Some(bytes) = built.files.get(&path) else { return "(This page could not be made.)\n".into() };
        let text = String::from_utf8_lossy(bytes);
        let shown = match path.ends_with(".html") {
            true if !classes.is_empty() => {
                classes.split(" .").flat_map(|class| pages::of_class(pages::main_of(&text), class)).map(pages::set_out).collect()
            }
            true if self.whole => pages::set_out(&text),
            true => pages::set_out(pages::main_of(&text)),
            // Lines of calendars end as their standard wants it; the tests of calendars look at that.
            false => text.replace("\r\n", "\n"),
        };
        match shown.as_str() {
            "" => "(Nothing of this class is on the page.)\n".into(),
            shown => undigested(&format!("{}\n", shown.trim_end())),
        }
    }

    /// What must hold for every golden site, whatever it shows.
    fn broken_promises(&self, built: &Built) -> Vec<String> {
        let mut broken = Vec::new();
        for secret in &self.absent {
            for (path, bytes) in &built.files {
                if bytes.windows(secret.len()).any(|window| window == secret.as_bytes()) || path.contains(secret) {
                    broken.push(format!("`{secret}` stands in `{path}`"));
                }
            }
        }
        if !any_error(&built.findings) {
            let base = &built.site.knowledge().config.base_url;
            let base_path = base.as_deref().and_then(|url| url.splitn(4, '/').nth(3)).map_or("/".into(), |path| format!("/{path}"));
            broken.extend(pages::broken(&built.files, &base_path));
        }
        broken
    }
}

/// What the gate says, as `folkmoot check --gate` does.
fn gate(built: &Built) -> String {
    let knowledge = built.site.knowledge();
    let verdict = gate::check(knowledge, knowledge.baseline.as_ref());
    if verdict.broken.is_empty() {
        return format!("Open: {} on {}.\n", show::counted(verdict.limits, "limit"), show::counted(verdict.maps, "map"));
    }
    show::text(&verdict.broken, &|path| text(&built.sources, path), Styled::Plain, Notes::All)
}

/// Where sections begin: at lines such as `== /sessions/opening-call/ ==`.
fn section_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        (bare.len() > 6 && bare.starts_with("== ") && bare.ends_with(" ==")).then_some(start)
    })
}

/// A body without an empty line at its end, since one stands between sections anyway.
fn kept_apart(body: &str) -> String {
    match body.trim_end_matches('\n') {
        "" => String::new(),
        body => format!("{body}\n"),
    }
}

/// A text in which names of the theme's files have no digest, so that a change of the style sheet changes no golden site.
fn undigested(text: &str) -> String {
    const DIGITS: usize = 12;
    let mut out = String::new();
    let mut rest = text;
    while let Some(dot) = rest.find('.') {
        let (before, after) = rest.split_at(dot + 1);
        out.push_str(before);
        rest = after;
        let digest = after.get(..DIGITS).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        if digest && after[DIGITS..].starts_with('.') {
            out.push_str("DIGEST");
            rest = &after[DIGITS..];
        }
    }
    out + rest
}

impl Given {
    /// From the header's `content/a%CC%81.md (bom, crlf)`: in a name, letters that cannot be seen are written as in
    /// addresses.
    fn named(header: &str) -> Given {
        let (path, ways) = match header.strip_suffix(')').and_then(|header| header.split_once(" (")) {
            Some((path, ways)) => (path, ways.split(", ").map(str::to_owned).collect()),
            None => (header, Vec::new()),
        };
        Given { path: pages::decoded(path), text: String::new(), ways }
    }

    fn lay_out(&self, base: &mut KnowledgeBase) {
        // The empty line before the next file belongs to the golden text, not to the file.
        let mut text = self.text.trim_end_matches('\n').to_owned();
        if !text.is_empty() {
            text.push('\n');
        }
        let mut bytes = text.clone().into_bytes();
        for way in &self.ways {
            match way.as_str() {
                "hex" => bytes = unhexed(&text),
                "unended" => bytes.truncate(bytes.trim_ascii_end().len()),
                "crlf" => bytes = String::from_utf8(bytes).unwrap().replace('\n', "\r\n").into_bytes(),
                "bom" => bytes.splice(0..0, "\u{feff}".bytes()).for_each(drop),
                "link" => return link(&base.path(&self.path), text.trim()),
                way => panic!("{}: a file is (bom), (crlf), (unended), (hex) or (link), not ({way})", self.path),
            }
        }
        base.write(&self.path, bytes);
    }
}

/// Bytes from pairs of hexadecimal digits; what stands in quotes at the beginning of a line is text.
fn unhexed(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in text.lines() {
        let (text, pairs) = line.strip_prefix('"').and_then(|line| line.rsplit_once('"')).unwrap_or(("", line));
        bytes.extend(text.bytes());
        bytes.extend(pairs.split_whitespace().map(|pair| u8::from_str_radix(pair, 16).unwrap()));
    }
    bytes
}

fn link(file: &Path, target: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, file).unwrap();
}

#[test]
fn a_golden_site_is_read_as_it_is_written() {
    let text = "A sentence.\n\ntoday: 2026-03-04\nwith: drafts, portable\nabsent: secret\n\n-- folkmoot.toml --\ntitle = \"A\"\n\n-- content/pages/caf%C3%A9.md (bom, crlf) --\n# B\n\n== findings ==\nnone\n\n== /a/ ==\n<p>\n";
    let golden = Golden::read(text).unwrap();
    assert_eq!(golden.options.today, time::read_date("2026-03-04"));
    assert_eq!((golden.options.audience.drafts, golden.options.links), (Drafts::Shown, Links::Portable));
    assert_eq!(golden.absent, ["secret"]);
    assert_eq!(golden.files[1].path, "content/pages/café.md");
    assert_eq!(golden.sections.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["findings", "/a/"]);
    let base = golden.lay_out();
    assert_eq!(fs::read_to_string(base.path("content/pages/café.md")).unwrap(), "\u{feff}# B\r\n");
    assert_eq!(undigested("assets/style.0123456789ab.css"), "assets/style.DIGEST.css");
}

/// Findings that no text of a knowledge base can bring about, and why.
const BEYOND_A_TEXT: [(&str, &str); 6] = [
    ("error[page-trouble]", "a template of the program fails, or a picture goes away while the site is made"),
    ("error[not-json]", "it is told of a file that is taken in; `eppi.rs` shows it, as all that follow"),
    ("error[not-a-report]", "as above"),
    ("warning[unlike-a-report]", "as above"),
    ("warning[attribute-id-taken]", "as above"),
    ("warning[reference-without-title]", "as above"),
];

#[test]
fn every_finding_of_the_catalogue_has_an_example() {
    let catalogue = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/findings/catalogue.rs")).unwrap();
    let told: BTreeSet<String> = sites().iter().flat_map(|path| codes_told(&fs::read_to_string(path).unwrap())).collect();
    let mut expected = codes_of(&catalogue);
    assert!(expected.len() > 60, "the catalogue is read as it is written: {expected:?}");
    for (code, why) in BEYOND_A_TEXT {
        assert!(expected.remove(code), "`{code}` is in the catalogue ({why})");
        assert!(!told.contains(code), "`{code}` has an example after all ({why})");
    }
    let missing: Vec<&String> = expected.difference(&told).collect();
    assert!(missing.is_empty(), "No golden site shows these findings: {missing:?}");
    let unknown: Vec<&String> = told.difference(&expected).collect();
    assert!(unknown.is_empty(), "Golden sites show findings that the catalogue does not have: {unknown:?}");
}

/// Every finding a catalogue can tell, as `error[code]`, by its source text.
fn codes_of(catalogue: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let words = [("error", Severity::Error), ("warning", Severity::Warning), ("note", Severity::Note)];
    for (word, severity) in words {
        for (at, _) in catalogue.match_indices(&format!("{word}(")) {
            let before = catalogue[..at].chars().next_back();
            let argument = catalogue[at + word.len() + 1..].trim_start();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            if let Some((code, _)) = argument.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                codes.insert(format!("{}[{code}]", severity.word()));
            } else if argument.starts_with("unknown_code(") {
                for code in unknown_codes(catalogue) {
                    // A note of this kind is for what may be named without a file.
                    if severity == Severity::Error || OPEN.contains(&code) {
                        codes.insert(format!("{}[{code}]", severity.word()));
                    }
                }
            }
        }
    }
    codes
}

/// What stays open by default, so that a name without a file is only a note.
const OPEN: [&str; 2] = ["unknown-person", "unknown-organization"];

fn unknown_codes(catalogue: &str) -> impl Iterator<Item = &str> {
    let table = catalogue.split_once("fn unknown_code(").expect("there is a table of codes").1;
    let table = table.split_once("\n}").expect("the table has an end").0;
    table.split('"').skip(1).step_by(2)
}

/// The findings under `== findings ==`, as `error[code]`.
fn codes_told(golden: &str) -> Vec<String> {
    let golden = Golden::read(golden).unwrap();
    let findings = golden.sections.iter().filter(|(name, _)| name == FINDINGS || name == GATE).flat_map(|(_, body)| body.lines());
    let code = |line: &str| {
        let (head, _) = line.split_once("]: ")?;
        let (severity, code) = head.split_once('[')?;
        (["error", "warning", "note"].contains(&severity)).then(|| format!("{severity}[{code}]"))
    };
    findings.filter_map(code).collect()
}
