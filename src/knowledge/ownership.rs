//! What people look after: reviews, topics, questions, promises, sessions and roles.

use super::freshness::FreshnessState;
use super::references::{self, Part};
use super::sessions::{SeriesState, SessionState};
use super::{EntryId, Knowledge};
use crate::entries::front_matter::Own;
use crate::findings::{Finding, Place, catalogue};
use crate::kinds::Kind;
use crate::words;
use std::collections::HashSet;

words! {
    /// What somebody answers for in an entry.
    Duty {
        /// It is reviewed by them.
        Review = "review",
        /// They see to an answer, and there is none yet, or not the whole of it.
        Question = "question",
        /// They look after the topic.
        Steward = "steward",
        /// They promised something, and it is not done.
        Commitment = "commitment",
        /// They lead or speak in a session that is still to come, or lead those of a series that is not over.
        Session = "session",
        /// They have a role in a community.
        Role = "role",
    }
}

/// One thing that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    pub duty: Duty,
    pub entry: EntryId,
    /// Where the entry names them.
    pub at: Place,
    /// Of commitments and roles: which of the entry's.
    pub index: usize,
}

impl Knowledge {
    /// The person who looks after an entry: whoever is named for its reviews, else for its answer, else for the topic.
    pub fn owner_of(&self, id: EntryId) -> Option<EntryId> {
        let entry = self.entry(id);
        let named = entry.common.review.as_ref().and_then(|review| review.owner.as_ref());
        let own = match &entry.own {
            Own::Question(question) => question.owner.as_ref(),
            Own::Topic(topic) => topic.steward.as_ref(),
            _ => None,
        };
        named.or(own).and_then(|owner| self.target(id, owner))
    }

    /// Whom to ask about an entry: whoever looks after it, or, where they have left, their successor.
    pub fn whom_to_ask(&self, id: EntryId) -> Option<EntryId> {
        let owner = self.owner_of(id)?;
        if self.left_on(owner).is_none() {
            return Some(owner);
        }
        self.successor_of(owner).filter(|successor| self.left_on(*successor).is_none())
    }

    pub fn successor_of(&self, person: EntryId) -> Option<EntryId> {
        self.target(person, self.entry(person).person()?.successor.as_ref()?)
    }

    /// Everything a person still answers for, by sort and then by entry. Entries that are not shown in this build count
    /// too: whoever takes over has to know of them.
    pub fn owned_by(&self, person: EntryId) -> Vec<Owned> {
        let mut owned = Vec::new();
        for id in self.ids() {
            self.owned_in(id, Some(person), &mut |_, found| owned.push(found));
        }
        owned.sort_by_key(|owned| (owned.duty as u8, owned.entry, owned.index, owned.at.span.start));
        owned
    }

    /// Tells what people who have left still answer for.
    pub(super) fn check_owners(&self, findings: &mut Vec<Finding>) {
        let gone: HashSet<EntryId> = self.of_kind(Kind::Person).filter(|person| self.left_on(*person).is_some()).collect();
        for id in self.ids().filter(|id| self.named(*id).iter().any(|(_, to)| gone.contains(to))) {
            self.owned_in(id, None, &mut |person, owned| {
                let Some(left) = self.left_on(person) else { return };
                let successor = self.successor_of(person).map(|successor| self.entry(successor).id.as_str());
                findings.push(catalogue::owner_has_left(
                    owned.at,
                    &self.entry(person).title,
                    &left.to_string(),
                    owned.duty.word(),
                    successor,
                ));
            });
        }
    }

    /// Goes through what people answer for in one entry.
    fn owned_in(&self, id: EntryId, only: Option<EntryId>, visit: &mut dyn FnMut(EntryId, Owned)) {
        let entry = self.entry(id);
        let mut roles = 0;
        references::each(entry, &mut |reference, _, part| {
            let (duty, index) = match part {
                // What is kept for the record is not reviewed any more.
                Part::ReviewOwner if self.facts(id).freshness.state != FreshnessState::Exempt => (Duty::Review, 0),
                Part::Owner if self.is_open_question(id) => (Duty::Question, 0),
                Part::Steward => (Duty::Steward, 0),
                Part::Promise => {
                    let commitments = entry.session().map_or(&[][..], |session| &session.commitments);
                    // The reference itself does not say which of them it stands in.
                    let at = commitments.iter().position(|of| of.by.iter().any(|by| by.span == reference.span));
                    match at.filter(|at| commitments[*at].done.is_none()) {
                        Some(at) => (Duty::Commitment, at),
                        None => return,
                    }
                }
                Part::Facilitator | Part::Speaker if self.is_to_come(id) => (Duty::Session, 0),
                Part::Role => {
                    roles += 1;
                    (Duty::Role, roles - 1)
                }
                _ => return,
            };
            let person = self.target(id, reference).filter(|who| self.kind(*who) == Kind::Person);
            if let Some(person) = person.filter(|person| only.is_none_or(|only| only == *person)) {
                visit(person, Owned { duty, entry: id, at: Place::new(&entry.at.file, reference.span), index });
            }
        });
    }

    /// Whether a session is still to come, or a series is not over.
    fn is_to_come(&self, id: EntryId) -> bool {
        match self.kind(id) {
            // What was put off or has no day yet needs somebody most.
            Kind::Session => self.session(id).is_some_and(|facts| !matches!(facts.state, SessionState::Held | SessionState::Cancelled)),
            Kind::Series => self.series(id).is_some_and(|facts| matches!(facts.state, SeriesState::Announced | SeriesState::Running)),
            _ => false,
        }
    }
}
