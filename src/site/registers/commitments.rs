//! The register of commitments: who promised what in which session, and what has come of it.

use super::{Heading, Item, Order, Parts, Register, What, with_rest};
use crate::entries::front_matter;
use crate::findings::At;
use crate::kinds::Kind;
use crate::knowledge::{EntryId, Knowledge};
use crate::site::desk::Desk;
use crate::site::pages::Page;
use crate::site::session_page::commitment_state;
use crate::site::views::{Commitment, Link, Tally};
use crate::time::Date;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The states of a commitment, what is most pressing first.
const STATES: [&str; 3] = ["overdue", "open", "done"];

pub fn parts(desk: &Desk, order: Order) -> Parts {
    let k = desk.k;
    let all = commitments(k);
    match order {
        Order::Who => {
            let mut by: BTreeMap<(Kind, u32, EntryId), Vec<Item>> = BTreeMap::new();
            let mut rest = Vec::new();
            for (session, at) in all {
                let whom = by_whom(k, session, at);
                if whom.is_empty() {
                    rest.push(Item::Promised(session, at));
                }
                for who in whom {
                    by.entry((k.kind(who), k.by_title(who), who)).or_default().push(Item::Promised(session, at));
                }
            }
            let parts = by.into_iter().map(|((_, _, who), items)| (Heading::named(desk.name(who)), items)).collect();
            with_rest(parts, desk.t.get("say.without_name").to_owned(), rest)
        }
        Order::Session => {
            let mut all = all;
            all.sort_by_key(|(session, at)| (k.rank(*session), *at));
            all.chunk_by(|a, b| a.0 == b.0).map(|of| (Heading::named(desk.name(of[0].0)), items(of.iter().copied()))).collect()
        }
        _ => STATES
            .into_iter()
            .map(|code| {
                let of = all.iter().copied().filter(|(session, at)| state(k, *session, *at) == code);
                (Heading::plain(desk.state("commitment", code).word), items(of))
            })
            .collect(),
    }
}

fn items(of: impl Iterator<Item = (EntryId, usize)>) -> Vec<Item> {
    of.map(|(session, at)| Item::Promised(session, at)).collect()
}

/// The listed people, organizations and voices that promised something.
fn by_whom(k: &Knowledge, session: EntryId, at: usize) -> Vec<EntryId> {
    let promised = k.entry(session).session().and_then(|session| session.commitments.get(at));
    let mut who = promised.map(|promised| k.targets(session, &promised.by)).unwrap_or_default();
    who.retain(|who| k.is_listed(*who));
    who
}

/// Everything promised in listed sessions: by due day, what has none last, then newest session first.
pub fn commitments(k: &Knowledge) -> Vec<(EntryId, usize)> {
    let of = |id: EntryId| {
        let count = k.entry(id).session().map_or(0, |session| session.commitments.len());
        (0..count).map(move |at| (id, at))
    };
    let mut all: Vec<(EntryId, usize)> = k.listed(Kind::Session).flat_map(of).collect();
    all.sort_by_cached_key(|(id, at)| {
        let due: Option<Date> =
            k.entry(*id).session().and_then(|session| session.commitments[*at].due.as_ref()).map(|due: &At<Date>| due.value);
        let done = state(k, *id, *at) == "done";
        // What is still to do comes soonest first, what is done newest first.
        let order = if done { Err(Reverse(due)) } else { Ok((due.is_none(), due)) };
        (done, order.ok(), order.err(), k.rank(*id), *at)
    });
    all
}

/// `overdue`, `open` or `done`.
pub fn state(k: &Knowledge, session: EntryId, at: usize) -> &'static str {
    k.entry(session).session().map_or("open", |session| commitment_state(&session.commitments[at], k.today))
}

/// A commitment of a session by its number, with its state.
pub fn commitment_at(k: &Knowledge, session: EntryId, at: usize) -> Option<(&front_matter::session::Commitment, &'static str)> {
    let commitment = k.entry(session).session()?.commitments.get(at)?;
    Some((commitment, commitment_state(commitment, k.today)))
}

impl Page<'_> {
    pub(super) fn promise_tally(&self) -> Vec<Tally> {
        let k = self.k();
        let all = commitments(k);
        let count = |code: &'static str| all.iter().filter(|(session, at)| state(k, *session, *at) == code).count();
        STATES.map(|code| Tally { state: self.desk.state("commitment", code), count: count(code) }).to_vec()
    }

    /// The way to what everybody promised, by name.
    pub fn commitments_link(&self) -> Option<Link> {
        let register = Register { what: What::Commitments, order: Order::Who };
        self.site.plan().registers.get(&register)?;
        Some(Link { label: self.desk.t.get("say.all_commitments").to_owned(), path: self.desk.path(&register.page_path(1)) })
    }

    pub(super) fn promised(&self, item: Item) -> Option<Commitment> {
        let Item::Promised(id, at) = item else { return None };
        let session = self.k().entry(id).session()?;
        let mut view = self.commitment(id, session.commitments.get(at)?);
        view.session = Some(self.desk.link(id));
        Some(view)
    }
}
