//! The register of success: by which measures each community, and each audience, would know that it works.

use super::{Heading, Item, Order, Parts, with_rest};
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::site::desk::Desk;
use crate::site::pages::Page;
use crate::site::views::Success;
use std::collections::BTreeMap;

pub fn parts(desk: &Desk, order: Order) -> Parts {
    let k = desk.k;
    let mut communities: Vec<EntryId> = k.listed(Kind::Community).collect();
    communities.sort_unstable_by_key(|id| k.by_title(*id));
    let measures = |id: EntryId| k.entry(id).community().map_or(0, |community| community.success.len());
    if order != Order::Audience {
        return communities
            .into_iter()
            .map(|id| (Heading::named(desk.name(id)), (0..measures(id)).map(|at| Item::Measure(id, at)).collect()))
            .collect();
    }
    let mut by: BTreeMap<(u32, EntryId), Vec<Item>> = BTreeMap::new();
    let mut rest = Vec::new();
    for id in communities {
        for at in 0..measures(id) {
            let audience = k.entry(id).community().and_then(|community| community.success[at].audience.as_ref());
            match audience.and_then(|audience| k.target(id, audience)).filter(|voice| k.is_listed(*voice)) {
                Some(voice) => by.entry((k.by_title(voice), voice)).or_default().push(Item::Measure(id, at)),
                None => rest.push(Item::Measure(id, at)),
            }
        }
    }
    let parts = by.into_iter().map(|((_, voice), items)| (Heading::named(desk.name(voice)), items)).collect();
    with_rest(parts, desk.t.get("say.without_audience").to_owned(), rest)
}

impl Page<'_> {
    /// A measure; where the part is not of its community, with its name.
    pub(super) fn measure(&self, order: Order, item: Item) -> Option<Success> {
        let Item::Measure(id, at) = item else { return None };
        let mut success = self.success_line(id, self.k().entry(id).community()?.success.get(at)?)?;
        success.community = (order != Order::Community).then(|| self.desk.link(id));
        Some(success)
    }
}
