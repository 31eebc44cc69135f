//! Entries worth reading next, each with the reason.

use super::references::Part;
use super::{EntryId, Knowledge};
use crate::entries::front_matter::Own;
use crate::kinds::Kind;
use crate::words;

words! {
    /// Why an entry is worth reading beside another.
    Reason {
        /// Somebody wrote it under `related`.
        Named = "named",
        SamePractice = "same-practice",
        TriedHere = "tried-here",
        SameQuestion = "same-question",
        SameSeries = "same-series",
        /// More than one topic.
        SameTopics = "same-topics",
        SameTopic = "same-topic",
    }
}

/// How many of those that mention an entry are sure to stand on its page.
const MENTIONS: usize = 12;

/// How many entries are worth naming.
const MOST: usize = 5;

/// How many entries of a long list are looked at: those nearest in time. It bounds the work on one page, however
/// large the site.
const NEAREST: usize = 16;

/// How many sessions before and after one in its series are looked at.
const NEIGHBOURS: usize = 3;

/// What each reason weighs; reasons of one pair add up.
fn weight(reason: Reason) -> u32 {
    match reason {
        Reason::Named => 100,
        Reason::SameQuestion => 14,
        Reason::SamePractice | Reason::TriedHere => 12,
        Reason::SameSeries => 4,
        Reason::SameTopic | Reason::SameTopics => 3,
    }
}

/// How many of the best may be of one kind, so that a session leads to practices and case studies too.
const OF_ONE_KIND: usize = 3;

/// The entries most worth reading beside one, best first, each with its strongest reason.
pub fn to(knowledge: &Knowledge, id: EntryId) -> Vec<(EntryId, Reason)> {
    let entry = knowledge.entry(id);
    let mut found = Candidates { knowledge, id, scores: Vec::new() };
    for to in knowledge.targets(id, &entry.common.related).into_iter().chain(knowledge.referring(id, Part::Related)) {
        found.add(to, Reason::Named);
    }
    match &entry.own {
        Own::CaseStudy(case_study) => {
            for practice in knowledge.targets(id, &case_study.practices) {
                let others = knowledge.practice(practice).map_or(&[][..], |facts| &facts.case_studies);
                found.add_nearest(others, Reason::SamePractice);
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
                let at = series.sessions.iter().position(|other| *other == id).unwrap_or(0);
                let start = at.saturating_sub(NEIGHBOURS);
                for other in series.sessions.iter().skip(start).take(2 * NEIGHBOURS + 1) {
                    found.add(*other, Reason::SameSeries);
                }
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
    for topic in knowledge.said(id).topics.iter() {
        found.add_nearest(knowledge.topic(*topic).map_or(&[][..], |facts| &facts.entries), Reason::SameTopic);
    }
    found.best()
}

struct Candidates<'a> {
    knowledge: &'a Knowledge,
    id: EntryId,
    scores: Vec<(EntryId, Reason)>,
}

impl Candidates<'_> {
    fn add(&mut self, id: EntryId, reason: Reason) {
        if id != self.id {
            self.scores.push((id, reason));
        }
    }

    /// Adds the entries of a list, newest first, that are nearest to this one in it.
    fn add_nearest(&mut self, list: &[EntryId], reason: Reason) {
        let rank = self.knowledge.rank(self.id);
        let at = list.partition_point(|other| self.knowledge.rank(*other) < rank);
        let start = at.saturating_sub(NEAREST / 2).min(list.len().saturating_sub(NEAREST));
        for other in &list[start..list.len().min(start + NEAREST)] {
            self.add(*other, reason);
        }
    }

    fn best(mut self) -> Vec<(EntryId, Reason)> {
        let knowledge = self.knowledge;
        self.scores.sort_unstable();
        let mut best: Vec<(u32, EntryId, Reason)> = Vec::new();
        for reasons in self.scores.chunk_by(|a, b| a.0 == b.0) {
            let other = reasons[0].0;
            let score: u32 = reasons.iter().map(|(_, reason)| weight(*reason)).sum();
            let strongest = reasons.iter().map(|(_, reason)| *reason).max_by_key(|reason| weight(*reason)).unwrap_or(Reason::SameTopic);
            let topics = reasons.iter().filter(|(_, reason)| *reason == Reason::SameTopic).count();
            let reason = if strongest == Reason::SameTopic && topics > 1 { Reason::SameTopics } else { strongest };
            best.push((score, other, reason));
        }
        best.retain(|(_, other, _)| {
            let kind = knowledge.kind(*other);
            let mentions = &knowledge.mentioned_by(self.id);
            // What mentions it stands on its page already.
            let shown = mentions.iter().take(MENTIONS).any(|mention| mention == other);
            !shown && knowledge.is_listed(*other) && !knowledge.is_retired(*other) && !matches!(kind, Kind::Topic | Kind::Voice)
        });
        // Equals stand in the order of how near they are in time, which their ranks tell.
        let here = knowledge.rank(self.id);
        best.sort_unstable_by_key(|(score, other, _)| (std::cmp::Reverse(*score), knowledge.rank(*other).abs_diff(here), *other));
        let mut kinds: Vec<Kind> = Vec::new();
        let mut chosen = Vec::with_capacity(MOST);
        for (_, other, reason) in best {
            let kind = knowledge.kind(other);
            let named = reason == Reason::Named;
            if chosen.len() < MOST && (named || kinds.iter().filter(|known| **known == kind).count() < OF_ONE_KIND) {
                kinds.push(kind);
                chosen.push((other, reason));
            }
        }
        chosen
    }
}
