//! The files of the search index: what stands in them, what does not, and how much of them changes.

use crate::knowledge_base::{Built, KnowledgeBase, options};
use std::collections::BTreeSet;

/// Folds and letters of the index hold whole words, so a planted word is found if it is anywhere.
fn said(built: &Built, word: &str) -> Vec<String> {
    let files = built.texts().filter(|(path, _)| path.starts_with("search/"));
    files.filter(|(_, text)| text.to_lowercase().contains(word)).map(|(path, _)| path.to_owned()).collect()
}

/// Words in the files of words, each written out.
fn words(built: &Built) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (_, text) in built.texts().filter(|(path, _)| path.starts_with("search/data/w")) {
        let value = text.split_once(',').unwrap().1.trim_end().trim_end_matches(");");
        let value: String = serde_json::from_str(value).unwrap();
        let mut last: Vec<u16> = Vec::new();
        for line in value.split('\n') {
            // The class, how much is shared with the line before, and what is not.
            let shared = folkmoot::search::numbers::value(line.as_bytes()[1]) as usize;
            let rest = line[2..].split(' ').next().unwrap();
            last.truncate(shared);
            last.extend(rest.encode_utf16());
            all.insert(String::from_utf16(&last).unwrap());
        }
    }
    all
}

#[test]
fn what_nobody_may_see_is_not_in_the_index() {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor\"\n");
    base.write(
        "content/sessions/call.md",
        "+++\ntitle = \"Opening call\"\nstart = 2026-03-02T10:00:00\nauthors = [\"ana\"]\n[join]\nurl = \"https://meet.example.org/zzjoin\"\n\
         note = \"zzpasscode\"\n+++\n\nWe spoke of ferries. See [that](../practices/inside.md) and [[out]].\n\n<script>zzscript()</script><!-- zzcomment -->\n",
    );
    base.write(
        "content/practices/inside.md",
        "+++\ntitle = \"Zzinternal\"\ndate = 2026-01-01\nvisibility = \"internal\"\n+++\n\nzzinside\n",
    );
    base.write("content/practices/draft.md", "+++\ntitle = \"Zzdraft\"\ndate = 2026-01-01\ndraft = true\n+++\n\nzzsketch\n");
    base.write("content/practices/out.md", "+++\ntitle = \"Zzunlisted\"\ndate = 2026-01-01\nvisibility = \"unlisted\"\n+++\n\nzzaside\n");
    base.write("content/people/ana.md", "+++\ntitle = \"Ana Lind\"\ndate = 2026-01-01\ncontact = \"zzcontact@example.org\"\n+++\n");
    base.write(
        "content/voices/youth.md",
        "+++\ntitle = \"Youth\"\ndate = 2026-01-01\n[reach]\nhow = \"Through schools\"\ncontact = \"zzreach\"\n+++\n",
    );
    let built = base.build(&options());
    assert!(words(&built).contains("ferries") && words(&built).contains("schools"), "{}", built.told());
    assert_eq!(said(&built, "zz"), Vec::<String>::new());
}

#[test]
fn hostile_text_cannot_leave_its_text() {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor </script><script>\"\n[search]\nask = \"https://ask.example.org/?q={query}\"\n");
    base.write(
        "content/sessions/call.md",
        "+++\ntitle = \"</script><img src=x onerror=alert(1)>\\u2028\\u202e\"\nstart = 2026-03-02T10:00:00\ntopics = [\"<b>vaping\"]\n+++\n\n\
         ## <img src=x onerror=alert(2)>\n\n`</script>` \u{2028} \u{2029} \\\\ \" __proto__ constructor\n",
    );
    let built = base.build(&options());
    for (path, text) in built.texts().filter(|(path, _)| path.starts_with("search/") && path.ends_with(".js")) {
        assert!(!text.contains(['<', '\u{2028}', '\u{2029}']), "{path}: {text}");
        let value = text.strip_prefix("folkmootShelf(\"").and_then(|text| text.split_once("\",")).unwrap().1;
        serde_json::from_str::<serde_json::Value>(value.strip_suffix(");\n").unwrap()).unwrap();
    }
    assert!(words(&built).is_superset(&["proto", "constructor", "onerror"].map(str::to_owned).into()), "{:?}", words(&built));
}

/// A base of many words: each entry's own are drawn from a list by a simple rule, so that nothing is random.
fn library(changed: Option<usize>) -> KnowledgeBase {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor\"\n");
    let syllables = ["ba", "den", "kor", "lim", "no", "pre", "sta", "tu", "vel", "zor", "qui", "fa"];
    let word = |number: usize| {
        let parts = [number % 12, number / 12 % 12, number / 144 % 12, number / 1_728 % 12];
        parts.map(|part| syllables[part]).concat()
    };
    for entry in 0..300 {
        // Low numbers come often, as common words do.
        let text: Vec<String> =
            (0..200).map(|place| word((entry * 7_919 + place * place * 31) % (50 + (place * 131 + entry * 17) % 20_000))).collect();
        let more = if changed == Some(entry) { " Otherwise." } else { "" };
        let day = 1 + entry % 28;
        base.write(
            &format!("content/practices/entry-{entry}.md"),
            format!(
                "+++\ntitle = \"{} {}\"\ndate = 2025-01-{day:02}\n+++\n\n{}.{more}\n",
                word(entry * 3),
                word(entry * 5),
                text.join(" ")
            ),
        );
    }
    base
}

#[test]
fn one_changed_entry_changes_few_files() {
    let (before, after) = (library(None).build(&options()), library(Some(150)).build(&options()));
    let files = |built: &Built| -> BTreeSet<String> {
        let all = built.files.iter().filter(|(path, _)| path.starts_with("search/data/"));
        all.map(|(path, _)| path.clone()).collect()
    };
    let (before, after) = (files(&before), files(&after));
    let changed: Vec<&String> = after.difference(&before).collect();
    assert!(before.len() > 100, "{} files are too few to tell", before.len());
    // A new word: where it stands among words and endings, its places, and its two neighbours' buckets; no more.
    assert!(changed.len() <= 8, "{changed:#?}");
}

#[test]
fn a_site_that_cannot_be_searched_has_nothing_of_it() {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor\"\n[search]\nenabled = false\n");
    base.write("content/sessions/call.md", "+++\ntitle = \"Call\"\nstart = 2026-03-02T10:00:00\n+++\n");
    let built = base.build(&options());
    assert!(built.site.search().is_none());
    assert!(built.files.keys().all(|path| !path.starts_with("search/")));
    assert!(!std::str::from_utf8(&built.files["index.html"]).unwrap().contains("search/\""));
}

#[test]
fn a_file_in_the_folder_of_the_index_is_told() {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor\"\n");
    base.write("content/sessions/call.md", "+++\ntitle = \"Call\"\nstart = 2026-03-02T10:00:00\n+++\n");
    base.write("static/search/data/w0-aaaa.js", "0");
    let built = base.build(&options());
    assert!(built.findings.iter().any(|finding| finding.code == "route-taken"), "{}", built.told());
}

#[test]
fn a_preview_answers_with_the_files_that_a_build_writes() {
    let built = library(None).build(&options());
    let listing = built.site.listing();
    let mut of_index = 0;
    for (path, file) in listing.paths.iter().zip(&listing.files) {
        let address = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        assert_eq!(built.site.find(&address), Some(*file), "{address}");
        assert_eq!(built.site.path(*file), *path);
        of_index += usize::from(path.starts_with("search/data/"));
    }
    assert!(of_index > 100);
    for nothing in ["/search/data/", "/search/data/root.js", "/search/data/p0-zzzz.js", "/search/data/../root.js"] {
        assert_eq!(built.site.find(nothing), None, "{nothing}");
    }
}

#[test]
fn files_stay_small_whatever_a_text_is_like() {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor\"\n");
    let headings: String = (0..5_000).map(|number| format!("## Heading {number}\n\nText {number}.\n\n")).collect();
    let data = format!("{} {}", "x".repeat(400_000), "\u{e9}".repeat(200_000));
    base.write("content/sessions/call.md", format!("+++\ntitle = \"Call\"\nstart = 2026-03-02T10:00:00\n+++\n\n{headings}\n{data}\n"));
    let built = base.build(&options());
    assert!(words(&built).contains("4999"), "the last section is read");
    let largest = built.files.iter().filter(|(path, _)| path.starts_with("search/data/")).map(|(path, bytes)| (bytes.len(), path)).max();
    assert!(largest.unwrap().0 < 40_000, "{largest:?}");
}

#[test]
fn an_entry_is_found_by_what_its_page_says_besides_its_text() {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor\"\n");
    base.write("content/voices/youth.md", "+++\ntitle = \"Youngsters\"\ndate = 2026-01-01\n+++\n");
    base.write("content/people/bob.md", "+++\ntitle = \"Bob Promiser\"\ndate = 2026-01-01\n+++\n");
    base.write(
        "content/sessions/call.md",
        "+++\ntitle = \"Call\"\nstart = 2026-12-02T10:00:00\nstatus = \"cancelled\"\ncancel_reason = \"A blizzard.\"\n[[speakers]]\nname = \"Q\"\n\
         voice = \"youth\"\n[[commitments]]\ntext = \"Send it\"\nby = \"people/bob\"\ndue = 2026-12-24\n+++\n\n饮水机很好。\n",
    );
    let built = base.build(&options());
    let found = |query: &str| -> Vec<String> {
        let shelf = built.site.search().unwrap();
        let engine = folkmoot::search::query::Engine::open(shelf).unwrap();
        let answer = engine.find(query, &Default::default()).unwrap();
        answer.results.iter().map(|result| engine.entry(result.entry).unwrap().path).collect()
    };
    for query in ["blizzard ", "promiser ", "youngsters ", "水 ", "饮 ", "机很 "] {
        assert!(found(query).contains(&"sessions/call/".to_owned()), "{query}: {:?}", found(query));
    }
}
