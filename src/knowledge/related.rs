//! Entries worth reading next, each with the reason.

use super::references::Part;
use super::{EntryId, Knowledge};
use crate::entries::front_matter::Own;
use crate::kinds::Kind;
use crate::time::days_between;
use crate::words;
use std::collections::HashMap;

words! {
    /// Why an entry is worth reading beside another.
    Reason {
        /// Somebody wrote it under `related`.
        Named = "named",
        SamePractice = "same-practice",
        TriedHere = "tried-here",
        SameQuestion = "same-question",
        SameSeries = "same-series",
        SameTopics = "same-topics",
        SameTopic = "same-topic",
        SamePlace = "same-place",
    }
}

/// How many entries are worth naming.
const MOST: usize = 5;

/// How many entries of a long list are looked at: those nearest in time. It bounds the work on one page, however
/// large the site.
const NEAREST: usize = 40;

/// What each reason weighs; reasons of one pair add up.
fn weight(reason: Reason) -> u32 {
    match reason {
        Reason::Named => 100,
        Reason::SameQuestion => 14,
        Reason::SamePractice | Reason::TriedHere => 12,
        Reason::SameTopics => 6,
        Reason::SameSeries => 4,
        Reason::SameTopic => 3,
        Reason::SamePlace => 2,
    }
}

/// The entries most worth reading beside one, best first, each with its strongest reason.
pub fn to(knowledge: &Knowledge, id: EntryId) -> Vec<(EntryId, Reason)> {
    let entry = knowledge.entry(id);
    let mut found = Candidates { scores: HashMap::new() };
    for to in knowledge.targets(id, &entry.common.related).into_iter().chain(knowledge.referring(id, Part::Related)) {
        found.add(to, Reason::Named);
    }
    match &entry.own {
        Own::CaseStudy(case_study) => {
            for practice in knowledge.targets(id, &case_study.practices) {
                let others = knowledge.practice(practice).map_or(&[][..], |facts| &facts.case_studies);
                found.add_nearest(knowledge, id, others, Reason::SamePractice);
            }
        }
        Own::Practice(_) => {
            // Practices that were tried together.
            for case in knowledge.practice(id).map_or(&[][..], |facts| &facts.case_studies).iter().take(NEAREST) {
                if let Some(case_study) = knowledge.entry(*case).case_study() {
                    for practice in knowledge.targets(*case, &case_study.practices) {
                        found.add(practice, Reason::TriedHere);
                    }
                }
            }
        }
        Own::Session(_) => {
            if let Some(series) = knowledge.session(id).and_then(|facts| facts.series).and_then(|series| knowledge.series(series)) {
                found.add_nearest(knowledge, id, &series.sessions, Reason::SameSeries);
            }
        }
        _ => {}
    }
    for question in knowledge.referring(id, Part::Answer) {
        if let Some(own) = knowledge.entry(question).question() {
            for other in knowledge.targets(question, &own.answers) {
                found.add(other, Reason::SameQuestion);
            }
        }
    }
    let mut shared: HashMap<EntryId, u32> = HashMap::new();
    for topic in &knowledge.facts(id).topics {
        let about = knowledge.topic(*topic).map_or(&[][..], |facts| &facts.entries);
        for other in nearest(knowledge, id, about) {
            *shared.entry(other).or_default() += 1;
        }
    }
    for (other, count) in shared {
        found.add(other, if count > 1 { Reason::SameTopics } else { Reason::SameTopic });
    }
    found.best(knowledge, id)
}

struct Candidates {
    scores: HashMap<EntryId, (u32, Reason)>,
}

impl Candidates {
    fn add(&mut self, id: EntryId, reason: Reason) {
        let score = self.scores.entry(id).or_insert((0, reason));
        score.0 += weight(reason);
        if weight(reason) > weight(score.1) {
            score.1 = reason;
        }
    }

    fn add_nearest(&mut self, knowledge: &Knowledge, id: EntryId, list: &[EntryId], reason: Reason) {
        for other in nearest(knowledge, id, list) {
            self.add(other, reason);
        }
    }

    fn best(self, knowledge: &Knowledge, id: EntryId) -> Vec<(EntryId, Reason)> {
        let worth = |other: &EntryId| {
            let kind = knowledge.entry(*other).kind;
            *other != id && knowledge.is_listed(*other) && !knowledge.is_retired(*other) && !matches!(kind, Kind::Topic | Kind::Voice)
        };
        let here = knowledge.day(id);
        let mut best: Vec<(EntryId, u32, Reason)> =
            self.scores.into_iter().filter(|(other, _)| worth(other)).map(|(other, (score, reason))| (other, score, reason)).collect();
        best.sort_by_cached_key(|(other, score, _)| (std::cmp::Reverse(*score), distance(here, knowledge.day(*other)), *other));
        best.truncate(MOST);
        best.into_iter().map(|(other, _, reason)| (other, reason)).collect()
    }
}

fn distance(one: Option<crate::time::Date>, other: Option<crate::time::Date>) -> i64 {
    match (one, other) {
        (Some(one), Some(other)) => days_between(one, other).abs(),
        _ => i64::MAX,
    }
}

/// The entries of a list nearest in its order; lists are by id or by day, and both bring like together.
fn nearest(_: &Knowledge, id: EntryId, list: &[EntryId]) -> Vec<EntryId> {
    if list.len() <= NEAREST {
        return list.iter().copied().filter(|other| *other != id).collect();
    }
    let at = list.iter().position(|other| *other == id).unwrap_or(0);
    let start = at.saturating_sub(NEAREST / 2).min(list.len() - NEAREST);
    list[start..start + NEAREST].iter().copied().filter(|other| *other != id).collect()
}
