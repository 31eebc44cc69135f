//! Documents that cannot rot: the guide builds, its examples work as they stand, and its tables leave nothing out.

use folkmoot::config;
use folkmoot::entries::front_matter;
use folkmoot::fields::{Described, Shape};
use folkmoot::findings::{Finding, Severity};
use folkmoot::kinds::Kind;
use folkmoot::knowledge::{Audience, Drafts, Internal};
use folkmoot::pipeline::{Options, Pipeline};
use folkmoot::site::Links;
use folkmoot::sources::{self, Earlier};
use folkmoot::time;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// What the examples were written for, as a day and as seconds since 1970.
const TODAY: &str = "2026-03-02";
const NOW: &str = "1772452800";

/// The settings of an example that shows only entries.
const USUAL_SETTINGS: &str = "title = \"Example\"\nbase_url = \"https://library.example.org/\"\ntime_zone = \"America/Chicago\"\n";

/// Documents that show commands and files, besides the guide's own pages.
const DOCUMENTS: [&str; 3] = ["README.md", "CONTRIBUTING.md", "tests/README.md"];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = project().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn guide_pages() -> Vec<String> {
    let folder = project().join("docs/content/pages");
    let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let pages: BTreeSet<String> = names.map(|name| format!("docs/content/pages/{name}")).collect();
    pages.into_iter().collect()
}

fn guide_page(name: &str) -> String {
    read(format!("docs/content/pages/{name}.md"))
}

// The guide is a knowledge base.

#[test]
fn the_guide_builds_without_errors_and_warnings() {
    let findings = findings_of(&project().join("docs"));
    let pressing: Vec<String> = findings.iter().filter(|finding| finding.severity != Severity::Note).map(told).collect();
    assert!(pressing.is_empty(), "{pressing:#?}");
}

/// Everything there is to tell about a knowledge base, its pages included.
fn findings_of(root: &Path) -> Vec<Finding> {
    let sources = sources::read(root, Earlier::None).unwrap();
    let audience = Audience { drafts: Drafts::Hidden, internal: Internal::Hidden };
    let options = Options { today: time::read_date(TODAY), now: 0, audience, links: Links::Folders };
    let site = Pipeline::new().run(&sources, &options);
    let mut findings = site.findings;
    findings.extend(site.value.made().into_iter().filter_map(|file| site.value.render(file).err()));
    findings
}

fn told(finding: &Finding) -> String {
    let file = finding.at.as_ref().map_or("", |at| &at.file);
    format!("{file}: {}[{}] {} {}", finding.severity.word(), finding.code, finding.title, finding.help.join(" "))
}

// Examples work as they stand.

/// A fenced block: the first word behind its fence, the rest of that line, and what it holds.
struct Block {
    language: String,
    name: String,
    text: String,
}

/// The fenced blocks of each section. A section begins at a heading of the second level.
fn sections(document: &str) -> Vec<(String, Vec<Block>)> {
    let mut sections = vec![("(its beginning)".to_owned(), Vec::new())];
    let mut open: Option<Block> = None;
    for line in document.lines() {
        match &mut open {
            Some(_) if line == "```" => sections.last_mut().unwrap().1.extend(open.take()),
            Some(block) => block.text.push_str(&format!("{line}\n")),
            None if line.starts_with("```") => {
                let (language, name) = line[3..].split_once(' ').unwrap_or((&line[3..], ""));
                open = Some(Block { language: language.to_owned(), name: name.to_owned(), text: String::new() });
            }
            None if line.starts_with("## ") => sections.push((line[3..].to_owned(), Vec::new())),
            None => {}
        }
    }
    assert!(open.is_none(), "a fenced block is never closed");
    sections
}

impl Block {
    fn is_file(&self) -> bool {
        matches!(self.language.as_str(), "markdown" | "toml" | "html") && !self.name.is_empty()
    }
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

/// The knowledge bases that a section shows. A file that is shown again replaces its earlier self, and what stood
/// before is tried first: a section may show how a file grows.
fn shown_in(blocks: &[Block]) -> Vec<TempDir> {
    let mut states: Vec<BTreeMap<&str, &str>> = vec![BTreeMap::new()];
    for block in blocks.iter().filter(|block| block.is_file()) {
        let last = states.last_mut().unwrap();
        if last.contains_key(block.name.as_str()) {
            let mut next = last.clone();
            next.insert(&block.name, &block.text);
            states.push(next);
        } else {
            last.insert(&block.name, &block.text);
        }
    }
    let states = states.into_iter().filter(|files| !files.is_empty());
    states
        .map(|files| {
            let folder = TempDir::new().unwrap();
            write(folder.path(), sources::CONFIG, USUAL_SETTINGS);
            files.iter().for_each(|(path, text)| write(folder.path(), path, text));
            folder
        })
        .collect()
}

#[test]
fn files_in_documents_have_no_mistake_but_those_they_show() {
    for document in DOCUMENTS.map(str::to_owned).into_iter().chain(guide_pages()) {
        for (section, blocks) in sections(&read(&document)) {
            // What the program says of these files stands there too, and is compared below.
            if blocks.iter().any(|block| block.language == "text" && block.name.starts_with("folkmoot ")) {
                continue;
            }
            for folder in shown_in(&blocks) {
                let findings = findings_of(folder.path());
                let pressing: Vec<String> = findings.iter().filter(|finding| finding.severity != Severity::Note).map(told).collect();
                assert!(pressing.is_empty(), "{document}, {section}: {pressing:#?}");
            }
        }
    }
}

/// Runs lines in a shell, in a folder, with the program on its path.
fn shell(folder: &Path, home: &Path, script: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_folkmoot"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = program.parent().map(Path::to_owned).into_iter().chain(std::env::split_paths(&path)).collect();
    let mut command = Command::new("sh");
    command.args(["-euc", script]).current_dir(folder).env("PATH", std::env::join_paths(folders).unwrap());
    command.env("HOME", home).env("SOURCE_DATE_EPOCH", NOW);
    command.output().unwrap()
}

#[cfg(unix)]
#[test]
fn what_the_program_says_in_documents_is_what_it_says() {
    let mut compared = 0;
    for document in DOCUMENTS.map(str::to_owned).into_iter().chain(guide_pages()) {
        for (section, blocks) in sections(&read(&document)) {
            for said in blocks.iter().filter(|block| block.language == "text" && block.name.starts_with("folkmoot ")) {
                let folders = shown_in(&blocks);
                let folder = folders.last().expect("output is shown beside the files it is about").path();
                let output = shell(folder, folder, &format!("{} || true", said.name));
                let printed = String::from_utf8(output.stdout).unwrap();
                assert_eq!(printed.trim_end(), said.text.trim_end(), "{document}, {section}");
                compared += 1;
            }
        }
    }
    assert!(compared > 0, "no document shows what a finding looks like");
}

#[cfg(unix)]
#[test]
fn commands_in_documents_can_be_typed() {
    for document in DOCUMENTS.map(str::to_owned).into_iter().chain(guide_pages()) {
        for (section, blocks) in sections(&read(&document)) {
            let lines: Vec<&str> = blocks.iter().filter(|block| block.language == "console").flat_map(|block| block.text.lines()).collect();
            let data = blocks.iter().filter(|block| block.language == "json" && !block.name.is_empty());
            let data: Vec<(&str, &str)> = data.map(|block| (block.name.as_str(), block.text.as_str())).collect();
            try_commands(&lines, &data, &format!("{document}, {section}"));
        }
    }
}

/// Runs the commands of a section one after another, in a folder with the data it shows, and with two knowledge bases
/// unless they begin one.
fn try_commands(lines: &[&str], data: &[(&str, &str)], place: &str) {
    let desk = TempDir::new().unwrap();
    let (folder, home) = (desk.path().join("here"), desk.path().join("home"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::create_dir_all(home.join(".local/share/bash-completion/completions")).unwrap();
    data.iter().for_each(|(path, text)| write(&folder, path, text));
    let mut script = String::new();
    if !lines.iter().any(|line| line.starts_with("folkmoot init")) {
        script.push_str("folkmoot init . --title Here >&2\nfolkmoot init my-community >&2\n");
    }
    for line in lines {
        match line.split(' ').next().unwrap_or_default() {
            "folkmoot" if line.starts_with("folkmoot serve") => knows_options(line, place),
            "folkmoot" => script.push_str(&format!("{line}\n")),
            // The building of the program itself is not repeated here.
            "cargo" => {}
            file => assert!(project().join(file).is_file(), "{place}: there is no `{file}` to run"),
        }
    }
    let output = shell(&folder, &home, &script);
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(output.status.success(), "{place}:\n{script}\n{said}");
}

/// A preview does not end by itself, so its line is only held against the help.
fn knows_options(line: &str, place: &str) {
    let known = options(&help(&["serve"]));
    for option in line.split(' ').filter(|word| word.starts_with("--")) {
        assert!(known.contains(option), "{place}: serve has no option `{option}`");
    }
}

#[test]
fn links_from_documents_lead_to_files() {
    let documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "tests/README.md"];
    for document in documents {
        let text = read(document);
        let folder = project().join(document).parent().unwrap().to_owned();
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains("://") && !target.starts_with('#')) {
            let file = target.split('#').next().unwrap();
            assert!(folder.join(file).exists(), "{document}: there is no `{file}`");
        }
    }
}

// Tables leave nothing out.

/// The rows of the tables below a heading of the second level: the words in back-quotes of the first cell, and the
/// other cells.
fn rows(document: &str, heading: &str) -> Vec<(Vec<String>, String)> {
    let mut inside = heading.is_empty();
    let mut rows = Vec::new();
    for line in document.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            inside = heading.is_empty() || title == heading;
        } else if let Some(row) = line.strip_prefix("| `").filter(|_| inside) {
            let (first, rest) = row.split_once(" | ").expect("a row has several cells");
            let names = format!("`{first}").split('`').skip(1).step_by(2).map(str::to_owned).collect();
            rows.push((names, rest.to_owned()));
        }
    }
    rows
}

/// Keys as the guide names them: `review.every` for `every` in the table `review`.
fn flat(keys: &[Described], before: &str, found: &mut Vec<(String, Shape)>) {
    for key in keys {
        let name = format!("{before}{}", key.key);
        found.push((name.clone(), key.shape.clone()));
        if let Shape::Table(inner) | Shape::Tables(inner) = &key.shape {
            flat(inner, &format!("{name}."), found);
        }
    }
}

fn all_keys(keys: &[Described]) -> Vec<(String, Shape)> {
    let mut found = Vec::new();
    flat(keys, "", &mut found);
    found
}

#[track_caller]
fn same_keys(place: &str, known: &[(String, Shape)], written: &[(Vec<String>, String)]) {
    let known_names: BTreeSet<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    let written_names: BTreeSet<&str> = written.iter().flat_map(|(names, _)| names).map(String::as_str).collect();
    let missing: Vec<_> = known_names.difference(&written_names).collect();
    let foreign: Vec<_> = written_names.difference(&known_names).collect();
    assert!(missing.is_empty() && foreign.is_empty(), "{place}: the guide lacks {missing:?}, and knows {foreign:?} that do not exist");
    for (name, shape) in known {
        let Shape::Word(words) = shape else { continue };
        let (_, cells) = written.iter().find(|(names, _)| names.contains(name)).unwrap();
        for word in words {
            assert!(cells.contains(&format!("`\"{word}\"`")), "{place}: the guide does not say that `{name}` can be \"{word}\"");
        }
    }
}

#[test]
fn the_guide_lists_every_key_of_every_kind() {
    let page = guide_page("keys");
    let common = rows(&page, "Keys of every kind");
    for kind in Kind::ALL {
        let mut written = rows(&page, kind.word());
        written.extend(common.iter().cloned());
        same_keys(kind.word(), &all_keys(&front_matter::keys(kind)), &written);
    }
}

#[test]
fn the_guide_lists_every_setting() {
    same_keys("folkmoot.toml", &all_keys(&config::keys()), &rows(&guide_page("settings"), "All settings"));
}

#[test]
fn the_guide_lists_every_finding_with_its_severity() {
    let catalogue = read("src/findings/catalogue.rs");
    let written: BTreeMap<String, String> =
        rows(&guide_page("findings"), "").into_iter().map(|(names, cells)| (names[0].clone(), cells)).collect();
    let mut known = BTreeSet::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for code in catalogue.split(&format!("{}(\"", severity.word())).skip(1).filter_map(|rest| rest.split('"').next()) {
            let cells = written.get(code).unwrap_or_else(|| panic!("the guide lacks the finding `{code}`"));
            let said = cells.split(" | ").next().unwrap();
            assert!(said.contains(severity.word()), "the guide says of `{code}` that it is {said}");
            known.insert(code.to_owned());
        }
    }
    for kind in Kind::ALL {
        let code = folkmoot::findings::catalogue::unknown_code(kind);
        assert!(written.contains_key(code), "the guide lacks the finding `{code}`");
        known.insert(code.to_owned());
    }
    let foreign: Vec<&String> = written.keys().filter(|code| !known.contains(*code)).collect();
    assert!(foreign.is_empty(), "the guide knows findings that do not exist: {foreign:?}");
}

// Commands.

fn help(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_folkmoot")).args(words).arg("--help").output().unwrap();
    assert!(output.status.success(), "folkmoot {} --help", words.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The long options that a help text explains, but for those that every command has.
fn options(help: &str) -> BTreeSet<String> {
    let words = help.lines().map(str::trim_start).filter(|line| line.starts_with('-')).flat_map(str::split_whitespace);
    let long = words.filter(|word| word.starts_with("--") && !["--help", "--version"].contains(word));
    long.map(|word| word.trim_end_matches(',').to_owned()).collect()
}

#[test]
fn the_guide_explains_every_command_and_option() {
    let page = guide_page("commands");
    let known = commands(&help(&[]));
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings.iter().copied().collect::<BTreeSet<_>>(), known.iter().map(String::as_str).collect::<BTreeSet<_>>());
    for command in &known {
        let own = help(&[command]);
        let mut existing = options(&own);
        for inner in commands(&own) {
            existing.extend(options(&help(&[command, &inner])));
        }
        let explained: BTreeSet<String> = rows(&page, command).into_iter().flat_map(|(names, _)| names).collect();
        assert_eq!(explained, existing, "the options of `folkmoot {command}`, in the guide and in its help");
    }
}
