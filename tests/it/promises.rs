//! What holds for every knowledge base, also for those nobody thought of.

use crate::knowledge_base::{Built, KnowledgeBase, options};
use crate::pages;
use folkmoot::entries;
use folkmoot::findings::show::{self, Notes, Styled};
use folkmoot::findings::{Checked, Finding, Place, any_error};
use folkmoot::kinds::Kind;
use folkmoot::output::{self, Plan};
use folkmoot::pipeline::{self, Options, Pipeline};
use folkmoot::sources::{self, CONFIG, Earlier, Source, Sources};
use folkmoot::theme;
use folkmoot::time::{self, Date};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;
use std::fs;

/// Ids in several scripts and spellings; the first letters are far enough apart that none is taken for another.
const IDS: [&str; 6] = ["alpha", "beta", "Gamma Hall", "école", "四月", "zeta.one"];

/// A knowledge base as numbers, so that one that breaks a promise can be made smaller.
#[derive(Debug, Clone)]
struct Recipe {
    /// For each kind, one number after the other.
    entries: Vec<Vec<Dish>>,
    config: u32,
    theme: u32,
}

/// Titles that are names of other entries too, or that links ask for: what somebody writes by and by. Before, an entry is
/// called by its kind and id.
const TITLES: [&str; 4] = ["Alpha", "Shared name", "practice alpha", "Nobody wrote this"];

/// An entry: which lines it has (one bit each), what it refers to, what its text holds, and which title it has.
#[derive(Debug, Clone, Copy)]
struct Dish {
    lines: u64,
    choice: u64,
    text: u32,
    title: Option<&'static str>,
}

fn dish() -> impl Strategy<Value = Dish> {
    (any::<u64>(), any::<u64>(), any::<u32>(), any::<u64>()).prop_map(|(lines, choice, text, fewer)| {
        // Half of the lines of half of the lines: enough that each meets each other, few enough to be like what people write.
        Dish { lines: lines & fewer, choice, text, title: None }
    })
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let entries: Vec<_> =
        Kind::ALL.into_iter().map(|kind| proptest::collection::vec(dish(), 0..if kind == Kind::Session { 6 } else { 4 })).collect();
    (entries, any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(entries, config, fewer, theme)| Recipe {
        entries,
        config: config & fewer,
        theme,
    })
}

/// What somebody does to a knowledge base between two saves.
#[derive(Debug, Clone)]
enum Edit {
    Rewrite(usize, usize, Dish),
    Retitle(usize, usize, Option<&'static str>),
    /// The entries after it take the ids before theirs, so that this also renames.
    Remove(usize, usize),
    Add(usize, Dish),
    Config(u32),
    Theme(u32),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => (0..12usize, 0..4usize, dish()).prop_map(|(kind, at, dish)| Edit::Rewrite(kind, at, dish)),
        4 => (0..12usize, 0..4usize, proptest::option::of(select(TITLES.to_vec()))).prop_map(|(kind, at, title)| Edit::Retitle(kind, at, title)),
        2 => (0..12usize, 0..4usize).prop_map(|(kind, at)| Edit::Remove(kind, at)),
        2 => (0..12usize, dish()).prop_map(|(kind, dish)| Edit::Add(kind, dish)),
        1 => any::<u32>().prop_map(Edit::Config),
        1 => any::<u32>().prop_map(Edit::Theme),
    ]
}

impl Recipe {
    fn edit(&mut self, edit: &Edit) {
        match *edit {
            Edit::Rewrite(kind, at, dish) => {
                if let Some(old) = self.entries[kind].get_mut(at) {
                    *old = dish;
                }
            }
            Edit::Retitle(kind, at, title) => {
                if let Some(old) = self.entries[kind].get_mut(at) {
                    old.title = title;
                }
            }
            Edit::Remove(kind, at) => {
                if at < self.entries[kind].len() {
                    self.entries[kind].remove(at);
                }
            }
            Edit::Add(kind, dish) => {
                if self.entries[kind].len() < IDS.len() {
                    self.entries[kind].push(dish);
                }
            }
            Edit::Config(config) => self.config = config,
            Edit::Theme(theme) => self.theme = theme,
        }
    }

    /// The files of the knowledge base. What refers to something refers to something there, so that most have no errors.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::from([
            (CONFIG.to_owned(), self.config()),
            ("static/guide.txt".to_owned(), "A guide.\n".to_owned()),
            ("content/practices/picture.png".to_owned(), format!("picture {}", self.theme % 3)),
        ]);
        for (kind, dishes) in Kind::ALL.into_iter().zip(&self.entries) {
            for (number, dish) in dishes.iter().enumerate() {
                files.insert(format!("content/{}/{}.md", kind.folder(), IDS[number]), self.entry(kind, number, *dish));
            }
        }
        files.extend(self.theme());
        files
    }

    fn config(&self) -> String {
        let lines = [
            "base_url = \"https://harbor.example.org/library/\"",
            "language = \"es\"",
            "time_zone = \"America/New_York\"",
            "display_zones = [\"Pacific/Auckland\", \"Asia/Kolkata\"]",
            "description = \"What <harbor> towns & others learn.\"",
        ];
        let tables = [
            "[build]\npage_length = 5",
            "[feeds]\nlength = 2",
            "[markdown]\nraw_html = \"escape\"",
            "[theme]\naccent = \"#0b5c66\"",
            "[review]\npractice = \"1 month\"",
            "[edit]\nurl = \"https://forge.example.org/{path}\"",
            "[[maps]]\nid = \"one\"\nrows = { topics = \"topic\" }\ncolumns = { from = \"kinds\" }\nsegment = \"freshness\"",
            "[[maps]]\nid = \"two\"\nrows = { from = \"voices\" }\ncolumns = { from = \"places\" }\nsegment = \"maturity\"",
        ];
        let mut text = String::from("title = \"Harbor & network\"\n");
        let all = lines.iter().chain(&tables).enumerate();
        for (_, line) in all.filter(|(bit, _)| self.config >> bit & 1 == 1) {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    fn theme(&self) -> Vec<(String, String)> {
        let own = |path: &str, text: &str| vec![(path.to_owned(), text.to_owned())];
        match self.theme % 8 {
            0 => own(
                "theme/templates/page.html",
                "{% extends \"base.html\" %}{% block content %}<h1>{{ entry.title }}</h1>{{ entry.body }}{% endblock %}",
            ),
            1 => own("theme/assets/style.css", "body { color: black; }"),
            2 => own("theme/strings/es.toml", "[nav]\nmain = \"Todo\"\n"),
            3 => own("theme/templates/page.html", "{% extends \"base.html\" %}{% block content %}{{ entry.titel }}{% endblock %}"),
            4 => own("theme/templates/list.html", "{% block "),
            _ => Vec::new(),
        }
    }

    fn entry(&self, kind: Kind, number: usize, dish: Dish) -> String {
        let mut hand = Hand { recipe: self, kind, number, choice: dish.choice };
        let title = dish.title.map_or_else(|| format!("{} {}", kind.word(), IDS[number]), str::to_owned);
        let mut text = format!("+++\ntitle = \"{title}\"\n");
        let plain = COMMON.iter().chain(own_lines(kind)).enumerate();
        for (_, line) in plain.filter(|(bit, _)| dish.lines >> bit & 1 == 1) {
            text.push_str(&hand.filled(line));
        }
        let tables = own_tables(kind).iter().enumerate();
        for (_, table) in tables.filter(|(bit, _)| dish.lines >> (40 + bit) & 1 == 1) {
            text.push_str(&hand.filled(table));
        }
        text.push_str("+++\n\n## Heading\n\n");
        for (_, piece) in PIECES.iter().enumerate().filter(|(bit, _)| dish.text >> bit & 1 == 1) {
            text.push_str(&hand.filled(piece));
            text.push('\n');
        }
        text
    }
}

/// Fills in what an entry refers to: `‹topics›` is the id of a topic that is there and is not the entry itself.
struct Hand<'a> {
    recipe: &'a Recipe,
    kind: Kind,
    number: usize,
    choice: u64,
}

impl Hand<'_> {
    fn next(&mut self) -> usize {
        // A step of a linear congruential generator (Knuth, TAOCP 3.3.4): any will do that is the same every time.
        self.choice = self.choice.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.choice >> 33) as usize
    }

    /// The line with its names; nothing where there is nothing to name.
    fn filled(&mut self, line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some((before, named)) = rest.split_once('‹') {
            let (name, after) = named.split_once('›').expect("what is opened is closed");
            out.push_str(before);
            match name {
                "self" => out.push_str(&format!("{}-{}", self.kind.word(), self.number)),
                _ => {
                    let Some(id) = self.id_of(name) else { return String::new() };
                    out.push_str(&id);
                }
            }
            rest = after;
        }
        out + rest + "\n"
    }

    /// An id in a folder. `up` is one before this entry, so that nothing goes round in a circle; `there` is one with a
    /// file; `file` is the same as it stands in an address.
    fn id_of(&mut self, name: &str) -> Option<String> {
        let (folder, way) = name.split_once(' ').unwrap_or((name, ""));
        let kind = Kind::from_folder(folder).unwrap_or_else(|| panic!("{name} is a folder"));
        let there = self.recipe.entries[Kind::ALL.iter().position(|other| *other == kind)?].len();
        let mut numbers: Vec<usize> = (0..there).filter(|number| kind != self.kind || *number != self.number).collect();
        if way == "up" {
            numbers.retain(|number| *number < self.number);
        }
        if numbers.is_empty() {
            // Of a kind without files any name will do, but not a link to a file.
            return (there == 0 && way.is_empty()).then(|| IDS[self.next() % IDS.len()].to_owned());
        }
        let id = IDS[numbers[self.next() % numbers.len()]];
        Some(if way == "file" { id.replace(' ', "%20") } else { id.to_owned() })
    }
}

const COMMON: [&str; 17] = [
    "date = 2026-05-01",
    "updated = 2025-10-20",
    "topics = [\"‹topics›\", \"‹topics›\"]",
    "communities = [\"‹communities›\"]",
    "voices = [\"‹voices›\"]",
    "audiences = [\"‹voices›\"]",
    "places = [\"US-NC\", \"Côte d'Azur\"]",
    "authors = [\"‹people›\", \"Somebody New\"]",
    "organizations = [\"‹organizations›\"]",
    "related = [\"practices/‹practices›\", \"sessions/‹sessions›\"]",
    "aliases = [\"/old/‹self›/\"]",
    "draft = true",
    "archived = true",
    "superseded_by = \"resources/‹resources›\"",
    "visibility = \"internal\"",
    "language = \"ar\"",
    "summary = \"Short & <plain>\"",
];

fn own_lines(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Session => &[
            "series = \"‹series›\"",
            "number = 2",
            "start = 2026-12-03T13:00:00",
            "minutes = 90",
            "time_zone = \"Asia/Kolkata\"",
            "status = \"cancelled\"",
            "previous_starts = [2026-11-01T09:00:00]",
            "mode = \"hybrid\"",
            "location = \"Room <2>\"",
            "facilitators = [\"‹people›\"]",
            "objectives = [\"Learn\"]",
            "takeaways = [\"Ask & answer\"]",
            "decisions = [\"Meet again\"]",
            "lessons = [\"Begin early\"]",
        ],
        Kind::Practice => &[
            "problem = \"Too little\"",
            "effort = \"low\"",
            "when_not = [\"Never\"]",
            "synonyms = [\"Other name ‹self›\"]",
            "replaces = [\"‹practices›\"]",
            "contradicts = [\"‹practices›\"]",
        ],
        Kind::CaseStudy => &[
            "practices = [\"‹practices›\"]",
            "setting = \"A town\"",
            "barriers = [\"Money\"]",
            "enablers = [\"Will\"]",
            "would_do_again = \"no\"",
            "willing_to_talk = true",
            "contact = \"desk@example.org\"",
        ],
        Kind::Series => &[
            "start = 2026-09-01",
            "end = 2026-10-01",
            "status = \"cancelled\"",
            "curriculum = [\"‹topics›\"]",
            "format = \"Calls\"",
            "colour = \"#4682b4\"",
            "display_zones = [\"Pacific/Guam\"]",
        ],
        Kind::Topic => &[
            "parent = \"‹topics up›\"",
            "dimension = \"knowledge\"",
            "definition = \"What it is\"",
            "synonyms = [\"Other topic ‹self›\"]",
            "order = 2",
            "steward = \"‹people›\"",
            "essentials = [\"practices/‹practices›\"]",
            "priority = 3",
            "required_voices = [\"‹voices›\"]",
        ],
        Kind::Question => &[
            "ask = \"evidence\"",
            "asked_on = 2026-01-05",
            "asked_in = \"‹sessions›\"",
            "asked_by = \"‹voices›\"",
            "status = \"partly\"",
            "answers = [\"practices/‹practices›\"]",
            "answer = \"Yes & no\"",
            "owner = \"‹people›\"",
        ],
        Kind::Resource => &[
            "type = \"guide\"",
            "url = \"https://example.org/?a=1&b=2\"",
            "file = \"guide.txt\"",
            "why = \"It helps\"",
            "languages = [\"en\"]",
        ],
        Kind::Voice => &["definition = \"People\"", "parent = \"‹voices up›\"", "expected_in = [\"communities/‹communities›\"]"],
        Kind::Organization => &["kind = \"agency\"", "url = \"https://example.org/\"", "synonyms = [\"Other office ‹self›\"]"],
        Kind::Person => &[
            "organization = \"‹organizations›\"",
            "expertise = [\"‹topics›\"]",
            "contact = \"a@example.org\"",
            "consent_on = 2026-01-05",
            "successor = \"‹people›\"",
        ],
        Kind::Community => {
            &["purpose = \"Learn\"", "parent = \"‹communities up›\"", "expected_voices = [\"‹voices›\"]", "started = 2024-01-01"]
        }
        Kind::Page => &["nav = true"],
    }
}

fn own_tables(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Session => &[
            "[join]\nurl = \"https://call.example.org/\"\npublic = true",
            "[registration]\nurl = \"https://register.example.org/\"\ncloses = 2026-11-25",
            "[[speakers]]\nname = \"A guest\"\nvoice = \"‹voices›\"\norganization = \"‹organizations›\"",
            "[[agenda]]\nat = \"13:05\"\ntitle = \"Welcome\"",
            "[[materials]]\ntype = \"recording\"\nurl = \"https://video.example.org/1\"",
            "[[materials]]\ntype = \"handout\"\nfile = \"guide.txt\"",
            "[[chapters]]\nat = \"00:12:30\"\ntitle = \"Fees\"",
            "[[questions]]\ntext = \"Who pays for it?\"\nasked_by = \"‹voices›\"",
            "[[questions]]\nid = \"how\"\ntext = \"How?\"\nanswers = [\"practices/‹practices›\"]",
            "[[commitments]]\ntext = \"Send the table\"\nby = \"people/‹people›\"\ndue = 2026-11-10",
            "[[commitments]]\nid = \"visit\"\ntext = \"Visit\"\nby = [\"organizations/‹organizations›\", \"voices/‹voices›\"]\ndone = true",
            "[attendance]\nattended = 7\nby_voice = { \"‹voices›\" = 3 }",
        ],
        Kind::CaseStudy => &[
            "[period]\nfrom = 2025-01-01\nto = 2025-12-31",
            "[[results]]\nmeasure = \"Sales\"\nbaseline = 3\nresult = 1\naudience = \"‹voices›\"\ndirection = \"improved\"",
        ],
        Kind::Practice => &[
            "[[evidence]]\nclaim = \"It works\"\ngrade = 3",
            "[review]\nevery = \"6 months\"\nowner = \"‹people›\"\n[[review.log]]\non = 2026-09-01\nchecked = [\"links\"]",
        ],
        Kind::Series => &[
            "[default]\nminutes = 45\nfacilitators = [\"‹people›\"]",
            "[recurrence]\nrrule = \"FREQ=MONTHLY;BYDAY=1TH\"\nextra = [2026-11-29]",
            "[registration]\nurl = \"https://register.example.org/\"\nopens = 2026-11-24\ncloses = 2026-12-20",
        ],
        Kind::Community => &[
            "[[roles]]\nperson = \"‹people›\"\nrole = \"Chair\"",
            "[[success]]\nmeasure = \"Members\"\ntarget = 10\naudience = \"‹voices›\"",
            "[join]\nurl = \"https://join.example.org/\"",
        ],
        Kind::Question => &["[[checked]]\non = 2026-02-01\nby = \"‹people›\"\nwhere = \"Library\"\nfound = \"Nothing\""],
        Kind::Topic => &["[[law]]\ntitle = \"An act\"\nurl = \"https://law.example.org/\""],
        Kind::Voice => &["[reach]\nhow = \"By post\"\ncontact = \"never@example.org\""],
        _ => &[],
    }
}

/// What texts are made of.
const PIECES: [&str; 27] = [
    "A paragraph with *emphasis*, `code` & a <sign>.\n",
    "[a practice](../practices/‹practices file›.md) and [its heading](../practices/‹practices file›.md#heading)\n",
    "[a session](../sessions/‹sessions file›.md#heading), [a topic](../topics/‹topics file›.md)\n",
    "[[practices/‹practices›]] and [[people/‹people›|somebody]]\n",
    "[[Nobody wrote this]]\n",
    "[[Shared name]] and [[SHARED_NAME#heading]]\n",
    "[[Practice alpha]] and [[session beta]]\n",
    "[here](#heading) and [[practices/‹practices there›#heading]]\n",
    "[the index](../questions/‹questions file›.md)\n",
    "![a picture](../practices/picture.png)\n",
    "![a picture elsewhere](https://elsewhere.example/a.png)\n",
    "[the guide](/guide.txt) and [mail](mailto:a@example.org)\n",
    "Text[^note].\n\n[^note]: A note with [a link](../resources/‹resources file›.md).\n",
    "| Town | Fee |\n|------|----:|\n| A    |  12 |\n",
    "> [!TIP]\n> Mind this.\n",
    "- [ ] to do\n- [x] done\n  - deeper\n",
    "Term\n: Definition\n",
    "### Heading\n\nOf the same name.\n",
    "## Another & <other> heading {#other .wide}\n\n[there](#other)\n",
    "<b onclick=\"x\">bold</b> <a href=\"../practices/‹practices file›.md#heading\">raw</a>\n",
    "<div id=\"raw\">\n\nInside.\n\n</div>\n",
    "<script>alert(1)</script>\n",
    "```html\n<b>code</b>\n```\n",
    "1. one\n2. two\n\n***\n",
    "A reference [to it][it].\n\n[it]: https://example.org/\n",
    "[an address](/practices/‹practices file›/)\n",
    "~~old~~ www.example.org 4 < 5 \"quoted\"\n",
];

/// Writes what is new, takes away what is gone, and leaves alone what is the same.
fn lay_out(base: &mut KnowledgeBase, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) {
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        fs::remove_file(base.path(path)).unwrap();
    }
    for (path, text) in new.iter().filter(|(path, text)| old.get(*path) != Some(text)) {
        base.write(path, text);
    }
}

/// The same knowledge base without a disk, for what has no need of one.
fn in_memory(files: &BTreeMap<String, String>) -> Sources {
    let of = |folder: &str, ending: &str| -> Vec<Source> {
        let found = files.iter().filter(|(path, _)| path.starts_with(folder) && path.ends_with(ending));
        found.map(|(path, text)| Source::of(path, text)).collect()
    };
    Sources {
        config: files.get(CONFIG).map(|text| Source::of(CONFIG, text)),
        content: of("content/", ".md").into(),
        theme: of("theme/", ""),
        ..Sources::default()
    }
}

fn same(one: &Built, other: &Built, what: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(&one.findings, &other.findings, "{}: the same is told", what);
    let paths = |built: &Built| built.files.keys().cloned().collect::<Vec<_>>();
    prop_assert_eq!(paths(one), paths(other), "{}: the same files are there", what);
    for (path, bytes) in &one.files {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        prop_assert_eq!(text(bytes), text(&other.files[path]), "{}: {} is the same", what, path);
    }
    Ok(())
}

/// How many cases a promise is tried on; `PROPTEST_CASES` names another number, for a longer look.
fn cases(cases: u32) -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { cases };
    // What once failed belongs into a golden site, where somebody reads it, and not into a file of numbers.
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(48))]

    /// After any edits, a program that watches gives what a fresh one gives.
    #[test]
    fn watching_equals_building(mut recipe in recipe(), edits in proptest::collection::vec(edit(), 1..5)) {
        let mut base = KnowledgeBase::new();
        let mut files = recipe.files();
        lay_out(&mut base, &BTreeMap::new(), &files);
        let mut watching = Pipeline::new();
        let mut seen = base.read();
        Built::of(&mut watching, seen.clone(), &options());
        for edit in &edits {
            recipe.edit(edit);
            let edited = recipe.files();
            lay_out(&mut base, &files, &edited);
            files = edited;
            seen = sources::read(base.root(), Earlier::Trusted(&seen)).unwrap();
            let watched = Built::of(&mut watching, seen.clone(), &options());
            same(&watched, &base.build(&options()), &format!("after {edit:?}"))?;
        }
    }
}

proptest! {
    #![proptest_config(cases(48))]

    /// The order in which files are found does not matter.
    #[test]
    fn order_of_files_does_not_matter(recipe in recipe(), turn in 0..20usize) {
        let sources = in_memory(&recipe.files());
        let mut turned = sources.clone();
        let mut content: Vec<Source> = sources.content.iter().rev().cloned().collect();
        content.rotate_left(turn % sources.content.len().max(1));
        turned.content = content.into();
        let one = Built::of(&mut Pipeline::new(), Checked::new(sources, Vec::new()), &options());
        let other = Built::of(&mut Pipeline::new(), Checked::new(turned, Vec::new()), &options());
        same(&one, &other, "in another order")?;
    }

    /// Nor does the number of cores, nor the clock where somebody says what day it is.
    #[test]
    fn one_core_or_two_and_any_clock(recipe in recipe(), now in 0..4_000_000_000i64) {
        let files = recipe.files();
        let on = |cores: usize, options: Options| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build().unwrap();
            pool.install(|| Built::of(&mut Pipeline::new(), Checked::new(in_memory(&files), Vec::new()), &options))
        };
        same(&on(1, options()), &on(2, Options { now, ..options() }), "on two cores")?;
    }

    /// Where there are no errors, every link of every page leads somewhere.
    #[test]
    fn every_link_leads_somewhere(recipe in recipe(), portable in any::<bool>(), shown in any::<bool>()) {
        let mut base = KnowledgeBase::new();
        lay_out(&mut base, &BTreeMap::new(), &recipe.files());
        let mut how = options();
        if portable {
            how.links = folkmoot::site::Links::Portable;
        }
        if shown {
            how.audience.drafts = folkmoot::knowledge::Drafts::Shown;
            how.audience.internal = folkmoot::knowledge::Internal::Shown;
        }
        let built = base.build(&how);
        if !any_error(&built.findings) {
            let base_path = if built.site.knowledge().config.base_url.is_some() { "/library/" } else { "/" };
            let broken = pages::broken(&built.files, base_path);
            prop_assert!(broken.is_empty(), "{broken:#?}");
        }
    }

    /// What nobody may see stands in no file.
    #[test]
    fn what_is_private_stands_in_no_file(recipe in recipe()) {
        let built = Built::of(&mut Pipeline::new(), Checked::new(in_memory(&recipe.files()), Vec::new()), &options());
        for (path, text) in built.texts() {
            prop_assert!(!text.contains("never@example.org"), "{path} tells how to reach a voice");
            if path.starts_with("search/") && path.ends_with(".js") {
                prop_assert!(!text.contains('<'), "{path} could hold a tag");
                continue;
            }
            prop_assert!(!text.contains("onclick") || path.starts_with("assets/") || text.contains("&lt;b onclick"), "{path} has an event handler");
            prop_assert!(!text.contains("href=\"javascript:"), "{path} has a script for a link");
        }
    }
}

proptest! {
    #![proptest_config(cases(48))]

    /// Until the next rebuild is due, a site built on another day would read the same, but for the day it says it was
    /// made on.
    #[test]
    fn nothing_changes_before_the_next_rebuild(recipe in recipe(), later in 0..400i64, ahead in 0..400i64) {
        let sources = in_memory(&recipe.files());
        let on = |today: Date| {
            let options = Options { today: Some(today), ..options() };
            Built::of(&mut Pipeline::new(), Checked::new(sources.clone(), Vec::new()), &options)
        };
        let today = time::plus_days(time::read_date("2026-09-01").unwrap(), later);
        let first = on(today);
        let due = time::read_date(std::str::from_utf8(&first.files["next-rebuild.txt"]).unwrap().get(..10).unwrap_or("2100-01-01")).unwrap();
        let last = time::days_between(today, due) - 1;
        prop_assert!(last >= 0, "it is due on a day to come");
        let day = time::plus_days(today, ahead.min(last));
        let then = on(day);
        for (path, bytes) in &first.files {
            let text = |bytes: &[u8], day| timeless(&String::from_utf8_lossy(bytes), day);
            prop_assert_eq!(text(bytes, today), text(&then.files[path], day), "{} is the same on {} and on {}, and due on {}", path, today, day, due);
        }
        prop_assert_eq!(first.files.len(), then.files.len());
    }
}

/// A text without the day it was made on: where pages say so, where a month marks it, and in the data.
fn timeless(text: &str, day: Date) -> String {
    let as_of = without(text, "<span class=\"as-of\"", "</span>");
    let marked = without(&as_of, " <span class=\"day-today\">", "</span>");
    let drawn = without(&marked, "<tspan class=\"as-of\">", "</tspan>");
    // The heading of a report.
    let headed = drawn.replacen(&format!(" ({day})\n"), "\n", 1);
    headed.replace(" aria-current=\"date\"", "").replace(&format!("\"today\":\"{day}\""), "")
}

/// A text without what stands from one mark to another.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut parts = text.split(from);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once(to).map_or("", |(_, rest)| rest))
}

proptest! {
    #![proptest_config(cases(24))]

    /// Publishing twice writes once, and after an edit only what changed is written.
    #[test]
    fn publishing_twice_writes_once(mut recipe in recipe(), edit in edit()) {
        let mut base = KnowledgeBase::new();
        let files = recipe.files();
        lay_out(&mut base, &BTreeMap::new(), &files);
        let first = base.build(&options());
        let out = base.path("public");
        let publish = |built: &Built| {
            let digest = pipeline::digest(&built.sources, &options());
            let paths: Vec<String> = built.files.keys().cloned().collect();
            let protected = ["content", "static", "theme"].map(|folder| base.path(folder));
            let (project, protected, home) = (base.root(), &protected, None);
            let plan = Plan { out: &out, project, protected, home, digest: &digest, paths: &paths, early: &[] };
            let published = output::publish::<()>(&plan, &|file| Ok(built.files[&paths[file]].as_slice().into())).unwrap();
            (published, output::up_to_date(&out, &digest))
        };
        let (published, standing) = publish(&first);
        prop_assert_eq!((published.written, published.unchanged, published.removed), (first.files.len(), 0, 0));
        prop_assert_eq!(standing.map(|standing| standing.unchanged), Some(first.files.len()));
        let (again, _) = publish(&first);
        prop_assert_eq!((again.written, again.unchanged, again.removed), (0, first.files.len(), 0));

        recipe.edit(&edit);
        let mut other = KnowledgeBase::new();
        lay_out(&mut other, &BTreeMap::new(), &recipe.files());
        let second = other.build(&options());
        let changed = second.files.iter().filter(|(path, bytes)| first.files.get(*path) != Some(bytes)).count();
        let gone = first.files.keys().filter(|path| !second.files.contains_key(*path)).count();
        let (edited, _) = publish(&second);
        prop_assert_eq!((edited.written, edited.removed), (changed, gone));
        for (path, bytes) in &second.files {
            prop_assert_eq!(&fs::read(out.join(path)).unwrap(), bytes);
        }
    }
}

/// Bytes that could stand where a community writes: from sound to nothing but noise.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let crumbs = select(vec![
        "+++\n",
        "+++\r\n",
        "\u{feff}",
        "title = ",
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        "\n",
        "\r\n",
        ",",
        "#",
        "date = 2026-02-30\n",
        "start = 2026-03-08T02:30:00\n",
        "start = 2026-03-04T13:00:00Z\n",
        "end = 9999-12-31\n",
        "start = 0001-01-01\n",
        "topics = [\"a\", 1]\n",
        "review = 1\n",
        "[review]\n",
        "[[review.log]]\n",
        "[[questions]]\ntext = \"?\"\n",
        "[[chapters]]\nat = \"99:99\"\n",
        "minutes = 9223372036854775807\n",
        "minutes = 44640\n",
        "time_zone = \"Atlantis\"\n",
        "every = \"1200 years\"\n",
        "rrule = \"FREQ\"\n",
        "id = \"..\"\n",
        "id = \"/\"\n",
        "aliases = [\"/../\", \"%00\"]\n",
        "title = \"é🦀\"\n",
        "# ",
        "## Heading {#a .b c=d}\n",
        "[[",
        "[[a|b]]",
        "[a](b.md#c)",
        "[](",
        "![](",
        "<a href=",
        "<!--",
        "<script>",
        "[^a]: ",
        "[^a]",
        "| a |\n|---|\n",
        "> [!NOTE]\n",
        "`",
        "```\n",
        "*",
        "_",
        "~~",
        "&amp;",
        "&#0;",
        "\u{0}",
        "\u{202e}",
        "e\u{301}",
        "🦀",
        "%F0%9F",
        "javascript:",
        "\t",
        "  - ",
        ": ",
        "base_url = \"https:///\"\n",
        "language = \"\"\n",
        "[[maps]]\n",
        "[gate]\n",
        "{{ ",
        " }}",
        "{% ",
        " %}",
        "{{ entry.title }}",
        "{% extends \"base.html\" %}",
        "{% block content %}",
        "{% endblock %}",
        "{{ t.nav }}",
        "{{ 1/0 }}",
        "{% include \"parts/foot.html\" %}",
        "{% include \"page.html\" %}",
        "{% for x in range(end=10) %}",
        "{% endfor %}",
        "nav = 1\n",
        "[nav]\n",
        "skip = 1\n",
        "entries = 3\n",
    ]);
    let crumbs = proptest::collection::vec(crumbs, 0..40).prop_map(|crumbs| crumbs.concat().into_bytes());
    let framed = (crumbs.clone(), crumbs.clone())
        .prop_map(|(front, body)| [b"+++\ntitle = \"A\"\n".to_vec(), front, b"\n+++\n".to_vec(), body].concat());
    let broken = (crumbs.clone(), any::<(u16, u8)>()).prop_map(|(mut bytes, (at, byte))| {
        let at = usize::from(at) % (bytes.len() + 1);
        bytes.insert(at, byte);
        bytes
    });
    prop_oneof![3 => crumbs, 4 => framed, 2 => broken, 1 => proptest::collection::vec(any::<u8>(), 0..200)]
}

/// That everything told points into a file that is there, between characters, and can be shown.
fn points_somewhere(findings: &[Finding], text: &dyn Fn(&str) -> Option<Vec<u8>>) -> Result<(), TestCaseError> {
    for finding in findings {
        let also = finding.also.iter().map(|(place, _)| place);
        for Place { file, span } in finding.at.iter().chain(also) {
            prop_assert!(span.start <= span.end, "{finding:?}");
            let Some(bytes) = text(file) else {
                // What concerns the program, or a file that is missing, has no text to point into.
                prop_assert!(span.end == 0, "{finding:?} points into a file that is not there");
                continue;
            };
            prop_assert!(span.end as usize <= bytes.len(), "{finding:?} points behind the end of a file of {} bytes", bytes.len());
            let readable = match std::str::from_utf8(&bytes) {
                Ok(text) => text,
                Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap(),
            };
            for end in [span.start, span.end] {
                prop_assert!(readable.is_char_boundary(end as usize), "{finding:?} points into a character");
            }
        }
        prop_assert!(!finding.title.is_empty() && !finding.help.is_empty(), "{finding:?} says what is and what to do");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(400))]

    /// Nothing that stands in a file makes the program fall over, and what it tells can be pointed at.
    #[test]
    fn any_bytes_can_be_an_entry(kind in select(Kind::ALL.to_vec()), bytes in noise()) {
        let path = format!("content/{}/entry.md", kind.folder());
        let parsed = entries::parse(&Source::of(&path, &bytes));
        points_somewhere(&parsed.findings, &|file| (file == path).then(|| bytes.clone()))?;
        for entry in &parsed.entries {
            prop_assert!(!entry.slug.is_empty() && !entry.slug.contains('/'));
        }
    }

    #[test]
    fn any_bytes_can_be_the_configuration(bytes in noise()) {
        let told = folkmoot::config::read(Some(&Source::of(CONFIG, &bytes))).findings;
        points_somewhere(&told, &|file| (file == CONFIG).then(|| bytes.clone()))?;
    }
}

/// Where a theme of one's own may put a file.
fn theme_paths() -> Vec<String> {
    theme::builtin_files()
        .map(|(name, _)| format!("theme/{name}"))
        .chain(["theme/strings/xx.toml".into(), "theme/more.txt".into()])
        .collect()
}

proptest! {
    #![proptest_config(cases(120))]

    /// Nor does a whole folder of noise, and what is told of it can be shown.
    #[test]
    fn any_bytes_can_be_a_knowledge_base(
        config in noise(),
        content in proptest::collection::vec((select(Kind::ALL.to_vec()), select(IDS.to_vec()), noise()), 0..6),
        own in proptest::collection::vec((select(theme_paths()), noise()), 0..3),
    ) {
        let sorted = |files: BTreeMap<String, Vec<u8>>| files.iter().map(|(path, bytes)| Source::of(path, bytes)).collect::<Vec<Source>>();
        let sources = Sources {
            config: Some(Source::of(CONFIG, &config)),
            content: sorted(content.into_iter().map(|(kind, id, bytes)| (format!("content/{}/{id}.md", kind.folder()), bytes)).collect()).into(),
            theme: sorted(own.into_iter().collect()),
            ..Sources::default()
        };
        let built = Built::of(&mut Pipeline::new(), Checked::new(sources.clone(), Vec::new()), &options());
        let all = || sources.config.iter().chain(sources.content.iter()).chain(&sources.theme);
        let bytes = |file: &str| all().find(|source| &*source.path == file).map(|source| source.bytes.to_vec());
        points_somewhere(&built.findings, &bytes)?;
        let text = |path: &str| crate::knowledge_base::text(&sources, path);
        show::text(&built.findings, &text, Styled::Plain, Notes::All);
        show::json(&built.findings, &text);
    }
}

#[test]
fn most_generated_knowledge_bases_have_no_errors() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sound = 0;
    const TRIED: usize = 20;
    for _ in 0..TRIED {
        let mut recipe = recipe().new_tree(&mut runner).unwrap().current();
        // Two of the themes are broken on purpose.
        recipe.theme = 7;
        let mut base = KnowledgeBase::new();
        lay_out(&mut base, &BTreeMap::new(), &recipe.files());
        let built = base.build(&options());
        sound += usize::from(!any_error(&built.findings));
        for ((_, code), count) in built.counts() {
            *told.entry(code).or_default() += count;
        }
    }
    assert!(sound * 2 > TRIED, "only {sound} of {TRIED} have no errors, so the promises about sound ones say little: {told:?}");
}

/// Pages that are an entry's own may name what stands in no list; nothing else may.
fn is_own_page(file: &str) -> bool {
    let folders = ["sessions", "practices", "case-studies", "topics", "questions", "resources", "voices", "organizations", "people"];
    let own = folders.iter().chain(&["series", "communities"]).any(|folder| {
        let rest = file.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        rest.and_then(|rest| rest.strip_suffix("/index.html")).is_some_and(|id| !id.contains('/') && !id.starts_with("by-"))
    });
    own || file.contains("quietword")
}

#[test]
fn what_is_unlisted_stands_in_no_list_feed_calendar_data_or_gap() {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor\"\nbase_url = \"https://harbor.example.org/\"\n");
    let unlisted =
        |title: &str, more: &str| format!("+++\ntitle = \"{title} quietword\"\ndate = 2026-01-02\nvisibility = \"unlisted\"\n{more}+++\n");
    for (folder, more) in [
        ("practices", "topics = [\"fees\"]\n[review]\nowner = \"ana\"\n"),
        ("topics", "parent = \"fees\"\n"),
        ("voices", "expected_in = [\"topics/fees\"]\n"),
        ("organizations", "place = \"Quietword County\"\n"),
        ("people", "expertise = [\"fees\"]\n"),
        ("series", "start = 2026-01-01\n"),
        ("questions", "topics = [\"fees\"]\n"),
        ("resources", "topics = [\"fees\"]\n"),
        ("communities", "[[success]]\nmeasure = \"A quietword measure\"\n"),
    ] {
        base.write(&format!("content/{folder}/quietword.md"), unlisted(folder, more));
    }
    base.write(
        "content/sessions/quietword.md",
        unlisted("Session", "start = 2026-03-01\ntakeaways = [\"A quietword\"]\nlessons = [\"A quietword\"]\n"),
    );
    base.write(
        "content/topics/fees.md",
        "+++\ntitle = \"Fees\"\ndate = 2020-01-01\nsteward = \"quietword\"\nrequired_voices = [\"quietword\"]\n+++\n",
    );
    base.write("content/people/ana.md", "+++\ntitle = \"Ana\"\ndate = 2026-01-01\norganization = \"quietword\"\n+++\n");
    base.write("content/voices/youth.md", "+++\ntitle = \"Youth\"\ndate = 2026-01-01\nexpected_in = [\"topics/quietword\"]\n+++\n");
    base.write(
        "content/series/calls.md",
        "+++\ntitle = \"Calls\"\nstart = 2026-01-01\nend = 2026-12-31\ncurriculum = [\"quietword\"]\n+++\n",
    );
    base.write(
        "content/sessions/call.md",
        "+++\ntitle = \"Call\"\nstart = 2026-03-02T10:00:00\nseries = \"quietword\"\ntopics = [\"quietword\", \"fees\"]\nvoices = [\"quietword\"]\n\
         organizations = [\"quietword\"]\nauthors = [\"quietword\"]\nlessons = [\"One\"]\n[[speakers]]\nperson = \"quietword\"\norganization = \"quietword\"\n\
         [[questions]]\ntext = \"Who pays?\"\nasked_by = \"quietword\"\nanswers = [\"practices/quietword\"]\n\
         [[commitments]]\ntext = \"Send it\"\nby = \"people/quietword\"\ndue = 2026-04-01\nevidence = \"practices/quietword\"\n+++\n\nNotes.\n",
    );
    base.write(
        "content/case-studies/quill.md",
        "+++\ntitle = \"Quill\"\ndate = 2026-02-02\ntopics = [\"fees\"]\norganizations = [\"quietword\"]\nlessons = [\"Two\"]\n+++\n",
    );
    base.write("content/communities/harbor.md", "+++\ntitle = \"All\"\ndate = 2026-01-01\n[[success]]\naudience = \"quietword\"\nmeasure = \"Calls\"\nevidence = \"practices/quietword\"\n+++\n");
    let built = base.build(&options());
    assert!(built.files.contains_key("practices/quietword/index.html"), "it has a page: {}", built.told());
    assert!(built.files.contains_key("reviews/index.html") && built.files.contains_key("commitments/index.html"));
    let named: Vec<&str> = built
        .texts()
        .filter(|(file, text)| !is_own_page(file) && text.to_lowercase().contains("quietword"))
        .map(|(file, _)| file)
        .collect();
    assert_eq!(named, Vec::<&str>::new());
}

/// A community in which everything that one page could gather is there `n` times.
fn of_size(n: usize) -> KnowledgeBase {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor\"\n[build]\npage_length = 10\n");
    base.write("content/topics/all.md", "+++\ntitle = \"All\"\ndate = 2026-01-01\n+++\n");
    base.write("content/voices/silent.md", "+++\ntitle = \"Silent\"\ndate = 2026-01-01\nexpected_in = [\"topics/all\"]\n+++\n");
    base.write("content/voices/youth.md", "+++\ntitle = \"Youth\"\ndate = 2026-01-01\n+++\n");
    base.write("content/organizations/one.md", "+++\ntitle = \"One\"\ndate = 2026-01-01\n+++\n");
    base.write("content/people/ana.md", "+++\ntitle = \"Ana\"\ndate = 2026-01-01\norganization = \"one\"\n+++\n");
    base.write("content/communities/harbor.md", "+++\ntitle = \"Harbor\"\ndate = 2026-01-01\n+++\n");
    base.write("content/series/calls.md", "+++\ntitle = \"Calls\"\nstart = 2016-01-01\nend = 2026-12-31\n+++\n");
    base.write("content/practices/visits.md", "+++\ntitle = \"Visits\"\ndate = 2026-01-01\n+++\n");
    for i in 0..n {
        let dated =
            |title: &str, more: &str| format!("+++\ntitle = \"{title} {i:04}\"\ndate = 2026-01-01\n{more}+++\n\nAs in [[visits]].\n");
        let about = "topics = [\"all\"]\nvoices = [\"youth\"]\naudiences = [\"silent\"]\norganizations = [\"one\"]\nauthors = [\"ana\"]\nplaces = [\"Quill\"]\n";
        base.write(
            &format!("content/topics/t{i:04}.md"),
            dated("Topic", "parent = \"all\"\nsteward = \"ana\"\nrequired_voices = [\"silent\"]\n"),
        );
        base.write(&format!("content/practices/p{i:04}.md"), dated("Practice", about));
        base.write(
            &format!("content/case-studies/c{i:04}.md"),
            dated("Case", &format!("{about}practices = [\"visits\"]\nlessons = [\"One\"]\nwilling_to_talk = true\n")),
        );
        base.write(&format!("content/resources/r{i:04}.md"), dated("Resource", about));
        base.write(&format!("content/questions/q{i:04}.md"), dated("Question", &format!("{about}asked_by = \"youth\"\n")));
        base.write(&format!("content/people/h{i:04}.md"), dated("Person", "organization = \"one\"\nexpertise = [\"all\"]\n"));
        base.write(&format!("content/organizations/o{i:04}.md"), dated("House", "place = \"Quill\"\n"));
        let (year, month, day) = (2016 + i % 8, 1 + i / 8 % 12, 3 + i / 96);
        base.write(
            &format!("content/sessions/s{i:04}.md"),
            format!(
                "+++\ntitle = \"Call {i:04}\"\nstart = {year}-{month:02}-{day:02}\nseries = \"calls\"\n{about}takeaways = [\"Why?\"]\nfacilitators = [\"ana\"]\n\
                 [[speakers]]\nperson = \"ana\"\norganization = \"one\"\n[[questions]]\ntext = \"Who pays {i}?\"\n\
                 [[commitments]]\ntext = \"Send it\"\nby = \"people/ana\"\ndue = 2026-04-01\n+++\n\nSee [[visits]].\n"
            ),
        );
    }
    base
}

#[test]
fn no_page_grows_with_the_site_beyond_its_paging() {
    // Both have more of everything than any page shows.
    let (smaller, larger) = (of_size(120).build(&options()), of_size(360).build(&options()));
    assert!(!any_error(&smaller.findings), "{}", smaller.told());
    // Months and printed years hold all that takes place in them, and a map has a row for each topic; later pages of a
    // list are full, or its last.
    let first = |file: &str| {
        file.ends_with(".html") && !["calendar/", "series/calls/20", "/page/", "/matrix/"].iter().any(|part| file.contains(part))
    };
    let grown: Vec<String> = smaller
        .files
        .iter()
        .filter(|(file, _)| first(file))
        .filter_map(|(file, bytes)| Some((file, bytes.len(), larger.files.get(file)?.len())))
        // A longer row of page numbers and wider numbers are no growth.
        .filter(|(_, before, after)| *after > *before + 1500)
        .map(|(file, before, after)| format!("{file}: {before} → {after}"))
        .collect();
    assert_eq!(grown, Vec::<String>::new());
}
