//! Makes the index: all entries read in parallel, turned from entries with terms into terms with entries, and shelved.

use super::collect::{Collector, Stretch};
use super::document::Document;
use super::places::{self, Held, Lists, Scratch};
use super::runs::Run;
use super::shelf::{self, Cuts, File, Shelf};
use super::{Facet, FacetValue, Limits, Setting, numbers, text};
use rayon::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// The version of the files' form.
const VERSION: u32 = 1;
/// Numbers of entries begin to count from a multiple of this, so that one entry more changes few files.
const ROOM: usize = 1_024;
/// From so many entries on, phrases make do with fewer buckets. Both are primes, over which any hash spreads well.
const MANY: usize = 2_048;
const BUCKETS: (u16, u16) = (65_521, 16_381);
/// Bytes that files of words, of places, of results and of neighbours have on average, and at most where they are cut by
/// their content.
const WORDS: (usize, usize) = (12_000, 16_000);
const PLACES: (usize, usize) = (8_000, 10_000);
const RESULTS: (usize, usize) = (5_000, 5_000);
const NEIGHBOURS: usize = 24_000;
/// Steps of a class for each time that a word is twice as common.
const STEPS: u32 = 4;
/// Ends the beginning of a title's word, and begins the ending of any word, so that neither is a word.
pub const START: char = '*';
pub const ENDING: &str = "~";
/// Files of results that one file of shelf `i` covers.
const COVERED: usize = 64;
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

    /// Takes the texts of all files but the one that a search begins with, in the order of the names.
    pub fn take(&mut self) -> Vec<Box<str>> {
        let is_root = |file: &File| file.name == Index::ROOT;
        self.files.iter_mut().map(|file| if is_root(file) { Box::default() } else { std::mem::take(&mut file.text) }).collect()
    }

    /// The text of a file by its name.
    pub fn file(&self, name: &str) -> Option<&str> {
        self.number(name).map(|number| &*self.files[number].text)
    }

    /// Makes the index of entries by their numbers, oldest first.
    pub fn of<'a>(mut setting: Setting, document: impl Fn(usize) -> Document<'a> + Sync) -> Index {
        let count = setting.entries;
        let limits = Limits { buckets: if count < MANY { BUCKETS.0 } else { BUCKETS.1 } };
        let room = (count + 1).next_multiple_of(ROOM);
        let size = count.div_ceil(rayon::current_num_threads() * STRETCHES).max(64);
        // Each part goes as soon as it is written: together they would be most of what a build holds.
        let (facet_names, facets) = faceted(std::mem::take(&mut setting.facets));
        let stretches: Vec<Stretch> = (0..count.div_ceil(size))
            .into_par_iter()
            .map(|number| {
                let mut collector = Collector::new(&setting.language, limits, number * size);
                (number * size..count.min((number + 1) * size)).for_each(|entry| collector.read(&document(entry)));
                collector.finish()
            })
            .collect();

        let mut read = Read::default();
        stretches.into_iter().for_each(|stretch| read.add(stretch));
        let (results, guide) = results(read.rows);
        let (neighbours, per_file) = neighbours(read.neighbours, limits, room);
        let (terms, translated) = terms(&read.terms);
        let held = places::turn(read.places, &translated, terms.len());
        let (word_keys, words) = words(read.words, &terms, &translated, &held);
        drop(translated);
        let places = places_of(&terms, held, count, room);

        let gaps = Shelf::of('g', vec![gaps(&setting)], put);

        let root = json!({
            "version": VERSION,
            "entries": count,
            "room": room,
            "weight": class(count) + 1,
            "language": setting.language,
            "words": text::pattern(),
            "spelt": text::SPELT.into_iter().map(|(letter, spelt)| (letter.to_string(), json!(spelt))).collect::<serde_json::Map<_, _>>(),
            "kinds": setting.kinds,
            "buckets": limits.buckets,
            "lists": per_file,
            "ask": setting.ask,
            "keys": {"w": word_keys, "p": places.keys, "i": guide.firsts},
            "marks": {
                "w": words.marks,
                "p": places.shelf.marks,
                "n": neighbours.marks,
                "i": guide.shelf.marks,
                "g": gaps.marks,
            },
            "facets": facet_names,
            "texts": setting.texts,
        });
        let mut files = vec![shelf::file(Index::ROOT, &shelf::escaped(&root))];
        for shelf in [words, places.shelf, places.more, neighbours, guide.shelf, results, facets, gaps] {
            files.extend(shelf.files);
        }
        files.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Index { files }
    }
}

/// What all stretches hold, part by part.
#[derive(Default)]
struct Read {
    rows: Vec<Box<str>>,
    neighbours: Vec<Vec<Run>>,
    terms: Vec<Vec<Box<str>>>,
    words: Vec<Words>,
    places: Vec<Vec<Run>>,
}

impl Read {
    fn add(&mut self, stretch: Stretch) {
        self.rows.extend(stretch.rows);
        self.neighbours.push(stretch.neighbours);
        self.terms.push(stretch.terms);
        self.words.push(stretch.words);
        self.places.push(stretch.places);
    }
}

/// Writes a value that is made already.
fn put(value: String, text: &mut String) {
    text.push_str(&value);
}

/// The shelf that says where results stand.
struct Guide {
    firsts: Vec<usize>,
    shelf: Shelf,
}

/// Files of results, and the guide to them.
fn results(rows: Vec<Box<str>>) -> (Shelf, Guide) {
    let mut cuts = Cuts::new(RESULTS.0, RESULTS.1);
    let (mut files, mut starts): (Vec<Vec<Box<str>>>, Vec<usize>) = (Vec::new(), Vec::new());
    for (entry, row) in rows.into_iter().enumerate() {
        // The path is the name of a row: it stands first in it.
        let name = row.split(',').next().unwrap_or_default();
        if cuts.before(name, row.len()) || files.is_empty() {
            starts.push(entry);
            files.push(Vec::new());
        }
        files.last_mut().expect("there is a file").push(row);
    }
    let shelf = Shelf::of('r', files, |rows, text| {
        for (at, row) in rows.iter().enumerate() {
            text.push(if at == 0 { '[' } else { ',' });
            text.push_str(row);
        }
        text.push(']');
    });
    let mut firsts = Vec::new();
    let named: Vec<(usize, &str)> = starts.iter().copied().zip(shelf.files.iter().map(|file| file.name.as_str())).collect();
    let guides = named.chunks(COVERED).map(|named| {
        firsts.push(named[0].0);
        json!(named).to_string()
    });
    let guides = guides.collect();
    let guides = Shelf::of('i', guides, put);
    (shelf, Guide { firsts, shelf: guides })
}

/// The lowest level, without sections: places that say nothing but where.
const BESIDE: u8 = 2;

/// Files of neighbours, and how many buckets each holds.
fn neighbours(stretches: Vec<Vec<Run>>, limits: Limits, room: usize) -> (Shelf, usize) {
    let count = usize::from(limits.buckets);
    let total: u64 = stretches.iter().flatten().map(|run| u64::from(run.count())).sum();
    // A list takes a space, two characters more where there is anything in it, and about one and a half for each entry.
    let held = total as f64 / count as f64;
    let size = 1.0 + 2.0 * held.min(1.0) + 1.5 * held;
    let per_file = ((NEIGHBOURS as f64 / size) as usize).clamp(1, count).next_power_of_two() / 2;
    let per_file = per_file.max(1);
    let mut files: Vec<Vec<Vec<Run>>> =
        (0..count).step_by(per_file).map(|first| (first..count.min(first + per_file)).map(|_| Vec::new()).collect()).collect();
    for runs in stretches {
        for (bucket, run) in runs.into_iter().enumerate().filter(|(_, run)| run.count() > 0) {
            files[bucket / per_file][bucket % per_file].push(run);
        }
    }
    let shelf = Shelf::of('n', files, |buckets, text| {
        let mut places = Vec::new();
        text.push('"');
        for (at, runs) in buckets.into_iter().enumerate() {
            if at > 0 {
                text.push(' ');
            }
            places.clear();
            places.extend(runs.iter().flat_map(Run::entries).map(|entry| (BESIDE, entry, 0)));
            places.reverse();
            places::groups(text, &places, room);
        }
        text.push('"');
    });
    (shelf, per_file)
}

/// All terms, sorted, and the numbers of each stretch's own among them.
fn terms(own: &[Vec<Box<str>>]) -> (Vec<&str>, Vec<Vec<u32>>) {
    let mut numbers: Map<&str, u32> = Map::default();
    for term in own.iter().flatten() {
        numbers.entry(term).or_default();
    }
    let mut all: Vec<&str> = numbers.keys().copied().collect();
    all.par_sort_unstable_by(|a, b| text::order(a, b));
    for (number, term) in all.iter().enumerate() {
        numbers.insert(term, number as u32);
    }
    let translated = own.iter().map(|terms| terms.iter().map(|term| numbers[&**term]).collect()).collect();
    (all, translated)
}

/// The words of a stretch, with the numbers of their terms in it.
type Words = Vec<(Box<str>, u32)>;

/// Files of words with their terms, and of their endings: their least keys, and the shelf.
fn words(own: Vec<Words>, terms: &[&str], translated: &[Vec<u32>], held: &[Held]) -> (Vec<String>, Shelf) {
    let mut all: Vec<(&str, u32)> = Vec::new();
    for (words, translated) in own.iter().zip(translated) {
        all.extend(words.iter().map(|(word, term)| (&**word, translated[*term as usize])));
    }
    // Beginnings of titles are words that stand for themselves.
    all.extend(terms.iter().enumerate().filter(|(_, term)| term.ends_with(START)).map(|(number, term)| (*term, number as u32)));
    all.par_sort_unstable_by(|a, b| text::order(a.0, b.0).then(a.1.cmp(&b.1)));
    all.dedup();
    let words: Vec<&[(&str, u32)]> = all.chunk_by(|a, b| a.0 == b.0).collect();
    let endings = endings(&words);

    let mut lines = Lines { cuts: Cuts::new(WORDS.0, WORDS.1), keys: Keys::default(), values: Vec::new(), last: String::new() };
    let (before, behind) = words.split_at(words.partition_point(|forms| text::order(forms[0].0, ENDING).is_lt()));
    before.iter().for_each(|forms| lines.with_terms(forms, terms, held));
    for same in endings.chunk_by(|a, b| a.0 == b.0) {
        lines.push(&[ENDING, same[0].0].concat(), 0, |line| {
            line.push(' ');
            line.extend(same.iter().map(|(_, first)| *first));
        });
    }
    behind.iter().for_each(|forms| lines.with_terms(forms, terms, held));
    let Lines { mut keys, mut values, .. } = lines;
    if values.is_empty() {
        // Who looks for a word looks into a file, even where nothing is written anywhere.
        keys.push("", "");
        values.push(String::new());
    }
    (keys.all, Shelf::of('w', values, |value, text| shelf::push_text(text, &value)))
}

/// What comes after the first character of words, for those who mistype it, each with a character that stands before it.
fn endings<'s>(words: &[&[(&'s str, u32)]]) -> Vec<(&'s str, char)> {
    let mut all: Vec<(&str, char)> = words
        .iter()
        .filter_map(|forms| {
            let word = forms[0].0;
            let first = word.chars().next()?;
            let ending = &word[first.len_utf8()..];
            (ending.chars().count() > 1 && first.is_alphabetic() && !ending.ends_with(START)).then_some((ending, first))
        })
        .collect();
    all.par_sort_unstable_by(|a, b| text::order(a.0, b.0).then(a.1.cmp(&b.1)));
    all
}

/// The lines of shelf `w`, which come in the order of their words.
struct Lines {
    cuts: Cuts,
    keys: Keys,
    values: Vec<String>,
    last: String,
}

impl Lines {
    /// A word with its class; `end` writes what stands behind it.
    fn push(&mut self, word: &str, class: u32, end: impl FnOnce(&mut String)) {
        let begins = self.cuts.before(word, word.len() + 3) || self.values.is_empty();
        let shared = if begins { 0 } else { shared(&self.last, word).min(59) };
        if begins {
            self.keys.push(&self.last, word);
            self.values.push(String::new());
        }
        let line = self.values.last_mut().expect("there is a file");
        if !begins {
            line.push('\n');
        }
        numbers::push(line, class);
        numbers::push(line, shared as u32);
        line.push_str(&after(word, shared));
        end(line);
        word.clone_into(&mut self.last);
    }

    /// A word with all its terms.
    fn with_terms(&mut self, forms: &[(&str, u32)], terms: &[&str], held: &[Held]) {
        let word = forms[0].0;
        let most = forms.iter().map(|(_, term)| held[*term as usize].count() as usize).max().unwrap_or(1);
        let most = if word.ends_with(START) { most.min(places::STARTS) } else { most };
        self.push(word, class(most), |line| {
            for (_, term) in forms {
                let term = terms[*term as usize];
                let kept = shared(word, term);
                line.push(' ');
                numbers::push(line, (word.encode_utf16().count() - kept) as u32);
                line.push_str(&after(term, kept));
            }
        });
    }
}

/// How many entries there are, in steps of a quarter of a doubling, as one character can say it.
fn class(entries: usize) -> u32 {
    (entries.max(1) as u128).pow(STEPS).ilog2().min(59)
}

struct Places {
    keys: Vec<String>,
    shelf: Shelf,
    more: Shelf,
}

/// Files of terms with their places, and what goes on elsewhere.
fn places_of(terms: &[&str], held: Vec<Held>, count: usize, room: usize) -> Places {
    let each = held.into_par_iter().zip(terms);
    let lists = each.map_init(Scratch::default, |scratch, (held, term)| places::lists(&held, term.ends_with(START), count, room, scratch));
    let mut lists: Vec<Lists> = lists.collect();
    // Taking them leaves empty ones, which still say how many there were.
    let more =
        Shelf::of('m', lists.iter_mut().flat_map(|lists| &mut lists.more).map(std::mem::take).collect(), |list, text| quote(text, &list));
    let mut further = more.files.iter().map(|file| &*file.name);
    let mut cuts = Cuts::new(PLACES.0, PLACES.1);
    let (mut keys, mut files, mut last) = (Keys::default(), Vec::<Vec<_>>::new(), "");
    for (term, lists) in terms.iter().zip(lists) {
        if cuts.before(term, term.len() + lists.text.len() + 6) || files.is_empty() {
            keys.push(last, term);
            files.push(Vec::new());
        }
        let names: Vec<&str> = further.by_ref().take(lists.more.len()).collect();
        files.last_mut().expect("there is a file").push((term, lists.text, names));
        last = term;
    }
    let shelf = Shelf::of('p', files, |terms, text| {
        for (at, (term, list, names)) in terms.iter().enumerate() {
            text.push(if at == 0 { '{' } else { ',' });
            shelf::push_text(text, term);
            text.push(':');
            if names.is_empty() {
                quote(text, list);
            } else {
                shelf::push_row(text, &std::iter::once(&**list).chain(names.iter().copied()).collect::<Vec<&str>>());
            }
        }
        text.push('}');
    });
    Places { keys: keys.all, shelf, more }
}

/// Writes a text in which nothing needs escaping.
fn quote(json: &mut String, text: &str) {
    json.push('"');
    json.push_str(text);
    json.push('"');
}

/// Files of facets: their names by group, and the shelf.
fn faceted(facets: Vec<Facet>) -> (BTreeMap<&'static str, Vec<String>>, Shelf) {
    let mut groups: Vec<(&str, usize)> = Vec::new();
    let mut files = Vec::new();
    for Facet { name, values, of } in facets {
        let before = files.len();
        files.push(Faceted::Values(values));
        let mut of = of.into_iter().peekable();
        while of.peek().is_some() {
            files.push(Faceted::Of(of.by_ref().take(FACETED).collect()));
        }
        groups.push((name, files.len() - before));
    }
    let shelf = Shelf::of('f', files, |file, text| match file {
        Faceted::Values(values) => {
            let table: Vec<(&str, &str, usize)> = values.iter().map(|value| (&*value.id, &*value.title, value.depth)).collect();
            text.push_str(&shelf::escaped(&json!(table)));
        }
        Faceted::Of(of) => {
            text.push('"');
            for values in of {
                numbers::push(text, values.len() as u32);
                values.iter().for_each(|value| numbers::push(text, *value));
            }
            text.push('"');
        }
    });
    let mut names = shelf.files.iter().map(|file| file.name.clone());
    (groups.into_iter().map(|(group, files)| (group, names.by_ref().take(files).collect())).collect(), shelf)
}

/// What a file of a facet says: its values, or which of them entries have.
enum Faceted {
    Values(Vec<FacetValue>),
    Of(Vec<Vec<u32>>),
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
