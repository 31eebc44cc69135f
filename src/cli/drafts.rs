//! The text of a new entry: the keys its kind is about, each with what it means, most of them still asleep.

use crate::entries::front_matter::{self, Series};
use crate::fields::Wall;
use crate::kinds::Kind;
use crate::time::{self, Date, Time};
use anyhow::{Context, bail};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::place;

/// A session that says nothing else starts in the early afternoon: awake on both coasts of a continent.
const START_HOUR: i8 = 13;

/// How long a session takes that says nothing else, in minutes.
const MINUTES: i64 = 60;

/// An entry that is about to be written.
pub struct Draft<'a> {
    pub kind: Kind,
    /// On one line.
    pub title: &'a str,
    pub date: Date,
    /// Other names it goes by already.
    pub synonyms: &'a [String],
    pub site_id: &'a str,
    /// The series a session belongs to.
    pub series: Option<(&'a str, Option<&'a Series>)>,
    /// Its place in the series, where sessions are numbered there.
    pub number: Option<i64>,
    /// When it starts, where the series says so for this very day.
    pub start: Option<Wall>,
    /// What calendar programs know the planned session by whose place it takes.
    pub uid: Option<String>,
    /// The date of the series' recurrence it stands for, whenever it then takes place.
    pub occurrence: Option<Date>,
}

impl Draft<'_> {
    /// Where the file stands, from the project's folder. Sessions are many, so they stand by year.
    pub fn path(&self, stem: &str) -> String {
        let folder = self.kind.folder();
        match self.kind {
            Kind::Session => format!("content/{folder}/{}/{stem}.md", self.date.year()),
            _ => format!("content/{folder}/{stem}.md"),
        }
    }

    pub fn text(&self, stem: &str) -> String {
        let mut text = format!("+++\ntitle = {}\ndate = {}\n", quoted(self.title), self.date);
        if !self.synonyms.is_empty() {
            line(&mut text, &synonyms(self.synonyms));
        }
        match self.kind {
            Kind::Session => self.session(stem, &mut text),
            Kind::Question => line(&mut text, &format!("asked_on = {}", self.date)),
            _ => {}
        }
        text.push_str("\n# Take the “# ” away from what you need, and write what is known.\n");
        let keys = front_matter::keys(self.kind);
        let about = |name: &str| keys.iter().find(|known| known.key == name).map_or("", |known| known.about);
        let (plain, tables) = asleep(self.kind);
        let is_awake = |sample: &&Sample| sample.key() == "synonyms" && !self.synonyms.is_empty();
        for sample in plain.iter().filter(|sample| !is_awake(sample)) {
            line(&mut text, &format!("# {}  # {}", sample.0, about(sample.key())));
        }
        for Table(header, samples) in tables {
            let key = header.trim_matches(['[', ']']);
            line(&mut text, &format!("\n# {header}  # {}", about(key)));
            samples.iter().for_each(|sample| line(&mut text, &format!("# {sample}")));
        }
        text.push_str("+++\n\n");
        text.push_str(body(self.kind));
        text
    }

    fn session(&self, stem: &str, text: &mut String) {
        let defaults = self.series.and_then(|(_, series)| series).and_then(|series| series.default.as_ref());
        if let Some((id, _)) = self.series {
            line(text, &format!("series = {}", quoted(id)));
        }
        self.number.into_iter().for_each(|number| line(text, &format!("number = {number}")));
        let usual = time::clock(START_HOUR, 0, 0).expect("every clock shows this hour");
        let at: Time = match self.start {
            Some(Wall::Time(start)) => start.time(),
            _ => defaults.and_then(|defaults| defaults.time.as_ref()).map_or(usual, |time| time.value),
        };
        line(text, &format!("start = {}T{}", self.date, at.strftime("%H:%M:%S")));
        self.occurrence.into_iter().for_each(|date| line(text, &format!("occurrence = {date}")));
        // What the series says of all its sessions need not be said again.
        if defaults.is_none_or(|defaults| defaults.minutes.is_none()) {
            line(text, &format!("minutes = {MINUTES}"));
        }
        let uid = self.uid.clone().unwrap_or_else(|| format!("{}-{stem}@{}", self.date, self.site_id));
        line(text, "# Calendar programs know the session by this, so it stays even if all else changes.");
        line(text, &format!("uid = {}", quoted(&uid)));
    }
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a text takes any text");
}

/// One key with a value as an example, as it would be typed.
struct Sample(&'static str);

impl Sample {
    fn key(&self) -> &'static str {
        self.0.split(' ').next().unwrap_or_default()
    }
}

/// A table's line and the lines below it.
struct Table(&'static str, &'static [&'static str]);

/// What a file of a kind usually goes on to say. Empty texts count as not written.
fn asleep(kind: Kind) -> (&'static [Sample], &'static [Table]) {
    match kind {
        Kind::Session => (
            &[
                Sample("summary = \"\""),
                Sample("topics = [\"\"]"),
                Sample("time_zone = \"America/Chicago\""),
                Sample("mode = \"online\""),
                Sample("facilitators = [\"\"]"),
                Sample("takeaways = [\"\"]"),
                Sample("decisions = [\"\"]"),
            ],
            &[
                Table("[[speakers]]", &["name = \"Two county planners\"", "organization = \"\""]),
                Table("[[materials]]", &["type = \"recording\"", "url = \"https://video.example.org/opening-call\""]),
                Table("[[questions]]", &["text = \"What did others do?\""]),
                Table("[[commitments]]", &["text = \"Send the slides to all members\"", "by = \"\"", "due = 2026-03-04"]),
            ],
        ),
        Kind::Practice => (
            &[
                Sample("summary = \"\""),
                Sample("topics = [\"\"]"),
                Sample("problem = \"\""),
                Sample("context = \"\""),
                Sample("when_not = [\"\"]"),
                Sample("effort = \"medium\""),
                Sample("synonyms = [\"\"]"),
            ],
            &[Table("[[evidence]]", &["claim = \"It saves half a day a week\"", "grade = 1", "source = \"\""])],
        ),
        Kind::CaseStudy => (
            &[
                Sample("summary = \"\""),
                Sample("topics = [\"\"]"),
                Sample("organizations = [\"\"]"),
                Sample("places = [\"\"]"),
                Sample("practices = [\"\"]"),
                Sample("setting = \"\""),
                Sample("barriers = [\"\"]"),
                Sample("enablers = [\"\"]"),
                Sample("lessons = [\"\"]"),
                Sample("cost = \"\""),
                Sample("willing_to_talk = true"),
                Sample("would_do_again = \"with-changes\""),
            ],
            &[
                Table("[period]", &["from = 2026-03-04"]),
                Table("[[results]]", &["measure = \"Visits a year\"", "baseline = 40", "result = 65", "direction = \"improved\""]),
            ],
        ),
        Kind::Series => (
            &[
                Sample("summary = \"\""),
                Sample("start = 2026-03-04"),
                Sample("end = 2026-12-02"),
                Sample("time_zone = \"America/Chicago\""),
                Sample("format = \"\""),
                Sample("curriculum = [\"\"]"),
            ],
            &[
                Table("[default]", &["time = 13:00:00", "minutes = 60", "mode = \"online\""]),
                Table("[registration]", &["url = \"https://register.example.org/\"", "closes = 2026-03-01"]),
                Table("[recurrence]", &["rrule = \"FREQ=MONTHLY;BYDAY=1WE\""]),
            ],
        ),
        Kind::Topic => (
            &[
                Sample("definition = \"\""),
                Sample("not = \"\""),
                Sample("parent = \"\""),
                Sample("synonyms = [\"\"]"),
                Sample("priority = 1"),
                Sample("steward = \"\""),
                Sample("essentials = [\"\"]"),
            ],
            &[],
        ),
        Kind::Question => (
            &[
                Sample("topics = [\"\"]"),
                Sample("ask = \"experience\""),
                Sample("asked_in = \"\""),
                Sample("asked_by = \"\""),
                Sample("needed_by = 2026-12-02"),
                Sample("owner = \"\""),
                Sample("answer = \"\""),
                Sample("answers = [\"\"]"),
            ],
            &[Table("[[checked]]", &["where = \"\"", "found = \"\""])],
        ),
        Kind::Resource => (
            &[
                Sample("summary = \"\""),
                Sample("topics = [\"\"]"),
                Sample("type = \"toolkit\""),
                Sample("url = \"https://library.example.org/toolkit\""),
                Sample("publisher = \"\""),
                Sample("published = \"2026\""),
                Sample("why = \"\""),
            ],
            &[],
        ),
        Kind::Voice => {
            (&[Sample("definition = \"\""), Sample("parent = \"\""), Sample("expected_in = [\"\"]")], &[Table("[reach]", &["how = \"\""])])
        }
        Kind::Organization => (
            &[
                Sample("summary = \"\""),
                Sample("kind = \"\""),
                Sample("place = \"\""),
                Sample("url = \"https://www.example.org/\""),
                Sample("synonyms = [\"\"]"),
            ],
            &[],
        ),
        Kind::Person => (
            &[
                Sample("organization = \"\""),
                Sample("role = \"\""),
                Sample("expertise = [\"\"]"),
                Sample("offers = [\"\"]"),
                Sample("contact = \"\""),
                Sample("consent_on = 2026-03-04"),
            ],
            &[],
        ),
        Kind::Community => (
            &[
                Sample("summary = \"\""),
                Sample("purpose = \"\""),
                Sample("started = 2026-03-04"),
                Sample("contact = \"\""),
                Sample("expected_voices = [\"\"]"),
            ],
            &[
                Table("[join]", &["url = \"https://join.example.org/\"", "eligibility = \"\""]),
                Table("[[success]]", &["measure = \"Counties that take part\"", "target = 12"]),
            ],
        ),
        Kind::Page => (&[Sample("summary = \"\""), Sample("nav = true")], &[]),
    }
}

/// What a file of a kind says where its text goes: a comment, which no page shows, so that nothing unwritten is
/// published.
fn body(kind: Kind) -> &'static str {
    match kind {
        Kind::Session => "<!-- Write here what was said, under headings that people will look for. -->\n",
        Kind::Practice => "<!-- Write the steps here, so that somebody who was not there can take them. -->\n",
        Kind::CaseStudy => "<!-- Write here what happened, in the order it happened in. Say also what did not work. -->\n",
        Kind::Series => "<!-- Write here what the series is for and whom it is for. -->\n",
        Kind::Topic => "<!-- Write here what a newcomer should know first. -->\n",
        Kind::Question => "<!-- Write here why it is asked, and what an answer would change. -->\n",
        Kind::Resource => "<!-- Write here what it holds, and how the community uses it. -->\n",
        Kind::Voice => "<!-- Write here who is meant, and what only they can tell. -->\n",
        Kind::Organization => "<!-- Write here what it does that concerns the community. -->\n",
        Kind::Person => "<!-- Write here what others may ask them about. -->\n",
        Kind::Community => "<!-- Write here who meets, how often, and what has come of it. -->\n",
        Kind::Page => "<!-- Write the page here. -->\n",
    }
}

/// What to do with the new file.
pub fn to_fill_in(kind: Kind) -> &'static str {
    match kind {
        Kind::Session => "Set the time in `start`; the notes go below the second `+++`.\n",
        Kind::Practice => "Say in `problem` what it solves; the steps go below the second `+++`.\n",
        Kind::CaseStudy => "Name the `organizations` and `practices`; the story goes below the second `+++`.\n",
        Kind::Series => "Set `start` and `end`, and when it meets under `[recurrence]` or session by session.\n",
        Kind::Topic => "Write the `definition`, and the `parent` if it belongs to a wider topic.\n",
        Kind::Question => "Say in `asked_by` who asks, and in `topics` what it is about.\n",
        Kind::Resource => "Write its `url`, and in `why` what makes it worth having.\n",
        Kind::Voice => "Write the `definition`, and in `expected_in` where it should be heard.\n",
        Kind::Organization => "Write what `kind` of organization it is, and its `place`.\n",
        Kind::Person => "Write their `organization` and `role`; a `contact` needs the day they agreed, `consent_on`.\n",
        Kind::Community => "Write its `purpose`, and the `expected_voices`.\n",
        Kind::Page => "The text goes below the second `+++`; `nav = true` puts it into the navigation.\n",
    }
}

/// Writes a file that is not there yet, with the folders it stands in.
///
/// # Errors
/// When something stands there, or the disk would not do it.
pub fn write_new(file: &Path, text: &str) -> anyhow::Result<()> {
    let shown = place::shown(file);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("The folder of `{}` cannot be made", shown.display()))?;
    }
    match std::fs::File::create_new(file) {
        Ok(mut open) => {
            let written = open.write_all(text.as_bytes()).with_context(|| format!("`{}` cannot be written", shown.display()));
            if written.is_err() {
                // Half a file would keep the next try from writing the whole.
                let _ = std::fs::remove_file(file);
            }
            written
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("`{}` is there already, and stays as it is. Choose another title, or write on in that file.", shown.display())
        }
        Err(error) => Err(error).with_context(|| format!("`{}` cannot be written", shown.display())),
    }
}

/// Writes a file whole, in the place of an older one: whatever happens, one of the two is there.
///
/// # Errors
/// When it cannot be written.
pub fn replace(file: &Path, text: &str) -> anyhow::Result<()> {
    let cannot = || format!("`{}` cannot be written", place::shown(file).display());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let beside = file.with_file_name(format!(".{name}.new"));
    std::fs::write(&beside, text).with_context(cannot)?;
    std::fs::rename(&beside, file).with_context(cannot).inspect_err(|_| {
        // What could not be put into its place is of no use to anybody.
        let _ = std::fs::remove_file(&beside);
    })
}

/// Writes several files that are not there yet: all of them or, if one cannot be written, none.
///
/// # Errors
/// As for [`write_new`].
pub fn write_all_new(files: &[(PathBuf, String)]) -> anyhow::Result<()> {
    for (index, (file, text)) in files.iter().enumerate() {
        if let Err(trouble) = write_new(file, text) {
            for (written, _) in &files[..index] {
                // What stays for a reason of the disk's own is a draft like any other.
                let _ = std::fs::remove_file(written);
            }
            return Err(trouble);
        }
    }
    Ok(())
}

/// Writes several files as [`write_all_new`] does, and adds lines at the end of one that is there: all of it or, if
/// something cannot be written, nothing.
///
/// # Errors
/// As for [`write_new`], and when the file cannot be added to.
pub fn write_all_new_and_append(files: &[(PathBuf, String)], to: &Path, lines: &str) -> anyhow::Result<()> {
    write_all_new(files)?;
    append(to, lines).inspect_err(|_| {
        for (written, _) in files {
            // What stays for a reason of the disk's own is a draft like any other.
            let _ = std::fs::remove_file(written);
        }
    })
}

/// What stands in the file is neither read nor written again, so it cannot be lost.
fn append(file: &Path, lines: &str) -> anyhow::Result<()> {
    let cannot = || format!("`{}` cannot be added to", place::shown(file).display());
    let mut open = std::fs::File::options().append(true).open(file).with_context(cannot)?;
    let before = open.metadata().with_context(cannot)?.len();
    let written = open.write_all(lines.as_bytes()).with_context(cannot);
    if written.is_err() {
        // Half a table would keep the settings from being read.
        let _ = open.set_len(before);
    }
    written
}

/// Other names of an entry, as the line of its front matter.
pub fn synonyms(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("synonyms = [{}]", quoted.join(", "))
}

/// A text as TOML.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A title as it was typed, on one line.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as one word of a command, for people to copy.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./\\:~".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\\\"")) }
}
