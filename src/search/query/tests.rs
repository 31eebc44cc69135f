//! Queries put to a small index that is written by hand.

use super::*;
use crate::search::buckets::Begun;
use crate::search::numbers::push;
use crate::search::text::order;

type Files = BTreeMap<String, String>;

/// Places of a term: a level, and entries with their sections, falling.
type Groups<'a> = &'a [(u32, &'a [(u32, u32)])];

const ENTRIES: u32 = 10;
const ROOM: u32 = 1_024;
const BUCKETS: u16 = 11;
const LISTS: u32 = 8;
const WEIGHT: u32 = 20;

fn numbers(all: impl IntoIterator<Item = u32>) -> String {
    let mut text = String::new();
    all.into_iter().for_each(|number| push(&mut text, number));
    text
}

/// Puts a file on a shelf, and gives its name.
fn put(files: &mut Files, letter: char, number: usize, value: &serde_json::Value) -> String {
    let name = format!("{letter}{number}-aaaa");
    files.insert(name.clone(), format!("folkmootShelf(\"{name}\",{value})\n"));
    name
}

fn call(name: &str, value: &serde_json::Value) -> String {
    format!("folkmootShelf(\"{name}\",{value})\n")
}

/// Sorted lines in files of so few that searches cross from one to the next; gives the least keys.
fn lines(files: &mut Files, letter: char, mut lines: Vec<(String, String)>) -> Vec<String> {
    lines.sort_by(|a, b| order(&a.0, &b.0));
    let mut least = Vec::new();
    for (number, lines) in lines.chunks(5).enumerate() {
        let (mut text, mut before) = (String::new(), String::new());
        for (word, behind) in lines {
            let shared: usize = word.chars().zip(before.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
            let units = word[..shared].encode_utf16().count() as u32;
            let (class, ends) = behind.split_at(1);
            text.push_str(&format!("{class}{}{} {ends}\n", numbers([units]), &word[shared..]));
            before.clone_from(word);
        }
        put(files, letter, number, &text.trim_end_matches('\n').into());
        least.push(if number == 0 { String::new() } else { lines[0].0.clone() });
    }
    least
}

fn groups(groups: Groups) -> String {
    let mut text = String::new();
    for (level, places) in groups {
        text.push_str(&numbers([2 * level, places.len() as u32]));
        let mut before = ROOM;
        for (entry, section) in *places {
            text.push_str(&numbers([before - entry - 1, *section]));
            before = *entry;
        }
    }
    text
}

/// Entries, falling, without sections.
fn bare(level: u32, entries: &[u32]) -> String {
    let mut text = numbers([2 * level + 1, entries.len() as u32]);
    let mut before = ROOM;
    for entry in entries {
        text.push_str(&numbers([before - entry - 1]));
        before = *entry;
    }
    text
}

/// Words with their classes and terms.
const WORDS: [(&str, u32, &str); 23] = [
    ("licensing", 6, "licens"),
    ("licensed", 6, "licens"),
    ("license", 7, "licens"),
    ("list", 0, "list"),
    ("listing", 0, "list"),
    ("retail", 6, "retail"),
    ("retailer", 0, "retail"),
    ("the", 13, "the"),
    ("of", 13, "of"),
    ("fee", 4, "fee"),
    ("fees", 4, "fee"),
    ("feed", 0, "feed"),
    ("ordinance", 4, "ordin"),
    ("ordinances", 3, "ordin"),
    ("policing", 0, "polic"),
    ("vaping", 0, "vape"),
    ("知识", 0, "知识"),
    ("识库", 0, "识库"),
    ("2026", 0, "2026"),
    ("2027", 0, "2027"),
    ("c", 0, "c"),
    ("mice", 0, "mouse"),
    ("li*", 0, "li*"),
];

fn index() -> Files {
    let mut files = Files::new();
    let words = WORDS.iter().map(|(word, class, term)| {
        let kept: usize = word.chars().zip(term.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let taken = word[kept..].encode_utf16().count() as u32;
        ((*word).to_owned(), format!("{}{}{}", numbers([*class]), numbers([taken]), &term[kept..]))
    });
    let mut words: Vec<(String, String)> = words.collect();
    let mut endings: BTreeMap<String, String> = BTreeMap::new();
    for (word, ..) in WORDS.iter().filter(|(word, ..)| word.len() > 3 && word.starts_with(|c: char| c.is_ascii_alphabetic())) {
        let mut letters = word.chars();
        let first = letters.next().expect("a word has letters");
        endings.entry(format!("~{}", letters.as_str())).or_insert_with(|| numbers([0])).push(first);
    }
    words.extend(endings);
    let w = lines(&mut files, 'w', words);

    let long = |files: &mut Files, number: usize, head: Groups, rest: Groups| {
        let name = put(files, 'm', number, &groups(rest).into());
        serde_json::json!([groups(head), name])
    };
    let rest: Vec<(u32, u32)> = [9, 8, 7, 6, 4, 2, 1, 0].map(|entry| (entry, 0)).to_vec();
    let rest: Groups = &[(2, &rest)];
    let mut terms: Vec<(&str, serde_json::Value)> = vec![
        ("licens", groups(&[(20, &[(5, 1), (3, 0)]), (8, &[(7, 2)])]).into()),
        ("list", groups(&[(10, &[(1, 0)])]).into()),
        ("retail", groups(&[(16, &[(5, 1), (2, 0)]), (4, &[(3, 3)])]).into()),
        ("the", long(&mut files, 0, &[(9, &[(5, 1), (3, 2)])], rest)),
        ("of", long(&mut files, 1, &[(9, &[(3, 1)])], rest)),
        ("fee", groups(&[(12, &[(6, 0), (3, 2)])]).into()),
        ("feed", groups(&[(12, &[(4, 0)])]).into()),
        ("ordin", groups(&[(14, &[(8, 0), (2, 4)])]).into()),
        ("polic", groups(&[(5, &[(0, 0)])]).into()),
        ("vape", groups(&[(5, &[(9, 0)])]).into()),
        ("知识", groups(&[(5, &[(9, 0), (8, 0)])]).into()),
        ("识库", groups(&[(5, &[(9, 0)])]).into()),
        ("2026", groups(&[(5, &[(6, 0)])]).into()),
        ("2027", groups(&[(5, &[(7, 0)])]).into()),
        ("c", groups(&[(5, &[(7, 0)])]).into()),
        ("mouse", groups(&[(5, &[(7, 0)])]).into()),
        ("li*", bare(12, &[3]).into()),
    ];
    terms.sort_by(|a, b| order(a.0, b.0));
    let mut p = Vec::new();
    for (number, terms) in terms.chunks(6).enumerate() {
        let items: serde_json::Map<_, _> = terms.iter().map(|(term, places)| ((*term).to_owned(), places.clone())).collect();
        put(&mut files, 'p', number, &items.into());
        p.push(if number == 0 { "" } else { terms[0].0 });
    }

    let mut buckets = vec![String::new(); usize::from(BUCKETS)];
    for (first, second, entries) in [("retail", "licensing", [7u32, 5].as_slice()), ("知识", "识库", &[9])] {
        buckets[usize::from(Begun::with(first).bucket(second, BUCKETS))] = bare(1, entries);
    }
    for (number, lists) in buckets.chunks(LISTS as usize).enumerate() {
        put(&mut files, 'n', number, &lists.join(" ").into());
    }

    let row = |entry: u32| {
        serde_json::json!([
            format!("sessions/s{entry}/"),
            format!("Entry {entry}"),
            0,
            "2026-01-01",
            "",
            "",
            "Of it.",
            [["a", "One fee", "It begins."], ["b", "Licensed retailer", "", "1:02:10"]]
        ])
    };
    for (number, entries) in [0..4, 4..10].into_iter().enumerate() {
        put(&mut files, 'r', number, &entries.map(row).collect::<Vec<_>>().into());
    }
    put(&mut files, 'i', 0, &serde_json::json!([[0, "r0-aaaa"], [4, "r1-aaaa"]]));

    // Two sessions with a recording, two documented practices; topics with those above them.
    type Held<'a> = [&'a [u32]; 10];
    let groups: [(&str, serde_json::Value, Held); 5] = [
        (
            "kind",
            serde_json::json!([["session", "Session", 0], ["practice", "Practice", 0], ["topic", "Topic", 0]]),
            [&[0], &[0], &[0], &[1], &[1], &[2], &[0], &[0], &[0], &[0]],
        ),
        ("year", serde_json::json!([["2025", "2025", 0], ["2026", "2026", 0]]), [&[], &[], &[0], &[0], &[0], &[0], &[1], &[1], &[1], &[1]]),
        ("maturity", serde_json::json!([["documented", "Documented", 0]]), [&[], &[], &[], &[0], &[0], &[], &[], &[], &[], &[]]),
        ("recording", serde_json::json!([["yes", "With a recording", 0]]), [&[], &[], &[], &[], &[], &[], &[], &[], &[0], &[0]]),
        (
            "topic",
            serde_json::json!([["tobacco", "Tobacco", 0], ["vaping", "Vaping", 1], ["law", "Law", 0]]),
            [&[], &[], &[0], &[0, 1], &[0, 1, 2], &[0, 1], &[2], &[], &[], &[]],
        ),
    ];
    let mut facets = serde_json::Map::new();
    for (number, (group, values, held)) in groups.into_iter().enumerate() {
        let text = numbers(held.iter().flat_map(|held| [held.len() as u32].into_iter().chain(held.iter().copied())));
        let names = [put(&mut files, 'f', 2 * number, &values), put(&mut files, 'f', 2 * number + 1, &text.into())];
        facets.insert(group.to_owned(), serde_json::json!(names));
    }
    put(&mut files, 'g', 0, &serde_json::json!([["Youth vaping", "topics/youth-vaping/", ["youth vaping", "e cigarettes"]]]));

    let marks = |count: usize| vec!["aaaa"; count];
    let root = serde_json::json!({
        "version": 1, "entries": ENTRIES, "room": ROOM, "language": "en",
        "kinds": ["session", "practice", "case-study", "series", "topic"],
        "weight": WEIGHT, "buckets": BUCKETS, "lists": LISTS,
        "keys": {"w": w, "p": p, "i": [0]},
        "marks": {"w": marks(w.len()), "p": marks(p.len()), "n": marks(2), "i": marks(1), "g": marks(1)},
        "facets": facets,
        "texts": {"title": "Search"},
    });
    files.insert("root".into(), call("root", &root));
    files
}

/// What a query finds in the index, with its options.
fn answer(text: &str, options: &Options) -> Answer {
    let files = index();
    let engine = Engine::open(&files).expect("the index can be read");
    engine.find(text, options).expect("the index is whole")
}

fn entries(answer: &Answer) -> Vec<u32> {
    answer.results.iter().map(|found| found.entry).collect()
}

fn found(text: &str) -> Vec<u32> {
    entries(&answer(text, &Options::default()))
}

/// What the words of a query were read as.
fn near(text: &str) -> Vec<String> {
    answer(text, &Options::default()).wanted.into_iter().flat_map(|word| word.near).collect()
}

#[test]
fn any_form_of_a_word_finds_all_of_them() {
    assert_eq!(found("licensing "), [5, 3, 7]);
    assert_eq!(found("LICENSE "), [5, 3, 7]);
    let answer = answer("licensed", &Options::default());
    assert_eq!(answer.results[0], Found { entry: 5, score: u64::from(WEIGHT - 6) * 20 * 16, section: 1 });
}

#[test]
fn words_that_stand_together_come_first() {
    assert_eq!(found("retail licensing "), [5, 3]);
    assert_eq!(found("知识库 "), [9]);
    assert!(found("zebra ").is_empty());
    assert_eq!(found("zebra licensing "), [5, 3, 7], "what nobody wrote counts nothing");
}

#[test]
fn what_is_being_typed_finds_words_that_begin_so() {
    assert_eq!(found("lice"), [5, 3, 7]);
    assert!(found("lic ").is_empty());
    assert_eq!(found("li"), [3], "short beginnings have a list of their own");
    assert!(found("re").is_empty());
    // As written first, then what it may become.
    let answer = answer("fee", &Options::default());
    let scores: Vec<(u32, u64)> = answer.results.iter().map(|found| (found.entry, found.score)).collect();
    let weight = u64::from(WEIGHT - 4);
    assert_eq!(scores, [(6, weight * 12 * 16), (3, weight * 12 * 16), (4, weight * 12 * 12)]);
}

#[test]
fn slips_are_forgiven_where_nothing_else_fits() {
    assert_eq!((found("licemse "), near("licemse ")), (vec![5, 3, 7], vec!["license".to_owned()]));
    assert_eq!(near("licenses "), ["license", "licensed", "licensing"], "the commoner one first");
    assert_eq!(near("viping "), ["vaping"]);
    // Too short, of figures only, or right as it is.
    assert!(found("fef ").is_empty() && found("2028 ").is_empty() && near("license ").is_empty());
    // One slip below eight letters, two from there; what is farther is only offered.
    assert_eq!((near("retxxl "), found("retxxl ")), (vec!["retail".to_owned()], Vec::new()));
    assert_eq!(near("ordixxnce "), ["ordinance"]);
    // Kin begins alike.
    assert_eq!(near("policy "), ["policing"]);
    // A phrase takes words as they are.
    assert!(found("\"licemse\"").is_empty());
}

#[test]
fn the_first_letter_may_be_wrong_where_no_other_word_is_near() {
    assert_eq!(near("bicense "), ["license"], "exchanged");
    assert_eq!(near("icense "), ["license"], "left out");
    assert_eq!(near("ilcense "), ["license"], "swapped");
    assert_eq!(near("xlicense "), ["license"], "put in");
}

#[test]
fn slips_are_forgiven_while_typing() {
    assert_eq!(near("ordni"), ["ordinance", "ordinances"]);
    assert!(near("ordni ").is_empty());
    let answer = answer("ordni", &Options::default());
    assert_eq!(answer.results[0].score, u64::from(WEIGHT - 4) * 14 * 10);
}

#[test]
fn common_words_are_looked_at_only_as_far_as_needed() {
    assert_eq!(found("the ").len(), 10, "alone it is looked at whole");
    assert_eq!(found("the zebra ").len(), 10);
    assert_eq!(found("the of ")[0], 3, "all words are common");
    // Beside a rarer word a common one is not asked for, but counts where it is known to be.
    assert_eq!(found("the fee "), [3, 6]);
}

#[test]
fn phrases_stand_together_and_in_order() {
    assert_eq!(found("\"retail licensing\""), [5]);
    assert!(found("\"licensing retail\"").is_empty());
    assert!(found("\"retail zebra\"").is_empty());
    assert_eq!(found("\"fee\""), [6, 3]);
    assert_eq!(found("\"知识库\""), [9]);
    assert_eq!(found("\"the\" fee "), [3, 6], "a common word alone asks for nothing");
}

#[test]
fn unwanted_words_and_phrases_keep_entries_away() {
    assert_eq!(found("licensing -retail"), [7]);
    assert_eq!(found("licensing -zebra"), [5, 3, 7]);
    assert_eq!(found("licensing -\"retail licensing\""), [3, 7]);
    assert!(found("licensing -the").is_empty(), "long lists are read whole");
    assert_eq!(found("-the"), [0; 0]);
    assert_eq!(found("-fee"), [9, 8, 7, 5, 4, 2, 1, 0]);
    assert_eq!(found(" "), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
}

#[test]
fn results_can_be_narrowed_sorted_and_counted() {
    let files = index();
    let engine = Engine::open(&files).expect("the index can be read");
    let ask = |text: &str, chosen: &[(Group, &[&str])], order| {
        let filters = chosen.iter().map(|(group, ids)| (*group, ids.iter().map(|id| (*id).to_owned()).collect())).collect();
        engine.find(text, &Options { filters, order }).expect("the index is whole")
    };
    let narrowed = |chosen: &[(Group, &[&str])]| entries(&ask("", chosen, Order::Relevance));
    assert_eq!(narrowed(&[(Group::Topic, &["tobacco"])]), [5, 4, 3, 2], "and all that is below it");
    assert_eq!(narrowed(&[(Group::Topic, &["vaping"])]), [5, 4, 3]);
    assert_eq!(narrowed(&[(Group::Topic, &["vaping", "law"])]), [6, 5, 4, 3]);
    assert_eq!(narrowed(&[(Group::Topic, &["tobacco"]), (Group::Kind, &["practice"])]), [4, 3]);
    assert_eq!(narrowed(&[(Group::Maturity, &["documented"])]), [4, 3]);
    assert_eq!(narrowed(&[(Group::Recording, &["yes"])]), [9, 8]);
    assert_eq!(narrowed(&[(Group::Kind, &["topic"])]), [5]);
    assert_eq!(narrowed(&[(Group::Year, &["2025"])]), [5, 4, 3, 2]);
    assert_eq!(narrowed(&[(Group::Topic, &["nothing"])]), [0; 0]);
    assert_eq!(narrowed(&[(Group::Series, &["any"])]), [0; 0]);
    assert_eq!(narrowed(&[(Group::Topic, &[])]).len(), 10);
    assert_eq!(entries(&ask("licensing ", &[], Order::Newest)), [7, 5, 3]);

    let counts = |answer: &Answer, group| {
        let counts = engine.counts(answer, group).expect("the index is whole");
        counts.into_iter().map(|count| (count.id, count.count)).collect::<Vec<(String, usize)>>()
    };
    let named = |counts: &[(&str, usize)]| counts.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect::<Vec<_>>();
    let practices = ask("", &[(Group::Kind, &["practice"]), (Group::Year, &["2026"])], Order::Relevance);
    assert_eq!(practices.results, []);
    assert_eq!(counts(&practices, Group::Year), named(&[("2025", 2), ("2026", 0)]), "by what was chosen in other groups");
    assert_eq!(counts(&practices, Group::Kind), named(&[("session", 4), ("practice", 0)]));
    let all = ask("", &[], Order::Relevance);
    assert_eq!(counts(&all, Group::Topic), named(&[("tobacco", 4), ("vaping", 3), ("law", 2)]));
    assert_eq!(counts(&all, Group::Recording), named(&[("yes", 2)]));
    assert_eq!(counts(&all, Group::Year), named(&[("2025", 4), ("2026", 4)]), "no date is no year");
    let topics = engine.counts(&all, Group::Topic).expect("the index is whole");
    assert_eq!((topics[1].title.as_str(), topics[1].depth), ("Vaping", 1));
}

#[test]
fn results_show_what_is_known_of_their_entries() {
    let files = index();
    let engine = Engine::open(&files).expect("the index can be read");
    for entry in 0..ENTRIES {
        assert_eq!(engine.entry(entry).expect("it is there").path, format!("sessions/s{entry}/"));
    }
    let shown = engine.entry(4).expect("it is there");
    assert_eq!((shown.sections[0].opening.as_str(), shown.sections[1].time.as_deref()), ("It begins.", Some("1:02:10")));
    assert!(engine.entry(ENTRIES).is_err());

    let marked = |query: &str, text: &'static str| {
        let answer = engine.find(query, &Options::default()).expect("the index is whole");
        let marks = engine.marks(&answer, text);
        marks.into_iter().map(|mark| &text[mark]).collect::<Vec<&str>>()
    };
    assert_eq!(marked("licensing ret", "A Retail licence, LICENSED: retailers"), ["Retail", "LICENSED", "retailers"]);
    assert_eq!(marked("licemse ", "No license"), ["license"]);
    assert_eq!(marked("知识库 ", "一个知识库。"), ["知识库"]);
    assert_eq!(marked("", "Nothing"), [""; 0]);

    assert_eq!((near("oxdxnaxce "), found("oxdxnaxce ")), (vec!["ordinance".to_owned()], Vec::new()), "offered");
    assert_eq!(near("\"licemse\""), ["license"]);
    assert!(near("zebra").is_empty());
    let gaps = |text: &str| engine.gaps(text).expect("the index is whole").into_iter().map(|gap| gap.path).collect::<Vec<String>>();
    assert_eq!(gaps("Vaping, youth"), ["topics/youth-vaping/"]);
    assert_eq!(gaps("e-cigarettes in schools"), ["topics/youth-vaping/"]);
    assert!(gaps("vaping").is_empty());
}

/// Asks everything there is to ask.
fn ask_all(files: &Files) -> Result<(), Trouble> {
    let engine = Engine::open(files)?;
    for text in [
        "",
        "retail licensing ",
        "li",
        "lice",
        "licemse ",
        "bicense ",
        "ordni",
        "the -fee",
        "\"retail licensing\"",
        "\"a b c d e f g h i j k\"",
    ] {
        let filters = [(Group::Topic, vec!["tobacco".to_owned()]), (Group::Kind, vec!["session".to_owned(), "practice".to_owned()])];
        let answer = engine.find(text, &Options::default())?;
        engine.find(text, &Options { filters: filters.into(), ..Options::default() })?;
        for group in Group::ALL {
            engine.counts(&answer, group)?;
        }
        for found in &answer.results {
            engine.entry(found.entry)?;
        }
        engine.marks(&answer, "Retail licensing 知识库");
        engine.gaps(text)?;
    }
    for (word, ..) in WORDS {
        engine.find(word, &Options::default())?;
        engine.find(&format!("x{}", word.chars().skip(1).collect::<String>()), &Options::default())?;
    }
    Ok(())
}

#[test]
fn what_is_missing_or_damaged_is_named() {
    let whole = index();
    assert_eq!(ask_all(&whole), Ok(()));
    for name in whole.keys() {
        let mut files = whole.clone();
        files.remove(name);
        assert_eq!(ask_all(&files), Err(Trouble::Missing { file: name.clone() }));
        files.insert(name.clone(), call(name, &serde_json::json!({"no": "shelf"})));
        let trouble = ask_all(&files).expect_err("it is no file of this shelf");
        assert!(matches!(&trouble, Trouble::Unreadable { file, .. } if file == name), "{name}: {trouble}");
        files.insert(name.clone(), call("other", &serde_json::json!([])));
        let trouble = ask_all(&files).expect_err("it has another name");
        assert_eq!(
            trouble.to_string(),
            format!("The file `{name}.js` of the search index cannot be read: it is no call of `folkmootShelf` with its name.")
        );
    }
}

#[test]
fn nothing_falls_over_damaged_files() {
    let whole = index();
    for (name, text) in &whole {
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        // Every place of small files, and some of large ones.
        for at in ends.iter().step_by(1 + ends.len() / 24) {
            for put in ["", "~", "\\u0000", "9", ",", "é"] {
                let mut files = whole.clone();
                let after = text[*at..].chars().next().map_or(0, char::len_utf8);
                files.insert(name.clone(), format!("{}{put}{}", &text[..*at], &text[at + after..]));
                // Whatever it says: it says it.
                let _ = ask_all(&files);
            }
        }
    }
}
