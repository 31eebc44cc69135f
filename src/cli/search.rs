//! `folkmoot search`: finds entries as the search page of the site does.

use super::choices::{Day, Shown};
use super::columns::{self, Side};
use super::{Outcome, place, tell};
use crate::entries::names;
use crate::findings::nearest::nearest;
use crate::findings::show::tame;
use crate::findings::{Checked, any_error};
use crate::kinds::Kind;
use crate::pipeline::Pipeline;
use crate::search::query::{self, Answer, Engine, Filters, Group, Heard, Options, Order, Section};
use crate::site::Links;
use crate::sources::{self, CONFIG, Earlier};
use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// Find entries by what they say
#[derive(Args)]
#[command(
    override_usage = "folkmoot search [OPTIONS] [SITE] QUERY...",
    after_help = "Examples:\n  folkmoot search retail licensing\n  folkmoot search my-community youth vaping --kind session --limit 3\n  \
                  folkmoot search '\"local ordinance\" -menthol'\n  folkmoot search fees --order date --format json > found.json\n\n\
                  Words in quotation marks stand together, and entries with a word behind `-` are left out."
)]
pub struct Search {
    /// The folder with `folkmoot.toml` [default: here, or the nearest parent that has one]; else a first word
    #[arg(value_name = "SITE")]
    first: Option<String>,
    /// What to look for
    #[arg(value_name = "QUERY")]
    rest: Vec<String>,
    /// Only entries of this kind, such as `session`. This and the next can be said several times: one of them must fit
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Only what is about this topic, or one below it
    #[arg(long, value_name = "ID")]
    topic: Vec<String>,
    /// Only sessions of this series
    #[arg(long, value_name = "ID")]
    series: Vec<String>,
    /// Only what is dated in this year
    #[arg(long, value_name = "YEAR")]
    year: Vec<String>,
    /// Only what this organization has a part in
    #[arg(long, value_name = "ID")]
    organization: Vec<String>,
    /// Only where this voice is heard
    #[arg(long, value_name = "ID")]
    voice: Vec<String>,
    /// Only practices that are so far: `initial`, `documented` or `validated`
    #[arg(long, value_name = "WORD")]
    maturity: Vec<String>,
    /// Only sessions with a recording
    #[arg(long)]
    recording: bool,
    /// What stands first
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    order: By,
    /// How many entries are shown
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    #[command(flatten)]
    day: Day,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// What says most about the query
    Relevance,
    /// What is newest
    Date,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For programs
    Json,
}

impl Search {
    pub fn run(self) -> anyhow::Result<Outcome> {
        let (named, text) = self.parted();
        let root = place::find(named.as_deref())?;
        if text.trim().is_empty() && !self.narrows() {
            bail!("There is nothing to look for. Type some words, such as `folkmoot search retail licensing`.");
        }
        let sources = sources::read(&root, Earlier::None)?;
        let options = self.day.options(self.shown.audience(), Links::Folders)?;
        let Checked { value: site, findings } = Pipeline::new().run(&sources, &options);
        let index = site.search().context("This site is not searched: `enabled` under `[search]` in `folkmoot.toml` is false.")?;
        let engine = Engine::open(index)?;
        let order = if self.order == By::Date { Order::Newest } else { Order::Relevance };
        let answer = engine.find(&text, &Options { filters: self.filters(&engine)?, order })?;
        let told = Told::of(&engine, &text, &answer, self.limit)?;
        match self.format {
            Form::Text => tell::out(&told.in_words())?,
            Form::Json => tell::document(&told.as_json(&engine, &answer)?)?,
        }
        if any_error(&findings) {
            tell::aside("There are mistakes in the knowledge base, and something may be missing here. `folkmoot check` shows them.")?;
            return Ok(Outcome::Errors);
        }
        Ok(Outcome::Done)
    }

    /// The site, where the first word is one, and the query.
    fn parted(&self) -> (Option<PathBuf>, String) {
        let is_site = |word: &String| {
            let path = Path::new(word);
            path.join(CONFIG).is_file() || (path.ends_with(CONFIG) && path.is_file())
        };
        let site = self.first.as_ref().filter(|first| is_site(first));
        let word = self.first.as_ref().filter(|_| site.is_none());
        let words: Vec<&str> = word.into_iter().chain(&self.rest).map(String::as_str).collect();
        (site.map(PathBuf::from), words.join(" "))
    }

    fn chosen(&self) -> [(Group, &[String]); 7] {
        [
            (Group::Kind, &self.kind),
            (Group::Topic, &self.topic),
            (Group::Series, &self.series),
            (Group::Year, &self.year),
            (Group::Organization, &self.organization),
            (Group::Voice, &self.voice),
            (Group::Maturity, &self.maturity),
        ]
    }

    fn narrows(&self) -> bool {
        self.recording || self.chosen().iter().any(|(_, typed)| !typed.is_empty())
    }

    fn filters(&self, engine: &Engine) -> anyhow::Result<Filters> {
        let mut filters = Filters::new();
        for (group, typed) in self.chosen().into_iter().filter(|(_, typed)| !typed.is_empty()) {
            let known = engine.values(group)?;
            let ids: Vec<String> = typed.iter().map(|typed| id(group, typed, &known)).collect::<anyhow::Result<_>>()?;
            filters.insert(group, ids);
        }
        if self.recording {
            filters.insert(Group::Recording, vec!["yes".to_owned()]);
        }
        Ok(filters)
    }
}

/// The id of a value that somebody typed, by its id or its title.
fn id(group: Group, typed: &str, known: &[(String, String)]) -> anyhow::Result<String> {
    let key = names::key(typed);
    let kind = Kind::from_word(&key).filter(|_| group == Group::Kind).map(|kind| names::key(kind.word()));
    let is_meant = |(id, title): &&(String, String)| {
        let key = kind.as_ref().unwrap_or(&key);
        names::key(id) == *key || names::key(title) == *key
    };
    if let Some((id, _)) = known.iter().find(is_meant) {
        return Ok(id.clone());
    }
    let word = group.word();
    // Any year is near any other.
    let near = nearest(typed, known.iter().map(|(id, _)| id.as_str())).filter(|_| group != Group::Year);
    match near {
        Some(near) => bail!("No entry has the {word} `{typed}`. Did you mean `{near}`?"),
        None => bail!("No entry has the {word} `{typed}`."),
    }
}

/// What is told of an answer.
#[derive(Serialize)]
struct Told {
    query: String,
    total: usize,
    results: Vec<Hit>,
    /// Words that no entry says.
    unknown: Vec<String>,
    /// Words that were read as others.
    near: Vec<(String, Vec<String>)>,
    /// Of what is known to be unknown.
    gaps: Vec<Gap>,
    /// For words that no entry says, the nearest one that some entry does.
    #[serde(skip)]
    suggestions: Vec<Option<String>>,
}

#[derive(Serialize)]
struct Hit {
    path: String,
    title: String,
    kind: String,
    date: String,
    state: String,
    series: String,
    score: u64,
    section: Option<Part>,
    passage: String,
    #[serde(skip)]
    marked: Marked,
}

/// A heading or a chapter.
#[derive(Serialize)]
struct Part {
    anchor: String,
    title: String,
    /// When a chapter begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
}

#[derive(Serialize)]
struct Gap {
    title: String,
    path: String,
}

/// The texts of a result with its matches marked.
#[derive(Default)]
struct Marked {
    title: String,
    section: String,
    passage: String,
}

impl Told {
    fn of(engine: &Engine, text: &str, answer: &Answer, limit: usize) -> anyhow::Result<Told> {
        // A word that was typed twice is told once.
        let mut told = HashSet::new();
        let words = answer.wanted.iter().filter(|word| told.insert((&word.text, word.is_unknown)));
        let (lost, known): (Vec<&Heard>, Vec<&Heard>) = words.partition(|word| word.is_unknown);
        let unknown = lost.iter().map(|word| word.text.clone()).collect();
        let suggestions = lost.iter().map(|word| word.near.first().cloned()).collect();
        let near = known.iter().filter(|word| !word.near.is_empty()).map(|word| (word.text.clone(), word.near.clone()));
        let gaps = engine.gaps(text)?.into_iter().map(|gap| Gap { title: gap.title, path: gap.path });
        Ok(Told {
            query: text.to_owned(),
            total: answer.results.len(),
            results: answer.results.iter().take(limit).map(|found| result(engine, answer, found)).collect::<anyhow::Result<_>>()?,
            unknown,
            near: near.collect(),
            gaps: gaps.collect(),
            suggestions,
        })
    }

    fn as_json(&self, engine: &Engine, answer: &Answer) -> anyhow::Result<String> {
        #[derive(Serialize)]
        struct Value {
            id: String,
            title: String,
            count: usize,
        }
        #[derive(Serialize)]
        struct Document<'t> {
            #[serde(flatten)]
            told: &'t Told,
            counts: BTreeMap<&'static str, Vec<Value>>,
        }
        let mut counts = BTreeMap::new();
        for group in Group::ALL {
            let values = engine.counts(answer, group)?.into_iter();
            counts.insert(group.word(), values.map(|value| Value { id: value.id, title: value.title, count: value.count }).collect());
        }
        Ok(serde_json::to_string_pretty(&Document { told: self, counts })?)
    }

    fn in_words(&self) -> String {
        let mut about = String::new();
        for (typed, near) in &self.near {
            let near: Vec<String> = near.iter().map(|word| format!("`{}`", tame(word))).collect();
            about.push_str(&format!("No entry says `{}`, so it was read as {}.\n", tame(typed), listed(&near)));
        }
        for (word, suggestion) in self.unknown.iter().zip(&self.suggestions) {
            let meant = suggestion.as_ref().map(|word| format!(" Did you mean `{}`?", tame(word))).unwrap_or_default();
            about.push_str(&format!("No entry says `{}`.{meant}\n", tame(word)));
        }
        for gap in &self.gaps {
            about.push_str(&format!("Nothing is known yet about {}: {}\n", one_line(&gap.title), one_line(&gap.path)));
        }
        if self.total == 0 {
            return format!("{about}Nothing was found.\n");
        }
        let mut parts: Vec<String> = Some(about).filter(|about| !about.is_empty()).into_iter().collect();
        let width = self.results.len().to_string().len();
        parts.extend(self.results.iter().enumerate().map(|(place, result)| result.in_words(place + 1, width)));
        let mut closing = String::new();
        if self.total > self.results.len() {
            closing.push_str(&format!("And {} more: `--limit {}` shows them all.\n", self.total - self.results.len(), self.total));
        }
        parts.extend(Some(closing).filter(|closing| !closing.is_empty()));
        parts.join("\n")
    }
}

fn result(engine: &Engine, answer: &Answer, found: &query::Found) -> anyhow::Result<Hit> {
    let shown = engine.entry(found.entry)?;
    let section = (found.section as usize).checked_sub(1).and_then(|place| shown.sections.into_iter().nth(place));
    let opening = section.as_ref().map(|section: &Section| section.opening.clone()).filter(|opening| !opening.is_empty());
    let passage = opening.unwrap_or(shown.summary);
    let part = section.map(|section| Part { anchor: section.anchor, title: section.title, time: section.time });
    let marked = |text: &str| {
        let text = one_line(text);
        bold(&text, &engine.marks(answer, &text))
    };
    let named = part.as_ref().map(|part| part.title.as_str()).unwrap_or_default();
    let marked = Marked { title: marked(&shown.title), section: marked(named), passage: marked(&passage) };
    let kind = engine.kinds().get(shown.kind).cloned().ok_or_else(|| anyhow!("The search index knows no kind {}.", shown.kind))?;
    Ok(Hit {
        path: shown.path,
        title: shown.title,
        kind,
        date: shown.date,
        state: shown.state,
        series: shown.series,
        score: found.score,
        section: part,
        passage,
        marked,
    })
}

impl Hit {
    fn in_words(&self, rank: usize, width: usize) -> String {
        let kind = names::readable(&self.kind);
        let known = [kind.as_str(), &self.date, &self.series, &self.state].into_iter().filter(|word| !word.is_empty()).map(one_line);
        let anchor = self.section.as_ref().map(|part| format!("#{}", one_line(&part.anchor))).unwrap_or_default();
        let address = format!("{}{anchor}", one_line(&self.path));
        let time = self.section.as_ref().and_then(|part| part.time.as_ref()).map(|time| format!(" ({})", one_line(time)));
        let section = Some(&self.marked.section).filter(|section| !section.is_empty());
        let passage = match section {
            Some(section) => format!("{section}{}: {}", time.unwrap_or_default(), self.marked.passage),
            None => self.marked.passage.clone(),
        };
        let lines = [self.marked.title.clone(), known.collect::<Vec<_>>().join(", "), address].into_iter().chain(wrapped(&passage));
        let rows: Vec<Vec<String>> =
            lines.enumerate().map(|(place, line)| vec![if place == 0 { rank.to_string() } else { String::new() }, line]).collect();
        // All ranks are as wide as the last.
        let indent = " ".repeat(width - rank.to_string().len());
        columns::lines(&[Side::Right, Side::Left], &rows).lines().map(|line| format!("{indent}{line}\n")).collect()
    }
}

/// Characters of a line of a passage: a text is read easily up to there.
const LINE: usize = 88;
/// How a terminal begins and ends bold letters (ECMA-48, section 8.3.117); they are taken out where there is none.
const BOLD: (&str, &str) = ("\x1b[1m", "\x1b[0m");

/// Text of authors as one line that a terminal only shows.
fn one_line(text: &str) -> String {
    tame(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn bold(text: &str, marks: &[std::ops::Range<usize>]) -> String {
    let (mut bold, mut at) = (String::new(), 0);
    for mark in marks {
        bold.push_str(&format!("{}{}{}{}", &text[at..mark.start], BOLD.0, &text[mark.clone()], BOLD.1));
        at = mark.end;
    }
    bold + &text[at..]
}

/// A passage in lines. Marks stand within words, so that none of them goes over a line.
fn wrapped(passage: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut length) = (String::new(), 0);
    for word in passage.split(' ').filter(|word| !word.is_empty()) {
        let seen = word.replace(BOLD.0, "").replace(BOLD.1, "").chars().count();
        if length > 0 && length + 1 + seen > LINE {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += seen;
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}

/// "a, b or c".
fn listed(words: &[String]) -> String {
    match words {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        words => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_cut_into_lines_by_what_is_seen() {
        let marked = bold("one two", std::slice::from_ref(&(0..3)));
        assert_eq!(marked, "\x1b[1mone\x1b[0m two");
        let long = format!("{marked} {}", "x".repeat(LINE - 7));
        assert_eq!(wrapped(&long), [marked.clone(), "x".repeat(LINE - 7)]);
        assert_eq!(wrapped(&format!("{marked} {}", "x".repeat(LINE - 8))).len(), 1);
        assert!(wrapped("").is_empty());
    }
}
