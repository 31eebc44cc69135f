//! The command line as people use it: the program itself, run in folders of its own.

use folkmoot::entries;
use folkmoot::entries::front_matter;
use folkmoot::fields::{Described, Shape};
use folkmoot::kinds::Kind;
use folkmoot::sources::Source;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use tempfile::TempDir;

/// Noon of 2026-03-04 (UTC), a Wednesday, as seconds since 1970.
const NOW: &str = "1772625600";

/// A folder to work in.
pub struct Desk {
    folder: TempDir,
}

/// What a command came to.
pub struct Ran {
    code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn well(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// What was said on the way to an exit code.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }
}

impl Desk {
    pub fn new() -> Desk {
        Desk { folder: TempDir::new().unwrap() }
    }

    /// With a knowledge base in the folder `kb`.
    pub fn begun() -> Desk {
        let desk = Desk::new();
        desk.run(&["init", "kb", "--title", "Harbor network"]).well();
        desk
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn command(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_folkmoot"));
        command.args(arguments).current_dir(self.path(folder)).env("SOURCE_DATE_EPOCH", NOW).env("HOME", self.path("home"));
        command
    }

    pub fn run_in(&self, folder: &str, arguments: &[&str]) -> Ran {
        let output = self.command(folder, arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_in(".", arguments)
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    pub fn write(&self, path: &str, text: &str) {
        let file = self.path(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// Every file below a folder, with its bytes.
    pub fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let walk = walkdir::WalkDir::new(self.path(folder)).into_iter().map(Result::unwrap);
        walk.filter(|entry| entry.file_type().is_file())
            .map(|entry| (entry.path().to_owned(), std::fs::read(entry.path()).unwrap()))
            .collect()
    }
}

// The way through.

#[test]
fn a_knowledge_base_is_begun_written_checked_and_published() {
    let desk = Desk::new();
    let begun = desk.run(&["init", "kb", "--title", "Harbor network", "--time-zone", "America/Chicago"]).well();
    assert_eq!(
        begun,
        "“Harbor network” has begun:\n  kb/folkmoot.toml\n  kb/content/sessions/2026/opening-call.md\n  kb/content/pages/about.md\n\
         Next, look at it, and write a second entry:\n  folkmoot serve kb --open\n  folkmoot new session \"Second call\" --site kb\n"
    );
    assert!(desk.read("kb/folkmoot.toml").contains("site_id = \"harbor-network\""));

    let wrote = desk.run_in("kb", &["new", "session", "Second call", "--date", "2026-04-01"]).well();
    assert!(wrote.starts_with("Wrote `content/sessions/2026/second-call.md`.\n"), "{wrote}");
    let session = desk.read("kb/content/sessions/2026/second-call.md");
    assert!(session.contains("start = 2026-04-01T13:00:00\nminutes = 60\n"), "{session}");
    assert!(session.contains("uid = \"2026-04-01-second-call@harbor-network\""), "{session}");

    let checked = desk.run(&["check", "kb"]).well();
    assert!(checked.ends_with("3 entries checked; nothing to mend.\n"), "{checked}");

    let built = desk.run_in("kb", &["build"]).well();
    assert!(built.contains("Published ") && built.contains(" 0 removed) to `public` in "), "{built}");
    assert!(desk.read("kb/public/sessions/second-call/index.html").contains("Second call"));

    let again = desk.run_in("kb", &["build"]).well();
    assert!(again.starts_with("Nothing has changed; ") && again.ends_with(" files stand in `public`.\n"), "{again}");
    let other_day = desk.run_in("kb", &["build", "--today", "2026-06-01"]).well();
    assert!(other_day.contains("Published "), "{other_day}");
}

#[test]
fn init_writes_over_nothing() {
    let desk = Desk::new();
    desk.write("kb/content/pages/about.md", "Ours.\n");
    let refused = desk.run(&["init", "kb"]).with_code(2);
    assert!(refused.err.contains("`kb/content/pages/about.md` is there already, and nothing has been written."), "{}", refused.err);
    assert_eq!(desk.files("kb").len(), 1);

    let zone = desk.run(&["init", "other", "--time-zone", "America/Chigaco"]).with_code(2);
    assert_eq!(zone.err, "There is no time zone `America/Chigaco`. Did you mean `America/Chicago`?\n");
    assert!(!desk.path("other").exists());
}

#[test]
fn init_takes_any_title() {
    let desk = Desk::new();
    for (number, title) in ["\"Quotes\" \\ and 'more'", "知識", "!!!", "# [x](y) <b>\u{1b}"].iter().enumerate() {
        let folder = format!("kb{number}");
        desk.run(&["init", &folder, "--title", title]).well();
        desk.run(&["check", &folder]).well();
    }
}

#[test]
fn a_first_session_is_not_at_a_weekend() {
    let desk = Desk::new();
    for day in 0..7 {
        let now: u64 = NOW.parse::<u64>().unwrap() + day * 24 * 60 * 60;
        let folder = format!("kb{day}");
        let begun = desk.command(".", &["init", &folder]).env("SOURCE_DATE_EPOCH", now.to_string()).output().unwrap();
        assert!(begun.status.success());
        let text = desk.read(&format!("{folder}/content/sessions/2026/opening-call.md"));
        let start = text.lines().find_map(|line| line.strip_prefix("start = ")).unwrap();
        assert!(folkmoot::time::weekday(start[..10].parse().unwrap()) < 5, "{start}");
    }
}

// New entries.

#[test]
fn every_kind_is_drafted_and_passes_the_check() {
    let desk = Desk::begun();
    for kind in Kind::ALL {
        desk.run(&["new", kind.word(), "A “new” \"one\"", "--site", "kb"]).well();
    }
    let checked = desk.run(&["check", "kb", "--format", "json"]).well();
    let document: Value = serde_json::from_str(&checked).unwrap();
    assert_eq!((&document["counts"]["errors"], &document["counts"]["warnings"]), (&0.into(), &0.into()), "{checked}");
}

#[test]
fn what_is_asleep_in_a_draft_can_be_woken() {
    let desk = Desk::begun();
    for kind in Kind::ALL {
        desk.run(&["new", kind.word(), "Something new", "--site", "kb"]).well();
    }
    for (file, bytes) in desk.files("kb/content") {
        let text = String::from_utf8(bytes).unwrap();
        let wake = |line: &str| match line.strip_prefix("# ") {
            Some(key) if key.contains(" = ") || key.starts_with('[') => key.to_owned(),
            _ => line.to_owned(),
        };
        let woken: String = text.lines().map(|line| wake(line) + "\n").collect();
        assert!(woken.contains("[[") || !text.contains("# [["), "{woken}");
        let path = file.strip_prefix(desk.path("kb")).unwrap().to_str().unwrap().replace('\\', "/");
        let parsed = entries::parse(&Source::of(&path, &woken));
        assert!(parsed.findings.is_empty(), "{path}: {:?}", parsed.findings);
    }
}

#[test]
fn a_new_entry_writes_over_nothing() {
    let desk = Desk::begun();
    desk.run(&["new", "practice", "Retail licensing", "--site", "kb"]).well();
    let before = desk.files("kb");
    let again = desk.run(&["new", "practice", "Retail Licensing!", "--site", "kb"]).with_code(2);
    assert!(
        again.err.starts_with("There is a practice `retail-licensing` already, in `content/practices/retail-licensing.md`."),
        "{}",
        again.err
    );
    // An id counts, too, wherever its file stands.
    desk.write("kb/content/practices/deep/other.md", "+++\ntitle = \"Other\"\nid = \"quit-lines\"\ndate = 2026-03-04\n+++\n");
    desk.run(&["new", "practice", "Quit lines", "--site", "kb"]).with_code(2);
    assert_eq!(desk.files("kb").len(), before.len() + 1);
}

#[test]
fn a_word_that_is_nearly_right_is_suggested() {
    let desk = Desk::begun();
    assert_eq!(desk.run(&["new", "sesion", "X", "--site", "kb"]).with_code(2).err, "There is no kind `sesion`. Did you mean `session`?\n");
    assert!(desk.run(&["new", "recipe", "X", "--site", "kb"]).with_code(2).err.contains("It is one of `session`, `practice`, "));
    desk.run(&["new", "series", "Office hours", "--site", "kb"]).well();
    let far = desk.run(&["new", "session", "X", "--series", "ofice-hours", "--site", "kb"]).with_code(2);
    assert_eq!(far.err, "There is no series `ofice-hours`. Did you mean `office-hours`?\n");
    assert_eq!(desk.run(&["schema", "practise"]).with_code(2).err, "There is no schema `practise`. Did you mean `practice`?\n");
}

#[test]
fn a_session_takes_its_time_from_its_series() {
    let desk = Desk::begun();
    desk.write(
        "kb/content/series/office-hours.md",
        "+++\ntitle = \"Office hours\"\ndate = 2026-03-01\n[default]\ntime = 09:30:00\nminutes = 45\n+++\n",
    );
    desk.run(&["new", "session", "April hours", "--series", "office-hours", "--date", "2026-04-02", "--site", "kb"]).well();
    let text = desk.read("kb/content/sessions/2026/april-hours.md");
    assert!(text.contains("series = \"office-hours\"\nnumber = 1\nstart = 2026-04-02T09:30:00\n# Calendar"), "{text}");
    desk.run(&["check", "kb"]).well();
}

#[test]
fn the_next_session_of_a_series_is_proposed() {
    let desk = Desk::begun();
    desk.write(
        "kb/content/series/office-hours.md",
        "+++\ntitle = \"Office hours\"\ndate = 2026-01-01\nstart = 2026-03-05\nend = 2026-12-31\n[default]\ntime = 09:30:00\nminutes = 45\n\
         [recurrence]\nrrule = \"FREQ=MONTHLY;BYDAY=2TH\"\nextra = [2026-03-20T15:00:00]\n+++\n",
    );
    let new = |title: &str| desk.run(&["new", "session", title, "--series", "office-hours", "--site", "kb"]).well();
    let said = new("First hour");
    assert!(said.contains("The next day of its series is Thursday 12 March 2026, as number 1; change `start` if it is another."), "{said}");
    let first = desk.read("kb/content/sessions/2026/first-hour.md");
    assert!(first.contains("number = 1\nstart = 2026-03-12T09:30:00\n"), "{first}");
    assert!(first.contains("uid = \"office-hours-20260312@"), "it is known in calendars as the planned session was: {first}");

    // The next one takes the next date, which is the extra one with its own time; then the rule goes on.
    new("Second hour");
    assert!(desk.read("kb/content/sessions/2026/second-hour.md").contains("number = 2\nstart = 2026-03-20T15:00:00\n"));
    new("Third hour");
    assert!(desk.read("kb/content/sessions/2026/third-hour.md").contains("number = 3\nstart = 2026-04-09T09:30:00\n"));

    // Changed to another day, it still stands for its own: nothing is planned in its place.
    desk.write("kb/content/sessions/2026/first-hour.md", &first.replace("start = 2026-03-12T09:30:00", "start = 2026-03-10T15:00:00"));
    let ics = desk.run(&["calendar", "kb", "--format", "ics"]).well();
    assert_eq!(ics.matches("UID:office-hours-20260312@").count(), 1, "{ics}");
    assert!(ics.contains("20260310T150000"), "{ics}");
    desk.run(&["check", "kb"]).well();
}

#[test]
fn the_next_session_is_proposed_from_the_ones_before() {
    let desk = Desk::begun();
    desk.write("kb/content/series/lab.md", "+++\ntitle = \"Lab\"\ndate = 2026-01-01\n+++\n");
    for (number, day) in [(1, "2026-09-02"), (2, "2026-10-07")] {
        desk.write(
            &format!("kb/content/sessions/2026/lab-{number}.md"),
            &format!(
                "+++\ntitle = \"Lab {number}\"\ndate = {day}\nseries = \"lab\"\nnumber = {number}\nstart = {day}T13:00:00\n+++\n\nNotes.\n"
            ),
        );
    }
    desk.run(&["new", "session", "Lab 3", "--series", "lab", "--site", "kb"]).well();
    let third = desk.read("kb/content/sessions/2026/lab-3.md");
    assert!(third.contains("number = 3\nstart = 2026-11-04T13:00:00\n"), "first Wednesdays go on: {third}");
}

// Handing over.

#[test]
fn what_somebody_hands_over_is_written_for_whoever_comes_after() {
    let desk = Desk::begun();
    desk.write(
        "kb/content/people/ana.md",
        "+++\ntitle = \"Ana *Lind*\"\ndate = 2026-01-01\nexpertise = [\"fees\"]\nsuccessor = \"ben\"\n+++\n",
    );
    desk.write("kb/content/people/ben.md", "+++\ntitle = \"Ben Okoro\"\ndate = 2026-01-01\n+++\n");
    desk.write("kb/content/topics/fees.md", "+++\ntitle = \"Fees\"\ndate = 2024-01-01\nsteward = \"ana\"\n+++\n");
    desk.write("kb/content/practices/one-fee.md", "+++\ntitle = \"One fee\"\ndate = 2026-04-01\n[review]\nowner = \"ana\"\n+++\n");
    desk.write(
        "kb/content/questions/who-pays.md",
        "+++\ntitle = \"Who pays?\"\nasked_on = 2026-04-01\nowner = \"ana\"\nvisibility = \"internal\"\n+++\n",
    );
    desk.write(
        "kb/content/sessions/2026/visit.md",
        "+++\ntitle = \"Visit\"\nstart = 2026-05-20\nfacilitators = [\"ana\"]\n\n[[commitments]]\ntext = \"Send it\"\nby = \"people/ana\"\ndue = 2026-04-30\n\n\
         [[commitments]]\ntext = \"Already sent\"\nby = \"people/ana\"\ndone = 2026-04-30\n+++\n",
    );
    let told = desk.run(&["handoff", "kb", "--from", "ana", "--today", "2026-05-01"]).well();
    assert_eq!(told, "Wrote `handoff-ana.md` and `handoff-ana.html`: 7 things to hand over.\n");
    let text = desk.read("handoff-ana.md");
    assert!(text.starts_with("# From Ana \\*Lind\\* to Ben Okoro\n"), "{text}");
    for line in [
        "- [ ] Who pays?: Open; Asked on 1 April 2026; Internal (`content/questions/who-pays.md:4`)",
        "- [ ] Send it: Overdue; due 30 April 2026; promised in Visit (`content/sessions/2026/visit.md:8`)",
        "- [ ] Visit: Wednesday 20 May 2026; all day (`content/sessions/2026/visit.md:4`)",
        "- [ ] One fee: Practice; Current; due 1 April 2027 (`content/practices/one-fee.md:5`)",
        "- [ ] Fees: Topic; Overdue for review; due 1 January 2026 (`content/topics/fees.md:4`)",
        "- [ ] Fees: expertise (`content/topics/fees.md`)",
    ] {
        assert!(text.contains(line), "{line}\n\n{text}");
    }
    assert!(!text.contains("Already sent"), "what is done needs nobody: {text}");
    let page = desk.read("handoff-ana.html");
    assert!(page.contains("<h1>From Ana *Lind* to Ben Okoro</h1>") && page.contains("<style>"), "{page}");

    let taken = desk.run(&["handoff", "kb", "--from", "ana"]).with_code(2).err;
    assert!(taken.starts_with("There is a file `handoff-ana.md` already."), "{taken}");
    assert_eq!(desk.run(&["handoff", "kb", "--from", "anna"]).with_code(2).err, "There is no person `anna`. Did you mean `ana`?\n");
    let themselves = desk.run(&["handoff", "kb", "--from", "ana", "--to", "ana", "--out", "kb"]).with_code(2).err;
    assert!(themselves.contains("cannot take over from themselves"), "{themselves}");
    assert!(!desk.path("kb/handoff-ana.md").exists());
    desk.run(&["build", "kb"]).well();
    for published in ["kb/static", "kb/content/notes", "kb/public", "kb/public/files"] {
        let refused = desk.run(&["handoff", "kb", "--from", "ana", "--out", published]).with_code(2).err;
        assert!(refused.contains("is part of a site, and this is for staff only."), "{refused}");
        assert!(!desk.path(published).join("handoff-ana.md").exists());
    }
}

// What is coming.

#[test]
fn what_is_coming_is_printed_for_people_programs_and_calendars() {
    let desk = Desk::begun();
    desk.write(
        "kb/content/series/hours.md",
        "+++\ntitle = \"Hours\"\ndate = 2026-01-01\nstart = 2026-01-08\nend = 2026-06-30\n[default]\ntime = 09:30:00\n\
         [recurrence]\nrrule = \"FREQ=MONTHLY;BYDAY=2TH\"\n+++\n",
    );
    desk.write(
        "kb/content/sessions/2026/visit.md",
        "+++\ntitle = \"Visit\"\ndate = 2026-01-01\nstart = 2026-05-20\nstatus = \"tentative\"\n+++\n",
    );
    let text = desk.run(&["calendar", "kb", "--today", "2026-05-01"]).well();
    assert_eq!(
        text,
        "Thu 14 May 2026  9:30–10:30 am UTC  Hours\nWed 20 May 2026  all day            Visit (Tentative)\nThu 11 Jun 2026  9:30–10:30 am UTC  Hours\n"
    );
    let json = desk.run(&["calendar", "kb", "--today", "2026-05-01", "--series", "hours", "--format", "json"]).well();
    let read: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read.as_array().unwrap().len(), 2);
    assert_eq!(read[0]["start"], "2026-05-14T09:30:00+00:00");
    assert_eq!(read[0]["id"], Value::Null, "nobody has written a file for it");
    let ics = desk.run(&["calendar", "kb", "--today", "2026-05-01", "--format", "ics"]).well();
    assert_eq!(ics.matches("BEGIN:VEVENT\r\n").count(), 3, "{ics}");
    assert_eq!(desk.run(&["calendar", "kb", "--today", "2027-05-01"]).well(), "Nothing is planned.\n");
    assert_eq!(desk.run(&["calendar", "kb", "--series", "hour"]).with_code(2).err, "There is no series `hour`. Did you mean `hours`?\n");
}

// Topics.

/// A page of front matter alone.
fn front(title: &str, rest: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-01-01\n{rest}+++\n")
}

/// With two trees of topics, and entries about them.
fn with_topics() -> Desk {
    let desk = Desk::begun();
    for (path, title, rest) in [
        ("topics/retail", "Retail", ""),
        ("topics/licensing", "Licensing", "parent = \"retail\"\nsynonyms = [\"permits\"]\n"),
        ("topics/vaping", "Vaping", ""),
        ("topics/cost", "Cost", "dimension = \"lens\"\n"),
        ("practices/fees", "Fees", "topics = [\"licensing\", \"retail\", \"cost\"]\n"),
        ("practices/visits", "Visits", "topics = [\"retail\"]\n"),
        ("practices/later", "Later", "topics = [\"vaping\"]\ndraft = true\n"),
        ("resources/form", "Form", "topics = [\"permits\"]\n"),
    ] {
        desk.write(&format!("kb/content/{path}.md"), &front(title, rest));
    }
    desk
}

#[test]
fn the_tree_of_topics_is_counted_in_columns() {
    let desk = with_topics();
    assert_eq!(
        desk.run(&["topics", "kb"]).well(),
        "Topics       Sessions  Practices  Resources  Total\n\
         Retail              –          2          1      3\n\
         \u{20} Licensing         –          1          1      2\n\
         Vaping              –          –          –      –\n\
         \n\
         Lens         Sessions  Practices  Resources  Total\n\
         Cost                –          1          –      1\n"
    );
    // What is hidden counts when it is asked for, and a single dimension needs no name.
    std::fs::remove_file(desk.path("kb/content/topics/cost.md")).unwrap();
    desk.write("kb/content/practices/fees.md", &front("Fees", "topics = [\"licensing\"]\n"));
    let drafts = desk.run(&["topics", "kb", "--drafts"]).well();
    assert!(drafts.starts_with("             Sessions  "), "{drafts}");
    assert!(drafts.contains("\nVaping              –          1          –      1\n"), "{drafts}");

    let json: Value = serde_json::from_str(&desk.run(&["topics", "kb", "--format", "json"]).well()).unwrap();
    assert_eq!(json[1]["id"], "licensing");
    assert_eq!((&json[1]["parent"], &json[1]["depth"], &json[1]["total"]), (&"retail".into(), &1.into(), &2.into()));
    assert_eq!(json[1]["counts"]["practice"], 1);
    assert_eq!(json[1]["counts"]["case-study"], 0, "programs get every column");
}

#[test]
fn the_tree_of_topics_keeps_what_stands_below_an_unlisted_topic() {
    let desk = with_topics();
    desk.write("kb/content/topics/retail.md", &front("Retail", "visibility = \"unlisted\"\n"));
    let tree = desk.run(&["topics", "kb"]).well();
    assert!(tree.contains("\nLicensing ") && !tree.contains("Retail"), "{tree}");
}

#[test]
fn a_tree_of_topics_with_mistakes_says_so() {
    let desk = with_topics();
    desk.write("kb/content/practices/bad.md", &front("Bad", "topics = [\"vapng\"]\n"));
    let ran = desk.run(&["topics", "kb"]).with_code(1);
    assert!(ran.out.contains("Retail") && ran.err.starts_with("There are mistakes in the knowledge base"), "{}{}", ran.out, ran.err);
    let none = Desk::begun().run(&["topics", "kb"]).well();
    assert_eq!(none, "There are no topics yet.\n");
}

/// With names that no file declares, beside declared topics.
fn with_undeclared() -> Desk {
    let desk = with_topics();
    desk.write(
        "kb/content/practices/new.md",
        &front("New", "topics = [\"vapng\", \"Store visits\", \"topics/store-visits\", \"cost\"]\nrelated = [\"topics/store-visits\"]\n"),
    );
    desk.write("kb/content/series/lab.md", &front("Lab", "curriculum = [\"Store visits\", \"R&D\"]\n"));
    desk.write("kb/content/people/ana.md", &front("Ana", "expertise = [\"permitts\"]\n"));
    desk.write("kb/content/topics/flavors.md", &front("Flavors", "parent = \"store visits\"\n"));
    desk.write("kb/content/practices/hidden.md", &front("Hidden", "topics = [\"quit lines\"]\ndraft = true\n"));
    desk.write(
        "kb/content/sessions/2026/asked.md",
        &front("Asked", "topics = [\"vapng\"]\nstart = 2026-01-05\n[[questions]]\ntext = \"Who pays?\"\n"),
    );
    desk
}

#[test]
fn names_without_a_topic_file_are_listed_though_they_are_errors() {
    let desk = with_undeclared();
    desk.run(&["check", "kb"]).with_code(1);
    let ran = desk.run(&["topics", "kb", "--undeclared"]).with_code(0);
    assert_eq!(
        ran.out,
        "Name          Written  Files  First in                    Did you mean\n\
         Store visits        5      3  content/practices/new.md:4\n\
         vapng               2      2  content/practices/new.md:4  vaping\n\
         permitts            1      1  content/people/ana.md:4     permits\n\
         R&D                 1      1  content/series/lab.md:4\n"
    );
    assert_eq!(ran.err, "1 more is named only by drafts or internal entries; `--drafts` and `--internal` include it.\n");
    assert!(desk.run(&["topics", "kb", "--undeclared", "--drafts"]).well().contains("\nquit lines "));

    let json: Value = serde_json::from_str(&desk.run(&["topics", "kb", "--undeclared", "--format", "json"]).well()).unwrap();
    assert_eq!(json[1]["name"], "vapng");
    assert_eq!((&json[1]["times"], &json[1]["files"], &json[1]["nearest"]), (&2.into(), &2.into(), &"vaping".into()));
    assert_eq!(json[1]["first"], serde_json::json!({ "file": "content/practices/new.md", "line": 4 }));

    // A mistake of another sort may hide names.
    desk.write("kb/content/practices/worse.md", &front("Worse", "effort = \"lo\"\n"));
    let ran = desk.run(&["topics", "kb", "--undeclared"]).with_code(1);
    assert!(ran.out.contains("Store visits") && ran.err.contains("There are mistakes in the knowledge base"), "{}", ran.err);
}

#[test]
fn names_are_listed_while_no_topic_has_a_file() {
    let desk = Desk::begun();
    assert_eq!(desk.run(&["topics", "kb", "--undeclared"]).well(), "Every topic that is named has a file.\n");
    desk.write("kb/content/practices/a.md", &front("A", "topics = [\"Store visits\", \"Phase 1\"]\n"));
    desk.write("kb/content/practices/b.md", &front("B", "topics = [\"store-visits\"]\n"));
    let ran = desk.run(&["topics", "kb", "--undeclared"]).with_code(0);
    assert_eq!(
        ran.out,
        "Name          Written  Files  First in\nStore visits        2      2  content/practices/a.md:4\n\
         Phase 1             1      1  content/practices/a.md:4\n"
    );
    assert_eq!(ran.err, "");
}

#[test]
fn missing_topic_files_are_drafted_but_slips_are_not() {
    let desk = with_undeclared();
    let before = desk.files("kb");
    let said = desk.run(&["topics", "kb", "--undeclared", "--draft"]).well();
    assert_eq!(
        said,
        "Wrote `kb/content/topics/store-visits.md`.\n`vapng` is probably `vaping`: content/practices/new.md:4.\n\
         `permitts` is probably `permits`: content/people/ana.md:4.\nWrote `kb/content/topics/rd.md`.\n\
         What is no slip, but a topic of its own, gets its file like this: `folkmoot new topic Vapng`.\n\
         Write the `definition`, and the `parent` if it belongs to a wider topic.\n"
    );
    let after = desk.files("kb");
    assert_eq!(after.len(), before.len() + 2);
    assert!(before.iter().all(|(file, bytes)| after[file] == *bytes), "what was there stays as it was");
    let text = desk.read("kb/content/topics/store-visits.md");
    assert!(text.starts_with("+++\ntitle = \"Store visits\"\ndate = 2026-03-04\n\n# Take") && text.contains("# synonyms = "), "{text}");
    // A name that a file cannot have is a synonym, so that it leads there all the same.
    let text = desk.read("kb/content/topics/rd.md");
    assert!(text.contains("title = \"R&D\"\n") && text.contains("\nsynonyms = [\"R&D\"]\n") && !text.contains("# synonyms"), "{text}");

    let left = desk.run(&["topics", "kb", "--undeclared"]).well();
    assert_eq!(left.lines().skip(1).filter_map(|line| line.split(' ').next()).collect::<Vec<_>>(), ["vapng", "permitts"]);
    desk.run(&["topics", "kb", "--draft"]).with_code(2);
    desk.run(&["topics", "kb", "--undeclared", "--similar"]).with_code(2);
}

#[test]
fn a_first_draft_of_topics_says_that_they_are_closed_now() {
    let desk = Desk::begun();
    desk.write("kb/content/practices/a.md", &front("A", "topics = [\"phase-1\", \"phase-2\", \"+++\"]\n"));
    let said = desk.run(&["topics", "kb", "--undeclared", "--draft", "--format", "json"]).well();
    let json: Value = serde_json::from_str(&said).unwrap();
    let written: Vec<&Value> = json.as_array().unwrap().iter().filter_map(|name| name.get("written")).collect();
    assert_eq!(written, ["content/topics/phase-1.md", "content/topics/phase-2.md"]);
    // Numbers make two topics of it, not one and a slip.
    desk.write("kb/content/practices/b.md", &front("B", "topics = [\"phase-3\", \"phas-1\"]\n"));
    let said = desk.run(&["topics", "kb", "--undeclared", "--draft"]).well();
    assert!(said.contains("Wrote `kb/content/topics/phase-3.md`.\n") && said.contains("`phas-1` is probably `phase-1`: "), "{said}");
    assert!(said.contains("Nothing is left of `+++` in an address."), "{said}");
    assert!(!said.contains("This is the first file"), "{said}");

    // Two names that one file would stand for.
    let desk = Desk::begun();
    desk.write("kb/content/practices/a.md", &front("A", "topics = [\"C\", \"C++\"]\n"));
    let said = desk.run(&["topics", "kb", "--undeclared", "--draft"]).with_code(1).out;
    assert!(said.contains("`C++` would stand in `content/topics/c.md`, which is there already."), "{said}");
    assert!(said.contains("This is the first file in `content/topics/`."), "{said}");
}

#[test]
fn drafts_of_topics_write_over_nothing_and_are_all_or_none() {
    let desk = with_undeclared();
    // Its front matter gives it another id, so the name has no topic, and the file is there.
    desk.write("kb/content/topics/store-visits.md", &front("Shop calls", "id = \"shop-calls\"\n"));
    let before = desk.read("kb/content/topics/store-visits.md");
    let said = desk.run(&["topics", "kb", "--undeclared", "--draft"]).well();
    assert!(said.contains("`Store visits` would stand in `content/topics/store-visits.md`, which is there already."), "{said}");
    assert_eq!(desk.read("kb/content/topics/store-visits.md"), before);

    // Where the folder should be stands a file, so nothing can be written into it.
    let desk = Desk::begun();
    desk.write("kb/content/practices/a.md", &front("A", "topics = [\"Costs\"]\n"));
    desk.write("kb/content/topics", "");
    let refused = desk.run(&["topics", "kb", "--undeclared", "--draft"]).with_code(2);
    assert!(refused.err.contains("The folder of `kb/content/topics/costs.md` cannot be made"), "{}", refused.err);
    assert_eq!(refused.out, "");
}

#[cfg(unix)]
#[test]
fn a_draft_that_cannot_be_written_takes_back_the_others() {
    let desk = Desk::begun();
    desk.write("kb/content/practices/a.md", &front("A", "topics = [\"alpha\", \"beta\"]\n"));
    // A link to nowhere is not there for readers, and nothing can be made in its place.
    std::fs::create_dir_all(desk.path("kb/content/topics")).unwrap();
    std::os::unix::fs::symlink("nowhere/at-all.md", desk.path("kb/content/topics/beta.md")).unwrap();
    desk.run(&["topics", "kb", "--undeclared", "--draft"]).with_code(2);
    assert!(!desk.path("kb/content/topics/alpha.md").exists());
}

#[test]
fn names_that_mean_the_same_are_proposed_with_the_line_to_write() {
    let desk = Desk::begun();
    assert_eq!(desk.run(&["topics", "kb", "--similar"]).well(), "No two names look like one.\n");
    desk.write("kb/content/organizations/quill.md", &front("Quill County Health Department", ""));
    desk.write("kb/content/organizations/quill-2.md", &front("Quill County Health Dept", ""));
    desk.write(
        "kb/content/practices/a.md",
        &front("A", "topics = [\"Youth council\"]\norganizations = [\"Quil County Health\", \"quill\"]\n"),
    );
    desk.write("kb/content/practices/b.md", &front("B", "topics = [\"Youth councils\", \"youth council\"]\norganizations = [\"quill\"]\n"));
    // A name of a closed kind that nothing goes by is what this is for, and no mistake beside it.
    let said = desk.run(&["topics", "kb", "--similar"]).well();
    assert_eq!(
        said,
        "Organization: keep `Quill County Health Department`, written 2 times\n\
         \u{20} `Quill County Health Dept`: the same, shortened\n\
         \u{20} In content/organizations/quill.md: synonyms = [\"quill-2\", \"Quill County Health Dept\"]\n\
         \u{20} Move over what content/organizations/quill-2.md says, and remove it.\n\
         \n\
         Topic: keep `Youth council`, written 2 times\n\
         \u{20} `Youth councils`: the same in singular and plural, written once, in content/practices/b.md:4\n\
         \u{20} It has no file yet; `folkmoot new topic \"Youth council\"` drafts it.\n\
         \u{20} In content/topics/youth-council.md: synonyms = [\"Youth councils\"]\n"
    );
    let json: Value = serde_json::from_str(&desk.run(&["topics", "kb", "--similar", "--format", "json"]).well()).unwrap();
    assert_eq!(json[0]["same"][0]["confidence"], "high");
    assert_eq!(json[1]["same"][0]["why"], "plural");
    let write =
        serde_json::json!({ "file": "content/topics/youth-council.md", "exists": false, "key": "synonyms", "value": ["Youth councils"] });
    assert_eq!(json[1]["write"], write);

    let undeclared = desk.run(&["topics", "kb", "--undeclared"]).with_code(0);
    assert_eq!(undeclared.err, "Some of these names look like another. `folkmoot topics --similar` shows which.\n");

    // What is proposed does it.
    let line = "synonyms = [\"Youth councils\"]\n";
    desk.write("kb/content/topics/youth-council.md", &front("Youth council", line));
    assert!(!desk.run(&["topics", "kb", "--similar"]).well().contains("Youth"));
    assert_eq!(desk.run(&["topics", "kb", "--undeclared"]).well(), "Every topic that is named has a file.\n");
    desk.write("kb/content/practices/b.md", &front("B", "effort = \"lo\"\n"));
    desk.run(&["topics", "kb", "--similar"]).with_code(1);
}

// Findings.

/// Five mistakes of five sorts in one file.
const FIVE: &str = "+++
title = \"Bad\"
date = 2026-03-01
topisc = [\"vaping\"]
topics = [\"vapin\"]
effort = \"lo\"
summary = 12
+++

See [this](../practices/retail-licencing.md).
";

fn with_five_mistakes() -> Desk {
    let desk = Desk::begun();
    desk.run(&["new", "topic", "Vaping", "--site", "kb"]).well();
    desk.run(&["new", "practice", "Retail licensing", "--site", "kb"]).well();
    desk.run(&["build", "kb"]).well();
    desk.write("kb/content/practices/bad.md", FIVE);
    desk
}

#[test]
fn five_mistakes_are_told_at_once_and_the_old_site_stands() {
    let desk = with_five_mistakes();
    let before = desk.files("kb/public");
    let built = desk.run_in("kb", &["build"]).with_code(1);
    for (code, place, help) in [
        ("unknown-key", "4:1", "Did you mean `topics`?"),
        ("unknown-topic", "5:11", "Did you mean `vaping`?"),
        ("unknown-word", "6:10", "Did you mean `low`?"),
        ("wrong-type", "7:11", "Write it like this: `summary = \"…\"`."),
        ("broken-link", "10:12", "Did you mean `retail-licensing.md`?"),
    ] {
        let start = built.out.find(&format!("error[{code}]")).unwrap_or_else(|| panic!("{code} in\n{}", built.out));
        let told = &built.out[start..];
        let told = &told[..told.find("\n\n").unwrap()];
        assert!(told.contains(&format!("--> content/practices/bad.md:{place}\n")), "{told}");
        assert!(told.ends_with(&format!("= help: {help}")), "{told}");
    }
    assert!(built.out.contains("\n5 errors"), "{}", built.out);
    assert!(built.out.ends_with("\nNothing was published. The site in `public` stands as it was.\n"), "{}", built.out);
    assert_eq!(desk.files("kb/public"), before);
    assert!(!built.out.contains('\u{1b}'), "there are no colours in a pipe");
}

#[test]
fn findings_are_a_document_for_programs() {
    let desk = with_five_mistakes();
    for command in ["check", "build"] {
        let ran = desk.run(&[command, "kb", "--format", "json"]).with_code(1);
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(document["version"], 1);
        assert_eq!(document["counts"]["errors"], 5);
        let found = document["findings"].as_array().unwrap();
        let topic = found.iter().find(|finding| finding["code"] == "unknown-topic").unwrap();
        assert_eq!((&topic["file"], &topic["line"], &topic["column"]), (&"content/practices/bad.md".into(), &5.into(), &11.into()));
        assert_eq!((&topic["end_line"], &topic["end_column"], &topic["severity"]), (&5.into(), &18.into(), &"error".into()));
        assert_eq!(topic["help"], serde_json::json!(["Did you mean `vaping`?"]));
    }
    // Sentences for people do not spoil the document.
    std::fs::remove_file(desk.path("kb/content/practices/bad.md")).unwrap();
    let built = desk.run(&["build", "kb", "--format", "json"]).with_code(0);
    assert!(serde_json::from_str::<Value>(&built.out).is_ok(), "{}", built.out);
    assert!(built.err.starts_with("Published "), "{}", built.err);
}

#[test]
fn findings_are_a_sarif_log_and_workflow_commands() {
    let desk = with_five_mistakes();
    for command in ["check", "build"] {
        let ran = desk.run(&[command, "kb", "--format", "sarif"]).with_code(1);
        let log: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((&log["version"], &log["runs"][0]["tool"]["driver"]["name"]), (&"2.1.0".into(), &"Folkmoot".into()));
        let found = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(found.iter().filter(|result| result["level"] == "error").count(), 5);
        let topic = found.iter().find(|result| result["ruleId"] == "unknown-topic").unwrap();
        assert_eq!(topic["message"]["text"], "There is no topic `vapin`.\nDid you mean `vaping`?");
        let place = &topic["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "kb/content/practices/bad.md");
        assert_eq!(place["region"], serde_json::json!({ "startLine": 5, "startColumn": 11, "endLine": 5, "endColumn": 18 }));
        let machine = desk.folder.path().to_string_lossy().into_owned();
        assert!(!ran.out.contains(&machine), "the log is the same on another machine");

        let ran = desk.run(&[command, "kb", "--format", "github"]).with_code(1);
        let place = "file=kb/content/practices/bad.md,line=5,col=11,endLine=5,endColumn=18";
        let topic = format!("::error {place},title=unknown-topic::There is no topic `vapin`.%0ADid you mean `vaping`?\n");
        assert!(ran.out.contains(&topic), "{}", ran.out);
        assert_eq!(ran.out.matches("::error ").count(), 5);
        assert!(ran.out.lines().all(|line| line.starts_with("::")), "{}", ran.out);
        assert_eq!(ran.err.contains("Nothing was published."), command == "build", "{}", ran.err);
    }
    std::fs::remove_file(desk.path("kb/content/practices/bad.md")).unwrap();
    let built = desk.run(&["build", "kb", "--format", "sarif"]).with_code(0);
    assert!(serde_json::from_str::<Value>(&built.out).is_ok(), "{}", built.out);
    assert!(built.err.starts_with("Published "), "{}", built.err);
}

#[test]
fn nothing_to_tell_is_an_empty_log_and_no_workflow_command() {
    let desk = Desk::new();
    desk.write("kb/folkmoot.toml", "title = \"Harbor network\"\nbase_url = \"https://library.example.org/\"\n");
    assert_eq!(desk.run(&["check", "kb", "--format", "github"]).well(), "");
    let log: Value = serde_json::from_str(&desk.run(&["check", "kb", "--format", "sarif"]).well()).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"], serde_json::json!([]));
}

#[test]
fn services_are_told_files_from_the_folder_the_command_runs_in() {
    let desk = with_five_mistakes();
    desk.write("our docs/notes/kb/folkmoot.toml", "title = \"Notes\"\n");
    desk.write("our docs/notes/kb/content/practices/bad.md", FIVE);
    for (folder, site, way) in [
        (".", Some("kb"), "kb/"),
        (".", Some("./kb/folkmoot.toml"), "kb/"),
        (".", Some("our docs/notes/kb"), "our docs/notes/kb/"),
        ("our docs", Some("notes/kb"), "notes/kb/"),
        ("kb", None, ""),
        // Neither of these lies below where the command runs.
        ("kb/content", None, ""),
        ("our docs", Some("../kb"), ""),
    ] {
        let words = |format: &'static str| ["check"].into_iter().chain(site).chain(["--format", format]).collect::<Vec<_>>();
        let commands = desk.run_in(folder, &words("github")).with_code(1).out;
        assert!(commands.contains(&format!("::error file={way}content/practices/bad.md,line=4,")), "{folder} {site:?}\n{commands}");
        let log = desk.run_in(folder, &words("sarif")).with_code(1).out;
        let uri = format!("\"uri\": \"{}content/practices/bad.md\"", way.replace(' ', "%20"));
        assert!(log.contains(&uri), "{folder} {site:?}\n{log}");
    }
}

#[test]
fn a_file_that_is_not_utf8_is_told_with_its_line() {
    let desk = Desk::begun();
    std::fs::write(desk.path("kb/content/pages/latin.md"), b"+++\ntitle = \"caf\xe9\"\n+++\n").unwrap();
    std::fs::write(desk.path("kb/content/pages/bytes.md"), b"a\x00\n\x01b\xff\xfe").unwrap();
    let out = desk.run(&["check", "kb"]).with_code(1).out;
    assert!(out.contains("--> content/pages/latin.md:2:13\n  |\n2 | title = \"caf\n  |             ^\n"), "{out}");
    assert!(out.contains("--> content/pages/bytes.md:2:3\n"), "{out}");
}

#[test]
fn a_template_that_cannot_be_made_into_a_page_is_found_by_check() {
    let desk = Desk::begun();
    desk.run(&["build", "kb"]).well();
    let before = desk.files("kb/public");
    desk.run(&["theme", "copy", "templates/home.html", "--site", "kb"]).well();
    desk.write("kb/theme/templates/home.html", "{{ nothing_of_this_name.at_all }}\n");
    let checked = desk.run(&["check", "kb"]).with_code(1);
    assert!(checked.out.contains("theme/templates/home.html"), "{}", checked.out);
    let built = desk.run(&["build", "kb"]).with_code(1);
    assert!(built.out.contains("Nothing was published."), "{}", built.out);
    assert_eq!(desk.files("kb/public"), before);
}

#[test]
fn a_reader_who_leaves_early_is_no_trouble() {
    let desk = with_five_mistakes();
    let mut child = desk.command("kb", &["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(said, "");
}

// Places.

#[test]
fn the_site_is_the_nearest_folder_with_a_configuration() {
    let desk = Desk::begun();
    for folder in ["kb", "kb/content", "kb/content/sessions/2026"] {
        desk.run_in(folder, &["check"]).well();
    }
    desk.run(&["check", "kb/folkmoot.toml"]).well();
    let wrote = desk.run_in("kb/content/sessions", &["new", "page", "Rules"]).well();
    assert!(wrote.contains("kb/content/pages/rules.md`"), "{wrote}");
    let built = desk.run_in("kb/content", &["build"]).well();
    assert!(built.contains("kb/public` in "), "{built}");
    assert!(desk.path("kb/public/index.html").exists());
}

#[test]
fn without_a_site_it_says_how_to_begin() {
    let desk = Desk::new();
    for command in ["check", "build", "serve"] {
        assert!(desk.run(&[command]).with_code(2).err.contains("run `folkmoot init`"));
    }
    let named = desk.run(&["check", "nowhere"]).with_code(2);
    assert_eq!(named.err, "There is no `folkmoot.toml` in `nowhere`. Name the folder that has one, or run `folkmoot init nowhere`.\n");
}

#[test]
fn the_output_folder_is_named_beside_the_site_or_on_the_command_line() {
    let desk = Desk::begun();
    desk.run(&["build", "kb", "--out", "there"]).well();
    assert!(desk.path("there/index.html").exists() && !desk.path("kb/public").exists());
    let config = desk.read("kb/folkmoot.toml") + "\n[build]\nout = \"www\"\n";
    desk.write("kb/folkmoot.toml", &config);
    assert!(desk.run(&["build", "kb"]).well().contains(" to `kb/www` in "));
    desk.run(&["build", "kb", "--out", "portable", "--portable"]).well();
    assert!(desk.read("portable/index.html").contains("sessions/opening-call/index.html"));
}

#[test]
fn no_folder_is_published_to_that_is_not_ours() {
    let desk = Desk::begun();
    desk.write("theirs/letter.txt", "Dear all");
    desk.write("home/documents/x.txt", "x");
    std::fs::create_dir_all(desk.path("kb/content/empty")).unwrap();
    let before = desk.files(".");
    for out in ["kb", "kb/content", "kb/content/empty", "kb/static", "kb/theme/x", ".", "theirs", "theirs/letter.txt", "home", "/"] {
        let refused = desk.run(&["build", "kb", "--out", out]).with_code(2);
        assert!(refused.err.contains("output folder"), "{out}: {}", refused.err);
        assert_eq!(desk.files("."), before, "{out}");
    }
}

// The day, and what was typed wrong.

#[test]
fn the_day_is_an_input() {
    let desk = Desk::begun();
    assert!(desk.run(&["check", "kb", "--today", "tomorrow"]).with_code(2).err.contains("write it as 2026-03-04"));
    let soon = desk.command(".", &["check", "kb"]).env("SOURCE_DATE_EPOCH", "soon").output().unwrap();
    assert_eq!(soon.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&soon.stderr).contains("takes a whole number of seconds"));
    desk.run(&["new", "page", "Rules", "--site", "kb"]).well();
    assert!(desk.read("kb/content/pages/rules.md").contains("date = 2026-03-04\n"));
}

#[test]
fn exit_codes_tell_what_happened() {
    let desk = Desk::begun();
    desk.run(&["check", "kb"]).with_code(0);
    desk.run(&["--version"]).with_code(0);
    for typed in [
        &["chek", "kb"][..],
        &[],
        &["check", "kb", "--format", "xml"],
        &["topics", "kb", "--format", "sarif"],
        &["check", "kb", "kb"],
        &["new", "session"],
        &["schema"],
    ] {
        desk.run(typed).with_code(2);
    }
}

#[test]
fn each_command_has_an_example_in_its_help() {
    let desk = Desk::new();
    let help = desk.run(&["--help"]).well();
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert_eq!(
        commands,
        [
            "init",
            "new",
            "build",
            "serve",
            "check",
            "calendar",
            "gaps",
            "topics",
            "search",
            "handoff",
            "import",
            "schema",
            "theme",
            "completions"
        ]
    );
    for command in commands {
        let help = desk.run(&[command, "--help"]).well();
        let (_, examples) = help.split_once("\nExample").unwrap_or_else(|| panic!("{command} has no example:\n{help}"));
        assert!(examples.contains(&format!("  folkmoot {command}")), "{examples}");
    }
}

// Search.

/// A knowledge base with something to find.
fn searched() -> Desk {
    let desk = Desk::begun();
    desk.write(
        "kb/content/practices/one-fee.md",
        "+++\ntitle = \"One fee for all shops\"\ndate = 2026-01-10\nsummary = \"What a licence costs.\"\ntopics = [\"fees\"]\n+++\n\n\
         ## Who collects it\n\nThe clerk collects the licence fee in October, with a receipt.\n",
    );
    desk.write("kb/content/topics/fees.md", "+++\ntitle = \"Fees\"\ndate = 2026-01-10\nsynonyms = [\"charges\"]\n+++\n");
    desk
}

#[test]
fn entries_are_found_by_what_they_say() {
    let desk = searched();
    let found = desk.run(&["search", "kb", "Collects", "receipt"]).well();
    assert_eq!(
        found,
        "1  One fee for all shops\n   Practice, 2026-01-10, Initial\n   practices/one-fee/#who-collects-it\n   Who collects it: The clerk \
         collects the licence fee in October, with a receipt.\n"
    );
    // The first word is a site only where it is one.
    assert_eq!(desk.run_in("kb", &["search", "Collects", "receipt"]).well(), found);
    assert_eq!(desk.run_in("kb", &["search", ".", "collects receipt"]).well(), found);
    assert_eq!(desk.run_in("kb", &["search", "\"licence fee\"", "receipt"]).well().lines().next(), found.lines().next());

    let slip = desk.run_in("kb", &["search", "reciept "]).well();
    assert!(slip.starts_with("No entry says `reciept`, so it was read as `receipt`.\n\n1  One fee for all shops\n"), "{slip}");
    let more = desk.run_in("kb", &["search", "fees", "--limit", "1"]).well();
    assert!(more.contains("\n\nAnd 1 more: `--limit 2` shows them all.\n"), "{more}");
    assert_eq!(desk.run_in("kb", &["search", "glockenspiel"]).well(), "No entry says `glockenspiel`.\nNothing was found.\n");
    let twice = desk.run_in("kb", &["search", "reciept glockenspiel reciept Glockenspiel "]).well();
    assert_eq!((twice.matches("`reciept`").count(), twice.matches("`glockenspiel`").count()), (1, 1), "{twice}");
    assert_eq!(desk.run_in("kb", &["search", "fee", "--", "-licence"]).well().lines().next(), Some("1  Fees"));
}

#[test]
fn what_is_found_can_be_narrowed_and_read_by_programs() {
    let desk = searched();
    let run = |more: &[&str]| desk.run_in("kb", &[&["search", "--format", "json"], more].concat());
    let document = |more: &[&str]| serde_json::from_str::<Value>(&run(more).well()).unwrap();
    let all = document(&["fee"]);
    assert_eq!((&all["query"], &all["total"]), (&"fee".into(), &2.into()));
    assert_eq!(all["counts"]["kind"][0], serde_json::json!({"id": "practice", "title": "Practice", "count": 1}));
    let topics = document(&["fee", "--kind", "topics"]);
    assert_eq!((&topics["total"], &topics["results"][0]["path"]), (&1.into(), &"topics/fees/".into()));
    let about = document(&["--topic", "Fees", "--kind", "practice", "--year", "2026", "--maturity", "initial", "--order", "date"]);
    assert_eq!((&about["total"], &about["results"][0]["section"]), (&1.into(), &Value::Null));
    assert_eq!(document(&["fee", "--recording"])["total"], 0);
    let slip = document(&["reciept "]);
    assert_eq!(slip["near"], serde_json::json!([["reciept", ["receipt"]]]));
    assert_eq!(slip["results"][0]["section"], serde_json::json!({"anchor": "who-collects-it", "title": "Who collects it"}));
    assert_eq!(document(&["glockenspiel"])["unknown"], serde_json::json!(["glockenspiel"]));
    assert_eq!(document(&["charges"])["results"][0]["title"], "Fees");

    assert_eq!(run(&["fee", "--topic", "fes"]).with_code(2).err, "No entry has the topic `fes`. Did you mean `fees`?\n");
    assert_eq!(run(&["fee", "--year", "1066"]).with_code(2).err, "No entry has the year `1066`.\n");
    let nothing = desk.run(&["search", "kb"]).with_code(2);
    assert!(nothing.err.starts_with("There is nothing to look for."), "{}", nothing.err);
}

#[test]
fn a_site_that_is_not_searched_says_so() {
    let desk = searched();
    let settings = desk.read("kb/folkmoot.toml") + "\n[search]\nenabled = false\n";
    desk.write("kb/folkmoot.toml", &settings);
    let off = desk.run(&["search", "kb", "fee"]).with_code(2);
    assert_eq!(off.err, "This site is not searched: `enabled` under `[search]` in `folkmoot.toml` is false.\n");
}

// Schemas, theme, completions.

#[test]
fn a_schema_lists_every_key_with_its_meaning() {
    let desk = Desk::new();
    let all = Kind::ALL.map(|kind| (kind.word(), front_matter::keys(kind)));
    for (word, keys) in all.into_iter().chain([("site", folkmoot::config::keys())]) {
        let schema: Value = serde_json::from_str(&desk.run(&["schema", word]).well()).unwrap();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        holds(&schema, &keys);
    }
}

fn holds(schema: &Value, keys: &[Described]) {
    assert_eq!(schema["additionalProperties"], false);
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(properties.len(), keys.len());
    for known in keys {
        let property = &properties[known.key];
        assert_eq!(property["description"], known.about);
        let required = schema["required"].as_array().is_some_and(|required| required.contains(&known.key.into()));
        assert_eq!(required, known.required, "{}", known.key);
        match &known.shape {
            Shape::Table(inner) => holds(property, inner),
            Shape::Tables(inner) => holds(&property["items"], inner),
            Shape::Word(words) => assert_eq!(property["enum"], serde_json::json!(words)),
            _ => assert!(property.get("type").is_some() || property.get("anyOf").is_some(), "{property}"),
        }
    }
}

#[test]
fn files_of_the_theme_are_listed_and_copied_out_once() {
    let desk = Desk::begun();
    let (name, bytes) = folkmoot::theme::builtin_files().find(|(name, _)| name.starts_with("templates/")).unwrap();
    assert!(desk.run(&["theme"]).well().contains(&format!("{name}\n")));
    desk.run(&["theme", "copy", name, "--site", "kb"]).well();
    assert_eq!(std::fs::read(desk.path("kb/theme").join(name)).unwrap(), bytes);
    assert!(desk.run(&["theme", "list", "kb"]).well().contains(&format!("{name}  (this site has its own)\n")));

    desk.write(&format!("kb/theme/{name}"), "ours");
    let all = desk.run(&["theme", "copy", "--all", "--site", "kb"]).with_code(2);
    assert!(all.err.contains("there already, and nothing has been copied"), "{}", all.err);
    assert_eq!(desk.read(&format!("kb/theme/{name}")), "ours");
    assert_eq!(desk.files("kb/theme").len(), 1);

    std::fs::remove_file(desk.path("kb/theme").join(name)).unwrap();
    desk.run(&["theme", "copy", "--all", "--site", "kb"]).well();
    assert_eq!(desk.files("kb/theme").len(), folkmoot::theme::builtin_files().count());
    desk.run(&["check", "kb"]).well();
    let unknown = desk.run(&["theme", "copy", "templates/hom.html", "--site", "kb"]).with_code(2);
    assert_eq!(unknown.err, "The theme has no file `templates/hom.html`. Did you mean `templates/home.html`?\n");
}

#[test]
fn shells_can_complete_commands() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(desk.run(&["completions", shell]).well().contains("folkmoot"));
    }
}

// Preview.

/// How long a test waits for what must come: far longer than it takes, so that only a test that would wait for ever
/// ends by it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The lines of a program, as it says them.
fn lines_of(stdout: ChildStdout) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let mut said = BufReader::new(stdout);
        let mut line = String::new();
        while said.read_line(&mut line).is_ok_and(|length| length > 0) && sender.send(std::mem::take(&mut line)).is_ok() {}
    });
    lines
}

/// A server that ends with the test.
struct Serving {
    child: Child,
    /// Where it answers, as `127.0.0.1:4400`.
    host: String,
    said: Receiver<String>,
    /// What it said before it answered.
    before: String,
}

impl Serving {
    fn start(desk: &Desk, arguments: &[&str]) -> Serving {
        let mut child = desk.command(".", arguments).stdout(Stdio::piped()).spawn().unwrap();
        let said = lines_of(child.stdout.take().unwrap());
        let mut before = String::new();
        let host = loop {
            let line = said.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("it ended before it served:\n{before}"));
            if let Some((_, rest)) = line.split_once("” at http://") {
                assert!(line.ends_with("/ — stop with Ctrl-C\n"), "{line}");
                break rest.split('/').next().unwrap().to_owned();
            }
            before.push_str(&line);
        };
        Serving { child, host, said, before }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host).unwrap();
        let mut answer = String::new();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn line(&self) -> String {
        self.said.recv_timeout(PATIENCE).expect("it says something")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn serve_shows_drafts_and_follows_what_is_written() {
    let desk = Desk::begun();
    desk.write("kb/content/pages/plan.md", "+++\ntitle = \"Plan\"\ndraft = true\n+++\n\nFirst words.\n");
    let serving = Serving::start(&desk, &["serve", "kb", "--port", "0"]);
    assert_eq!(serving.before, "");
    assert!(serving.get("/plan/").contains("First words."));
    assert!(serving.get("/nowhere/").starts_with("HTTP/1.1 404 "));

    desk.write("kb/content/pages/plan.md", "+++\ntitle = \"Plan\"\ndraft = true\n+++\n\nSecond words.\n");
    assert!(serving.line().starts_with("Rebuilt in "));
    assert!(serving.get("/plan/").contains("Second words."));

    // With an error the last good page stays, and the findings are there to be laid over it.
    desk.write("kb/content/pages/plan.md", "+++\ntitle = \"Plan\"\ndraft = true\ntopisc = 1\n+++\n\nThird words.\n");
    assert!(serving.line().ends_with(": `content/pages/plan.md`. 1 error to mend before the new pages show.\n"));
    assert!(serving.get("/plan/").contains("Second words."));
    let about = serving.get("/_folkmoot/about?at=/plan/");
    assert!(about.contains(r#""code":"unknown-key""#) && about.contains(r#""marked":"topisc""#), "{about}");
    assert!(!desk.path("kb/public").exists());
}

#[test]
fn serve_starts_with_errors_and_can_show_what_the_public_will_see() {
    let desk = with_five_mistakes();
    desk.write("kb/content/pages/plan.md", "+++\ntitle = \"Plan\"\ndraft = true\n+++\n\nFirst words.\n");
    let serving = Serving::start(&desk, &["serve", "kb", "--port", "0", "--public", "--poll"]);
    assert!(serving.before.contains("error[unknown-topic]"), "{}", serving.before);
    assert!(serving.get("/sessions/opening-call/").starts_with("HTTP/1.1 200 "));
    assert!(serving.get("/plan/").starts_with("HTTP/1.1 404 "));
}

/// Paths in messages are typed the way people stand.
#[test]
fn paths_are_shown_from_here() {
    let desk = Desk::begun();
    let wrote = desk.run_in("kb", &["new", "page", "Rules"]).well();
    assert!(wrote.starts_with("Wrote `content/pages/rules.md`."), "{wrote}");
    assert!(!wrote.contains(Path::new(desk.folder.path()).to_str().unwrap()));
}
