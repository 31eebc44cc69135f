//! Pages that a preview shows before the whole site has been looked at: which ones, that they are the same, and what happens
//! where it then turns out that they are not to be shown.

use crate::knowledge_base::{KnowledgeBase, options};
use crate::preview::{Preview, wait_for};
use folkmoot::findings::Checked;
use folkmoot::kinds::Kind;
use folkmoot::pipeline::{Begun, Pipeline};
use folkmoot::site::{Site, SiteFile};
use folkmoot::sources::{self, Earlier, Source, Sources};
use std::path::Path;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/example-site");

/// The kinds whose pages need no look at everything.
const BY_THEMSELVES: [Kind; 6] = [Kind::Session, Kind::Practice, Kind::CaseStudy, Kind::Question, Kind::Resource, Kind::Page];

/// A pipeline that watches the example site, what it has read, and the site it made of that.
struct Watching {
    pipeline: Pipeline,
    seen: Checked<Sources>,
    good: Site,
}

impl Watching {
    fn new() -> Watching {
        let mut pipeline = Pipeline::new();
        let seen = sources::read(Path::new(EXAMPLE), Earlier::None).unwrap();
        let good = pipeline.run(&seen, &options()).value;
        Watching { pipeline, seen, good }
    }

    /// The site after a file of `content/` has become another, and whether its pages can be shown at once.
    fn after(&mut self, file: &str, edit: impl Fn(&str) -> String) -> (Begun, bool) {
        let content = &mut self.seen.value.content;
        let at = (0..content.len()).find(|at| *content[*at].path == *file).unwrap_or_else(|| panic!("there is {file}"));
        let before = content[at].text().unwrap().to_owned();
        let after = edit(&before);
        assert_ne!(before, after, "{file} becomes another");
        content.set(at, Source::of(file, after));
        let mut begun = self.pipeline.begin(&self.seen, &options());
        let foreseen = begun.site.foresee(&self.good);
        (begun, foreseen)
    }
}

fn file_of(site: &Site, kind: Kind) -> String {
    let k = site.knowledge();
    let written = |id: &folkmoot::knowledge::EntryId| k.entry(*id).at.file.starts_with(&format!("content/{}/", kind.folder()));
    let id = k.listed(kind).find(written).unwrap_or_else(|| panic!("the example site has a {}", kind.word()));
    k.entry(id).at.file.to_string()
}

#[test]
fn a_page_is_the_same_before_the_whole_is_planned_and_after() {
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page);
    for kind in kinds {
        let mut watching = Watching::new();
        let file = file_of(&watching.good, kind);
        let (Begun { site, told }, foreseen) = watching.after(&file, |text| format!("{text}\nWords that were not there.\n"));
        assert!(foreseen && !told.any_error(), "{file}");
        let k = site.knowledge();
        let early = |address: &str| site.find(address).filter(|file| matches!(file, SiteFile::Early(_)));

        // First what stands by itself: it must not ask for more, so that the next one is found early too.
        let ids = || k.ids().filter(|id| k.has_page(*id) && !k.path(*id).is_empty());
        let (alone, others): (Vec<_>, Vec<_>) = ids().partition(|id| BY_THEMSELVES.contains(&k.kind(*id)));
        let mut rendered = Vec::new();
        for id in alone {
            let address = format!("/{}", k.path(id));
            let file = early(&address).unwrap_or_else(|| panic!("{address} is found before all is looked at"));
            rendered.push((address, site.path(file), site.media_type(file), site.render(file).unwrap().into_owned()));
        }
        let styles: Vec<String> = k.config.theme.logo.iter().map(|logo| format!("/{}", logo.value)).collect();
        assert!(styles.iter().all(|style| early(style).is_some()), "and so is what pages load");
        let first = others.first().map(|id| format!("/{}", k.path(*id)));
        assert!(first.is_some_and(|address| early(&address).is_some()), "until here, nobody asked for more");
        for id in others {
            let address = format!("/{}", k.path(id));
            let file = site.find(&address).unwrap();
            rendered.push((address, site.path(file), site.media_type(file), site.render(file).unwrap().into_owned()));
        }

        assert!(site.findings_of_plan().is_empty());
        let mut shown = 0;
        for (address, path, media, bytes) in rendered {
            let file = site.find(&address).unwrap();
            assert!(matches!(file, SiteFile::Route(_)), "{address} has a number now");
            let same = (path.as_str(), media) == (site.path(file).as_str(), site.media_type(file)) && bytes == *site.render(file).unwrap();
            assert!(same, "{address} is the same");
            shown += usize::from(String::from_utf8_lossy(&bytes).contains("Words that were not there."));
        }
        assert!(shown > 0, "the new words of {file} are shown");
    }
}

#[test]
fn nothing_is_shown_early_that_may_have_other_addresses() {
    let file = |kind: Kind| file_of(&Watching::new().good, kind);
    let (session, practice) = (file(Kind::Session), file(Kind::Practice));
    let with = |line: &'static str| move |text: &str| text.replacen("+++\n", &format!("+++\n{line}\n"), 1);
    let title = |text: &str| text.replacen("title = \"", "title = \"New: ", 1);
    type Case<'a> = (&'a str, &'a dyn Fn(&str) -> String, bool);
    let cases: [Case; 4] = [
        (&session, &title, true),
        (&session, &with("aliases = [\"/an-old-address/\"]"), false),
        (&practice, &with("draft = true"), false),
        (&practice, &with("synonyms = [\"Another name\"]"), false),
    ];
    for (file, edit, expected) in cases {
        let (_, foreseen) = Watching::new().after(file, |text| {
            // No key stands twice.
            let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("aliases") && !line.starts_with("synonyms")).collect();
            edit(&without.join("\n"))
        });
        assert_eq!(foreseen, expected, "{file}");
    }
    let mut watching = Watching::new();
    watching.seen.value.theme.push(Source::of("theme/templates/parts/extra.html", "<p>x</p>"));
    let mut begun = watching.pipeline.begin(&watching.seen, &options());
    assert!(!begun.site.foresee(&watching.good), "another theme");
}

/// As many as stand on the page of a topic: with one more, they have pages of their own.
const SHORT: usize = 12;

#[test]
fn where_an_address_is_taken_after_all_the_last_good_pages_come_back() {
    let mut base = KnowledgeBase::new();
    base.write("folkmoot.toml", "title = \"Harbor network\"\nbase_url = \"https://harbor.example.org/\"\n");
    base.write("content/topics/fees.md", "+++\ntitle = \"Fees\"\n+++\n");
    base.write("content/pages/old.md", "+++\ntitle = \"Old\"\ndate = 2026-11-01\naliases = [\"/topics/fees/sessions/\"]\n+++\n\nOld.\n");
    let session = |number: usize, topics: &str, words: &str| {
        format!("+++\ntitle = \"Call {number}\"\nstart = 2026-10-{number:02}T10:00\n{topics}+++\n\n{words}\n")
    };
    let name = |number: usize| format!("content/sessions/call-{number}.md");
    for number in 1..=SHORT {
        base.write(&name(number), session(number, "topics = [\"fees\"]\n", "About fees."));
    }
    let last = SHORT + 1;
    base.write(&name(last), session(last, "", "About nothing."));
    let preview = Preview::of(base.root(), &["--today", "2026-11-22"]);
    let address = format!("/sessions/call-{last}/");
    preview.shows(&address, "About nothing.");

    base.write(&name(last), session(last, "", "About something."));
    preview.shows(&address, "About something.");
    assert_eq!(preview.state().errors, 0);

    // What a mistake of the usual kind follows at once stays as well.
    base.write(&name(last), session(last, "topisc = [\"fees\"]\n", "About fees."));
    preview.tells_errors(1);
    preview.shows(&address, "About something.");

    base.write(&name(last), session(last, "", "About much."));
    preview.shows(&address, "About much.");
    wait_for("a look at the whole", || preview.said().trim_end().ends_with(&format!("`{}`.", name(last))).then_some(()));
    base.write(&name(last), session(last, "topics = [\"fees\"]\n", "About fees, too."));
    preview.tells_errors(1);
    preview.shows(&address, "About much.");
    assert!(preview.about(&address).contains("route-taken"), "{}", preview.about(&address));
    wait_for("the word of it", || preview.said().contains("1 error to mend").then_some(()));

    // As long as it is so, what else is saved is not shown and taken back.
    let before = preview.state().build;
    base.write(&name(1), session(1, "topics = [\"fees\"]\n", "About new fees."));
    wait_for("the next state", || (preview.state().build > before).then_some(()));
    assert_eq!(preview.state().errors, 1);
    assert!(!preview.get("/sessions/call-1/").text().contains("About new fees."));

    base.write(&name(last), session(last, "", "About fees no more."));
    preview.shows(&address, "About fees no more.");
    preview.shows("/sessions/call-1/", "About new fees.");
    preview.tells_errors(0);
}
