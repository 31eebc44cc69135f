//! Writes a knowledge base of any size for measuring builds: the same count and seed give the same bytes.
//!
//! `cargo run --release --example generate -- 10000 DIR [--seed 1]` writes 6,000 sessions, 2,000 case studies and 2,000
//! practices of about 4.4 kB each, and 50 topics, 40 series and 100 organizations besides, all of it valid.
//!
//! With `--map 50x12` there are two maps, one of them of 50 policy areas by 12 sorts of knowledge, and all that makes
//! gaps: topics in trees, questions, resources, reviews of every age, placements by hand.

mod days;
mod front_matter;
mod map;
mod map_files;
mod plan;
mod random;
mod text;
mod words;

use crate::map::{LEAST_SIDE, MOST_SIDE, Map};
use crate::plan::{Corpus, PEOPLE};
use crate::random::Random;
use crate::words::slug;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// Bytes of a file, front matter and text, that are aimed at, from the shortest to the longest. The smallest text that
/// fills every heading is longer than some aims, so the files come out at 4.4 kB on average.
const BYTES: (usize, usize) = (2_000, 5_300);
/// Fewer entries than this leave some kind without any.
const LEAST: usize = 10;

/// Streams of random numbers: each entry has its own, after those of the smaller kinds.
const TOPIC_STREAM: u64 = 1_000;
const SERIES_STREAM: u64 = 2_000;
const ORGANIZATION_STREAM: u64 = 3_000;
const PERSON_STREAM: u64 = 4_000;
const COMMUNITY_STREAM: u64 = 5_000;
const ENTRY_STREAM: u64 = 10_000;
/// What only a corpus with maps has draws from streams of its own, far behind those of any number of entries, so that
/// names, days and links of everything else are the same with maps and without.
const MAP_STREAM: u64 = 1 << 40;
const MAP_ENTRY_STREAM: u64 = 2 << 40;
const MAP_PERSON_STREAM: u64 = 3 << 40;
const MAP_FILE_STREAM: u64 = 4 << 40;

const USAGE: &str = "usage: generate N DIR [--seed S] [--map ROWSxCOLUMNS]
  N entries (10 or more) are written to DIR, which is new or empty.
  With --map, such as 50x12, there are gap maps and all that fills them; each side has 4 to 1000 topics.";

struct Wanted {
    count: usize,
    folder: String,
    seed: u64,
    /// Rows and columns.
    map: Option<(usize, usize)>,
}

fn main() -> ExitCode {
    let Some(wanted) = wanted(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match generate(&wanted) {
        Ok(bytes) => {
            println!("{} entries, {bytes} bytes of Markdown in {}", wanted.count, wanted.folder);
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for; none where it cannot be understood.
fn wanted(mut arguments: impl Iterator<Item = String>) -> Option<Wanted> {
    let count = arguments.next()?.parse().ok().filter(|count| *count >= LEAST)?;
    let mut wanted = Wanted { count, folder: arguments.next()?, seed: 1, map: None };
    while let Some(option) = arguments.next() {
        let value = arguments.next()?;
        match option.as_str() {
            "--seed" => wanted.seed = value.parse().ok()?,
            "--map" => {
                let (rows, columns) = value.split_once('x')?;
                let side = |text: &str| text.parse().ok().filter(|side| (LEAST_SIDE..=MOST_SIDE).contains(side));
                wanted.map = Some((side(rows)?, side(columns)?));
            }
            _ => return None,
        }
    }
    Some(wanted)
}

fn generate(wanted: &Wanted) -> Result<usize, String> {
    let folder = Path::new(&wanted.folder);
    if fs::read_dir(folder).is_ok_and(|mut items| items.next().is_some()) {
        return Err(format!("{} is not empty. Name a folder that is new or empty.", folder.display()));
    }
    write(&Corpus::plan(wanted.count, wanted.seed, wanted.map), folder)
}

/// Writes all files and gives the bytes of the entries counted by N.
fn write(corpus: &Corpus, folder: &Path) -> Result<usize, String> {
    let maps = corpus.map.as_ref().map(|map| map.settings(&mut Random::of(corpus.seed, MAP_FILE_STREAM)));
    put(&folder.join("folkmoot.toml"), &(SITE.to_owned() + maps.as_deref().unwrap_or_default()))?;
    let content = folder.join("content");
    let words = &corpus.vocabulary;
    for (at, topic) in corpus.topics.iter().enumerate() {
        let mut random = Random::of(corpus.seed, TOPIC_STREAM + at as u64);
        let text = front_matter::topic(corpus, at, &mut random) + &words.paragraph(&mut random) + "\n";
        put(&content.join(format!("topics/{}.md", slug(topic))), &text)?;
    }
    for (at, series) in corpus.series.iter().enumerate() {
        let mut random = Random::of(corpus.seed, SERIES_STREAM + at as u64);
        let text = front_matter::series(corpus, series, &mut random) + &words.paragraph(&mut random) + "\n";
        put(&content.join(format!("series/{}.md", slug(&series.title))), &text)?;
    }
    for (at, organization) in corpus.organizations.iter().enumerate() {
        let mut random = Random::of(corpus.seed, ORGANIZATION_STREAM + at as u64);
        let text = front_matter::organization(corpus, at) + &words.paragraph(&mut random) + "\n";
        put(&content.join(format!("organizations/{}.md", slug(organization))), &text)?;
    }
    // One of every ten people has a file; the others are only named.
    for number in (1..=PEOPLE).step_by(10) {
        let mut random = Random::of(corpus.seed, PERSON_STREAM + number as u64);
        put(&content.join(format!("people/{}.md", plan::person_id(number))), &front_matter::person(corpus, number, &mut random))?;
    }
    let community = front_matter::community(corpus, &mut Random::of(corpus.seed, COMMUNITY_STREAM));
    put(&content.join("communities/everybody.md"), &community)?;
    let mut bytes = 0;
    for (at, entry) in corpus.entries.iter().enumerate() {
        let mut random = Random::of(corpus.seed, ENTRY_STREAM + at as u64);
        let mut text = front_matter::of(corpus, at, &mut random);
        let aim = random.between(BYTES.0, BYTES.1);
        text += &text::body(corpus, at, aim.saturating_sub(text.len()), &mut random);
        put(&content.join(&entry.path), &text)?;
        bytes += text.len();
    }
    if let Some(map) = &corpus.map {
        write_map_files(corpus, map, &content)?;
    }
    Ok(bytes)
}

/// Writes what only a corpus with maps has: topics of its two dimensions, voices, series that recur, questions, resources.
fn write_map_files(corpus: &Corpus, map: &Map, content: &Path) -> Result<(), String> {
    for (at, (path, text)) in map_files::all(corpus, map).enumerate() {
        let mut random = Random::of(corpus.seed, MAP_FILE_STREAM + 1 + at as u64);
        put(&content.join(path), &(text(&mut random) + &corpus.vocabulary.paragraph(&mut random) + "\n"))?;
    }
    Ok(())
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().expect("every file here is written inside a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

const SITE: &str = r#"title = "Generated knowledge base"
description = "Made-up content for measuring how long a build takes."
base_url = "https://example.org/"
language = "en"
time_zone = "America/New_York"
display_zones = ["America/Los_Angeles"]
"#;
