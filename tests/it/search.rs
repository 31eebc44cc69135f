//! Search on the example site: it finds what people look for, and both engines find the same.

use crate::knowledge_base::options;
use folkmoot::pipeline::Pipeline;
use folkmoot::search::query::{Engine, Filters, Found, Group, Options, Order, Shown};
use folkmoot::site::Site;
use folkmoot::sources::{self, Earlier};
use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

fn example() -> Site {
    let sources = sources::read(&Path::new(PROJECT).join("example-site"), Earlier::None).unwrap();
    Pipeline::new().run(&sources, &options()).value
}

/// What people look for on the example site.
#[derive(Deserialize)]
struct Suite {
    query: Vec<Asked>,
    nothing: Vec<Unknown>,
}

#[derive(Deserialize)]
struct Asked {
    text: String,
    sort: String,
    /// Any of these answers it: an address, and with an anchor a section.
    expect: Vec<String>,
}

#[derive(Deserialize)]
struct Unknown {
    text: String,
}

fn suite() -> Suite {
    toml::from_str(&fs::read_to_string(Path::new(PROJECT).join("tests/search/relevance.toml")).unwrap()).unwrap()
}

/// How far a right answer may stand below the first place, on the whole: the mean of 1 ÷ rank among the first ten.
const LEAST: f64 = 0.9;
const RANKS: usize = 10;

#[test]
fn people_find_what_they_look_for() {
    let site = example();
    let engine = Engine::open(site.search().unwrap()).unwrap();
    let first = |text: &str| -> Vec<(String, String)> {
        let answer = engine.find(text, &Options::default()).unwrap();
        let shown = answer.results.iter().take(RANKS).map(|found| {
            let shown = engine.entry(found.entry).unwrap();
            let section = (found.section as usize).checked_sub(1).map(|place| shown.sections[place].anchor.clone());
            let plain = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
            (plain(&shown.path), section.map(|anchor| plain(&anchor)).unwrap_or_default())
        });
        shown.collect()
    };
    let is_right = |(path, section): &(String, String), expected: &String| match expected.split_once('#') {
        Some((page, anchor)) => path == page && section == anchor,
        None => path == expected,
    };
    let suite = suite();
    let mut sorts: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut lower = Vec::new();
    for Asked { text, sort, expect } in &suite.query {
        let found = first(text);
        let rank = found.iter().position(|found| expect.iter().any(|expected| is_right(found, expected))).map(|place| place + 1);
        sorts.entry(sort).or_default().push(rank.map_or(0.0, |rank| 1.0 / rank as f64));
        if rank != Some(1) {
            let rank = rank.map_or("not there".to_owned(), |rank| format!("at {rank}"));
            lower.push(format!("{sort}: `{text}`: {} is {rank}, first is {:?}", expect.join(" or "), found.first()));
        }
    }
    let mean = |ranks: &[f64]| ranks.iter().sum::<f64>() / ranks.len() as f64;
    let all: Vec<f64> = sorts.values().flatten().copied().collect();
    let by_sort: Vec<String> = sorts.iter().map(|(sort, ranks)| format!("{sort} {:.3} of {}", mean(ranks), ranks.len())).collect();
    println!("MRR@10 {:.3} of {}: {}", mean(&all), all.len(), by_sort.join(", "));
    println!("The right answer is not first:\n{}", lower.join("\n"));
    assert!(mean(&all) >= LEAST, "MRR@10 is {:.3}", mean(&all));
    for Unknown { text } in &suite.nothing {
        assert_eq!(first(text), [], "`{text}` finds what is not there");
    }
}

// Two engines, one set of rules.

/// Queries that people seldom type, and engines stumble over.
const ODD: [&str; 38] = [
    "",
    " ",
    "-",
    "\"",
    "\"\"",
    "- retail",
    "-retail",
    "retail -",
    "retail --licence",
    "retail-licence",
    "-e-cigarettes retail",
    "retail -\"local ordinance\"",
    "\"local ordinance",
    "\"retail licence\" -menthol fee",
    "\"the\"",
    "\"of the\"",
    "the of and",
    "the",
    "the zebra",
    "retail retail",
    "fee retail fee",
    "\"fee\" fee",
    "a b c d e f g h i j k l m n o p q r",
    "\"a b c d e f g h i j k l m n o p q r\"",
    "ﬁne Straße ＦＥＥ",
    "co\u{ad}operation",
    "vape\u{301}",
    "retail\u{a0}",
    "retail\u{85}",
    "retail\u{feff}",
    "ｆｅｅ\"",
    "知识",
    "ยาสูบ",
    "喫煙",
    "2026",
    "20266",
    "xlicence",
    "\u{1f600} fee \u{10400}",
];

/// Letters of a query that are typed one after the other.
const TYPED: usize = 12;

/// One question to both engines.
#[derive(Clone)]
struct Question {
    text: String,
    filters: Vec<(Group, &'static str)>,
    order: Order,
    /// How many results are compared one by one.
    limit: usize,
}

/// More results than there are entries; and as many as show whether the rest stand as they should.
const ALL: usize = 100_000;
const FIRST: usize = 20;

fn questions() -> Vec<Question> {
    let suite = suite();
    let asked = suite.query.iter().map(|asked| &asked.text).chain(suite.nothing.iter().map(|nothing| &nothing.text));
    let mut texts: Vec<String> = Vec::new();
    for text in asked {
        let typed = text.char_indices().take(TYPED).map(|(at, c)| &text[..at + c.len_utf8()]);
        texts.extend(typed.chain([text.as_str()]).flat_map(|text| [text.to_owned(), format!("{text} ")]));
    }
    texts.extend(ODD.map(str::to_owned));
    texts.push(format!("{}\u{1f600}", "retail ".repeat(36) + "fee"));
    texts.push("licence ".repeat(40));
    texts.sort_unstable();
    texts.dedup();
    let narrowed: [&[(Group, &'static str)]; 8] = [
        &[],
        &[(Group::Kind, "session")],
        &[(Group::Kind, "practice"), (Group::Kind, "case-study")],
        &[(Group::Year, "2025"), (Group::Recording, "yes")],
        &[(Group::Maturity, "validated"), (Group::Maturity, "documented")],
        &[(Group::Topic, "commercial-tobacco")],
        &[(Group::Topic, "youth-vaping"), (Group::Topic, "law"), (Group::Kind, "session")],
        &[(Group::Voice, "retailers"), (Group::Organization, "nobody")],
    ];
    let question = |text: &str, filters: &[(Group, &'static str)], order| Question {
        text: text.to_owned(),
        filters: filters.to_vec(),
        order,
        limit: if text.chars().count() > TYPED { ALL } else { FIRST },
    };
    // Each text as it is, and each third one in one of all other ways, by turns.
    let usual = texts.iter().map(|text| question(text, &[], Order::Relevance));
    let other = texts.iter().step_by(3).enumerate().map(|(turn, text)| {
        let order = if turn % 3 == 0 { Order::Newest } else { Order::Relevance };
        question(text, narrowed[turn / 2 % narrowed.len()], order)
    });
    usual.chain(other).collect()
}

impl Question {
    fn chosen(&self) -> Filters {
        let mut filters = Filters::new();
        self.filters.iter().for_each(|(group, id)| filters.entry(*group).or_default().push((*id).to_owned()));
        filters
    }

    /// As the browser's engine takes it.
    fn line(&self) -> String {
        let filters: BTreeMap<&str, Vec<String>> = self.chosen().into_iter().map(|(group, ids)| (group.word(), ids)).collect();
        let order = if self.order == Order::Newest { "date" } else { "relevance" };
        json!({"query": self.text, "filters": filters, "order": order, "limit": self.limit}).to_string()
    }

    /// As the browser's engine answers.
    fn answer(&self, engine: &Engine, rows: &[Shown]) -> Value {
        let answer = engine.find(&self.text, &Options { filters: self.chosen(), order: self.order }).unwrap();
        let result = |found: &Found| {
            let shown = &rows[found.entry as usize];
            json!([shown.path, found.score, found.section])
        };
        let results: Vec<Value> = answer.results.iter().take(self.limit).map(result).collect();
        let unknown: Vec<&str> = answer.wanted.iter().filter(|word| word.is_unknown).map(|word| word.text.as_str()).collect();
        let near: Vec<Value> =
            answer.wanted.iter().filter(|word| !word.near.is_empty()).map(|word| json!([word.text, word.near])).collect();
        json!({
            "query": self.text, "total": answer.results.len(), "results": results, "unknown": unknown, "near": near,
        })
    }
}

/// What two answers say of the first thing they do not agree on.
fn difference(ours: &Value, theirs: &Value) -> String {
    let differ = |key: &&str| ours[key] != theirs[key];
    let key = ["unknown", "near", "total", "results"].into_iter().find(differ).unwrap_or("query");
    let (ours, theirs) = (&ours[key], &theirs[key]);
    let (of_ours, of_theirs) = (ours.as_array(), theirs.as_array());
    let (Some(one), Some(other)) = (of_ours, of_theirs) else { return format!(" {key}: {ours} is {theirs} in the browser") };
    let place = one.iter().zip(other).position(|(one, other)| one != other).unwrap_or(one.len().min(other.len()));
    let said = |all: &[Value]| all.get(place).map_or("nothing".to_owned(), Value::to_string);
    format!(" {key} at {place}: {} is {} in the browser", said(one), said(other))
}

#[test]
fn both_engines_give_the_same_answers() {
    if Command::new("node").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "the browser's engine needs Node.js");
        return println!("There is no Node.js here, so the browser's engine was not asked.");
    }
    let site = example();
    let index = site.search().unwrap();
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("search/data")).unwrap();
    for name in index.names() {
        let file = if name == "root" { "search/root.js".to_owned() } else { format!("search/data/{name}.js") };
        fs::write(folder.path().join(file), index.file(name).unwrap()).unwrap();
    }
    let questions = questions();
    let lines: String = questions.iter().map(|question| question.line() + "\n").collect();
    fs::write(folder.path().join("questions"), lines).unwrap();
    let browser = Command::new("node")
        .arg(Path::new(PROJECT).join("tests/search/engine.mjs"))
        .arg(folder.path())
        .stdin(Stdio::from(File::open(folder.path().join("questions")).unwrap()))
        .output()
        .unwrap();
    assert!(browser.status.success(), "{}", String::from_utf8_lossy(&browser.stderr));
    let theirs: Vec<Value> = String::from_utf8(browser.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(theirs.len(), questions.len());

    let engine = Engine::open(index).unwrap();
    let all = engine.find("", &Options::default()).unwrap().results.len();
    let rows: Vec<Shown> = (0..all).map(|entry| engine.entry(entry as u32).unwrap()).collect();
    let differing: Vec<String> = questions
        .par_iter()
        .zip(&theirs)
        .filter_map(|(question, theirs)| {
            let ours = question.answer(&engine, &rows);
            (ours != *theirs).then(|| format!("{}{}", question.line(), difference(&ours, theirs)))
        })
        .collect();
    println!("{} questions were put to both engines.", questions.len());
    let shown = &differing[..differing.len().min(12)];
    assert!(differing.is_empty(), "{} of {} answers differ:\n{}", differing.len(), questions.len(), shown.join("\n"));
}
