//! Who knows: the people and organizations behind each topic, and where knowledge hangs on one of them.

use super::references::Part;
use super::{ById, EntryId, Knowledge, each_once, topics};
use crate::entries::front_matter::Own;
use crate::kinds::Kind;
use crate::time::Date;
use crate::words;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Why somebody is said to know about a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knower {
    /// A person or an organization.
    pub who: EntryId,
    /// The person names the topic, or one below it, as expertise.
    pub expertise: bool,
    /// Case studies about it or below it, by the person or of the organization.
    pub case_studies: u32,
    /// Sessions about it or below it in which they spoke or will speak.
    pub sessions: u32,
    /// One of the case studies says that they are willing to talk.
    pub willing: bool,
    /// The day the person left, where it has come.
    pub left: Option<Date>,
}

impl Knower {
    fn new(who: EntryId, left: Option<Date>) -> Knower {
        Knower { who, expertise: false, case_studies: 0, sessions: 0, willing: false, left }
    }
}

words! {
    /// How safe the knowledge of a topic is.
    Hold {
        /// Nobody is known to know.
        Nobody = "nobody",
        /// Everybody who is known to know has left.
        Gone = "gone",
        /// One person, or one organization with its people.
        Alone = "alone",
        Shared = "shared",
    }
}

/// Who knows about what.
#[derive(Debug, Default)]
pub struct Knowers {
    /// By topic, what is below it included: the surest first.
    by_topic: ById<Vec<Knower>>,
    /// The listed topics of each person and organization, what they know most about first.
    topics: ById<Vec<EntryId>>,
}

impl Knowledge {
    /// Who knows about a topic or anything below it: those who are still there first, then by how much shows it.
    pub fn knowers(&self, topic: EntryId) -> &[Knower] {
        self.people().knowers.by_topic.get(&topic).map_or(&[], Vec::as_slice)
    }

    /// The listed topics a person or an organization knows about, those with most to show first.
    pub fn known_by(&self, who: EntryId) -> &[EntryId] {
        self.people().knowers.topics.get(&who).map_or(&[], Vec::as_slice)
    }

    /// What shows that somebody knows about a topic.
    pub fn knower(&self, topic: EntryId, who: EntryId) -> Option<&Knower> {
        self.knowers(topic).iter().find(|knower| knower.who == who)
    }

    /// How safe the knowledge of a topic is. People stand with their organization: two colleagues are one house.
    pub fn hold(&self, topic: EntryId) -> Hold {
        let knowers = self.knowers(topic);
        let mut houses: Vec<EntryId> =
            knowers.iter().filter(|knower| knower.left.is_none()).map(|knower| self.house_of(knower.who)).collect();
        houses.sort_unstable();
        houses.dedup();
        match (houses.len(), knowers.is_empty()) {
            (0, true) => Hold::Nobody,
            (0, false) => Hold::Gone,
            (1, _) => Hold::Alone,
            _ => Hold::Shared,
        }
    }

    /// The organization of a person, as far as it is listed, else they themselves.
    fn house_of(&self, who: EntryId) -> EntryId {
        let organization = self.entry(who).person().and_then(|person| self.target(who, person.organization.as_ref()?));
        organization.filter(|organization| self.is_listed(*organization)).unwrap_or(who)
    }

    /// The day a person left, where it has come.
    pub fn left_on(&self, person: EntryId) -> Option<Date> {
        let left = self.entry(person).person()?.left_on.as_ref()?.value;
        (left <= self.today).then_some(left)
    }

    pub(super) fn reckon_knowers(&self) -> Knowers {
        let mut by_topic: ById<BTreeMap<EntryId, Knower>> = ById::default();
        let mut note = |topics: &[EntryId], who: EntryId, write: &dyn Fn(&mut Knower)| {
            for topic in topics {
                write(by_topic.entry(*topic).or_default().entry(who).or_insert_with(|| Knower::new(who, self.left_on(who))));
            }
        };
        for person in self.listed(Kind::Person) {
            let expertise = self.entry(person).person().map(|own| self.targets(person, &own.expertise)).unwrap_or_default();
            note(&topics::with_all_above(self, &expertise), person, &|knower| knower.expertise = true);
        }
        let telling = |ids: Vec<EntryId>, parts: &'static [Part]| -> Vec<(EntryId, Vec<EntryId>, Vec<EntryId>)> {
            let telling = |id| (id, topics::with_all_above(self, &self.said(id).topics), self.knowing(id, parts));
            ids.into_par_iter().map(telling).collect()
        };
        for (case, above, who) in telling(self.listed(Kind::CaseStudy).collect(), &[Part::Author, Part::Organization]) {
            let Own::CaseStudy(own) = &self.entry(case).own else { continue };
            for who in who {
                note(&above, who, &|knower| {
                    knower.case_studies += 1;
                    knower.willing |= own.willing_to_talk;
                });
            }
        }
        let sessions = self.listed(Kind::Session).filter(|id| !self.is_called_off(*id)).collect();
        for (_, above, who) in telling(sessions, &[Part::Speaker, Part::SpeakerOrganization]) {
            for who in who {
                note(&above, who, &|knower| knower.sessions += 1);
            }
        }
        let mut shown: ById<Vec<(u32, EntryId)>> = ById::default();
        for (topic, knowers) in by_topic.iter().filter(|(topic, _)| self.is_listed(**topic)) {
            for knower in knowers.values() {
                let weight = u32::from(knower.expertise) + knower.case_studies + knower.sessions;
                shown.entry(knower.who).or_default().push((weight, *topic));
            }
        }
        let most_first = |mut topics: Vec<(u32, EntryId)>| {
            topics.sort_unstable_by_key(|(weight, topic)| (std::cmp::Reverse(*weight), self.by_title(*topic)));
            topics.into_iter().map(|(_, topic)| topic).collect()
        };
        Knowers {
            topics: shown.into_iter().map(|(who, topics)| (who, most_first(topics))).collect(),
            by_topic: by_topic.into_iter().map(|(topic, knowers)| (topic, self.surest_first(knowers))).collect(),
        }
    }

    /// The listed people and organizations that an entry names in some parts, each once.
    pub fn knowing(&self, id: EntryId, parts: &[Part]) -> Vec<EntryId> {
        let knows = |(part, who): &&(Part, EntryId)| parts.contains(part) && self.is_listed(*who);
        each_once(self.named(id).iter().filter(knows).map(|(_, who)| *who))
    }

    fn surest_first(&self, knowers: BTreeMap<EntryId, Knower>) -> Vec<Knower> {
        let mut knowers: Vec<Knower> = knowers.into_values().collect();
        knowers.sort_unstable_by_key(|knower| {
            let shown = std::cmp::Reverse(knower.case_studies + knower.sessions);
            (knower.left.is_some(), !knower.expertise, shown, self.by_title(knower.who))
        });
        knowers
    }
}
