//! Places and years: lists of what entries share, each with how much there is, and the way to it.

use super::{Heading, Item, Parts};
use crate::entries::names;
use crate::knowledge::EntryId;
use crate::site::desk::Desk;
use crate::site::gathered::{Gathering, by_year, kinds_of};
use crate::site::lists::by_letter;
use crate::site::pages::Page;
use crate::site::views::{Count, CountedLine};
use std::borrow::Cow;

/// Places by name, under letters where they are many.
pub fn places(desk: &Desk) -> Parts {
    let all: Vec<Item> = (0..desk.k.places.all.len()).map(Item::Place).collect();
    let order = |item: &Item| match item {
        Item::Place(at) => names::sorting(&names::key(&desk.k.places.all[*at].name)).into(),
        _ => Cow::Borrowed(""),
    };
    by_letter(all, order).into_iter().map(|(letter, items)| (Heading::plain(letter), items)).collect()
}

/// Years, newest first.
pub fn years(desk: &Desk) -> Parts {
    vec![(Heading::plain(String::new()), by_year(desk.k).keys().rev().map(|year| Item::Year(*year)).collect())]
}

impl Page<'_> {
    pub(super) fn counted_line(&self, item: Item) -> Option<CountedLine> {
        let gathering = match item {
            Item::Place(at) => Gathering::Place(at),
            Item::Year(year) => Gathering::Year(year),
            _ => return None,
        };
        let listed = self.site.plan().gathered.get(&gathering)?;
        let ids: Vec<EntryId> = listed.groups.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
        Some(CountedLine {
            label: gathering.title(self.k()),
            path: self.desk.path(&gathering.path(self.k())),
            count: ids.len(),
            counts: self.counts_of(&ids),
        })
    }

    /// How many entries there are of each kind, only what there is.
    pub fn counts_of(&self, ids: &[EntryId]) -> Vec<Count> {
        let (k, desk) = (self.k(), &self.desk);
        let count = |kind| ids.iter().filter(|id| k.kind(**id) == kind).count();
        let counted = kinds_of(k, ids).into_iter().map(|kind| (kind, count(kind)));
        counted.map(|(kind, count)| desk.count(kind, count, None)).collect()
    }
}
