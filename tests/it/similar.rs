//! Names that mean the same are told from names that do not, by themselves and in a knowledge base.

use crate::knowledge_base::{KnowledgeBase, options};
use folkmoot::kinds::Kind;
use folkmoot::knowledge::doubles;
use folkmoot::knowledge::similar::{Called, Thing, Why, alike};

/// Why two names are taken for one, if they are.
fn why(kind: Kind, one: &str, other: &str) -> Option<Why> {
    let things = [one, other].map(|name| Thing { names: vec![Called::Name(name)] });
    let swapped = [other, one].map(|name| Thing { names: vec![Called::Name(name)] });
    let found = alike(kind, &things).first().map(|likeness| likeness.why);
    assert_eq!(found, alike(kind, &swapped).first().map(|likeness| likeness.why), "the order of `{one}` and `{other}` decides nothing");
    found
}

#[test]
fn spellings_of_one_name_are_found_with_the_surest_reason() {
    use Kind::{Organization, Person, Topic};
    for (kind, one, other, reason) in [
        (Organization, "Quill County Health", "QUILL county-health", Why::Spelling),
        (Topic, "Health care", "healthcare", Why::Spelling),
        (Topic, "Research & policy", "Research and policy", Why::Spelling),
        (Organization, "U.S. Web Design System", "US Web Design System", Why::Spelling),
        (Person, "José Peña", "Jose Pena", Why::Spelling),
        (Person, "Liam O’Fallon", "Liam OFallon", Why::Spelling),
        (Organization, "DAP", "Digital Analytics Program (DAP)", Why::Acronym),
        (Organization, "Digital Analytics Program", "Digital Analytics Program (DAP)", Why::Acronym),
        (Organization, "DAP (Digital Analytics Program)", "dap", Why::Acronym),
        (Topic, "User Experience (UX)", "UX", Why::Acronym),
        (Organization, "The Merrow Desk", "Merrow Desk", Why::Trimmings),
        (Organization, "Quill, Inc.", "Quill", Why::Trimmings),
        (Person, "Dr. Ana Lind", "Ana Lind, MPH", Why::Trimmings),
        (Organization, "Quill County Health Dept", "Quill County Health Department", Why::Abbreviation),
        (Organization, "Univ. of Merrow", "University of Merrow", Why::Abbreviation),
        (Organization, "St. Brannock Hosp.", "Saint Brannock Hospital", Why::Abbreviation),
        (Organization, "Quill Co. Health Dept.", "Quill County Health Department", Why::Abbreviation),
        (Person, "Lind, Ana", "Ana Lind", Why::Order),
        (Organization, "Department of Public Health", "Public Health Dept.", Why::Order),
        (Person, "Ana M. Lind", "Ana Lind", Why::Initial),
        (Person, "Lind, Ana M.", "Ana Lind", Why::Initial),
        (Topic, "Youth council", "Youth councils", Why::Plural),
        (Topic, "School policy", "School policies", Why::Plural),
        (Organization, "DOJ", "Department of Justice", Why::Initials),
        (Organization, "MSH", "Merrow School of Health", Why::Initials),
        (Topic, "vaping", "vapping", Why::Slip),
        (Topic, "Enforcement", "Enforcment", Why::Slip),
        (Organization, "Lantern Youth Council", "Lantern Yuoth Council", Why::Slip),
        (Organization, "Quill County Health", "Quil County Health", Why::Slip),
        (Topic, "Retail licensing", "Retail lisencing", Why::Slip),
        (Organization, "Lantern Youth Council", "Lanten Youth Concil", Why::Slip),
    ] {
        assert_eq!(why(kind, one, other), Some(reason), "`{one}` and `{other}`");
    }
}

#[test]
fn names_of_two_things_stay_two() {
    use Kind::{Organization, Person, Topic};
    for (kind, one, other) in [
        (Organization, "Region 1", "Region 2"),
        (Organization, "Region 1 Health Board", "Region 11 Health Board"),
        (Topic, "Version 2.0", "Version 20"),
        (Topic, "C", "C++"),
        (Topic, "Licensing", "Retail licensing"),
        (Topic, "cost", "coast"),
        (Topic, "law", "lab"),
        (Topic, "vaping", "taping"),
        (Organization, "Youth council", "South council"),
        (Organization, "Portland (OR)", "Portland (ME)"),
        (Organization, "Portland (OR)", "OR"),
        (Organization, "Medford Town (MD)", "Medford Town (ME)"),
        (Organization, "Pueblo, CO", "Pueblo County"),
        (Topic, "HR", "Harm reduction"),
        (Topic, "New", "News"),
        (Person, "Mark Lee", "Mary Lee"),
        (Person, "Dan Williams", "Don Williams"),
        (Person, "Thomas James", "James Thomas"),
        (Person, "Ana M. Lind", "Ana K. Lind"),
        (Person, "Ana Lind", "A. Lind"),
        (Person, "Ana Lind", "Ana Maria Lind"),
        (Person, "AML", "Ana Maria Lind"),
    ] {
        assert_eq!(why(kind, one, other), None, "`{one}` and `{other}`");
    }
}

#[test]
fn an_acronym_that_fits_two_names_is_nobodys() {
    let things =
        ["DAP", "Digital Analytics Program (DAP)", "Disaster Aid Panel (DAP)"].map(|name| Thing { names: vec![Called::Name(name)] });
    assert_eq!(alike(Kind::Organization, &things), []);
    let things = ["MHB", "Merrow Health Board", "Marsh Housing Bureau"].map(|name| Thing { names: vec![Called::Name(name)] });
    assert_eq!(alike(Kind::Organization, &things), []);
}

/// The name of a number, of letters only: numbers would tell all of them apart. No two are near each other.
fn name_of(number: usize) -> String {
    const FIRST: [&str; 10] = ["bor", "cal", "dun", "fen", "gim", "hul", "jat", "kev", "lox", "mip"];
    const SECOND: [&str; 10] = ["nag", "pef", "qid", "roz", "sut", "tac", "veb", "wih", "yol", "zum"];
    let digit = |place: u32| number / 10_usize.pow(place) % 10;
    format!("{}{} {}{} county", FIRST[digit(3)], FIRST[digit(1)], SECOND[digit(0)], SECOND[digit(2)])
}

#[test]
fn doubles_are_found_among_ten_thousand_names() {
    let mut names: Vec<String> = (0..10_000).map(name_of).collect();
    names.push("Borborr nagnag county".to_owned());
    names.push("Mipmip zumzum cnty.".to_owned());
    let things: Vec<Thing> = names.iter().map(|name| Thing { names: vec![Called::Name(name)] }).collect();
    let found: Vec<(usize, usize, Why)> =
        alike(Kind::Organization, &things).iter().map(|likeness| (likeness.one, likeness.other, likeness.why)).collect();
    assert!(found == [(9_999, 10_001, Why::Abbreviation), (0, 10_000, Why::Slip)], "{} pairs, {:?}", found.len(), found.first());
}

/// What is proposed for a knowledge base: what to keep, the others, the synonyms.
fn proposed(files: &[(&str, &str)]) -> Vec<String> {
    let mut kb = KnowledgeBase::new();
    kb.write("folkmoot.toml", "title = \"K\"\n");
    for (path, front) in files {
        kb.write(path, format!("+++\ndate = 2026-01-01\n{front}\n+++\n"));
    }
    let built = kb.build(&options());
    let told = doubles::all(built.site.knowledge()).into_iter().map(|double| {
        let same: Vec<String> = double.same.iter().map(|(side, why)| format!("{} ({})", side.name, why.word())).collect();
        format!("{}: {} = {}; {:?}", double.kind.word(), double.keep.name, same.join(", "), double.synonyms)
    });
    told.collect()
}

#[test]
fn what_has_a_file_is_kept_with_all_its_synonyms() {
    let proposals = proposed(&[
        ("content/organizations/quill.md", "title = \"Quill County Health Department\"\nsynonyms = [\"Quill Health\"]"),
        ("content/practices/a.md", "title = \"A\"\norganizations = [\"Quill County Health Dept\", \"Quill County Health Dept\"]"),
        ("content/practices/b.md", "title = \"B\"\norganizations = [\"Quill Cnty Health Dept\"]"),
    ]);
    assert_eq!(
        proposals,
        ["organization: Quill County Health Department = Quill County Health Dept (abbreviation), Quill Cnty Health Dept (abbreviation); \
             [\"Quill Health\", \"Quill County Health Dept\", \"Quill Cnty Health Dept\"]"]
    );
}

#[test]
fn names_without_files_are_compared_per_kind_and_the_usual_one_is_kept() {
    let proposals = proposed(&[
        (
            "content/practices/a.md",
            "title = \"A\"\ntopics = [\"youth-councils\"]\norganizations = [\"Youth council\"]\nauthors = [\"Lind, Ana\"]",
        ),
        ("content/practices/b.md", "title = \"B\"\ntopics = [\"Youth council\"]\nauthors = [\"Ana Lind\"]"),
        ("content/practices/c.md", "title = \"C\"\ntopics = [\"topics/Youth council\"]\nauthors = [\"Ana Lind\"]"),
    ]);
    assert_eq!(
        proposals,
        ["person: Ana Lind = Lind, Ana (order); [\"Lind, Ana\"]", "topic: Youth council = youth-councils (plural); [\"youth-councils\"]"]
    );
}

#[test]
fn what_somebody_told_apart_is_not_brought_together() {
    let said = [("content/topics/councils.md", "title = \"Youth councils\"\nsynonyms = [\"Youth council\"]")];
    assert_eq!(proposed(&[said[0], ("content/topics/one.md", "title = \"Youth council\"")]), [] as [&str; 0]);
    let plain = ("content/topics/councils.md", "title = \"Youth councils\"");
    assert_eq!(proposed(&[plain, ("content/topics/one.md", "title = \"Youth council\"\nparent = \"councils\"")]), [] as [&str; 0]);
    // Without that, they are two spellings of one.
    assert_eq!(proposed(&[plain, ("content/topics/one.md", "title = \"Youth council\"")]).len(), 1);
    // A draft is not shown, so it is not compared.
    assert_eq!(proposed(&[plain, ("content/topics/one.md", "title = \"Youth council\"\ndraft = true")]), [] as [&str; 0]);
}

#[test]
fn nobody_is_asked_to_believe_a_chain_of_guesses() {
    // The second is near both others, which are not near each other.
    let proposals = proposed(&[
        ("content/organizations/a.md", "title = \"Harborview\""),
        ("content/organizations/b.md", "title = \"Harborveiw\""),
        ("content/organizations/c.md", "title = \"Harbroveiw\""),
        ("content/practices/a.md", "title = \"A\"\norganizations = [\"a\"]"),
    ]);
    assert_eq!(proposals, ["organization: Harborview = Harborveiw (slip); [\"b\", \"Harborveiw\"]"]);
}
