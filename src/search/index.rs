//! Makes the index: all entries read in parallel, turned from entries with terms into terms with entries, and shelved.

use super::collect::{Collector, Stretch};
use super::document::Document;
use super::places::{self, Held, Lists};
use super::shelf::{self, Cuts, File, Shelf};
use super::{Facet, Limits, Setting, numbers, text};
use rayon::prelude::*;
use serde_json::json;
use std::collections::HashMap;
use std::fmt::Write;

type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// The version of the files' form.
const VERSION: u32 = 1;
/// Numbers of entries begin to count from a multiple of this, so that one entry more changes few files.
const ROOM: usize = 1_024;
/// From so many entries on, phrases make do with fewer buckets.
const MANY: usize = 2_048;
const BITS: (u32, u32) = (17, 14);
/// Bytes that files of words, of places, of results and of neighbours have on average, and at most where they are cut by
/// their content.
const WORDS: (usize, usize) = (12_000, 32_000);
const PLACES: (usize, usize) = (8_000, 16_000);
const RESULTS: (usize, usize) = (4_500, 9_000);
const NEIGHBOURS: usize = 24_000;
/// Files of results that one file of shelf `i` covers.
const COVERED: usize = 256;
/// Entries that one file of a facet covers.
const FACETED: usize = 16_384;
/// Stretches of entries for each thread: enough to share the work, few enough that words are stemmed few times.
const STRETCHES: usize = 2;

/// The files of a search index.
#[derive(Debug, Default)]
pub struct Index {
    /// Sorted by name.
    files: Vec<File>,
}

impl Index {
    /// The file that a search begins with.
    pub const ROOT: &str = "root";

    /// Names of all files, without folder and ending.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| &*file.name)
    }

    /// The number of a file among all.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.files.binary_search_by(|file| (*file.name).cmp(name)).ok()
    }

    pub fn bytes(&self, number: usize) -> &[u8] {
        self.files[number].text.as_bytes()
    }

    /// The text of a file by its name.
    pub fn file(&self, name: &str) -> Option<&str> {
        self.number(name).map(|number| &*self.files[number].text)
    }

    /// Makes the index of entries by their numbers, oldest first.
    pub fn of<'a>(setting: &Setting, document: impl Fn(usize) -> Document<'a> + Sync) -> Index {
        let count = setting.entries;
        let limits = Limits { bits: if count < MANY { BITS.0 } else { BITS.1 } };
        let room = (count + 1).next_multiple_of(ROOM);
        let size = count.div_ceil(rayon::current_num_threads() * STRETCHES).max(64);
        let mut stretches: Vec<Stretch> = (0..count.div_ceil(size))
            .into_par_iter()
            .map(|number| {
                let mut collector = Collector::new(&setting.language, limits);
                (number * size..count.min((number + 1) * size)).for_each(|entry| collector.read(&document(entry)));
                collector.finish()
            })
            .collect();

        let rows: Vec<String> =
            stretches.iter_mut().flat_map(|stretch| stretch.entries.iter_mut().map(|entry| std::mem::take(&mut entry.row))).collect();
        let (results, guide) = results(rows);
        let (neighbours, per_file) = neighbours(&mut stretches, limits);
        let own: Vec<Named> =
            stretches.iter_mut().map(|stretch| (std::mem::take(&mut stretch.terms), std::mem::take(&mut stretch.words))).collect();
        let (terms, translated) = terms(&own);
        let held = places::turn(&mut stretches, &translated, terms.len());
        let words = words(&own, &terms, &translated, &held);
        let endings = endings(&words.list);
        let places = places_of(&terms, &held, count, room);

        let facets: Vec<(&str, Vec<usize>, Vec<String>)> = faceted(setting);
        let facet_numbers: serde_json::Map<String, serde_json::Value> =
            facets.iter().map(|(name, numbers, _)| ((*name).to_owned(), json!(numbers))).collect();
        let facets = Shelf::of('f', 0, facets.into_iter().flat_map(|(_, _, values)| values).collect());
        let gaps = Shelf::of('g', 0, if setting.gaps.is_empty() { Vec::new() } else { vec![gaps(setting)] });

        let root = json!({
            "version": VERSION,
            "entries": count,
            "room": room,
            "language": setting.language,
            "kinds": setting.kinds,
            "years": setting.years,
            "bits": limits.bits,
            "buckets": per_file,
            "ask": setting.ask,
            "shelves": {
                "w": [words.keys, words.shelf.marks],
                "e": [endings.0, endings.1.marks],
                "p": [places.keys, places.shelf.marks],
                "n": neighbours.marks,
                "i": [guide.firsts, guide.shelf.marks],
                "f": facets.marks,
                "g": gaps.marks,
            },
            "facets": facet_numbers,
            "texts": setting.texts,
        });
        // Texts come from the theme and titles from many hands: written so that they can stand in a script.
        let mut value = root.to_string();
        for (special, escape) in [('<', "\\u003c"), ('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029")] {
            value = value.replace(special, escape);
        }
        let mut files = vec![shelf::file(Index::ROOT, &value)];
        for shelf in [words.shelf, endings.1, places.shelf, places.more, neighbours, guide.shelf, results, facets, gaps] {
            files.extend(shelf.files);
        }
        files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Index { files }
    }
}

/// The shelf that says where results stand.
struct Guide {
    firsts: Vec<usize>,
    shelf: Shelf,
}

/// Files of results, and the guide to them.
fn results(rows: Vec<String>) -> (Shelf, Guide) {
    let mut cuts = Cuts::new(RESULTS.0, RESULTS.1);
    let (mut values, mut starts): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
    for (entry, row) in rows.into_iter().enumerate() {
        // The path is the name of a row: it stands first in it.
        let name = row.split(',').next().unwrap_or_default();
        if cuts.before(name, row.len()) || values.is_empty() {
            starts.push(entry);
            values.push(String::from("["));
        } else {
            values.last_mut().expect("there is a file").push(',');
        }
        values.last_mut().expect("there is a file").push_str(&row);
    }
    values.iter_mut().for_each(|value| value.push(']'));
    let shelf = Shelf::of('r', 0, values);
    let mut firsts = Vec::new();
    let guides = starts
        .chunks(COVERED)
        .zip(shelf.marks.as_bytes().chunks(COVERED * 4))
        .map(|(starts, marks)| {
            firsts.push(starts[0]);
            let mut before = starts[0];
            let mut counted = String::new();
            for start in starts {
                numbers::push(&mut counted, (start - before) as u32);
                before = *start;
            }
            let mut value = String::new();
            shelf::push_row(&mut value, &[&counted, std::str::from_utf8(marks).expect("marks are ASCII")]);
            value
        })
        .collect();
    (shelf, Guide { firsts, shelf: Shelf::of('i', 0, guides) })
}

/// Files of neighbours, and how many buckets each holds.
fn neighbours(stretches: &mut [Stretch], limits: Limits) -> (Shelf, usize) {
    let count = 1usize << limits.bits;
    let mut ends = vec![0u32; count + 1];
    for bucket in stretches.iter().flat_map(|stretch| &stretch.entries).flat_map(|collected| &collected.buckets) {
        ends[*bucket as usize + 1] += 1;
    }
    for at in 0..count {
        ends[at + 1] += ends[at];
    }
    let total = ends[count] as usize;
    let mut next = ends.clone();
    let mut entries = vec![0u32; total];
    for (entry, collected) in stretches.iter_mut().flat_map(|stretch| &mut stretch.entries).enumerate() {
        for bucket in std::mem::take(&mut collected.buckets) {
            let at = &mut next[bucket as usize];
            entries[*at as usize] = entry as u32;
            *at += 1;
        }
    }
    // A list takes a space, and each entry in it about one character and a half.
    let size = 1.0 + 1.5 * total as f64 / count as f64;
    let per_file = ((NEIGHBOURS as f64 / size) as usize).clamp(1, count).next_power_of_two() / 2;
    let per_file = per_file.max(1);
    let values = (0..count / per_file)
        .into_par_iter()
        .map(|file| {
            let mut value = String::from("\"");
            for bucket in file * per_file..(file + 1) * per_file {
                if bucket % per_file > 0 {
                    value.push(' ');
                }
                let mut expected = 0;
                for entry in &entries[ends[bucket] as usize..ends[bucket + 1] as usize] {
                    numbers::push(&mut value, entry - expected);
                    expected = entry + 1;
                }
            }
            value.push('"');
            value
        })
        .collect();
    (Shelf::of('n', 0, values), per_file)
}

/// The terms of a stretch, and its words with the numbers of their terms.
type Named = (Vec<Box<str>>, Vec<(Box<str>, u32)>);

/// All terms, sorted, and the numbers of each stretch's own among them.
fn terms(own: &[Named]) -> (Vec<&str>, Vec<Vec<u32>>) {
    let mut numbers: Map<&str, u32> = Map::default();
    for term in own.iter().flat_map(|(terms, _)| terms) {
        numbers.entry(term).or_default();
    }
    let mut all: Vec<&str> = numbers.keys().copied().collect();
    all.par_sort_unstable_by(|a, b| text::order(a, b));
    for (number, term) in all.iter().enumerate() {
        numbers.insert(term, number as u32);
    }
    let translated = own.iter().map(|(terms, _)| terms.iter().map(|term| numbers[&**term]).collect()).collect();
    (all, translated)
}

struct Words<'s> {
    list: Vec<&'s str>,
    keys: Vec<String>,
    shelf: Shelf,
}

/// Files of words with their terms.
fn words<'s>(own: &'s [Named], terms: &[&str], translated: &[Vec<u32>], held: &Held) -> Words<'s> {
    let mut all: Vec<(&str, u32)> = Vec::new();
    for ((_, words), translated) in own.iter().zip(translated) {
        all.extend(words.iter().map(|(word, term)| (&**word, translated[*term as usize])));
    }
    all.par_sort_unstable_by(|a, b| text::order(a.0, b.0).then(a.1.cmp(&b.1)));
    all.dedup();
    let mut cuts = Cuts::new(WORDS.0, WORDS.1);
    let mut keys = Keys::default();
    let mut values: Vec<String> = Vec::new();
    let mut list: Vec<&str> = Vec::new();
    for forms in all.chunk_by(|a, b| a.0 == b.0) {
        let word = forms[0].0;
        let last = list.last().copied().unwrap_or_default();
        let begins = cuts.before(word, word.len() + 3) || values.is_empty();
        let shared = if begins { 0 } else { shared(last, word).min(59) };
        if begins {
            keys.push(last, word);
            values.push(String::new());
        }
        let value = values.last_mut().expect("there is a file");
        if !begins {
            value.push('\n');
        }
        numbers::push(value, shared as u32);
        value.push_str(&after(word, shared));
        value.push(',');
        let most = forms.iter().map(|(_, term)| held.count(*term)).max().unwrap_or(1);
        numbers::push(value, most.max(1).ilog2());
        for (place, (_, term)) in forms.iter().enumerate() {
            let term = terms[*term as usize];
            let kept = self::shared(word, term);
            if place > 0 {
                value.push(',');
            }
            numbers::push(value, (word.encode_utf16().count() - kept) as u32);
            value.push_str(&after(term, kept));
        }
        list.push(word);
    }
    Words { list, keys: keys.all, shelf: Shelf::of('w', 0, values.iter().map(|value| quoted(value)).collect()) }
}

/// Files of words by what comes after their first character: their least keys, and the shelf.
fn endings(words: &[&str]) -> (Vec<String>, Shelf) {
    let mut all: Vec<(&str, char)> = words
        .iter()
        .filter_map(|word| {
            let first = word.chars().next()?;
            let ending = &word[first.len_utf8()..];
            (ending.chars().count() > 1 && first.is_alphabetic()).then_some((ending, first))
        })
        .collect();
    all.par_sort_unstable_by(|a, b| text::order(a.0, b.0).then(a.1.cmp(&b.1)));
    let mut cuts = Cuts::new(WORDS.0, WORDS.1);
    let (mut keys, mut values, mut last) = (Keys::default(), Vec::<String>::new(), "");
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        let ending = same[0].0;
        let begins = cuts.before(ending, ending.len() + 3) || values.is_empty();
        let shared = if begins { 0 } else { shared(last, ending).min(59) };
        if begins {
            keys.push(last, ending);
            values.push(String::new());
        }
        let value = values.last_mut().expect("there is a file");
        if !begins {
            value.push('\n');
        }
        numbers::push(value, shared as u32);
        value.push_str(&after(ending, shared));
        value.push(',');
        value.extend(same.iter().map(|(_, first)| *first));
        last = ending;
    }
    (keys.all, Shelf::of('e', 0, values.iter().map(|value| quoted(value)).collect()))
}

struct Places {
    keys: Vec<String>,
    shelf: Shelf,
    more: Shelf,
}

/// Files of terms with their places, and what goes on elsewhere.
fn places_of(terms: &[&str], held: &Held, count: usize, room: usize) -> Places {
    let lists: Vec<Lists> =
        (0..terms.len()).into_par_iter().map(|term| places::lists(held.of(term as u32), terms[term].ends_with('*'), count, room)).collect();
    let mut more = Vec::new();
    let firsts: Vec<usize> = lists
        .iter()
        .map(|lists| {
            let first = more.len();
            more.extend(lists.more.iter().map(|text| format!("\"{text}\"")));
            first
        })
        .collect();
    let more = Shelf::of('m', 0, more);
    let mut cuts = Cuts::new(PLACES.0, PLACES.1);
    let (mut keys, mut values, mut last) = (Keys::default(), Vec::<String>::new(), "");
    for ((term, lists), first) in terms.iter().zip(lists).zip(firsts) {
        if cuts.before(term, term.len() + lists.text.len() + 6) || values.is_empty() {
            keys.push(last, term);
            values.push(String::from("["));
        } else {
            values.last_mut().expect("there is a file").push(',');
        }
        let value = values.last_mut().expect("there is a file");
        shelf::push_text(value, term);
        value.push(',');
        if lists.more.is_empty() {
            write!(value, "\"{}\"", lists.text).expect("a string takes all");
        } else {
            let names = more.files[first..first + lists.more.len()].iter().map(|file| &*file.name);
            shelf::push_row(value, &std::iter::once(&*lists.text).chain(names).collect::<Vec<&str>>());
        }
        last = term;
    }
    values.iter_mut().for_each(|value| value.push(']'));
    Places { keys: keys.all, shelf: Shelf::of('p', 0, values), more }
}

/// Files of facets: for each group its name, the numbers of its files on the shelf, and their values.
fn faceted(setting: &Setting) -> Vec<(&'static str, Vec<usize>, Vec<String>)> {
    let mut next = 0;
    let mut all = Vec::new();
    let mut add = |name: &'static str, values: Vec<String>| {
        all.push((name, (next..next + values.len()).collect(), values.clone()));
        next += values.len();
    };
    let column = |rows: Vec<String>| -> Vec<String> { rows.chunks(FACETED).map(|rows| format!("\"{}\"", rows.concat())).collect() };
    let number = |number: &u32| {
        let mut text = String::new();
        numbers::push(&mut text, *number);
        text
    };
    add("kind", column(setting.kind_codes.iter().map(number).collect()));
    for Facet { name, values, of } in &setting.facets {
        let table: Vec<(&str, &str, u32)> =
            values.iter().map(|value| (&*value.id, &*value.title, value.parent.map_or(0, |parent| parent + 1))).collect();
        let table = json!(table).to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
        let rows = of.iter().map(|values| number(&(values.len() as u32)) + &values.iter().map(number).collect::<String>()).collect();
        add(name, std::iter::once(table).chain(column(rows)).collect());
    }
    all
}

fn gaps(setting: &Setting) -> String {
    let mut value = String::from("[");
    for (place, gap) in setting.gaps.iter().enumerate() {
        if place > 0 {
            value.push(',');
        }
        value.push('[');
        shelf::push_text(&mut value, &gap.title);
        value.push(',');
        shelf::push_text(&mut value, &gap.path);
        value.push(',');
        let names: Vec<String> = gap.names.iter().map(|name| joined(name)).filter(|name| !name.is_empty()).collect();
        shelf::push_row(&mut value, &names.iter().map(String::as_str).collect::<Vec<&str>>());
        value.push(']');
    }
    value + "]"
}

/// The words of a name, folded, parted by single spaces.
fn joined(name: &str) -> String {
    let folded = text::fold(name);
    let mut all = Vec::new();
    text::words(&folded, &mut |word| {
        if !word.is_single {
            all.push(word.text.to_owned());
        }
    });
    all.join(" ")
}

/// The least keys of files: the shortest text that tells the first of one from the last of the file before.
#[derive(Default)]
struct Keys {
    all: Vec<String>,
}

impl Keys {
    fn push(&mut self, last: &str, first: &str) {
        let kept = shared(last, first);
        // The first file takes all that comes before its first key as well.
        self.all.push(if self.all.is_empty() {
            String::new()
        } else {
            first
                .chars()
                .scan(0, |units, c| {
                    let before = *units;
                    *units += c.len_utf16();
                    (before <= kept).then_some(c)
                })
                .collect()
        });
    }
}

/// How many UTF-16 units two texts share at their beginning, none of them half of a character.
fn shared(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf16()).sum()
}

/// What comes after so many UTF-16 units.
fn after(text: &str, units: usize) -> String {
    let mut passed = 0;
    text.chars()
        .skip_while(|c| {
            let skip = passed < units;
            passed += c.len_utf16();
            skip
        })
        .collect()
}

fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    shelf::push_text(&mut json, text);
    json
}
