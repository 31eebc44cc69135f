//! Who knows: topics with the people and organizations behind them, and where knowledge hangs on one of them.

use super::{Heading, Item, Order, Parts};
use crate::kinds::Kind;
use crate::knowledge::knowers::{Hold, Knower};
use crate::knowledge::{EntryId, topics};
use crate::site::desk::Desk;
use crate::site::lists::{SHORT, Sub};
use crate::site::pages::{Page, dimension_name};
use crate::site::views::{self, KnowerLine, KnowledgeLine, Link, Missing, State, Tally};
use std::cmp::Reverse;

/// How many of those who know about a topic are named beside it; the rest have pages of their own.
pub const KNOWERS: usize = SHORT;

/// How many of them are named in the register, where topics stand one below the other.
const NAMED: usize = 5;

/// How many topics are named beside a person or an organization.
const TOPICS: usize = 12;

/// How safe knowledge is, what is most at risk first.
const HOLDS: [Hold; 4] = [Hold::Gone, Hold::Alone, Hold::Nobody, Hold::Shared];

pub fn parts(desk: &Desk, order: Order) -> Parts {
    let k = desk.k;
    // Where nobody is known to know anything, a list of topics would say nothing.
    if k.listed(Kind::Topic).all(|topic| k.knowers(topic).is_empty()) {
        return Parts::new();
    }
    let trees = topics::trees(k);
    match order {
        Order::Risk => HOLDS
            .into_iter()
            .filter(|hold| *hold != Hold::Shared)
            .map(|hold| {
                let mut of: Vec<EntryId> =
                    trees.iter().flat_map(|(_, lines)| lines).map(|(id, _)| *id).filter(|id| k.hold(*id) == hold).collect();
                of.sort_by_key(|id| Reverse(k.topic(*id).map(|facts| facts.priority)));
                let about = Some(desk.t.get(&format!("say.hold.{}_about", hold.word())).to_owned());
                (
                    Heading { about, ..Heading::plain(desk.state("hold", hold.word()).word) },
                    of.into_iter().map(|id| Item::Topic(id, 0)).collect(),
                )
            })
            .collect(),
        Order::Name => [Kind::Person, Kind::Organization]
            .into_iter()
            .map(|kind| {
                let mut of: Vec<EntryId> = k.listed(kind).filter(|who| !k.known_by(*who).is_empty()).collect();
                of.sort_unstable_by_key(|who| k.by_title(*who));
                (Heading::plain(desk.kind_plural(kind)), of.into_iter().map(Item::Who).collect())
            })
            .collect(),
        _ => {
            let alone = trees.len() == 1;
            trees
                .into_iter()
                .map(|(dimension, lines)| {
                    let title = if alone { desk.kind_plural(Kind::Topic) } else { dimension_name(desk, &dimension) };
                    (Heading::plain(title), lines.into_iter().map(|(id, depth)| Item::Topic(id, depth)).collect())
                })
                .collect()
        }
    }
}

impl Desk<'_> {
    /// Why somebody is said to know: "expertise; 2 case studies; spoke in 3 sessions".
    pub fn because(&self, knower: &Knower) -> String {
        let mut because = Vec::new();
        if knower.expertise {
            because.push(self.t.get("say.expertise").to_owned());
        }
        if knower.case_studies > 0 {
            because.push(self.kind_count(Kind::CaseStudy, knower.case_studies as usize));
        }
        if knower.sessions > 0 {
            because.push(self.t.count("say.spoke_in", knower.sessions as usize));
        }
        if let Some(left) = knower.left {
            because.push(self.t.say("say.left_on", &[("date", &self.t.date(left))]));
        }
        because.join("; ")
    }
}

impl Page<'_> {
    pub(super) fn hold_tally(&self) -> Vec<Tally> {
        let k = self.k();
        HOLDS
            .into_iter()
            .map(|hold| Tally {
                state: self.desk.state("hold", hold.word()),
                count: k.listed(Kind::Topic).filter(|topic| k.hold(*topic) == hold).count(),
            })
            .collect()
    }

    pub(super) fn knowledge_line(&self, item: Item) -> Option<KnowledgeLine> {
        let Item::Topic(topic, depth) = item else { return None };
        let (k, desk) = (self.k(), &self.desk);
        let all = k.knowers(topic);
        Some(KnowledgeLine {
            topic: desk.link(topic),
            depth,
            hold: self.hold(topic),
            knowers: all.iter().take(NAMED).map(|knower| self.knower(knower)).collect(),
            total: all.len(),
            more: (all.len() > NAMED).then(|| self.all_knowers(topic)),
            missing: all.is_empty().then(|| Missing { code: "no-knower", path: Some(desk.entry_path(topic)), ..self.missing("no-knower") }),
        })
    }

    /// How safe the knowledge of a topic is, with the reason where it is not.
    pub fn hold(&self, topic: EntryId) -> State {
        let (k, desk) = (self.k(), &self.desk);
        let hold = k.hold(topic);
        let mut state = desk.state("hold", hold.word());
        let names = |left: bool| {
            let of = k.knowers(topic).iter().filter(|knower| knower.left.is_some() == left);
            desk.t.list(&of.take(KNOWERS).map(|knower| k.entry(knower.who).title.clone()).collect::<Vec<_>>())
        };
        state.why = match hold {
            Hold::Gone => Some(desk.t.say("say.hold.gone_why", &[("names", &names(true))])),
            Hold::Alone => Some(desk.t.say("say.hold.alone_why", &[("names", &names(false))])),
            Hold::Nobody | Hold::Shared => None,
        };
        state
    }

    /// Somebody who knows, with the reason.
    pub fn knower(&self, knower: &Knower) -> views::Knower {
        let (k, desk) = (self.k(), &self.desk);
        views::Knower {
            name: desk.name(knower.who),
            kind: k.entry(knower.who).kind.word(),
            because: desk.because(knower),
            // Whoever has left may not be asked any more.
            willing_to_talk: knower.willing && knower.left.is_none(),
            left: knower.left.is_some(),
        }
    }

    /// The list of all who know about a topic, where more do than are named on its page.
    pub fn more_knowers(&self, topic: EntryId) -> Option<Link> {
        self.way_to_all(topic, Sub::WhoKnows)
    }

    /// The way to all who know about a topic: a list of their own, else the page of the topic.
    fn all_knowers(&self, topic: EntryId) -> Link {
        self.way_to_all(topic, Sub::WhoKnows).unwrap_or_else(|| Link {
            label: self.desk.t.say("say.all_of_them", &[("n", &self.k().knowers(topic).len().to_string())]),
            path: format!("{}#fm-part-{}", self.desk.entry_path(topic), Sub::WhoKnows.folder()),
        })
    }

    pub(super) fn knower_line(&self, item: Item) -> Option<KnowerLine> {
        let Item::Who(who) = item else { return None };
        let (k, desk) = (self.k(), &self.desk);
        let known = k.known_by(who);
        Some(KnowerLine {
            name: desk.name(who),
            kind: k.kind(who).word(),
            kind_label: desk.kind_label(k.kind(who)),
            left: k.left_on(who).map(|left| desk.date(left)),
            willing_to_talk: k.left_on(who).is_none()
                && known.iter().any(|topic| k.knower(*topic, who).is_some_and(|knower| knower.willing)),
            total: known.len(),
            topics: desk.links_to(known.iter().take(TOPICS).copied()),
        })
    }
}
