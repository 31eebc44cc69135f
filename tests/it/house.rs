//! House rules that a compiler does not hold: who may use whom, who touches the disk, what the theme must have.

use folkmoot::config;
use folkmoot::entries::front_matter;
use folkmoot::entries::front_matter::case_study::{Again, Direction};
use folkmoot::entries::front_matter::practice::{BEST_GRADE, Effort};
use folkmoot::entries::front_matter::question::{Ask, QuestionStatus};
use folkmoot::entries::front_matter::session::{MaterialKind, Mode};
use folkmoot::fields::{Described, Shape, Word};
use folkmoot::kinds::Kind;
use folkmoot::knowledge::freshness::FreshnessState;
use folkmoot::knowledge::knowers::Hold;
use folkmoot::knowledge::practices::Maturity;
use folkmoot::knowledge::related::Reason;
use folkmoot::knowledge::sessions::{SeriesState, SessionState};
use folkmoot::theme;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use toml::{Table, Value};

/// A file of the program.
struct Module {
    /// From `src/`: `entries/front_matter/mod.rs`.
    path: String,
    text: String,
    /// The text without comments and without tests of its own, as long as the text and with the same lines.
    code: String,
}

impl Module {
    /// The module at the top of the crate that it belongs to: `entries`.
    fn top(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    /// How many modules deep it stands: `entries/body.rs` is two.
    fn depth(&self) -> usize {
        let path = self.path.strip_suffix("/mod.rs").or(self.path.strip_suffix(".rs")).unwrap();
        if path == "lib" || path == "main" { 0 } else { path.split('/').count() }
    }

    /// Where in the file a byte stands, for people.
    fn place(&self, byte: usize) -> String {
        format!("src/{}:{}", self.path, self.code[..byte].matches('\n').count() + 1)
    }
}

fn modules() -> Vec<Module> {
    let mut modules = Vec::new();
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(&top).unwrap().to_str().unwrap().to_owned();
                modules.push(Module { path, code: code_of(&text), text });
            }
        }
    }
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(modules.len() > 50, "the program is found");
    modules
}

/// A source text with blanks for its comments and for its tests. Strings stay.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    text.split_inclusive('\n')
        .map(|line| match comment_start(line) {
            Some(start) => format!("{}{}", &line[..start], if line.ends_with('\n') { "\n" } else { "" }),
            None => line.to_owned(),
        })
        .collect()
}

/// Where `//` begins a comment: not within quotes.
fn comment_start(line: &str) -> Option<usize> {
    let mut quoted = false;
    let mut letters = line.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if quoted => drop(letters.next()),
            // A quote that stands for itself, as in '"', opens nothing.
            '"' if !(line[..at].ends_with('\'') && line[at + 1..].starts_with('\'')) => quoted = !quoted,
            '/' if !quoted && line[at..].starts_with("//") => return Some(at),
            _ => {}
        }
    }
    None
}

#[test]
fn comments_are_told_from_code() {
    assert_eq!(code_of("a // b\n\"// c\" // d\n'\"' // e\n"), "a \n\"// c\" \n'\"' \n");
    assert_eq!(code_of("a\n#[cfg(test)]\nmod tests {}\n"), "a\n");
}

/// The modules of the crate in the order they are declared: the one written list.
fn written_order() -> Vec<String> {
    let lib = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap();
    lib.lines().filter_map(|line| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned())).collect()
}

#[test]
fn a_module_uses_only_modules_before_it() {
    let order = written_order();
    let place = |module: &str| order.iter().position(|known| known == module);
    let mut broken = Vec::new();
    for module in modules().iter().filter(|module| module.depth() > 0) {
        let own = place(module.top()).unwrap_or_else(|| panic!("lib.rs declares `{}`", module.top()));
        for (byte, used) in used_modules(module) {
            // The macro that declares words stands in `fields`, but macros stand at the top of a crate.
            let used = if used == "words" { "fields" } else { used };
            match place(used) {
                Some(at) if at <= own => {}
                _ => broken.push(format!("{} uses `{used}`, which does not stand before `{}`", module.place(byte), module.top())),
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}\nThe order is that of src/lib.rs: {order:?}");
}

/// The modules at the top of the crate that a module names, with where it does.
fn used_modules(module: &Module) -> Vec<(usize, &str)> {
    let code = &module.code;
    let to_the_top = "super::".repeat(module.depth());
    let mut used = Vec::new();
    for way in ["crate::", to_the_top.as_str()] {
        for (at, _) in code.match_indices(way) {
            if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = &code[at + way.len()..];
            match rest.strip_prefix('{') {
                Some(group) => used.extend(names_of(group).into_iter().map(|name| (at, name))),
                None => used.push((at, &rest[..rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())])),
            }
        }
    }
    used
}

/// The first names in a group of imports: `entries::{self, Entry}, time}` gives `entries` and `time`.
fn names_of(group: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0, 0);
    let mut names = Vec::new();
    for (at, letter) in group.char_indices() {
        let ends = depth == 0 && matches!(letter, ',' | '}');
        if ends {
            let name = group[start..at].trim();
            names.extend(Some(name.split("::").next().unwrap().trim()).filter(|name| !name.is_empty()));
            start = at + 1;
        }
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
    }
    names
}

#[test]
fn imports_are_read_as_they_are_written() {
    let module = |path: &str, text: &str| Module { path: path.into(), text: text.into(), code: code_of(text) };
    let names = |module: &Module| used_modules(module).into_iter().map(|(_, name)| name.to_owned()).collect::<Vec<_>>();
    let some = module(
        "entries/body.rs",
        "use crate::{findings::{self, At}, time};\nfn f() { crate::kinds::g(); super::super::fields::h() } // crate::cli\n",
    );
    assert_eq!(names(&some), ["findings", "time", "kinds", "fields"]);
    assert_eq!(names(&module("entries/mod.rs", "use super::time; use self::body; use body::super_x;")), ["time"]);
}

/// Tells every place where one of some words stands in files that may not have it.
#[track_caller]
fn stands_only_in(words: &[&str], allowed: &dyn Fn(&str) -> bool, why: &str) {
    let mut broken = Vec::new();
    for module in modules().iter().filter(|module| !allowed(&module.path)) {
        for word in words {
            broken.extend(module.code.match_indices(word).map(|(at, _)| format!("{}: {word}", module.place(at))));
        }
    }
    assert!(broken.is_empty(), "{why}: {broken:#?}");
}

fn is_edge(path: &str) -> bool {
    path.starts_with("cli/") || path.starts_with("serve/") || path == "main.rs"
}

#[test]
fn the_disk_is_read_in_one_folder_and_written_in_one_folder() {
    let readers = |path: &str| path.starts_with("sources/") || path.starts_with("output/");
    stands_only_in(
        &["fs::read", "File::open", "read_to_string(", "read_dir("],
        &readers,
        "what is in a file is read by `sources`, and the output's own notes by `output`",
    );
    // `serve` looks at folders, to see when something changes, and leaves the reading to `sources`.
    stands_only_in(
        &["WalkDir"],
        &|path| path == "sources/mod.rs" || path == "serve/sweep.rs",
        "folders are walked by `sources` and `serve`",
    );
    // `init`, `new`, `topics`, `import` and `theme` draft files in the community's own folder, where there are none yet.
    let writers = |path: &str| path.starts_with("output/") || path == "cli/drafts.rs";
    stands_only_in(
        &[
            "fs::write",
            "fs::copy",
            "create_dir",
            "File::create",
            "OpenOptions",
            "remove_file",
            "remove_dir",
            "fs::rename",
            "set_permissions",
            "set_len",
            "fs::symlink(",
        ],
        &writers,
        "the disk is written by `output`, and drafts by `cli/drafts.rs`",
    );
    let lookers = |path: &str| readers(path) || is_edge(path);
    stands_only_in(
        &["fs::", "metadata(", ".exists()", ".is_file()", ".is_dir()", "canonicalize(", "read_link("],
        &|path| lookers(path) || path == "sources/mod.rs",
        "between reading and writing nobody looks at the disk",
    );
}

#[test]
fn between_the_edges_there_is_no_clock_no_environment_and_no_printing() {
    stands_only_in(
        &[
            "SystemTime::now",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
            "std::env",
            "env::var",
            "println!",
            "print!",
            "dbg!",
            "stdout()",
            "stderr()",
        ],
        &is_edge,
        "the clock, the environment and the terminal are the edges' business",
    );
}

#[test]
fn nothing_changes_behind_a_shared_reference_in_the_pure_part() {
    // A static that is made once from nothing but the program itself is as good as a constant: `LazyLock`. What is made when
    // it is first asked for is the same whoever asks: `later.rs`, and the cards of a site. A plan keeps the addresses for
    // the next one, which are the same again or are not used.
    stands_only_in(
        &["Mutex", "RwLock", "RefCell", "OnceLock", "OnceCell", "std::cell", "Atomic", "thread_local!", "static mut", "unsafe"],
        &|path| is_edge(path) || path.starts_with("output/") || ["later.rs", "site/plan.rs", "site/cards.rs"].contains(&path),
        "knowledge never changes once made",
    );
}

#[test]
fn nothing_is_left_undone_or_removed_wholesale() {
    stands_only_in(&["todo!", "unimplemented!", "remove_dir_all", "unreachable!()", ".unwrap()", "panic!("], &|_| false, "in src");
    let tests = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it")).unwrap();
    for path in tests.map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(concat!("#[ign", "ore")), "{} passes over a test", path.display());
    }
}

#[test]
fn every_file_says_first_what_it_is_responsible_for() {
    for module in modules() {
        let first = module.text.lines().next().unwrap_or_default();
        let sentence = first.strip_prefix("//! ").unwrap_or_default();
        assert!(
            sentence.len() > 10 && !sentence.starts_with(char::is_lowercase),
            "src/{} begins with a `//!` sentence: {first:?}",
            module.path
        );
    }
}

#[test]
fn findings_do_not_blame() {
    for module in modules().iter().filter(|module| module.path.starts_with("findings/")) {
        for text in strings_of(&module.code) {
            let low = text.to_lowercase();
            // The words of other programs, which are put in our own here.
            let translated = ["invalid", "illegal", "duplicate key"].contains(&low.as_str());
            for word in ["invalid", "illegal", "failed to", "error:", "oops", "please try", "bad "] {
                assert!(!low.contains(word) || translated, "src/{}: “{text}” says “{word}”", module.path);
            }
            assert!(!text.replace("![", "").contains('!') || text.contains("!="), "src/{}: “{text}” raises its voice", module.path);
        }
    }
}

/// The texts in quotes of a piece of code, as they are written between the quotes; raw strings are not among them.
fn strings_of(code: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find('"') {
        if rest[..start].ends_with('\'') {
            rest = &rest[start + 1..];
            continue;
        }
        let text = &rest[start + 1..];
        let mut end = None;
        let mut letters = text.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => drop(letters.next()),
                '"' => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
        }
        let Some(end) = end else { break };
        strings.push(text[..end].replace("\\\"", "\""));
        rest = &text[end + 1..];
    }
    strings
}

// The theme.

/// The theme's strings of a language, by dotted key; a list is one string for each of its items.
fn strings(language: &str) -> BTreeMap<String, String> {
    fn flatten(path: &str, value: &Value, out: &mut BTreeMap<String, String>) {
        match value {
            Value::Table(table) => table.iter().for_each(|(key, value)| flatten(&format!("{path}{key}."), value, out)),
            Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| flatten(&format!("{path}{at}."), value, out)),
            value => drop(out.insert(path.trim_end_matches('.').to_owned(), value.as_str().expect("strings are texts").to_owned())),
        }
    }
    let name = format!("strings/{language}.toml");
    let (_, bytes) = theme::builtin_files().find(|(file, _)| *file == name).expect("the language is in the theme");
    let table: Table = std::str::from_utf8(bytes).unwrap().parse().unwrap();
    let mut out = BTreeMap::new();
    flatten("", &Value::Table(table), &mut out);
    out
}

/// What is filled in: `{n}` gives `n`.
fn holes(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

#[test]
fn both_languages_say_the_same_things() {
    let (english, spanish) = (strings("en"), strings("es"));
    let keys = |strings: &BTreeMap<String, String>| strings.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&english), keys(&spanish));
    for (key, text) in &english {
        // One of something may be said without its number.
        let free = key.ends_with(".one");
        assert!(free || holes(text) == holes(&spanish[key]), "`{key}`: “{text}” and “{}” are filled in alike", spanish[key]);
    }
}

/// The templates of the theme, by name.
fn templates() -> Vec<(&'static str, &'static str)> {
    let files = theme::builtin_files().filter(|(name, _)| name.starts_with("templates/"));
    files.map(|(name, bytes)| (name, std::str::from_utf8(bytes).unwrap())).collect()
}

#[test]
fn every_string_a_template_asks_for_is_there_and_filled_in() {
    let english = strings("en");
    let mut asked = 0;
    for (name, text) in templates() {
        for (at, _) in text.match_indices("t.") {
            if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
                continue;
            }
            let rest = &text[at + 2..];
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && !"_.".contains(c)).unwrap_or(rest.len());
            let key = rest[..end].trim_end_matches('.');
            let line = rest.lines().next().unwrap();
            let filters = &line[end..line.find("}}").map_or(line.len(), |close| close.max(end))];
            let forms: Vec<&String> = match filters.trim_start().starts_with("| plural(") {
                true => ["one", "other"].iter().filter_map(|form| english.get(&format!("{key}.{form}"))).collect(),
                false => english.get(key).into_iter().collect(),
            };
            assert!(!forms.is_empty(), "{name} asks for `t.{key}`, which no string answers: {line}");
            asked += 1;
            // The reader's own time is filled in by script, since only the browser knows it.
            if key == "when.your_time" {
                continue;
            }
            for form in forms {
                for hole in holes(form) {
                    let given = filters.contains(&format!("{hole}=")) || (hole == "n" && filters.contains("plural("));
                    assert!(given, "{name} does not fill in `{{{hole}}}` of `t.{key}`: {line}");
                }
            }
        }
    }
    assert!(asked > 200, "templates are read as they are written: {asked}");
}

fn words<W: Word>() -> Vec<String> {
    W::ALL.iter().map(|(word, _)| (*word).to_owned()).collect()
}

/// The keys that a key with holes stands for; none where nobody has said so here.
fn expanded(key: &str, missing: &[String]) -> Option<Vec<String>> {
    let with = |prefix: &str, words: Vec<String>| Some(words.iter().map(|word| format!("{prefix}{word}")).collect());
    let of_kinds = |ending: &str| Some(Kind::ALL.iter().map(|kind| format!("kinds.{}.{ending}", kind.word())).collect::<Vec<_>>());
    match key {
        "kinds.{}.one" => of_kinds("one"),
        "kinds.{}.other" => of_kinds("other"),
        "kinds.{}.counted" => Some([of_kinds("counted.one")?, of_kinds("counted.other")?].concat()),
        "kinds.{}.{}" | "kinds.{}.{noun}" => Some([of_kinds("noun")?, of_kinds("nouns")?].concat()),
        // Pages have no index, so nothing leads into it.
        "kinds.{}.lead" => Some(of_kinds("lead")?.into_iter().filter(|key| key != "kinds.page.lead").collect()),
        "states.{group}.{code}" => Some(
            [
                with("states.session.", words::<SessionState>())?,
                with("states.series.", words::<SeriesState>())?,
                with("states.mode.", words::<Mode>())?,
                with("states.maturity.", words::<Maturity>())?,
                with("states.effort.", words::<Effort>())?,
                with("states.direction.", words::<Direction>())?,
                with("states.again.", words::<Again>())?,
                with("states.question.", words::<QuestionStatus>())?,
                with("states.ask.", words::<Ask>())?,
                with("states.freshness.", words::<FreshnessState>())?,
                ["not-yet-open", "open", "closes-soon", "full", "closed"].map(|code| format!("states.registration.{code}")).to_vec(),
                ["open", "overdue", "done"].map(|code| format!("states.commitment.{code}")).to_vec(),
                ["delivered", "planned", "not-delivered"].map(|code| format!("states.curriculum.{code}")).to_vec(),
                ["speaks", "addressed", "absent", "not-noted"].map(|code| format!("states.presence.{code}")).to_vec(),
                with("states.hold.", words::<Hold>())?,
                (0..=3).map(|priority| format!("states.priority.{priority}")).collect(),
            ]
            .concat(),
        ),
        "states.material.{}" => with("states.material.", words::<MaterialKind>()),
        "states.grade.{grade}" => Some((0..=BEST_GRADE).map(|grade| format!("states.grade.{grade}")).collect()),
        "kinds.{}.nouns" => of_kinds("nouns"),
        "say.gaps.about.{}" => with("say.gaps.about.", gap_codes()),
        "say.gaps.words.{}" => with("say.gaps.words.", gap_codes()),
        "say.gaps.next.{}" => with("say.gaps.next.", gap_codes()),
        "say.gaps.ways.{code}" => Some(["register", "matrix", "priority", "since"].map(|way| format!("say.gaps.ways.{way}")).to_vec()),
        "say.gaps.ages.{code}" => Some(["asked", "latest"].map(|age| format!("say.gaps.ages.{age}")).to_vec()),
        "say.gaps.filters.{key}" => {
            Some(["kind", "branch", "gap", "owner", "community"].map(|key| format!("say.gaps.filters.{key}")).to_vec())
        }
        "say.gaps.sides.{}" => {
            let sides = ["topics", "kinds", "voices", "places", "series", "organizations"];
            Some(sides.map(|side| format!("say.gaps.sides.{side}")).to_vec())
        }
        "say.gaps.quarters.{code}.title" => Some(QUARTERS.map(|code| format!("say.gaps.quarters.{code}.title")).to_vec()),
        "say.gaps.quarters.{code}.about" => Some(QUARTERS.map(|code| format!("say.gaps.quarters.{code}.about")).to_vec()),
        "say.gaps.terms.{code}" => Some(TERMS.map(|term| format!("say.gaps.terms.{term}")).to_vec()),
        "say.gaps.terms.{key}" => Some(["risk_stale", "risk_voices", "risk_single"].map(|term| format!("say.gaps.terms.{term}")).to_vec()),
        "say.gaps.facts.{key}" => {
            Some(["organizations", "people", "grade", "first", "latest"].map(|fact| format!("say.gaps.facts.{fact}")).to_vec())
        }
        "say.gaps.report.{key}" => Some(["opened", "closed"].map(|key| format!("say.gaps.report.{key}")).to_vec()),
        "say.registers.{}.title" => Some(REGISTERS.map(|name| format!("say.registers.{name}.title")).to_vec()),
        "say.registers.{}.lead" => Some(REGISTERS.map(|name| format!("say.registers.{name}.lead")).to_vec()),
        "say.registers.{}.noun" => Some(REGISTERS.map(|name| format!("say.registers.{name}.noun.one")).to_vec()),
        "search.groups.{name}" => Some(GROUPS.map(|name| format!("search.groups.{name}")).to_vec()),
        "say.orders.{}" => Some(ORDERS.map(|name| format!("say.orders.{name}")).to_vec()),
        "say.promises.{sort}" => Some(PROMISES.map(|sort| format!("say.promises.{sort}")).to_vec()),
        "say.promises.{sort}_about" => Some(PROMISES.map(|sort| format!("say.promises.{sort}_about")).to_vec()),
        // Nothing is said of what is in several hands, and a few states explain themselves.
        "say.hold.{}_about" => Some(["nobody", "gone", "alone"].map(|hold| format!("say.hold.{hold}_about")).to_vec()),
        "say.question_means.{}" => Some(["already-known", "parked"].map(|state| format!("say.question_means.{state}")).to_vec()),
        "say.handoff.{key}" => Some(HANDOFF.map(|part| format!("say.handoff.{part}")).to_vec()),
        "say.related.{}" => with("say.related.", words::<Reason>()),
        "say.maturity_means.{}" => with("say.maturity_means.", words::<Maturity>()),
        "say.sessions_{key}" => Some(["upcoming", "past", "undated"].map(|part| format!("say.sessions_{part}")).to_vec()),
        "say.gap_{key}" => Some(["question", "topic", "practice"].map(|gap| format!("say.gap_{gap}")).to_vec()),
        "say.gap_{key}_ask" => Some(["question", "topic", "practice"].map(|gap| format!("say.gap_{gap}_ask")).to_vec()),
        "say.missing.{code}" => with("say.missing.", missing.to_vec()),
        // What to do about it, where there is something to do.
        "say.missing.{code}-ask" => Some(Vec::new()),
        // A dimension is named by the community, and a rule may name any weekday of a month.
        "say.dimensions.{dimension}" | "say.rhythm.nth.{}" => Some(Vec::new()),
        key if !key.contains('{') => Some(vec![key.to_owned()]),
        _ => None,
    }
}

/// The lists of priority by coverage.
const QUARTERS: [&str; 4] = ["act", "keep", "watch", "rest"];
/// The steps of the arithmetic of a cell.
const TERMS: [&str; 7] = ["priority", "target", "value", "coverage", "demand", "risk", "score"];

/// The kinds of gap as classes and strings.
fn gap_codes() -> Vec<String> {
    let codes = [
        "absolute",
        "thin",
        "synthesis",
        "evidence",
        "use",
        "stale",
        "unanswered",
        "missing-voice",
        "at-risk",
        "conflicting",
        "access",
        "shortfall",
    ];
    codes.map(str::to_owned).to_vec()
}

/// The registers by their folders.
const REGISTERS: [&str; 11] =
    ["commitments", "lessons", "takeaways", "success", "reviews", "promises", "who-knows", "voices", "a-z", "places", "years"];
/// The orders lists can be read in.
const GROUPS: [&str; 8] = ["kind", "topic", "series", "year", "organization", "voice", "maturity", "recording"];

const ORDERS: [&str; 17] = [
    "state",
    "who",
    "session",
    "date",
    "topic",
    "series",
    "community",
    "audience",
    "owner",
    "due",
    "risk",
    "name",
    "title",
    "age",
    "times",
    "place",
    "organization",
];
/// What is handed over.
const HANDOFF: [&str; 8] = ["questions", "commitments", "sessions", "overdue", "reviews", "topics", "roles", "only"];
/// The sorts of promises that wait.
const PROMISES: [&str; 5] = ["unwritten", "curriculum", "transcripts", "commitments", "reviews"];

#[test]
fn every_string_the_program_asks_for_is_there() {
    let english = strings("en");
    let is_there = |key: &str| {
        english.contains_key(key) || english.keys().any(|known| known.strip_prefix(key).is_some_and(|rest| rest.starts_with('.')))
    };
    let sections = ["say.", "states.", "kinds.", "dates.", "not_found.", "redirect."];
    let modules = modules();
    let in_site = modules.iter().filter(|module| module.top() == "site" || module.top() == "theme");
    let texts: Vec<(&str, String)> =
        in_site.flat_map(|module| strings_of(&module.code).into_iter().map(|text| (module.path.as_str(), text))).collect();
    // What is drawn as missing is named where it is found to be missing.
    let missing: Vec<String> = modules
        .iter()
        .filter(|module| module.top() == "site")
        .flat_map(|module| module.code.split("missing(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())))
        .collect();
    assert!(missing.len() > 5, "{missing:?}");
    let mut asked = 0;
    for (path, text) in &texts {
        let is_key = sections.iter().any(|section| text.starts_with(section))
            && text.bytes().all(|b| b.is_ascii_lowercase() || b"._-{}".contains(&b));
        if !is_key {
            continue;
        }
        let keys = expanded(text, &missing).unwrap_or_else(|| panic!("src/{path} makes keys `{text}`; say in this test which these are"));
        for key in keys {
            asked += 1;
            assert!(is_there(&key), "src/{path} asks for the string `{key}`, which is not there");
        }
    }
    assert!(asked > 200, "the program is read as it is written: {asked}");
}

// The colours of the theme.

type Tokens = BTreeMap<String, String>;

/// The tokens of the style sheet on light pages, and on dark ones.
fn tokens() -> (Tokens, Tokens) {
    let (_, bytes) = theme::builtin_files().find(|(name, _)| *name == "assets/style.css").expect("the theme has a style sheet");
    let css = std::str::from_utf8(bytes).unwrap();
    let of = |block: &str| -> Tokens {
        let declared = block.split(';').filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'));
        declared.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
    };
    let root = |text: &str| {
        text.split_once(":root {").and_then(|(_, rest)| rest.split_once('}')).map(|(block, _)| of(block)).expect("there are tokens")
    };
    let light = root(css);
    let mut dark = light.clone();
    dark.extend(root(css.split_once("@media (prefers-color-scheme: dark)").expect("there is a dark page").1));
    (light, dark)
}

fn colour(tokens: &Tokens, name: &str) -> [f64; 3] {
    let value = tokens.get(name).unwrap_or_else(|| panic!("there is a token --{name}"));
    if let Some(other) = value.strip_prefix("var(--").and_then(|rest| rest.strip_suffix(')')) {
        return colour(tokens, other);
    }
    let digits = value.strip_prefix('#').filter(|digits| digits.len() == 6).unwrap_or_else(|| panic!("--{name} is a colour: {value}"));
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0)
}

/// The contrast of two colours (WCAG 2.2, "contrast ratio" and "relative luminance").
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let [r, g, b] = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The least contrast of text (WCAG 2.2, success criterion 1.4.3) and of shapes (1.4.11).
const TEXT: f64 = 4.5;
const SHAPES: f64 = 3.0;

#[test]
fn every_pair_of_colours_can_be_told_apart() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    let (light, dark) = tokens();
    let grounds = ["paper", "sheet", "gap-wash"];
    let mut low = Vec::new();
    for (page, tokens) in [("light", &light), ("dark", &dark)] {
        let mut check = |front: &str, ground: &str, least: f64| {
            let ratio = contrast(colour(tokens, front), colour(tokens, ground));
            if ratio < least {
                low.push(format!("{page}: --{front} on --{ground} is {ratio:.2} to 1, and should be {least}"));
            }
        };
        for ground in grounds {
            ["ink", "ink-soft", "accent", "gap"].iter().for_each(|front| check(front, ground, TEXT));
            // Marks of kinds, outlines of what is missing, and the lines that say where something can be typed or pressed.
            let shapes = tokens.keys().filter(|name| name.starts_with("hue-")).map(String::as_str);
            shapes.chain(["gap-line", "rule-strong"]).for_each(|front| check(front, ground, SHAPES));
        }
        check("on-accent", "accent", TEXT);
    }
    assert!(low.is_empty(), "{low:#?}");
}

#[test]
fn a_communitys_accent_is_measured_against_the_pages_of_the_theme() {
    let (light, dark) = tokens();
    let hex = |tokens: &Tokens| colour(tokens, "paper").map(|part| format!("0x{:02x}", (part * 255.0).round() as u8)).join(", ");
    let code = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/config/colour.rs")).unwrap();
    for paper in [hex(&light), hex(&dark)] {
        assert!(code.contains(&format!("[{paper}]")), "config/colour.rs knows the paper [{paper}]");
    }
}

// The fields of the specification (section 3), written by hand: what is missing in the program is missing for authors.

const COMMON: &str = "title id summary date updated topics communities voices audiences places authors organizations related aliases draft archived \
    superseded_by visibility=public|unlisted|internal language review.every review.owner review.log.on review.log.by review.log.outcome \
    review.log.checked cells.map cells.row cells.col";

fn specified(kind: Kind) -> &'static str {
    match kind {
        Kind::Session => {
            "series number start end minutes time_zone status=tentative|scheduled|postponed|cancelled uid occurrence previous_starts cancel_reason \
             mode=online|in-person|hybrid location join.url join.note join.public registration.url registration.opens registration.closes \
             registration.capacity registration.cost registration.eligibility registration.state facilitators speakers.person speakers.name \
             speakers.role speakers.organization speakers.voice objectives agenda.at agenda.minutes agenda.title \
             materials.type=slides|recording|transcript|captions|handout|notes|chat|other materials.url materials.file materials.title \
             materials.language materials.minutes chapters.at chapters.title takeaways decisions questions.id questions.text \
             questions.ask=information|experience|problem|evidence|resource|decision questions.status=open|partly|answered|already-known|parked \
             commitments.id commitments.text commitments.by commitments.due commitments.done commitments.evidence lessons attendance.registered \
             attendance.attended attendance.by_voice"
        }
        Kind::CaseStudy => {
            "setting period.from period.to practices results.measure results.baseline results.result results.unit results.audience \
             results.direction=improved|no-change|worse|mixed results.source barriers enablers cost lessons contact willing_to_talk \
             would_do_again=yes|with-changes|no"
        }
        Kind::Practice => {
            "problem context when_not effort=low|medium|high synonyms replaces contradicts evidence.claim evidence.grade evidence.source evidence.note"
        }
        Kind::Series => {
            "time_zone display_zones start end status=cancelled format default.time default.minutes default.mode=online|in-person|hybrid \
             default.platform default.facilitators registration.url registration.opens registration.closes registration.capacity registration.cost \
             registration.eligibility registration.state recurrence.rrule recurrence.except recurrence.extra curriculum colour"
        }
        Kind::Topic => "parent dimension definition not synonyms order steward essentials priority required_voices law.title law.url",
        Kind::Question => {
            "ask=information|experience|problem|evidence|resource|decision asked_on asked_in asked_by asks needed_by \
             status=open|partly|answered|already-known|parked answers answer checked.on checked.by checked.where checked.found owner"
        }
        Kind::Resource => "type url file publisher published languages access why",
        Kind::Voice => "definition parent expected_in reach.how reach.contact",
        Kind::Organization => "kind place url synonyms",
        Kind::Person => "kind place url synonyms organization role expertise offers contact photo consent_on left_on successor",
        Kind::Community => {
            "purpose parent started ends join.url join.eligibility contact expected_voices roles.person roles.organization roles.role roles.decides \
             success.audience success.measure success.target success.due success.status success.evidence"
        }
        Kind::Page => "nav",
    }
}

/// The keys of a kind as the specification writes them: `review.log.on`, and `effort=low|medium|high` where it lists the words.
fn written(keys: &[Described], path: &str, out: &mut BTreeSet<String>) {
    for key in keys {
        let name = format!("{path}{}", key.key);
        match &key.shape {
            Shape::Table(inner) | Shape::Tables(inner) => written(inner, &format!("{name}."), out),
            Shape::Word(words) => drop(out.insert(format!("{name}={}", words.join("|")))),
            _ => drop(out.insert(name)),
        }
        assert!(key.about.ends_with('.') && key.about.len() > 3, "`{}` says what it means", key.key);
    }
}

#[test]
fn every_field_of_the_specification_is_read() {
    for kind in Kind::ALL {
        let mut read = BTreeSet::new();
        written(&front_matter::keys(kind), "", &mut read);
        for key in COMMON.split_whitespace().chain(specified(kind).split_whitespace()) {
            let there = read.contains(key) || (!key.contains('=') && read.iter().any(|known| known.split('=').next() == Some(key)));
            assert!(there, "{} has no key `{key}`: {read:?}", kind.word());
        }
    }
}

#[test]
fn every_key_of_the_configuration_is_read() {
    let specified = "title description base_url language time_zone display_zones theme.accent nav.title nav.to edit.url edit.report_url \
        markdown.raw_html=sanitize|escape|allow review.practice review.resource review.topic review.community review.question vocabulary.open site_id \
        maps.id gate.map gate.max gate.min.coverage gate.min.certain gate.no_new gate.baseline search.enabled feeds.length build.out";
    let mut read = BTreeSet::new();
    written(&config::keys(), "", &mut read);
    for key in specified.split_whitespace() {
        assert!(read.contains(key), "the configuration has no key `{key}`: {read:?}");
    }
}
