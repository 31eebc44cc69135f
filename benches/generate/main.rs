//! Writes a knowledge base of any size for measuring builds: the same count and seed give the same bytes.
//!
//! `cargo run --release --example generate -- 10000 DIR [--seed 1]` writes 6,000 sessions, 2,000 case studies and 2,000
//! practices of about 4.4 kB each, and 50 topics, 40 series and 100 organizations besides, all of it valid.

mod days;
mod front_matter;
mod plan;
mod random;
mod text;
mod words;

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

const USAGE: &str = "usage: generate N DIR [--seed S]\n  N entries (10 or more) are written to DIR, which is new or empty";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (count, folder, seed) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [count, folder] => (count.parse().ok(), folder, Some(1)),
        [count, folder, "--seed", seed] => (count.parse().ok(), folder, seed.parse().ok()),
        _ => (None, "", None),
    };
    let (Some(count @ LEAST..), Some(seed)) = (count, seed) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match generate(count, seed, Path::new(folder)) {
        Ok(bytes) => {
            println!("{count} entries, {bytes} bytes of Markdown in {folder}");
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn generate(count: usize, seed: u64, folder: &Path) -> Result<usize, String> {
    if fs::read_dir(folder).is_ok_and(|mut items| items.next().is_some()) {
        return Err(format!("{} is not empty. Name a folder that is new or empty.", folder.display()));
    }
    write(&Corpus::plan(count, seed), folder)
}

/// Writes all files and gives the bytes of the entries counted by N.
fn write(corpus: &Corpus, folder: &Path) -> Result<usize, String> {
    put(&folder.join("folkmoot.toml"), SITE)?;
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
        let mut text = front_matter::of(corpus, entry, &mut random);
        let aim = random.between(BYTES.0, BYTES.1);
        text += &text::body(corpus, at, aim.saturating_sub(text.len()), &mut random);
        put(&content.join(&entry.path), &text)?;
        bytes += text.len();
    }
    Ok(bytes)
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
