//! What the preview shows is, byte for byte, what a build writes: after any edits, and while there are mistakes.

use crate::preview::{Answer, LOOK_AGAIN, Preview, address_of, program, wait_for};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/example-site");

const TODAY: [&str; 2] = ["--today", "2026-11-22"];

/// How many browsers ask at the same time.
const READERS: usize = 4;

/// How many edits come between two comparisons, where nothing is made wrong on purpose.
const EDITS: usize = 3;

#[test]
fn what_is_served_is_what_is_built() {
    let mut community = Community::new();
    let preview = Preview::of(&community.root(), &TODAY);
    let mut ever = BTreeSet::new();
    community.build_well();
    compare("at the start", &preview, &community, &mut ever);

    let mut mistakes = MISTAKES.iter();
    for (round, edits) in community.plan().chunks(EDITS).enumerate() {
        for edit in edits {
            edit(&mut community);
        }
        // Read after all else, so that it does not show before the rest has been read at least once.
        let mark = format!("round {round}");
        community.write("static/round.txt", &mark);
        preview.shows("/round.txt", &mark);
        community.build_well();
        compare(&mark, &preview, &community, &mut ever);

        if round % 2 == 1
            && let Some((what, file, text)) = mistakes.next()
        {
            let before = fs::read(community.path(file)).ok();
            let shown = preview.state().build;
            community.write(file, text);
            wait_for(what, || (preview.state().build > shown).then_some(()));
            community.build_in_vain();
            compare(what, &preview, &community, &mut ever);
            match before {
                Some(bytes) => fs::write(community.path(file), bytes).unwrap(),
                None => fs::remove_file(community.path(file)).unwrap(),
            }
        }
    }
    assert!(mistakes.next().is_none(), "every mistake was made");
    assert!(preview.warned().is_empty(), "{}", preview.warned());
}

/// What stops a build: the file, and what is written into it.
const MISTAKES: [(&str, &str, &str); 4] = [
    ("a key that no page has", "content/pages/wrong.md", "+++\ntitle = \"Wrong\"\ntopisc = [\"fees\"]\n+++\n\nNobody sees this.\n"),
    ("a setting left open", "folkmoot.toml", "title = \"Nobody sees this\nlanguage = \"es\"\n"),
    ("a template left open", "theme/templates/practice.html", "{% extends \"base.html\" %}{% block "),
    (
        "a template that asks for what no page has",
        "theme/templates/topic.html",
        "{% extends \"base.html\" %}{% block content %}{{ entry.titel }}{% endblock %}",
    ),
];

/// A numbered way to change the knowledge base.
type Edit = fn(&mut Community);

/// The example site with more of what is hard to get right, and somebody who works on it.
struct Community {
    folder: TempDir,
    dice: Dice,
    /// Entries nothing refers to, so that they can be renamed and removed.
    loose: BTreeMap<String, Loose>,
    count: usize,
    more: &'static str,
}

/// The front matter and text of one of them.
#[derive(Clone)]
struct Loose {
    title: String,
    lines: String,
    words: String,
}

impl Community {
    fn new() -> Community {
        let dice = Dice(20261122);
        let mut community = Community { folder: TempDir::new().unwrap(), dice, loose: BTreeMap::new(), count: 0, more: "more" };
        copy(Path::new(EXAMPLE), &community.root());
        for (file, lines) in [
            ("content/pages/more/plan.md", "draft = true"),
            ("content/pages/more/for-staff.md", "visibility = \"internal\""),
            ("content/pages/more/by-link.md", "visibility = \"unlisted\""),
            ("content/practices/école d'été.md", "aliases = [\"/früher/école/\", \"/old.html\"]"),
            ("content/resources/四月.md", "language = \"ja\""),
            ("content/topics/Gamma Hall.md", ""),
            ("content/questions/who pays & why.md", "archived = true"),
        ] {
            let loose = Loose { title: format!("Title of {}", file.len()), lines: lines.into(), words: "First words.".into() };
            community.put(file, loose);
        }
        community.write("static/files/über uns.txt", "Wir.\n");
        community.write("static/files/old page.html", "<p>A page of somebody's own, with no head");
        community.write("static/files/whole.html", "<html><head><title>x</title></head><body></head></body></html>");
        fs::write(community.path("static/files/bytes.bin"), (0..=255).collect::<Vec<u8>>()).unwrap();
        fs::write(community.path("static/files/ending.PNG"), [0x89, b'P', b'N', b'G', 0]).unwrap();
        community.write("theme/templates/parts/foot.html", "<p>Our own foot.</p>");
        community
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("kb")
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// Writes in one of the ways in which editors do.
    fn save(&mut self, path: &str, text: &str) {
        if self.dice.roll(2) == 0 {
            return self.write(path, text);
        }
        let beside = format!("{path}.tmp");
        self.write(&beside, text);
        fs::rename(self.path(&beside), self.path(path)).unwrap();
    }

    fn put(&mut self, file: &str, loose: Loose) {
        self.save(file, &format!("+++\ntitle = \"{}\"\n{}\n+++\n\n{}\n", loose.title, loose.lines, loose.words));
        self.loose.insert(file.to_owned(), loose);
    }

    fn any_loose(&mut self) -> (String, Loose) {
        let at = self.dice.roll(self.loose.len());
        let (file, loose) = self.loose.iter().nth(at).unwrap();
        (file.clone(), loose.clone())
    }

    fn next(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    /// Every edit twice, in an order that is the same each time.
    fn plan(&mut self) -> Vec<Edit> {
        let mut edits: Vec<Edit> = EVERY_EDIT.iter().chain(&EVERY_EDIT).copied().collect();
        for at in (1..edits.len()).rev() {
            edits.swap(at, self.dice.roll(at + 1));
        }
        edits
    }

    fn build(&self) -> Output {
        let mut build = program();
        build.arg("build").arg(self.root()).args(["--drafts", "--internal"]).args(TODAY).arg("--out").arg(self.out());
        build.output().unwrap()
    }

    #[track_caller]
    fn build_well(&self) {
        let output = self.build();
        assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }

    /// Leaves what was built before as it was.
    #[track_caller]
    fn build_in_vain(&self) {
        let output = self.build();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.code() == Some(1) && said.contains("Nothing was published."), "{said}");
    }
}

const EVERY_EDIT: [Edit; 15] = [
    |community| {
        let (file, mut loose) = community.any_loose();
        loose.words = format!("Other words {}, *said* & <meant>.", community.next());
        community.put(&file, loose);
    },
    |community| {
        let (file, mut loose) = community.any_loose();
        loose.title = format!("Another & title {}", community.next());
        community.put(&file, loose);
    },
    |community| {
        let (file, mut loose) = community.any_loose();
        loose.lines = ["draft = true", "visibility = \"internal\"", "", "visibility = \"unlisted\""][community.dice.roll(4)].to_owned();
        community.put(&file, loose);
    },
    |community| {
        let (file, loose) = community.any_loose();
        let renamed = format!("{} {}.md", file.strip_suffix(".md").unwrap(), community.next());
        fs::rename(community.path(&file), community.path(&renamed)).unwrap();
        community.loose.remove(&file);
        community.loose.insert(renamed, loose);
    },
    |community| {
        let (file, _) = community.any_loose();
        fs::remove_file(community.path(&file)).unwrap();
        community.loose.remove(&file);
    },
    |community| {
        let number = community.next();
        let file = format!("content/practices/neu/größer {number}.md");
        let aliases = format!("aliases = [\"/wege/{number}/\"]");
        community.put(&file, Loose { title: format!("Größer {number}"), lines: aliases, words: "Neu.".into() });
    },
    |community| {
        let entries =
            ["sessions/2026/school-group-2026-10.md", "practices/shared-inspector.md", "topics/enforcement.md", "people/june-abernethy.md"];
        let file = format!("content/{}", entries[community.dice.roll(entries.len())]);
        let text = fs::read_to_string(community.path(&file)).unwrap();
        let number = community.next();
        community.save(&file, &format!("{text}\nAn afterthought, number {number}.\n"));
    },
    |community| community.turn("Harbor Counties Learning Network", "Häfen & <Kreise>"),
    |community| community.turn("[gaps]", "[build]\npage_length = 7\n\n[gaps]"),
    |community| community.turn("language = \"en\"", "language = \"es\""),
    |community| {
        let number = community.next();
        community.save("theme/templates/parts/foot.html", &format!("<p>Our own foot {number}.</p>"));
    },
    |community| {
        let number = community.next();
        community.save("theme/assets/style.css", &format!("body {{ margin: {number}px; }}\n"));
    },
    |community| {
        let number = community.next();
        community.save("theme/strings/en.toml", &format!("[nav]\nmain = \"Main {number}\"\n"));
    },
    |community| {
        let number = community.next();
        community.save(
            &format!("static/new {number}/bild ü.svg"),
            &format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- {number} --></svg>"),
        );
        community.save(
            "content/case-studies/pellam-failed-checks.svg",
            &format!("<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"n{number}\"/>"),
        );
        let _ = fs::remove_file(community.path("static/files/ending.PNG"));
    },
    |community| {
        let (from, to) = (community.more, if community.more == "more" { "other" } else { "more" });
        let below = |folder: &str| format!("content/pages/{folder}");
        if fs::rename(community.path(&below(from)), community.path(&below(to))).is_err() {
            // All its entries were renamed away.
            return;
        }
        community.more = to;
        let moved =
            |file: String| file.strip_prefix(&format!("{}/", below(from))).map(|name| format!("{}/{name}", below(to))).unwrap_or(file);
        community.loose = std::mem::take(&mut community.loose).into_iter().map(|(file, loose)| (moved(file), loose)).collect();
    },
];

impl Community {
    /// The other one of two ways to write something in the configuration.
    fn turn(&mut self, one: &str, other: &str) {
        let text = fs::read_to_string(self.path("folkmoot.toml")).unwrap();
        let turned = if text.contains(other) { text.replacen(other, one, 1) } else { text.replacen(one, other, 1) };
        assert_ne!(text, turned, "it holds {one} or {other}");
        self.save("folkmoot.toml", &turned);
    }
}

/// Numbers that are the same each time: a linear congruential generator (Knuth, TAOCP 3.3.4).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % sides
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let place = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(place).unwrap();
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

// --- Comparing ---

/// How many differences are told; all of them when a theme differs would be the whole site.
const SOME: usize = 5;

/// A preview that has shown nothing new for this long is not on its way to anything: it is several times as long as it
/// takes to find by itself what nobody told it of.
const STILL: Duration = Duration::from_secs(8);

/// Asks for everything. A difference is forgiven only as long as the preview is still on its way.
#[track_caller]
fn compare(when: &str, preview: &Preview, community: &Community, ever: &mut BTreeSet<String>) {
    let built = files(&community.out());
    ever.extend(built.keys().cloned());
    loop {
        let build = preview.state().build;
        let differences = differences(preview, &built, ever);
        if differences.is_empty() {
            return;
        }
        let begun = Instant::now();
        while preview.state().build == build {
            let some = differences.iter().take(SOME).map(String::as_str).collect::<Vec<_>>().join("\n");
            assert!(begun.elapsed() < STILL, "{when}, {} differ, such as these:\n{some}", differences.len());
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

/// Every file that was published, by its path; not what a build keeps for itself.
fn files(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(out).into_iter().filter_entry(|entry| entry.file_name() != ".folkmoot") {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(out).unwrap().to_str().unwrap().to_owned();
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
    assert!(files.len() > 800, "the whole site was built");
    files
}

fn differences(preview: &Preview, built: &BTreeMap<String, Vec<u8>>, ever: &BTreeSet<String>) -> Vec<String> {
    let paths: Vec<&String> = ever.iter().collect();
    let mut differences: Vec<String> = std::thread::scope(|scope| {
        let readers: Vec<_> = paths
            .chunks(paths.len().div_ceil(READERS))
            .map(|paths| scope.spawn(move || paths.iter().filter_map(|path| difference(preview, built, path)).collect::<Vec<_>>()))
            .collect();
        readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect()
    });
    let lost = preview.get("/there is/no such page ü/");
    if lost.status != 404 || shown(&lost).as_ref() != Ok(&built["404.html"]) {
        differences.push("the page for addresses that lead nowhere".into());
    }
    differences
}

/// What is otherwise at the address of a file, in words.
fn difference(preview: &Preview, built: &BTreeMap<String, Vec<u8>>, path: &str) -> Option<String> {
    let address = address_of(path);
    let answer = preview.get(&address);
    let Some(bytes) = built.get(path) else {
        return (answer.status != 404).then(|| format!("{address} is answered with {}, and is not built", answer.status));
    };
    let kind = answer.header("Content-Type").unwrap_or_default();
    if answer.status != 200 || kind != media_type(path) {
        return Some(format!("{address} is answered with {} as {kind}", answer.status));
    }
    match shown(&answer) {
        Ok(shown) if shown == *bytes => {}
        Ok(shown) => {
            let at = shown.iter().zip(bytes).take_while(|(one, other)| one == other).count();
            let part = |bytes: &[u8]| String::from_utf8_lossy(&bytes[at.saturating_sub(40)..bytes.len().min(at + 60)]).into_owned();
            return Some(format!("{address} differs from byte {at}:\n  shown: {}\n  built: {}", part(&shown), part(bytes)));
        }
        Err(why) => return Some(format!("{address} {why}")),
    }
    let folder = address.strip_suffix('/').filter(|folder| !folder.is_empty() && !built.contains_key(&folder[1..]))?;
    let led = preview.get(folder);
    let to = led.header("Location").and_then(|to| percent_encoding::percent_decode_str(to).decode_utf8().ok());
    (led.status != 301 || to.as_deref() != Some(&address)).then(|| format!("{folder} is answered with {} to {to:?}", led.status))
}

/// What an answer holds without the one tag that makes a page follow.
fn shown(answer: &Answer) -> Result<Vec<u8>, String> {
    const BEGIN: &[u8] = b"<script src=\"/_folkmoot/reload.js\" ";
    const END: &[u8] = b"</script>";
    let find = |bytes: &[u8], sought: &[u8]| bytes.windows(sought.len()).position(|bytes| bytes == sought);
    let mut bytes = answer.body.clone();
    let page = answer.header("Content-Type").is_some_and(|kind| kind.starts_with("text/html"));
    match (page, find(&bytes, BEGIN)) {
        (true, Some(start)) => {
            let end = start + find(&bytes[start..], END).ok_or("has a tag left open")? + END.len();
            bytes.drain(start..end);
        }
        (true, None) => return Err("does not follow".into()),
        (false, _) => {}
    }
    if find(&bytes, b"/_folkmoot/").is_some() { Err("names the server's own addresses".into()) } else { Ok(bytes) }
}

/// What a browser is told that a file is.
fn media_type(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" if path.ends_with("feed.json") => "application/feed+json; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "xml" if path.ends_with("feed.xml") => "application/atom+xml; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "png" => "image/png",
        "bin" => "application/octet-stream",
        _ => panic!("{path} is of a kind that this test does not know"),
    }
}
