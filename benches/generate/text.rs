//! Writes the Markdown below the front matter: sections, lists, a table now and then, and links to three other entries.

use crate::plan::{Corpus, Entry};
use crate::random::Random;
use crate::words::slug;

/// Other entries that each entry links to.
const LINKS: usize = 3;
/// In bytes: a section stops here before its share is full, so that it is as often over it as under it.
const HALF_A_PARAGRAPH: usize = 130;

/// A text of about `bytes` bytes.
pub fn body(corpus: &Corpus, at: usize, bytes: usize, random: &mut Random) -> String {
    let words = &corpus.vocabulary;
    let entry = &corpus.entries[at];
    let mut links = links(corpus, at, random).into_iter();
    let table_in = random.one_in(4).then(|| random.below(entry.headings.len()));
    let list_first = random.below(2);
    let mut text = format!("{}\n", words.paragraph(random));
    for (section, heading) in entry.headings.iter().enumerate() {
        // The first heading is a section; a later one may be part of the section before it.
        let marks = if section > 0 && random.one_in(4) { "###" } else { "##" };
        text.push_str(&format!("\n{marks} {heading}\n\n"));
        text.push_str(&words.paragraph(random));
        if let Some(link) = links.next() {
            let lead = random.pick(&["See", "Compare", "This builds on", "More in", "Earlier notes stand in"]);
            text.push_str(&format!(" {lead} {link}."));
        }
        text.push('\n');
        if table_in == Some(section) {
            text.push_str(&table(corpus, random));
        } else if section % 2 == list_first {
            text.push_str(&list(corpus, random));
        }
        let share = bytes * (section + 1) / entry.headings.len();
        while text.len() + HALF_A_PARAGRAPH < share {
            text.push_str(&format!("\n{}\n", passage(corpus, random)));
        }
    }
    text
}

fn passage(corpus: &Corpus, random: &mut Random) -> String {
    let words = &corpus.vocabulary;
    let paragraph = words.paragraph(random);
    match random.below(24) {
        0 => format!("> {paragraph}"),
        1 => format!("> [!NOTE]\n> {paragraph}"),
        2 => format!("**{}.** {paragraph}", words.phrase(random)),
        3 => format!("{paragraph} *{}.*", words.phrase(random)),
        _ => paragraph,
    }
}

fn list(corpus: &Corpus, random: &mut Random) -> String {
    let words = &corpus.vocabulary;
    let numbered = random.one_in(3);
    let mut text = String::from("\n");
    for item in 1..=random.between(3, 6) {
        let mark = if numbered { format!("{item}.") } else { "-".to_owned() };
        text.push_str(&format!("{mark} {}\n", words.sentence(random)));
    }
    text
}

fn table(corpus: &Corpus, random: &mut Random) -> String {
    let words = &corpus.vocabulary;
    let mut text = String::from("\n| Measure | Before | After |\n| --- | ---: | ---: |\n");
    for _ in 0..random.between(3, 6) {
        text.push_str(&format!("| {} | {} | {} |\n", words.phrase(random), random.below(200), random.below(400)));
    }
    text
}

/// Links in the forms that people use: to the file, to one of its headings, and by name.
fn links(corpus: &Corpus, at: usize, random: &mut Random) -> Vec<String> {
    let others = random.some_below(corpus.entries.len(), LINKS + 1);
    let from = &corpus.entries[at];
    others
        .into_iter()
        .filter(|other| *other != at)
        .take(LINKS)
        .map(|other| {
            let to = &corpus.entries[other];
            match random.below(6) {
                0 => format!("[[{}]]", to.id()),
                1 => format!("[[{}|{}]]", to.id(), corpus.vocabulary.phrase(random)),
                2 | 3 => {
                    let heading = &to.headings[random.below(to.headings.len())];
                    format!("[{heading}]({}#{})", relative(from, to), slug(heading))
                }
                _ => format!("[{}]({})", to.title, relative(from, to)),
            }
        })
        .collect()
}

/// The way from one entry's file to another's.
fn relative(from: &Entry, to: &Entry) -> String {
    let up = from.path.matches('/').count();
    format!("{}{}", "../".repeat(up), to.path)
}
