//! Tells from names alone which of them probably mean the same thing, and by which rule.
//!
//! People write one name in many ways: with a short word for a long one, family name first, with a letter left out. Each
//! rule turns a name into texts that all its spellings share, and names that share one are looked at together; so the
//! work grows with the number of names, not with the number of pairs. The rules, surest first, are those of [`Why`].
//!
//! They are careful, since a proposal that is wrong costs more than one that is missing. Names whose numbers differ are
//! never the same (`Region 1`, `Region 2`), nor are names that differ by a whole word. Short words must be right to the
//! letter, but for letters swapped or doubled; initials count from three on; an acronym that could be that of several
//! names is nobody's. The names of people have no plurals, acronyms or abbreviations, and are turned round at a comma
//! only: `Thomas James` is not `James Thomas`.

use crate::entries::names::unaccented;
use crate::findings::nearest::slips;
use crate::kinds::Kind;
use std::collections::BTreeMap;

/// Something with all the names it goes by.
#[derive(Debug, Clone)]
pub struct Thing<'a> {
    pub names: Vec<Called<'a>>,
}

/// One name of a thing.
#[derive(Debug, Clone, Copy)]
pub enum Called<'a> {
    /// As people write it.
    Name(&'a str),
    /// The name of its file. That may be short for anything, so it is nobody's acronym.
    Id(&'a str),
}

/// Why two names probably mean the same, the surest reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// `Health-Care, rural` and `health care rural`: only capitals, punctuation, accents and spaces differ.
    Spelling,
    /// `DAP`, `Digital Analytics Program (DAP)` and `Digital Analytics Program`.
    Acronym,
    /// `The Merrow Desk` and `Merrow Desk`; `Quill, Inc.` and `Quill`; `Dr. Ana Lind` and `Ana Lind`.
    Trimmings,
    /// `Quill County Health Dept` and `Quill County Health Department`.
    Abbreviation,
    /// `Lind, Ana` and `Ana Lind`; `Department of Health` and `Health Department`.
    Order,
    /// `Ana M. Lind` and `Ana Lind`.
    Initial,
    /// `Youth council` and `Youth councils`.
    Plural,
    /// `DAP` and `Digital Analytics Program`, where nothing else has these initials.
    Initials,
    /// `Retail licensing` and `Retail lisencing`: one slip of the finger from six letters on, two from twelve on.
    Slip,
}

/// How far a reason can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    High,
    Medium,
    Low,
}

impl Confidence {
    pub fn word(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
        }
    }
}

impl Why {
    pub fn confidence(self) -> Confidence {
        match self {
            Why::Spelling | Why::Acronym | Why::Trimmings | Why::Abbreviation => Confidence::High,
            Why::Order | Why::Initial | Why::Plural => Confidence::Medium,
            Why::Initials | Why::Slip => Confidence::Low,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Why::Spelling => "spelling",
            Why::Acronym => "acronym",
            Why::Trimmings => "trimmings",
            Why::Abbreviation => "abbreviation",
            Why::Order => "order",
            Why::Initial => "initial",
            Why::Plural => "plural",
            Why::Initials => "initials",
            Why::Slip => "slip",
        }
    }
}

/// Two things, by their places, that are probably one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    pub one: usize,
    pub other: usize,
    pub why: Why,
}

/// More names than this that share a text share it by chance.
const MOST_TOGETHER: usize = 400;

/// All pairs of things of one kind that probably mean the same, the surest first; each with its surest reason.
pub fn alike(kind: Kind, things: &[Thing]) -> Vec<Likeness> {
    let mut names: Vec<Name> = Vec::new();
    for (thing, known) in things.iter().enumerate() {
        names.extend(known.names.iter().map(|called| Name::read(kind, thing, *called)));
    }
    let mut keys: Vec<Key> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let mut add = |why, side, text: String| {
            if !text.is_empty() {
                keys.push(Key { why, text, side, name: index });
            }
        };
        name.keys(kind, &mut add);
    }
    keys.sort_unstable();
    keys.dedup();

    let mut found: BTreeMap<(usize, usize), Why> = BTreeMap::new();
    for together in keys.chunk_by(|a, b| (a.why, &a.text) == (b.why, &b.text)) {
        if together.len() < 2 || together.len() > MOST_TOGETHER {
            continue;
        }
        let mut long = together.iter().filter(|key| key.side == Side::Long).map(|key| names[key.name].thing);
        let first = long.next();
        let ambiguous = long.any(|thing| Some(thing) != first);
        for (at, key) in together.iter().enumerate() {
            for other in &together[at + 1..] {
                let (a, b) = (&names[key.name], &names[other.name]);
                if a.thing != b.thing && key.side.fits(other.side, ambiguous) && a.agrees(b, key.why) {
                    let why = found.entry((a.thing.min(b.thing), a.thing.max(b.thing))).or_insert(key.why);
                    *why = key.why.min(*why);
                }
            }
        }
    }
    let mut found: Vec<Likeness> = found.into_iter().map(|((one, other), why)| Likeness { one, other, why }).collect();
    found.sort_by_key(|likeness| (likeness.why, likeness.one, likeness.other));
    found
}

/// Whether two names have the same numbers: else they are two things, however near.
pub fn same_numbers(one: &str, other: &str) -> bool {
    numbers(&words(one)) == numbers(&words(other))
}

/// A text that spellings of a name share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    why: Why,
    text: String,
    side: Side,
    name: usize,
}

/// Which part a name plays among those that share a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// Goes with any other of its sort.
    Either,
    /// An acronym, which goes with the one name it is short for.
    Short,
    Long,
}

impl Side {
    fn fits(self, other: Side, ambiguous: bool) -> bool {
        match (self, other) {
            (Side::Either, Side::Either) => true,
            (Side::Short, Side::Long) | (Side::Long, Side::Short) => !ambiguous,
            _ => false,
        }
    }
}

/// A name taken apart.
struct Name<'a> {
    thing: usize,
    called: Called<'a>,
    /// All words as they are written.
    whole: Vec<Word>,
    /// Without an acronym in parentheses, and for people with the family name last.
    plain: Vec<Word>,
    /// What stands in the parentheses: `DAP`, in lower case.
    acronym: Option<String>,
    /// The plain words without "The", "Inc." or "Dr.", written out; several ways where a short word has two meanings.
    forms: Vec<Vec<String>>,
    numbers: Vec<String>,
}

/// A word in the form in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    letters: String,
    /// Whether it is written in capitals, as acronyms and the short names of states are.
    capitals: bool,
}

impl<'a> Name<'a> {
    fn read(kind: Kind, thing: usize, called: Called<'a>) -> Name<'a> {
        let text = match called {
            Called::Name(text) | Called::Id(text) => text,
        };
        let whole = words(text);
        let (plain, acronym) = match (kind, split_acronym(text)) {
            (Kind::Person, _) => (family_name_last(text), None),
            (_, Some((plain, acronym))) => (plain, Some(acronym)),
            (_, None) => (whole.clone(), None),
        };
        let bare = without_trimmings(kind, &plain);
        let forms = match kind {
            Kind::Person => vec![bare.iter().map(|word| word.letters.clone()).collect()],
            _ => written_out(bare),
        };
        let numbers = numbers(&whole);
        Name { thing, called, whole, plain, acronym, forms, numbers }
    }

    fn keys(&self, kind: Kind, add: &mut impl FnMut(Why, Side, String)) {
        add(Why::Spelling, Side::Either, squashed(self.whole.iter().map(|word| &word.letters)));
        // A family name that stands first is a reason of its own.
        let plain = if kind == Kind::Person { &self.whole } else { &self.plain };
        add(Why::Trimmings, Side::Either, squashed(without_trimmings(kind, plain).iter().map(|word| &word.letters)));
        for form in &self.forms {
            if kind == Kind::Person {
                add(Why::Order, Side::Either, form.join(" "));
                add(Why::Initial, Side::Either, without_initials(form).join(" "));
            } else {
                add(Why::Abbreviation, Side::Either, squashed(form));
                add(Why::Order, Side::Either, sorted(significant(form)).join(" "));
                add(Why::Plural, Side::Either, squashed(form.iter().map(|word| singular(word))));
            }
            slip_keys(form, &mut |text| add(Why::Slip, Side::Either, text));
        }
        if kind != Kind::Person {
            self.acronym_keys(add);
        }
    }

    fn acronym_keys(&self, add: &mut impl FnMut(Why, Side, String)) {
        add(Why::Acronym, Side::Either, squashed(self.plain.iter().map(|word| &word.letters)));
        if let Called::Id(_) = self.called {
            return;
        }
        if let Some(acronym) = &self.acronym {
            add(Why::Acronym, Side::Long, acronym.clone());
        }
        if let [only] = self.whole.as_slice() {
            add(Why::Acronym, Side::Short, only.letters.clone());
            if only.capitals && SHORT_FOR.contains(&only.letters.chars().count()) {
                add(Why::Initials, Side::Short, only.letters.clone());
            }
        }
        for initials in initials(&self.plain).into_iter().filter(|initials| SHORT_FOR.contains(&initials.chars().count())) {
            add(Why::Initials, Side::Long, initials);
        }
    }

    /// Whether nothing speaks against what a shared text says.
    fn agrees(&self, other: &Name, why: Why) -> bool {
        let two_acronyms = self.acronym.is_some() && other.acronym.is_some() && self.acronym != other.acronym;
        if self.numbers != other.numbers || two_acronyms {
            return false;
        }
        match why {
            Why::Initial => self.forms.iter().any(|one| other.forms.iter().any(|other| initials_agree(one, other))),
            Why::Slip => self.forms.iter().any(|one| other.forms.iter().any(|other| is_slip(one, other))),
            _ => true,
        }
    }
}

// Words.

/// The words of a name. What stands within words, as in `U.S.` and `O’Neill`, does not part them; but `2.0` is two
/// numbers, so that it is not `20`.
fn words(text: &str) -> Vec<Word> {
    let letters: Vec<char> = text.replace('&', " and ").chars().collect();
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let mut words = Vec::new();
    let mut open = String::new();
    for (at, c) in letters.iter().enumerate() {
        // `C++` and `C#` are not `C`.
        if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(*c) || "+#".contains(*c) {
            open.push(*c);
        } else if !"'’.".contains(*c) || (at > 0 && digit(at - 1) && digit(at + 1)) {
            words.extend(Word::of(&std::mem::take(&mut open)));
        }
    }
    words.extend(Word::of(&open));
    words
}

impl Word {
    fn of(text: &str) -> Option<Word> {
        let capitals = text.chars().count() > 1 && !text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase);
        (!text.is_empty()).then(|| Word { letters: unaccented(text), capitals })
    }
}

fn squashed(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    words.into_iter().map(|word| word.as_ref().to_owned()).collect()
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words
}

/// The numbers of a name in their order by size of text: `Region 1` and `Region 2` are two regions.
fn numbers(words: &[Word]) -> Vec<String> {
    let runs = words.iter().flat_map(|word| word.letters.split(|c: char| !c.is_numeric()));
    sorted(runs.filter(|run| !run.is_empty()).map(str::to_owned).collect())
}

/// Words that join others and say nothing by themselves, in the languages of the theme.
const SMALL: [&str; 20] =
    ["a", "an", "and", "at", "by", "de", "del", "el", "en", "for", "in", "la", "las", "los", "of", "on", "para", "the", "to", "y"];

fn significant(form: &[String]) -> Vec<String> {
    form.iter().filter(|word| !SMALL.contains(&word.as_str())).cloned().collect()
}

// What stands around a name.

/// What companies write after their names.
const COMPANY: [&str; 9] = ["corp", "corporation", "gmbh", "inc", "incorporated", "limited", "llc", "ltd", "plc"];
/// What is written before people's names.
const ADDRESS: [&str; 9] = ["dr", "hon", "mr", "mrs", "ms", "mx", "prof", "professor", "rev"];
/// What is written after people's names.
const DEGREES: [&str; 10] = ["dds", "edd", "esq", "jd", "mba", "md", "mpa", "mph", "msw", "phd"];

/// Without "The", "Inc." or "Dr.", as long as a name is left.
fn without_trimmings(kind: Kind, words: &[Word]) -> &[Word] {
    let (before, after, least): (&[&str], &[&str], usize) = match kind {
        Kind::Person => (&ADDRESS, &DEGREES, 2),
        Kind::Organization => (&["the"], &COMPANY, 1),
        _ => (&["the"], &[], 1),
    };
    let mut rest = words;
    while let [first, others @ ..] = rest
        && others.len() >= least
        && before.contains(&first.letters.as_str())
    {
        rest = others;
    }
    while let [others @ .., last] = rest
        && others.len() >= least
        && after.contains(&last.letters.as_str())
    {
        rest = others;
    }
    rest
}

/// `Lind, Ana` turned round; `Ana Lind, MPH` stays.
fn family_name_last(text: &str) -> Vec<Word> {
    let Some((family, given)) = text.split_once(',') else { return words(text) };
    let given = words(given);
    if given.is_empty() || given.iter().all(|word| DEGREES.contains(&word.letters.as_str())) {
        return words(text);
    }
    given.into_iter().chain(words(family)).collect()
}

/// Without single letters, as long as two names are left.
fn without_initials(form: &[String]) -> Vec<String> {
    let long: Vec<String> = form.iter().filter(|word| word.chars().count() > 1).cloned().collect();
    if long.len() < 2 { form.to_vec() } else { long }
}

/// `Ana M. Lind` may be `Ana Lind`, but is not `Ana K. Lind`.
fn initials_agree(one: &[String], other: &[String]) -> bool {
    let single = |form: &[String]| form.iter().filter(|word| word.chars().count() == 1).cloned().collect::<Vec<_>>();
    let (a, b) = (single(one), single(other));
    a.is_empty() || b.is_empty() || a == b
}

// Short words for long ones.

/// A short word, and what it may be short for.
const ABBREVIATIONS: [(&str, &[&str]); 41] = [
    ("admin", &["administration"]),
    ("assn", &["association"]),
    ("assoc", &["association"]),
    ("ave", &["avenue"]),
    ("bd", &["board"]),
    ("bldg", &["building"]),
    ("centre", &["center"]),
    ("cmte", &["committee"]),
    ("cnty", &["county"]),
    ("co", &["county", "company"]),
    ("coll", &["college"]),
    ("comm", &["commission", "committee"]),
    ("ctr", &["center"]),
    ("dept", &["department"]),
    ("dist", &["district"]),
    ("div", &["division"]),
    ("edu", &["education"]),
    ("fdn", &["foundation"]),
    ("ft", &["fort"]),
    ("gov", &["government"]),
    ("govt", &["government"]),
    ("hlth", &["health"]),
    ("hosp", &["hospital"]),
    ("inst", &["institute"]),
    ("intl", &["international"]),
    ("labour", &["labor"]),
    ("mgmt", &["management"]),
    ("mgt", &["management"]),
    ("mt", &["mount"]),
    ("natl", &["national"]),
    ("org", &["organization"]),
    ("organisation", &["organization"]),
    ("programme", &["program"]),
    ("sch", &["school"]),
    ("soc", &["society"]),
    ("st", &["saint", "street"]),
    ("svc", &["service"]),
    ("svcs", &["services"]),
    ("svs", &["services"]),
    ("twp", &["township"]),
    ("univ", &["university"]),
];

/// A name with more words of two meanings than this is taken by the first meaning of each: the ways double with each.
const MOST_FORMS: usize = 4;

/// Every way in which the short words of a name can be written out.
fn written_out(words: &[Word]) -> Vec<Vec<String>> {
    let mut forms: Vec<Vec<String>> = vec![Vec::new()];
    for word in words {
        let known = ABBREVIATIONS.iter().find(|(short, _)| *short == word.letters).map(|(_, long)| *long);
        // `CO` is a state.
        let long = known.filter(|_| !word.capitals);
        let meanings: Vec<&str> = match long {
            Some(long) if forms.len() * long.len() <= MOST_FORMS => long.to_vec(),
            Some(long) => vec![long[0]],
            None => vec![&word.letters],
        };
        forms = meanings
            .iter()
            .flat_map(|meaning| forms.iter().map(|form| form.iter().cloned().chain([(*meaning).to_owned()]).collect::<Vec<_>>()))
            .collect();
    }
    forms
}

// Acronyms.

/// How many letters an acronym outside parentheses has: two are the initials of too many names.
const SHORT_FOR: std::ops::RangeInclusive<usize> = 3..=6;
/// How many it has within parentheses, where somebody says that it is one.
const IN_PARENTHESES: std::ops::RangeInclusive<usize> = 2..=8;

/// `Digital Analytics Program (DAP)` or `DAP (Digital Analytics Program)`, as the long name and the acronym. What stands
/// in parentheses otherwise, as in `Portland (OR)`, belongs to the name.
fn split_acronym(text: &str) -> Option<(Vec<Word>, String)> {
    let (before, inside) = text.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let (before, inside) = (words(before), words(inside));
    let (long, short) = if inside.len() == 1 { (before, inside) } else { (inside, before) };
    let [acronym] = short.as_slice() else { return None };
    (acronym.capitals && stands_for(&acronym.letters, &long)).then(|| (long, acronym.letters.clone()))
}

/// Whether letters are the initials of a name, or stand in it one after the other from its first on.
fn stands_for(acronym: &str, long: &[Word]) -> bool {
    let length = acronym.chars().count();
    if long.len() < 2 || !IN_PARENTHESES.contains(&length) {
        return false;
    }
    if initials(long).iter().any(|initials| initials == acronym) {
        return true;
    }
    let name = squashed(long.iter().map(|word| &word.letters));
    let mut letters = name.chars();
    acronym.chars().next() == name.chars().next() && acronym.chars().all(|c| letters.any(|letter| letter == c))
}

/// The first letters of all words, and of those that are not small.
fn initials(words: &[Word]) -> Vec<String> {
    let of = |small: bool| -> String {
        let taken = words.iter().filter(|word| small || !SMALL.contains(&word.letters.as_str()));
        taken.filter_map(|word| word.letters.chars().next()).collect()
    };
    let (all, long) = (of(true), of(false));
    if all == long { vec![all] } else { vec![all, long] }
}

// Plurals.

/// Words that mean another thing without their last letter.
const NO_PLURALS: [&str; 6] = ["arms", "customs", "goods", "means", "news", "works"];

/// A word of English without the ending of its plural; no word, but the same text for both numbers.
fn singular(word: &str) -> String {
    if word.chars().count() < 4 || NO_PLURALS.contains(&word) {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.chars().count() > 1) {
        return format!("{stem}y");
    }
    if ["sses", "shes", "ches", "xes", "zes"].iter().any(|ending| word.ends_with(ending)) {
        return word[..word.len() - "es".len()].to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

// Slips of the finger.

/// From how many letters on one slip in a name is likelier than another name.
const ONE_SLIP: usize = 6;
/// From how many on two are.
const TWO_SLIPS: usize = 12;
/// From how many on two in one word of a long name are: in shorter words they make other words too often.
const LONG_WORD: usize = 9;
/// From how many on a word may have letters swapped or doubled.
const SWAP: usize = 4;

/// How many slips there may be in so many letters, two from a length on.
fn allowed(letters: usize, two_from: usize) -> usize {
    usize::from(letters >= ONE_SLIP) + usize::from(letters >= two_from)
}

fn length(form: &[String]) -> usize {
    form.iter().map(|word| word.chars().count()).sum()
}

fn may_slip(word: &str) -> bool {
    word.chars().count() >= SWAP && !word.contains(char::is_numeric)
}

/// Texts that a name shares with its misspellings: for one slip, the name with a letter left out of a word; for two, the
/// name with the words that have them cut to their first letters, which people get right.
fn slip_keys(form: &[String], add: &mut impl FnMut(String)) {
    let letters = length(form);
    if letters < ONE_SLIP {
        return;
    }
    add(form.join(" "));
    let with = |changes: &[(usize, &str)]| {
        let changed = |at: usize| changes.iter().find(|(place, _)| *place == at).map(|(_, word)| *word);
        (0..form.len()).map(|at| changed(at).unwrap_or(&form[at])).collect::<Vec<_>>().join(" ")
    };
    let slipping: Vec<usize> = (0..form.len()).filter(|at| may_slip(&form[*at])).collect();
    for at in &slipping {
        let word: Vec<char> = form[*at].chars().collect();
        for left_out in 1..word.len() {
            let rest: String = word.iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, c)| *c).collect();
            add(with(&[(*at, &rest)]));
        }
    }
    if letters < TWO_SLIPS {
        return;
    }
    let cut = |at: usize| form[at].chars().take(1).chain(['…']).collect::<String>();
    for (place, at) in slipping.iter().enumerate() {
        if form[*at].chars().count() >= LONG_WORD {
            add(with(&[(*at, &cut(*at))]));
        }
        for other in &slipping[place + 1..] {
            add(with(&[(*at, &cut(*at)), (*other, &cut(*other))]));
        }
    }
}

/// Whether two names differ by slips only: word for word, and by no more than their length makes likely.
fn is_slip(one: &[String], other: &[String]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut all = 0;
    for (a, b) in one.iter().zip(other).filter(|(a, b)| a != b) {
        match slips_in_word(a, b) {
            Some(some) => all += some,
            None => return false,
        }
    }
    all <= allowed(length(one).min(length(other)), TWO_SLIPS)
}

/// How many slips there are between two spellings of a word; none where they are likelier two words.
fn slips_in_word(a: &str, b: &str) -> Option<usize> {
    let shorter = a.chars().count().min(b.chars().count());
    // Nobody errs in the first letter, and `Youth` and `South` are one slip apart.
    if a.chars().next() != b.chars().next() || !may_slip(a) || !may_slip(b) {
        return None;
    }
    if is_swap(a, b) {
        return Some(1);
    }
    // Words of very different length cannot be near, and measuring is what costs.
    if a.chars().count().abs_diff(b.chars().count()) > allowed(shorter, LONG_WORD) {
        return None;
    }
    Some(slips(a, b)).filter(|some| *some <= allowed(shorter, LONG_WORD))
}

/// Whether two neighbouring letters are swapped, or one stands twice.
fn is_swap(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a_rest, b_rest) = (&a[start..], &b[start..]);
    let end = a_rest.iter().rev().zip(b_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&a_rest[..a_rest.len() - end], &b_rest[..b_rest.len() - end]) {
        ([x, y], [v, w]) => x == w && y == v,
        ([one], []) | ([], [one]) => start > 0 && a[start - 1] == *one,
        _ => false,
    }
}
