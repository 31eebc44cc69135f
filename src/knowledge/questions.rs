//! Questions in time: how far each is answered, and how long that took.

use super::{EntryId, Knowledge};
use crate::entries::front_matter::question::QuestionStatus;
use crate::time::{Date, days_between};

impl Knowledge {
    /// The listed entries that answer a question.
    pub fn answers(&self, id: EntryId) -> Vec<EntryId> {
        let named = self.entry(id).question().map(|question| self.targets(id, &question.answers)).unwrap_or_default();
        named.into_iter().filter(|answer| self.is_listed(*answer)).collect()
    }

    /// How far a question is answered, for those who see this build: an answer that only entries in no list give is none.
    pub fn question_status(&self, id: EntryId) -> Option<QuestionStatus> {
        let question = self.entry(id).question()?;
        let seen = question.answer.is_some() || !self.answers(id).is_empty();
        Some(question.status_with(seen))
    }

    /// Whether a question still waits for an answer, or for the rest of one.
    pub fn is_open_question(&self, id: EntryId) -> bool {
        matches!(self.question_status(id), Some(QuestionStatus::Open | QuestionStatus::Partly))
    }

    /// The day a question was asked: `asked_on`, else the day of its entry.
    pub fn asked_on(&self, id: EntryId) -> Option<Date> {
        let entry = self.entry(id);
        entry.question()?.asked_on.as_ref().map(|on| on.value).or(entry.date)
    }

    /// How many times a question was asked: `asks`, else once.
    pub fn times_asked(&self, id: EntryId) -> i64 {
        self.entry(id).question().and_then(|question| question.asks.as_ref()).map_or(1, |asks| asks.value)
    }

    /// The day an answered question was answered, as far as that can be told: the first day, not before the question was
    /// asked, of an entry that answers it; else the newest of the days on which somebody looked; else that of its
    /// `updated`. Where all that answers it is older than the question, the day it was asked.
    pub fn answered_on(&self, id: EntryId) -> Option<Date> {
        if self.question_status(id) != Some(QuestionStatus::Answered) {
            return None;
        }
        let asked = self.asked_on(id)?;
        let entry = self.entry(id);
        let question = entry.question()?;
        let answers: Vec<Date> = self.answers(id).into_iter().filter_map(|answer| self.day(answer)).collect();
        if let Some(first) = answers.iter().copied().filter(|day| *day >= asked).min() {
            return Some(first);
        }
        let looked = question.checked.iter().filter_map(|look| look.on.as_ref()).map(|on| on.value).filter(|day| *day >= asked).max();
        let updated = entry.common.updated.as_ref().map(|updated| updated.value).filter(|day| *day >= asked);
        looked.or(updated).or((!answers.is_empty()).then_some(asked))
    }

    /// Days from asking to answering, where both are known.
    pub fn days_to_answer(&self, id: EntryId) -> Option<i64> {
        Some(days_between(self.asked_on(id)?, self.answered_on(id)?))
    }
}
