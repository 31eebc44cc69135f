//! The queue of reviews: what is due to be looked at again, and whose it is.

use super::{Heading, Item, Order, Parts};
use crate::kinds::Kind;
use crate::knowledge::freshness::FreshnessState;
use crate::knowledge::{EntryId, Knowledge};
use crate::site::desk::Desk;
use crate::site::pages::Page;
use crate::site::views::{ReviewLine, Subscribe, Tally};
use std::collections::BTreeMap;

/// What needs a review, most pressing first.
const STATES: [FreshnessState; 3] = [FreshnessState::Expired, FreshnessState::Overdue, FreshnessState::Due];

pub fn parts(desk: &Desk, order: Order) -> Parts {
    let k = desk.k;
    let queue = queue(k);
    if order == Order::Due {
        return STATES
            .into_iter()
            .map(|state| {
                let of = queue.iter().filter(|id| k.facts(**id).freshness.state == state);
                (Heading::plain(desk.state("freshness", state.word()).word), of.map(|id| Item::Review(*id)).collect())
            })
            .collect();
    }
    let mut by: BTreeMap<(Option<u32>, Option<EntryId>), Vec<Item>> = BTreeMap::new();
    for id in queue {
        let owner = k.owner_of(id).filter(|owner| k.is_listed(*owner));
        // What nobody looks after comes first: it is what falls through.
        by.entry((owner.map(|owner| k.by_title(owner)), owner)).or_default().push(Item::Review(id));
    }
    by.into_iter().map(|((_, owner), items)| (heading(desk, owner), items)).collect()
}

fn heading(desk: &Desk, owner: Option<EntryId>) -> Heading {
    let k = desk.k;
    let Some(owner) = owner else {
        return Heading {
            about: Some(desk.t.get("say.reviews.nobody_ask").to_owned()),
            ..Heading::plain(desk.t.get("say.reviews.nobody").to_owned())
        };
    };
    let left = k.left_on(owner).map(|left| desk.t.say("say.left_on", &[("date", &desk.t.date(left))]));
    Heading { name: desk.name(owner), about: left, person: Some(owner) }
}

/// Every listed entry that is due or overdue, longest first.
pub fn queue(k: &Knowledge) -> Vec<EntryId> {
    let mut queue: Vec<EntryId> = k.ids().filter(|id| k.is_listed(*id) && STATES.contains(&k.facts(*id).freshness.state)).collect();
    queue.sort_unstable_by_key(|id| (k.facts(*id).freshness.next, k.by_title(*id)));
    queue
}

/// Whatever a person looks after and will have to look at again, by the day.
pub fn of_owner(k: &Knowledge) -> BTreeMap<EntryId, Vec<EntryId>> {
    let mut by: BTreeMap<EntryId, Vec<EntryId>> = BTreeMap::new();
    for id in k.ids().filter(|id| k.is_listed(*id) && k.facts(*id).freshness.next.is_some()) {
        if let Some(owner) = k.owner_of(id).filter(|owner| k.is_listed(*owner) && k.kind(*owner) == Kind::Person) {
            by.entry(owner).or_default().push(id);
        }
    }
    for ids in by.values_mut() {
        ids.sort_by_key(|id| (k.facts(*id).freshness.next, *id));
    }
    by
}

impl Page<'_> {
    pub(super) fn review_tally(&self) -> Vec<Tally> {
        let k = self.k();
        let queue = queue(k);
        STATES
            .into_iter()
            .map(|state| Tally {
                state: self.desk.state("freshness", state.word()),
                count: queue.iter().filter(|id| k.facts(**id).freshness.state == state).count(),
            })
            .collect()
    }

    /// An entry that is due; where the part is not of its owner, with their name.
    pub(super) fn due(&self, order: Order, item: Item) -> Option<ReviewLine> {
        let Item::Review(id) = item else { return None };
        let (k, desk) = (self.k(), &self.desk);
        let freshness = &k.facts(id).freshness;
        Some(ReviewLine {
            kind: k.kind(id).word(),
            kind_label: desk.kind_label(k.kind(id)),
            entry: desk.link(id),
            state: desk.state("freshness", freshness.state.word()),
            due: freshness.next.map(|next| desk.date(next)),
            since: freshness.since.map(|since| desk.date(since)),
            owner: k.owner_of(id).filter(|owner| order != Order::Owner && k.is_listed(*owner)).map(|owner| desk.name(owner)),
        })
    }

    /// The calendar of what a person is to look at.
    pub fn review_subscription(&self, person: EntryId) -> Option<Subscribe> {
        self.site.plan().reviews.get(&person)?;
        Some(
            self.desk.subscribe_to(
                &crate::site::review_calendar::path(self.k(), person),
                &crate::site::review_calendar::title(&self.desk, person),
            ),
        )
    }
}
