//! Promises that wait: what the community said it would do, and has not done yet.

use super::{Heading, Item, Order, Parts, commitments, reviews};
use crate::kinds::Kind;
use crate::knowledge::sessions::SeriesState;
use crate::knowledge::{EntryId, Knowledge};
use crate::site::desk::Desk;
use crate::site::pages::Page;
use crate::site::session_page::is_untranscribed;
use crate::site::views::{Lines, Missing};

/// Each sort of them under its own heading, the community's own work first.
pub fn parts(desk: &Desk) -> Parts {
    let k = desk.k;
    let overdue = |id: &EntryId| k.facts(*id).freshness.state.is_overdue();
    let sorts: [(&str, Vec<Item>); 5] = [
        ("unwritten", k.unwritten().map(Item::Unwritten).collect()),
        ("curriculum", not_delivered(k)),
        ("transcripts", untranscribed(k)),
        (
            "commitments",
            commitments::commitments(k)
                .into_iter()
                .filter(|(session, at)| commitments::state(k, *session, *at) == "overdue")
                .map(|(session, at)| Item::Promised(session, at))
                .collect(),
        ),
        ("reviews", reviews::queue(k).into_iter().filter(overdue).map(Item::Review).collect()),
    ];
    sorts
        .into_iter()
        .map(|(sort, items)| {
            let about = Some(desk.t.get(&format!("say.promises.{sort}_about")).to_owned());
            (Heading { about, ..Heading::plain(desk.t.get(&format!("say.promises.{sort}")).to_owned()) }, items)
        })
        .collect()
}

/// Topics of curricula that no session has delivered and none is planned for, by series. A series that has only been
/// announced, or was called off, is not behind with anything.
fn not_delivered(k: &Knowledge) -> Vec<Item> {
    let begun = |id: &EntryId| k.series(*id).is_some_and(|facts| matches!(facts.state, SeriesState::Running | SeriesState::Finished));
    k.listed(Kind::Series)
        .filter(begun)
        .flat_map(|series| {
            let curriculum = k.entry(series).series().map(|own| k.targets(series, &own.curriculum)).unwrap_or_default();
            curriculum
                .into_iter()
                .filter(move |topic| k.is_listed(*topic) && k.curriculum_state(series, *topic) == "not-delivered")
                .map(move |topic| Item::NotDelivered(series, topic))
        })
        .collect()
}

/// Held sessions whose recording nobody can read, newest first.
fn untranscribed(k: &Knowledge) -> Vec<Item> {
    let mut ids: Vec<EntryId> = k.listed(Kind::Session).filter(|id| is_untranscribed(k, *id)).collect();
    k.newest_first(&mut ids);
    ids.into_iter().map(Item::Untranscribed).collect()
}

impl Page<'_> {
    /// Lines of one part: all of one sort.
    pub(super) fn promise_lines(&self, items: &[Item]) -> Lines {
        match items.first() {
            Some(Item::Promised(..)) => Lines::Commitments(items.iter().filter_map(|item| self.promised(*item)).collect()),
            Some(Item::Review(_)) => Lines::Reviews(items.iter().filter_map(|item| self.due(Order::Due, *item)).collect()),
            _ => Lines::Missing(items.iter().filter_map(|item| self.waiting(*item)).collect()),
        }
    }

    fn waiting(&self, item: Item) -> Option<Missing> {
        let (k, desk) = (self.k(), &self.desk);
        let title = |id: EntryId| k.entry(id).title.as_str();
        Some(match item {
            Item::Unwritten(occasion) => desk.unwritten_one(occasion),
            Item::NotDelivered(series, topic) => Missing {
                code: "no-session",
                what: desk.t.say("say.promises.not_delivered", &[("topic", title(topic)), ("series", title(series))]),
                ask: None,
                path: Some(desk.entry_path(series)),
                url: None,
            },
            Item::Untranscribed(id) => Missing {
                code: "no-transcript",
                what: desk.t.say("say.promises.no_transcript", &[("title", title(id))]),
                ask: None,
                path: Some(desk.entry_path(id)),
                url: None,
            },
            _ => return None,
        })
    }
}
