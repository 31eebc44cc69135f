//! What stands in a cell, what it measures, and which gaps that makes.

use super::exact::{Exact, share, whole};
use super::letters::{Gap, Gaps};
use crate::entries::front_matter::session::MaterialKind;
use crate::kinds::Kind;
use crate::knowledge::calendar::Occasion;
use crate::knowledge::freshness::FreshnessState;
use crate::knowledge::practices::Maturity;
use crate::knowledge::references::Part as Role;
use crate::knowledge::{EntryId, Knowledge};
use crate::time::{Date, days_between};

/// How many days a question may stay open before it is a gap.
pub const PATIENCE: i64 = 90;

/// How many open questions make the demand whole.
pub const MANY_QUESTIONS: i64 = 3;

/// How many sessions, case studies and resources should have come to a practice.
pub const MUCH: usize = 3;

/// The grade below which evidence is thin, and that from which a practice should be in use.
pub const GOOD_GRADE: i64 = 2;
pub const STRONG_GRADE: i64 = 3;

/// Whether a cell counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    /// The community lives with its gaps for now: the number of the acceptance in the map.
    Accepted(usize),
    /// It makes no sense: the number of the reason in the map.
    NotApplicable(usize),
}

/// What a map needs to know of an entry that is supply, found out once.
#[derive(Debug, Clone)]
pub struct Supply {
    pub kind: Kind,
    pub weight: i64,
    pub freshness: FreshnessState,
    pub day: Option<Date>,
    /// Sorted, like all lists here.
    pub organizations: Vec<EntryId>,
    pub voices: Vec<EntryId>,
    /// Authors, facilitators and speakers.
    pub people: Vec<EntryId>,
    /// Of a practice: its best evidence.
    pub grade: Option<i64>,
    /// Of a practice: current, and tried by somebody.
    pub stands: bool,
    /// Of a practice of strong evidence: that no case study names it.
    pub unused: bool,
    /// Current practices that it contradicts, or that contradict it.
    pub against: Vec<EntryId>,
    /// A recording without captions or transcript.
    pub closed: bool,
}

impl Supply {
    pub fn of(k: &Knowledge, id: EntryId, weight: i64) -> Supply {
        let entry = k.entry(id);
        let facts = k.facts(id);
        let (mut organizations, mut people) = (Vec::new(), Vec::new());
        for (role, who) in k.named(id).iter().filter(|(_, who)| k.is_listed(*who)) {
            match role {
                Role::Organization | Role::SpeakerOrganization => organizations.push(*who),
                Role::Author | Role::Facilitator | Role::Speaker => people.push(*who),
                _ => {}
            }
        }
        people.retain(|who| k.kind(*who) == Kind::Person);
        for list in [&mut organizations, &mut people] {
            list.sort_unstable();
            list.dedup();
        }
        let is_current = |id: EntryId| k.facts(id).freshness.is_current();
        let practice = k.practice(id);
        let grade = entry.practice().map(|practice| i64::from(practice.grade()));
        let contradicts =
            practice.filter(|_| is_current(id)).map(|facts| facts.contradicted_by.iter().copied().filter(|other| is_current(*other)));
        Supply {
            kind: entry.kind,
            weight,
            freshness: facts.freshness.state,
            day: k.day(id),
            organizations,
            voices: k.speaking(id),
            people,
            grade,
            stands: practice.is_some_and(|facts| is_current(id) && facts.maturity >= Maturity::Documented),
            unused: grade.is_some_and(|grade| grade >= STRONG_GRADE)
                && k.referring(id, Role::Tried).all(|from| k.kind(from) != Kind::CaseStudy),
            against: contradicts.into_iter().flatten().collect(),
            closed: entry.session().is_some_and(|session| {
                let has = |kind| session.materials.iter().any(|material| material.kind.as_ref().is_some_and(|has| has.value == kind));
                has(MaterialKind::Recording) && !has(MaterialKind::Captions) && !has(MaterialKind::Transcript)
            }),
        }
    }
}

/// How much of its weight an entry counts for, in quarters: current 4, due or undated 3, overdue 1, expired 0.
pub const fn quarters(freshness: FreshnessState) -> i64 {
    match freshness {
        FreshnessState::Current | FreshnessState::Exempt => 4,
        FreshnessState::Due | FreshnessState::Undated => 3,
        FreshnessState::Overdue => 1,
        FreshnessState::Expired => 0,
    }
}

/// One entry in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub entry: EntryId,
    /// An entry that is only inferred to belong here has half its weight.
    pub certain: bool,
}

/// One cell of a map.
#[derive(Debug, Clone)]
pub struct Cell {
    pub row: usize,
    pub column: usize,
    pub state: State,
    /// Whether its row or its column only brings together what is below: it is in no register and no total.
    pub group: bool,
    /// From 0 to 3: the larger of its row's and its column's, 1 where neither has one.
    pub priority: u8,
    /// What is known, by kind and id.
    pub supply: Vec<Standing>,
    /// Sessions to come.
    pub planned: Vec<Occasion>,
    /// What is asked; where columns are kinds, the questions of the row stand in the practice column.
    pub questions: Vec<EntryId>,
    pub measures: Measures,
    pub gaps: Gaps,
}

/// What a cell measures.
#[derive(Debug, Clone, Default)]
pub struct Measures {
    /// The weight wanted at its priority.
    pub target: i64,
    /// Σ weight × freshness, in eighths: a certain, current entry counts 8 for each of its weight.
    pub value: i64,
    /// Σ weight, in halves.
    pub weight: i64,
    /// Σ weight of what is overdue or expired, in halves.
    pub stale: i64,
    pub certain: usize,
    pub organizations: Vec<EntryId>,
    pub voices: Vec<EntryId>,
    pub required_voices: Vec<EntryId>,
    pub missing_voices: Vec<EntryId>,
    /// Who knows, and those of them who are still there.
    pub people: Vec<EntryId>,
    pub experts: Vec<EntryId>,
    pub first: Option<Date>,
    pub latest: Option<Date>,
    /// The best evidence of its practices; none without practices.
    pub grade: Option<i64>,
    /// The day the oldest of its open questions was asked.
    pub oldest: Option<Date>,
    pub coverage: Exact,
    pub demand: Exact,
    pub risk: Exact,
    pub score: Exact,
}

impl Cell {
    pub fn n(&self) -> usize {
        self.supply.len()
    }

    /// How many of a kind are known.
    pub fn of_kind(&self, k: &Knowledge, kind: Kind) -> usize {
        self.supply.iter().filter(|standing| k.entry(standing.entry).kind == kind).count()
    }

    /// Whether it is in the register if it has gaps, in totals and under the gate.
    pub fn counts(&self) -> bool {
        !self.group && !matches!(self.state, State::NotApplicable(_))
    }

    /// Gaps that nobody has accepted.
    pub fn open_gaps(&self) -> Gaps {
        if self.counts() && self.state == State::Open { self.gaps } else { Gaps::default() }
    }

    /// The day its age counts from: that on which its oldest open question was asked, else that of its latest entry.
    pub fn since(&self) -> Option<Date> {
        self.measures.oldest.or(self.measures.latest)
    }

    /// Its age in days. What is published says the day instead: it stays true overnight.
    pub fn age(&self, today: Date) -> Option<i64> {
        self.since().map(|since| days_between(since, today).max(0))
    }
}

/// C: the share of what is wanted that is there, `min(1, Σ weight × freshness ⁄ target)`; 1 where nothing is wanted.
pub fn coverage(value_in_eighths: i64, target: i64) -> Exact {
    if target == 0 { whole(1) } else { share(value_in_eighths, 8 * target).min(whole(1)) }
}

/// D: how loudly it is asked for, `min(1, open questions ⁄ 3)`.
pub fn demand(questions: usize) -> Exact {
    share(questions as i64, MANY_QUESTIONS).min(whole(1))
}

/// R: the mean of the stale share, the share of required voices that are missing, and 1 where all comes from one
/// organization; a share of nothing is 0.
pub fn risk(stale: i64, weight: i64, missing: usize, required: usize, single_source: bool) -> Exact {
    (share(stale, weight) + share(missing as i64, required as i64) + whole(i64::from(single_source))) / whole(3)
}

/// 100 × (0.5 × (P ⁄ 3) × (1 − C) + 0.3 × D + 0.2 × R): from 0, all is well, to 100.
pub fn score(priority: u8, coverage: Exact, demand: Exact, risk: Exact) -> Exact {
    let need = share(i64::from(priority), 3) * (whole(1) - coverage);
    need * whole(50) + demand * whole(30) + risk * whole(20)
}

/// What is needed to measure a cell besides what stands in it.
pub struct Surroundings<'a> {
    pub k: &'a Knowledge,
    /// What is known of each entry that is supply.
    pub supply: &'a dyn Fn(EntryId) -> &'a Supply,
    pub target: i64,
    /// Voices that its map, its row and its column require; sorted.
    pub required_voices: Vec<EntryId>,
    /// People whose expertise is its row or its column; sorted.
    pub experts: Vec<EntryId>,
    /// Where columns are kinds: everything known in the row, for what is asked of the row as a whole, in the practice
    /// column; nothing in the other columns. None where columns are something else.
    pub row: Option<&'a [EntryId]>,
}

impl Cell {
    /// Measures it, and finds its gaps.
    pub fn measure(&mut self, around: Surroundings) {
        let k = around.k;
        let known: Vec<(&Supply, bool)> = self.supply.iter().map(|standing| ((around.supply)(standing.entry), standing.certain)).collect();
        let mut m = Measures { target: around.target, ..Measures::default() };
        for (supply, certain) in &known {
            let halves = supply.weight * if *certain { 2 } else { 1 };
            m.value += halves * quarters(supply.freshness);
            m.weight += halves;
            m.stale += if supply.freshness.is_overdue() { halves } else { 0 };
            m.certain += usize::from(*certain);
            m.organizations.extend(&supply.organizations);
            m.voices.extend(&supply.voices);
            m.people.extend(&supply.people);
            m.grade = m.grade.max(supply.grade);
        }
        m.people.extend(&around.experts);
        for list in [&mut m.organizations, &mut m.voices, &mut m.people] {
            list.sort_unstable();
            list.dedup();
        }
        m.experts = m.people.iter().copied().filter(|who| k.left_on(*who).is_none()).collect();
        m.missing_voices = around.required_voices.iter().copied().filter(|voice| m.voices.binary_search(voice).is_err()).collect();
        m.required_voices = around.required_voices;
        m.first = known.iter().filter_map(|(supply, _)| supply.day).min();
        m.latest = known.iter().filter_map(|(supply, _)| supply.day).max();
        m.oldest = self.questions.iter().filter_map(|id| k.asked_on(*id)).min();
        let single = !known.is_empty() && m.organizations.len() == 1;
        m.coverage = coverage(m.value, m.target);
        m.demand = demand(self.questions.len());
        m.risk = risk(m.stale, m.weight, m.missing_voices.len(), m.required_voices.len(), single);
        m.score = score(self.priority, m.coverage, m.demand, m.risk);

        let some = !known.is_empty();
        let mut gaps = Gaps::default();
        gaps.note(Gap::Absolute, !some && self.priority >= 1);
        gaps.note(Gap::Thin, some && m.coverage < Exact::new(1, 2));
        gaps.note(Gap::Stale, some && 2 * m.stale >= m.weight && m.weight > 0);
        gaps.note(Gap::Unanswered, self.questions.iter().any(|id| waits_too_long(k, *id)));
        gaps.note(Gap::MissingVoice, some && !m.missing_voices.is_empty());
        gaps.note(Gap::AtRisk, single || (m.people.len() == 1 && m.experts.is_empty()));
        gaps.note(Gap::Access, known.iter().any(|(supply, _)| supply.closed));
        gaps.note(Gap::Shortfall, self.priority >= 2 && m.coverage < whole(1));
        match around.row {
            None => {
                let all: Vec<EntryId> = self.supply.iter().map(|standing| standing.entry).collect();
                together(&all, around.supply, &mut gaps);
            }
            Some(all) => together(all, around.supply, &mut gaps),
        }
        self.measures = m;
        self.gaps = gaps;
    }
}

/// The gaps that show only in what several entries say together.
fn together<'a>(ids: &[EntryId], supply: &'a dyn Fn(EntryId) -> &'a Supply, gaps: &mut Gaps) {
    let all: Vec<(EntryId, &Supply)> = ids.iter().map(|id| (*id, supply(*id))).collect();
    let practices = || all.iter().filter(|(_, supply)| supply.kind == Kind::Practice);
    let said = all.len() - practices().count();
    gaps.note(Gap::Synthesis, said >= MUCH && !practices().any(|(_, supply)| supply.stands));
    let best = practices().filter_map(|(_, supply)| supply.grade).max();
    gaps.note(Gap::Evidence, best.is_some_and(|grade| grade < GOOD_GRADE));
    gaps.note(Gap::Use, practices().any(|(_, supply)| supply.unused));
    let here = |other: &EntryId| practices().any(|(id, _)| id == other);
    gaps.note(Gap::Conflicting, practices().any(|(_, supply)| supply.against.iter().any(here)));
}

/// Whether a question has been open for more than 90 days, or is past the day it was needed by.
pub fn waits_too_long(k: &Knowledge, id: EntryId) -> bool {
    let needed = k.entry(id).question().and_then(|question| question.needed_by.as_ref());
    k.asked_on(id).is_some_and(|asked| days_between(asked, k.today) > PATIENCE) || needed.is_some_and(|day| day.value < k.today)
}
