//! The example site: it builds with nothing to mend, its links hold, and it shows something of everything.

use crate::knowledge_base::{Built, options};
use crate::pages;
use folkmoot::entries::Origin;
use folkmoot::entries::front_matter::Own;
use folkmoot::entries::front_matter::case_study::Direction;
use folkmoot::entries::front_matter::question::QuestionStatus;
use folkmoot::entries::front_matter::session::Mode;
use folkmoot::fields::Word;
use folkmoot::kinds::Kind;
use folkmoot::knowledge::practices::Maturity;
use folkmoot::knowledge::sessions::{SeriesState, SessionState};
use folkmoot::knowledge::{EntryId, Knowledge};
use folkmoot::pipeline::Pipeline;
use folkmoot::sources::{self, Earlier};
use std::collections::BTreeSet;
use std::path::Path;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/example-site");

fn example() -> Built {
    Built::of(&mut Pipeline::new(), sources::read(Path::new(EXAMPLE), Earlier::None).unwrap(), &options())
}

#[test]
fn the_example_site_builds_with_nothing_to_mend_and_its_links_hold() {
    let built = example();
    // What members wish somebody would write is part of what the site shows.
    assert!(built.findings.iter().all(|finding| finding.code == "wanted-entry"), "{}", built.told());
    let base = built.site.knowledge().config.base_url.clone();
    let base_path = base.and_then(|url| Some(format!("/{}", url.splitn(4, '/').nth(3)?))).unwrap_or_else(|| "/".into());
    let broken = pages::broken(&built.files, &base_path);
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_example_site_shows_something_of_everything() {
    let built = example();
    let k = built.site.knowledge();
    let of = |kind: Kind| k.listed(kind).collect::<Vec<EntryId>>();
    let written = |kind: Kind| of(kind).into_iter().filter(|id| k.entry(*id).origin == Origin::File).count();

    let entries: usize = Kind::ALL.into_iter().map(written).sum();
    assert!(entries >= 90, "{entries} entries");
    let years: BTreeSet<i16> = k.ids().filter_map(|id| k.day(id)).map(|day| day.year()).collect();
    assert!(years.len() >= 3, "over three years: {years:?}");

    let least = [
        (Kind::Series, 4),
        (Kind::Session, 30),
        (Kind::Practice, 12),
        (Kind::CaseStudy, 15),
        (Kind::Topic, 15),
        (Kind::Resource, 10),
        (Kind::Voice, 3),
        (Kind::Organization, 3),
        (Kind::Person, 3),
        (Kind::Community, 2),
        (Kind::Page, 1),
    ];
    for (kind, least) in least {
        assert!(written(kind) >= least, "{} in {}, at least {least}", written(kind), kind.folder());
    }
    assert!(of(Kind::Question).len() >= 12, "{} questions", of(Kind::Question).len());

    series_of_every_state(k);
    sessions_of_every_kind(k);
    let maturities: BTreeSet<Maturity> = of(Kind::Practice).into_iter().map(|id| k.practice(id).unwrap().maturity).collect();
    assert_eq!(maturities.len(), Maturity::ALL.len(), "practices of every maturity");
    let directions: BTreeSet<Direction> = of(Kind::CaseStudy)
        .into_iter()
        .flat_map(|id| &k.entry(id).case_study().unwrap().results)
        .filter_map(|result| Some(result.direction.as_ref()?.value))
        .collect();
    assert!(directions.contains(&Direction::Mixed) && directions.contains(&Direction::Worse), "mixed and negative results: {directions:?}");
    let topics = || of(Kind::Topic).into_iter().map(|id| k.entry(id).topic().unwrap());
    assert!(topics().map(|topic| topic.dimension()).collect::<BTreeSet<_>>().len() >= 2, "topics in two dimensions");
    assert!(topics().filter(|topic| topic.priority.is_some()).count() >= 5, "topics with priorities");
    let states: BTreeSet<QuestionStatus> = of(Kind::Question).into_iter().map(|id| k.entry(id).question().unwrap().status()).collect();
    assert_eq!(states.len(), QuestionStatus::ALL.len(), "questions of every state");
    for id in of(Kind::Community) {
        let community = k.entry(id).community().unwrap();
        assert!(!community.success.is_empty() && !community.roles.is_empty(), "{} has success measures and roles", k.entry(id).title);
    }
}

/// One finished, one running with sessions to come, one that recurs, one announced without dates.
fn series_of_every_state(k: &Knowledge) {
    let series = || k.listed(Kind::Series).map(|id| (k.entry(id).series().unwrap(), k.series(id).unwrap()));
    assert!(series().any(|(_, facts)| facts.state == SeriesState::Finished), "a finished series");
    let upcoming = |id: &EntryId| k.session(*id).unwrap().is_upcoming();
    assert!(
        series().any(|(_, facts)| facts.state == SeriesState::Running && facts.sessions.iter().any(upcoming)),
        "a running series with sessions to come"
    );
    assert!(series().any(|(own, _)| own.recurrence.is_some()), "a series that recurs");
    assert!(series().any(|(_, facts)| facts.state == SeriesState::Announced && facts.sessions.is_empty()), "a series with no dates yet");
}

fn sessions_of_every_kind(k: &Knowledge) {
    let sessions = || k.listed(Kind::Session);
    for state in [SessionState::Held, SessionState::Scheduled, SessionState::Cancelled] {
        assert!(sessions().any(|id| k.session(id).unwrap().state == state), "a session that is {}", state.word());
    }
    let put_off =
        |id: EntryId| k.session(id).unwrap().state == SessionState::Postponed || !k.entry(id).session().unwrap().previous_starts.is_empty();
    assert!(sessions().any(put_off), "a postponed session");
    assert!(
        sessions().any(
            |id| matches!(&k.entry(id).own, Own::Session(session) if session.mode.as_ref().is_some_and(|mode| mode.value == Mode::Hybrid))
        ),
        "a hybrid one"
    );
    let with_notes = sessions().filter(|id| k.session(*id).unwrap().state == SessionState::Held && k.entry(*id).body.words > 40).count();
    assert!(with_notes >= 20, "{with_notes} sessions with real notes");
}
