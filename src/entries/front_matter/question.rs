//! A question: something the community asked, with what was looked at and what answers it.

use super::Text;
use crate::fields::{Fields, Ref};
use crate::findings::At;
use crate::kinds::Kind;
use crate::time::Date;
use crate::words;

words! {
    /// What is asked for.
    Ask {
        Information = "information",
        Experience = "experience",
        Problem = "problem",
        Evidence = "evidence",
        Resource = "resource",
        Decision = "decision",
    }
}

words! {
    /// How far it is answered.
    QuestionStatus {
        Open = "open",
        Partly = "partly",
        Answered = "answered",
        /// It had been answered before it was asked: the answer was not found.
        AlreadyKnown = "already-known",
        Parked = "parked",
    }
}

#[derive(Debug, Clone, Default)]
pub struct Question {
    pub ask: Option<At<Ask>>,
    pub asked_on: Option<At<Date>>,
    pub asked_in: Option<Ref>,
    pub asked_by: Option<Ref>,
    /// How many times it was asked.
    pub asks: Option<At<i64>>,
    pub needed_by: Option<At<Date>>,
    pub status: Option<At<QuestionStatus>>,
    /// Entries that answer it, as `folder/id`.
    pub answers: Vec<Ref>,
    pub answer: Option<Text>,
    pub checked: Vec<Look>,
    pub owner: Option<Ref>,
}

/// One look for an answer.
#[derive(Debug, Clone)]
pub struct Look {
    pub on: Option<At<Date>>,
    pub by: Option<Ref>,
    pub place: Option<Text>,
    pub found: Option<Text>,
}

impl Question {
    pub fn read(f: &mut Fields) -> Question {
        Question {
            ask: f.word("ask", "What is asked for."),
            asked_on: f.date("asked_on", "The day it was asked."),
            asked_in: f.reference("asked_in", Kind::Session, "The session it was asked in."),
            asked_by: f.reference("asked_by", Kind::Voice, "The stakeholder group that asked."),
            asks: f.integer("asks", 1, i64::MAX, "How many times it was asked."),
            needed_by: f.date("needed_by", "The day by which an answer is needed."),
            status: f.word("status", "How far it is answered; else it follows from whether there is an answer."),
            answers: f.any_references("answers", "Entries that answer it, as `folder/id`."),
            answer: f.text("answer", "The answer, in a sentence or two."),
            checked: f.tables("checked", "Where somebody looked for an answer.", |f| Look {
                on: f.date("on", "The day."),
                by: f.reference("by", Kind::Person, "Who looked."),
                place: f.text("where", "Where they looked."),
                found: f.text("found", "What they found."),
            }),
            owner: f.reference("owner", Kind::Person, "Who sees to an answer."),
        }
    }

    pub fn has_answer(&self) -> bool {
        self.answer.is_some() || !self.answers.is_empty()
    }

    /// The status said, else *answered* where there is an answer and *open* where not.
    pub fn status(&self) -> QuestionStatus {
        self.status_with(self.has_answer())
    }

    /// The same for readers who see an answer, or see none.
    pub fn status_with(&self, answer: bool) -> QuestionStatus {
        match &self.status {
            Some(said) => said.value,
            None if answer => QuestionStatus::Answered,
            None => QuestionStatus::Open,
        }
    }
}
