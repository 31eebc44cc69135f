//! The home page: when do we meet next, what is new, where do I look, what do we not know.

use super::calendars::Scope;
use super::desk::Desk;
use super::pages::{Page, topic_groups};
use super::registers::What;
use super::views::{Count, HomeView, Link, Missing};
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::practices::Maturity;
use crate::knowledge::sessions::SessionState;
use crate::knowledge::{EntryId, Knowledge};
use crate::theme::Value;

/// How many sessions are shown after the next one.
const THEN: usize = 4;
/// How many entries are new enough to be shown.
const NEWS: usize = 6;
/// How many topics of a dimension fit without scrolling.
const TOPICS: usize = 12;
/// How many gaps invite without discouraging.
const GAPS: usize = 3;

/// The lists that are named on the home page besides those of kinds.
const LISTS: [What; 7] = [What::WhoKnows, What::Takeaways, What::Success, What::Reviews, What::Places, What::Years, What::AToZ];

pub fn view(page: &Page) -> HomeView {
    let (k, desk) = (page.k(), &page.desk);
    let coming: Vec<Occasion> = k.calendar.iter().copied().filter(|occasion| k.is_coming(*occasion)).take(THEN + 1).collect();
    let next = coming.first().copied();
    let mut news: Vec<EntryId> = super::feeds::NEWS.into_iter().flat_map(|kind| k.listed(kind)).filter(|id| is_news(k, *id)).collect();
    k.newest_first(&mut news);
    news.truncate(NEWS);
    let welcome = k.lookup().of_kind(Kind::Page, "index").filter(|id| k.has_page(*id)).map(|id| page.body(id)).unwrap_or_default();
    let topics = topic_groups(desk, TOPICS);
    let gaps = gaps(desk);
    let unanswered = k.listed(Kind::Question).filter(|id| k.is_open_question(*id)).count();
    HomeView {
        has_welcome: !welcome.is_empty(),
        welcome: Value::safe_string(&welcome),
        next: next.map(|occasion| desk.occasion_card(occasion)),
        next_when: next.map(|occasion| desk.when(occasion)),
        next_registration: next.and_then(|occasion| page.registration(occasion)),
        next_add: next.and_then(|occasion| desk.add(occasion)),
        calendar: page.calendar_link(Scope::Site),
        then: coming.iter().skip(1).map(|occasion| desk.occasion_card(*occasion)).collect(),
        news: desk.cards(&news),
        more_topics: (k.listed(Kind::Topic).count() > topics.iter().map(|group| group.topics.len()).sum())
            .then(|| index(page, Kind::Topic, "say.all_topics"))
            .flatten(),
        topics,
        more_gaps: super::gaps::link(desk)
            .map(|link| Link { label: desk.t.get("say.gaps.all").to_owned(), ..link })
            .or_else(|| (unanswered > 0).then(|| index(page, Kind::Question, "say.all_questions")).flatten()),
        gaps,
        counts: counts(page),
        lists: LISTS.into_iter().filter_map(|what| page.register_link(what)).collect(),
        empty: k.ids().all(|id| k.kind(id) == Kind::Page || !k.is_listed(id)),
    }
}

/// What is dated today or before. Sessions still to come stand beside the news, not in it.
fn is_news(k: &Knowledge, id: EntryId) -> bool {
    k.day(id).is_some_and(|day| day <= k.today) && k.session(id).is_none_or(|facts| facts.state == SessionState::Held)
}

fn index(page: &Page, kind: Kind, key: &str) -> Option<Link> {
    page.index_link(kind).map(|link| Link { label: page.desk.t.get(key).to_owned(), path: link.path })
}

fn counts(page: &Page) -> Vec<Count> {
    let desk = &page.desk;
    let kinds = [
        Kind::Session,
        Kind::Practice,
        Kind::CaseStudy,
        Kind::Question,
        Kind::Resource,
        Kind::Community,
        Kind::Voice,
        Kind::Organization,
        Kind::Person,
    ];
    let counted = kinds.into_iter().map(|kind| (kind, desk.k.listed(kind).count())).filter(|(_, count)| *count > 0);
    let kinds = counted.map(|(kind, count)| desk.count(kind, count, Some(desk.path(&format!("{}/", kind.folder())))));
    let registers = [What::Commitments, What::Lessons, What::Promises].into_iter().filter_map(|what| page.register_count(what));
    kinds.chain(registers).collect()
}

/// What is most wanted: the open question asked most often, a topic of high priority without any practice, a practice
/// that nobody has documented. One of each, then more of the first; then topics nobody has written about and sessions
/// nobody has written up.
/// What nobody knows: the worst of the maps first, then questions and practices that only need somebody to answer.
fn gaps(desk: &Desk) -> Vec<Missing> {
    let k = desk.k;
    let mut gaps: Vec<Missing> =
        super::gaps::worst(k, GAPS - 1).into_iter().map(|(map, cell)| super::gaps::missing(desk, map, cell)).collect();
    let mut questions: Vec<EntryId> = k.listed(Kind::Question).filter(|id| k.is_open_question(*id)).collect();
    questions.sort_by_cached_key(|id| {
        let question = k.entry(*id).question();
        let asks = question.and_then(|question| question.asks.as_ref()).map_or(1, |asks| asks.value);
        let needed = question.and_then(|question| question.needed_by.as_ref()).map(|by| by.value);
        (std::cmp::Reverse(asks), needed.is_none(), needed, k.day(*id), *id)
    });
    let mut bare: Vec<EntryId> = k
        .listed(Kind::Topic)
        .filter(|id| {
            k.has(Kind::Practice)
                && k.topic(*id).is_some_and(|facts| facts.priority >= 2 && facts.count(Kind::Practice) == 0 && facts.children.is_empty())
        })
        .collect();
    bare.sort_by_key(|id| (std::cmp::Reverse(k.topic(*id).map(|facts| facts.priority)), *id));
    let mut unproven: Vec<EntryId> = k
        .listed(Kind::Practice)
        .filter(|id| !k.is_retired(*id) && k.practice(*id).is_some_and(|facts| facts.maturity == Maturity::Initial))
        .collect();
    unproven.sort_by_key(|id| (std::cmp::Reverse(k.entry(*id).practice().map(|practice| practice.grade())), *id));
    let line = |code: &'static str, key: &str, id: EntryId| Missing {
        code,
        what: desk.t.say(&format!("say.gap_{key}"), &[("title", &k.entry(id).title)]),
        ask: Some(desk.t.get(&format!("say.gap_{key}_ask")).to_owned()),
        path: Some(desk.entry_path(id)),
        url: None,
    };
    let mut questions = questions.into_iter().map(|id| line("no-answer", "question", id));
    gaps.extend(questions.next());
    gaps.extend(bare.first().map(|id| line("no-practice", "topic", *id)));
    gaps.extend(unproven.first().map(|id| line("no-case-study", "practice", *id)));
    gaps.extend(questions);
    let mut silent: Vec<EntryId> =
        k.listed(Kind::Topic).filter(|id| k.topic(*id).is_some_and(|facts| facts.priority > 0 && facts.total() == 0)).collect();
    silent.sort_by_key(|id| (std::cmp::Reverse(k.topic(*id).map(|facts| facts.priority)), *id));
    gaps.extend(silent.first().map(|id| line("no-entry", "silent", *id)));
    let unwritten = k.unwritten().find_map(|occasion| match occasion {
        Occasion::Session(id) => Some(id),
        Occasion::Planned { .. } => None,
    });
    gaps.extend(unwritten.map(|id| line("no-notes", "session", id)));
    if gaps.is_empty() && !k.has(Kind::Practice) && !k.has(Kind::Question) {
        gaps.push(Missing {
            code: "no-entry",
            what: desk.t.get("say.gap_nothing").to_owned(),
            ask: Some(desk.t.get("say.gap_nothing_ask").to_owned()),
            path: None,
            url: None,
        });
    }
    gaps.truncate(GAPS);
    gaps
}
