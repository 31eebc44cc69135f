//! Who is heard: which voices speak in an entry, which are only addressed, and which are expected and absent.

use super::references::Part;
use super::{ById, EntryId, Knowledge, topics};
use crate::entries::front_matter::Own;
use crate::kinds::Kind;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How often a voice occurs in what belongs to a topic or a community: distinct listed entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    /// It speaks: it is among `voices`, a speaker speaks for it, or it was counted in the room.
    pub speaks: u32,
    /// It is only addressed: among `audiences`, and does not speak.
    pub addressed: u32,
}

/// Where every voice is heard.
#[derive(Debug, Default)]
pub struct Presence {
    /// In everything about each topic with all below it, and of each community.
    stages: ById<BTreeMap<EntryId, Heard>>,
    /// The entries in which each voice speaks.
    spoken: ById<Vec<EntryId>>,
    /// Those in which it is only addressed.
    addressed: ById<Vec<EntryId>>,
}

impl Knowledge {
    /// The listed voices that speak in an entry, with those they are part of: whoever hears Spanish-speaking families
    /// hears families. In a session that was called off nobody speaks.
    pub fn speaking(&self, id: EntryId) -> Vec<EntryId> {
        if self.is_called_off(id) {
            return Vec::new();
        }
        let mut voices = self.voices(id);
        if let Own::Session(session) = &self.entry(id).own {
            let counted = session.attendance.iter().flat_map(|attendance| &attendance.by_voice).filter(|(_, count)| count.value > 0);
            voices.extend(self.targets(id, counted.map(|(voice, _)| voice)));
        }
        let mut at = 0;
        while let Some(voice) = voices.get(at).copied() {
            let above = self.entry(voice).voice().and_then(|own| self.target(voice, own.parent.as_ref()?));
            voices.extend(above.filter(|above| !voices.contains(above)));
            at += 1;
        }
        self.sorted_listed(voices)
    }

    /// The listed entries of the kinds that are counted in which a voice speaks.
    pub fn spoken_in(&self, voice: EntryId) -> &[EntryId] {
        self.people().presence.spoken.get(&voice).map_or(&[], Vec::as_slice)
    }

    /// Those in which it is only addressed.
    pub fn addressed_in(&self, voice: EntryId) -> &[EntryId] {
        self.people().presence.addressed.get(&voice).map_or(&[], Vec::as_slice)
    }

    /// The listed voices that an entry addresses and that do not speak in it.
    pub fn only_addressed(&self, id: EntryId) -> Vec<EntryId> {
        self.addressed_beside(id, &self.speaking(id))
    }

    fn addressed_beside(&self, id: EntryId, speaking: &[EntryId]) -> Vec<EntryId> {
        let audiences = self.targets(id, &self.entry(id).common.audiences);
        if audiences.is_empty() || self.is_called_off(id) {
            return Vec::new();
        }
        self.sorted_listed(audiences.into_iter().filter(|voice| !speaking.contains(voice)).collect())
    }

    /// The listed voices that should be heard in a topic or a community: it says so, or they do.
    pub fn expected_in(&self, stage: EntryId) -> Vec<EntryId> {
        let said = match &self.entry(stage).own {
            Own::Topic(topic) => self.targets(stage, &topic.required_voices),
            Own::Community(community) => self.targets(stage, &community.expected_voices),
            _ => Vec::new(),
        };
        self.sorted_listed(said.into_iter().chain(self.referring(stage, Part::ExpectedIn)).collect())
    }

    /// The listed voices that should be heard in a session: those expected in its communities and its topics.
    pub fn expected_at(&self, session: EntryId) -> Vec<EntryId> {
        let said = self.said(session);
        self.sorted_listed(said.communities.iter().chain(said.topics.iter()).flat_map(|stage| self.expected_in(*stage)).collect())
    }

    /// The listed communities and topics that a voice should be heard in, communities first: the other side of
    /// [`Knowledge::expected_in`].
    pub fn expecting(&self, voice: EntryId) -> Vec<EntryId> {
        let said = self.entry(voice).voice().map(|own| self.targets(voice, &own.expected_in)).unwrap_or_default();
        let required = [Part::ExpectedVoice, Part::RequiredVoice].into_iter().flat_map(|part| self.referring(voice, part));
        let mut stages: Vec<EntryId> = said.into_iter().chain(required).filter(|stage| self.is_listed(*stage)).collect();
        stages.sort_unstable_by_key(|stage| (self.kind(*stage) != Kind::Community, self.by_title(*stage)));
        stages.dedup();
        stages
    }

    /// Those of them that it does not speak in.
    pub fn absent_from(&self, voice: EntryId) -> Vec<EntryId> {
        self.expecting(voice).into_iter().filter(|stage| self.heard(*stage, voice).speaks == 0).collect()
    }

    /// How a voice is heard in a topic with all below it, or in a community.
    pub fn heard(&self, stage: EntryId, voice: EntryId) -> Heard {
        self.people().presence.stages.get(&stage).and_then(|voices| voices.get(&voice)).copied().unwrap_or_default()
    }

    fn sorted_listed(&self, mut ids: Vec<EntryId>) -> Vec<EntryId> {
        ids.retain(|id| self.is_listed(*id));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    pub(super) fn reckon_presence(&self) -> Presence {
        let mut presence = Presence::default();
        if !self.has(Kind::Voice) {
            return presence;
        }
        let counted: Vec<EntryId> = topics::COUNTED.into_iter().flat_map(|kind| self.listed(kind)).collect();
        let heard: Vec<_> = counted
            .into_par_iter()
            .map(|id| {
                let speaking = self.speaking(id);
                let addressed = self.addressed_beside(id, &speaking);
                (id, speaking, addressed)
            })
            .filter(|(_, speaking, addressed)| !speaking.is_empty() || !addressed.is_empty())
            .map(|(id, speaking, addressed)| (id, speaking, addressed, topics::with_all_above(self, &self.said(id).topics)))
            .collect();
        for (id, speaking, addressed, above) in heard {
            speaking.iter().for_each(|voice| presence.spoken.entry(*voice).or_default().push(id));
            addressed.iter().for_each(|voice| presence.addressed.entry(*voice).or_default().push(id));
            for stage in above.into_iter().chain(self.said(id).communities.iter().copied()) {
                let voices = presence.stages.entry(stage).or_default();
                speaking.iter().for_each(|voice| voices.entry(*voice).or_default().speaks += 1);
                addressed.iter().for_each(|voice| voices.entry(*voice).or_default().addressed += 1);
            }
        }
        presence
    }
}
