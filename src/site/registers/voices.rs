//! Voices in tables: who speaks, who is only addressed, and who is expected and absent, by topic and by session.

use super::{Heading, Item, Order, Parts};
use crate::kinds::Kind;
use crate::knowledge::presence::Heard;
use crate::knowledge::sessions::SessionState;
use crate::knowledge::{EntryId, Knowledge, topics};
use crate::site::desk::Desk;
use crate::site::pages::Page;
use crate::site::views::{VoiceCell, VoiceRow, VoiceSummary, VoiceSummaryRow, VoiceTable, VoiceYear};
use std::collections::{BTreeMap, HashSet};

/// How many voices stand in the columns of one table: as many as fit on paper. Further ones have tables of their own.
const COLUMNS: usize = 8;

/// How many years stand in the columns of the summary.
const YEARS: usize = 4;

/// How many topics and communities in which a voice is missed are named in the summary.
const ABSENT: usize = 6;

pub fn parts(desk: &Desk, order: Order) -> Parts {
    let k = desk.k;
    let rows: Vec<Item> = match order {
        Order::Topic => topics::trees(k).into_iter().flat_map(|(_, lines)| lines).map(|(id, depth)| Item::Topic(id, depth)).collect(),
        _ => held(k).into_iter().map(Item::Session).collect(),
    };
    if !k.has(Kind::Voice) {
        return Parts::new();
    }
    vec![(Heading::plain(String::new()), rows)]
}

/// All listed voices by title.
fn voices(k: &Knowledge) -> Vec<EntryId> {
    let mut voices: Vec<EntryId> = k.listed(Kind::Voice).collect();
    voices.sort_unstable_by_key(|id| k.by_title(*id));
    voices
}

/// Listed sessions that were held, newest first.
fn held(k: &Knowledge) -> Vec<EntryId> {
    let mut held: Vec<EntryId> = k.listed(Kind::Session).filter(|id| is_held(k, *id)).collect();
    k.newest_first(&mut held);
    held
}

fn is_held(k: &Knowledge, session: EntryId) -> bool {
    k.session(session).is_some_and(|facts| facts.state == SessionState::Held)
}

impl Page<'_> {
    /// The rows of a page against all voices, so many voices to a table, each with its name.
    pub(super) fn voice_tables(&self, items: &[Item]) -> Vec<(String, VoiceTable)> {
        let (k, desk) = (self.k(), &self.desk);
        let voices = voices(k);
        let alone = voices.len() <= COLUMNS;
        let title = |at: Option<&EntryId>| at.map(|id| k.entry(*id).title.as_str()).unwrap_or_default();
        let name = |block: &[EntryId]| {
            if alone {
                return desk.kind_plural(Kind::Voice);
            }
            desk.t.say("say.voices.block", &[("from", title(block.first())), ("to", title(block.last()))])
        };
        voices.chunks(COLUMNS).map(|block| (name(block), self.voice_table(block, items))).collect()
    }

    fn voice_table(&self, voices: &[EntryId], items: &[Item]) -> VoiceTable {
        let rows = items.iter().filter_map(|item| match item {
            Item::Topic(id, depth) => Some(self.topic_row(*id, *depth, voices)),
            Item::Session(id) => Some(self.session_row(*id, voices)),
            _ => None,
        });
        VoiceTable { columns: self.desk.links_to(voices.iter().copied()), rows: rows.collect() }
    }

    fn topic_row(&self, topic: EntryId, depth: u8, voices: &[EntryId]) -> VoiceRow {
        let k = self.k();
        let expected = k.expected_in(topic);
        let cell = |voice: &EntryId| {
            let heard = k.heard(topic, *voice);
            self.voice_cell(*voice, heard, expected.contains(voice).then_some("absent"))
        };
        VoiceRow {
            title: k.entry(topic).title.clone(),
            path: self.desk.entry_path(topic),
            depth,
            date: None,
            cells: voices.iter().map(cell).collect(),
        }
    }

    fn session_row(&self, session: EntryId, voices: &[EntryId]) -> VoiceRow {
        let k = self.k();
        let (speaking, addressed, expected) = (k.speaking(session), k.only_addressed(session), k.expected_at(session));
        // Where nobody noted who was there, nobody can be said to have been absent.
        let otherwise = if speaking.is_empty() { "not-noted" } else { "absent" };
        let cell = |voice: &EntryId| {
            let heard = Heard { speaks: u32::from(speaking.contains(voice)), addressed: u32::from(addressed.contains(voice)) };
            self.voice_cell(*voice, heard, expected.contains(voice).then_some(otherwise))
        };
        VoiceRow {
            title: k.entry(session).title.clone(),
            path: self.desk.entry_path(session),
            depth: 0,
            date: k.day(session).map(|day| self.desk.date(day)),
            cells: voices.iter().map(cell).collect(),
        }
    }

    fn voice_cell(&self, voice: EntryId, heard: Heard, expected: Option<&'static str>) -> VoiceCell {
        let (code, count) = match heard {
            Heard { speaks: 1.., .. } => (Some("speaks"), heard.speaks),
            // Whoever is expected to speak and is only spoken to is missed all the same; the cell says both by its word.
            Heard { addressed: 1.., .. } => (Some("addressed"), heard.addressed),
            _ => (expected, 0),
        };
        VoiceCell {
            voice: self.k().entry(voice).title.clone(),
            state: code.map(|code| self.desk.state("presence", code)),
            count,
            expected: expected.is_some(),
        }
    }
}

/// What can be said of some voices at a glance.
pub fn summary(desk: &Desk, voices: &[EntryId]) -> VoiceSummary {
    let k = desk.k;
    // Only sessions of which somebody noted who was heard say anything of who was not.
    let mut years: BTreeMap<i16, Vec<HashSet<EntryId>>> = BTreeMap::new();
    for session in held(k) {
        let speaking: HashSet<EntryId> = k.speaking(session).into_iter().collect();
        if let Some(day) = k.day(session).filter(|_| !speaking.is_empty()) {
            years.entry(day.year()).or_default().push(speaking);
        }
    }
    let years: Vec<(i16, Vec<HashSet<EntryId>>)> = years.into_iter().rev().take(YEARS).collect();
    let row = |voice: &EntryId| {
        let absent = k.absent_from(*voice);
        VoiceSummaryRow {
            voice: desk.link(*voice),
            speaks: k.spoken_in(*voice).len(),
            addressed: k.addressed_in(*voice).len(),
            years: years.iter().map(|(_, sessions)| sessions.iter().filter(|heard| heard.contains(voice)).count()).collect(),
            expected: !k.expecting(*voice).is_empty(),
            more: absent.len().saturating_sub(ABSENT),
            absent: desk.links_to(absent.into_iter().take(ABSENT)),
        }
    };
    let mut rows: Vec<VoiceSummaryRow> = voices.iter().map(row).collect();
    // Who is missed most comes first.
    rows.sort_by_key(|row| std::cmp::Reverse(row.absent.len() + row.more));
    VoiceSummary {
        rows,
        years: years.iter().map(|(year, sessions)| VoiceYear { year: year.to_string(), held: sessions.len() }).collect(),
        absent: k.listed(Kind::Voice).filter(|voice| !k.absent_from(*voice).is_empty()).count(),
    }
}
