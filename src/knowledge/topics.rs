//! The tree of topics, and how much there is about each and below it.

use super::{ById, EntryId, Knowledge};
use crate::findings::{Finding, catalogue};
use crate::kinds::Kind;
use std::collections::HashMap;

#[derive(Debug, Clone, Default)]
pub struct TopicFacts {
    pub parent: Option<EntryId>,
    /// In the order of `order`, then title.
    pub children: Vec<EntryId>,
    /// From the root of its tree (0).
    pub depth: u8,
    /// Listed entries about it, not below it, newest first.
    pub entries: Vec<EntryId>,
    /// Distinct listed entries about it and below it, by kind.
    pub counts: HashMap<Kind, usize>,
    /// Its own, else its nearest ancestor's, else 1.
    pub priority: u8,
}

impl TopicFacts {
    pub fn count(&self, kind: Kind) -> usize {
        self.counts.get(&kind).copied().unwrap_or(0)
    }

    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }
}

/// The kinds that are counted as being about a topic.
pub const COUNTED: [Kind; 5] = [Kind::Session, Kind::Practice, Kind::CaseStudy, Kind::Question, Kind::Resource];

/// The priority of a topic where neither it nor any above it has one.
const USUAL_PRIORITY: u8 = 1;

/// Builds the tree and counts. A circle of parents is told and cut.
pub fn reckon(knowledge: &Knowledge, findings: &mut Vec<Finding>) -> Vec<(EntryId, TopicFacts)> {
    let ids: Vec<EntryId> = knowledge.of_kind(Kind::Topic).collect();
    let parents = parents(knowledge, &ids, findings);
    let mut facts: ById<TopicFacts> = ids.iter().map(|id| (*id, TopicFacts::default())).collect();
    for id in &ids {
        let above: Vec<EntryId> = ancestors(*id, &parents).collect();
        let own =
            |id: &EntryId| knowledge.entry(*id).topic().and_then(|topic| topic.priority.as_ref()).map(|priority| priority.value as u8);
        let priority = own(id).or_else(|| above.iter().find_map(own)).unwrap_or(USUAL_PRIORITY);
        let topic = facts.get_mut(id).expect("every topic has facts");
        topic.parent = above.first().copied();
        topic.depth = above.len().min(usize::from(u8::MAX)) as u8;
        topic.priority = priority;
    }
    for id in &ids {
        if let Some(parent) = parents.get(id)
            && knowledge.is_listed(*id)
        {
            facts.get_mut(parent).expect("parents are topics").children.push(*id);
        }
    }
    count(knowledge, &parents, &mut facts);
    for topic in facts.values_mut() {
        knowledge.newest_first(&mut topic.entries);
        topic.children.sort_by_cached_key(|id| order(knowledge, *id));
    }
    let mut facts: Vec<(EntryId, TopicFacts)> = facts.into_iter().collect();
    facts.sort_by_key(|(id, _)| *id);
    facts
}

/// The place of a topic among its neighbours.
pub fn order(knowledge: &Knowledge, id: EntryId) -> (i64, u32) {
    let order = knowledge.entry(id).topic().and_then(|topic| topic.order.as_ref()).map_or(i64::MAX, |order| order.value);
    (order, knowledge.by_title(id))
}

fn parents(knowledge: &Knowledge, ids: &[EntryId], findings: &mut Vec<Finding>) -> ById<EntryId> {
    let mut parents: ById<EntryId> = ById::default();
    for id in ids {
        let parent = knowledge.entry(*id).topic().and_then(|topic| topic.parent.as_ref()).and_then(|parent| knowledge.target(*id, parent));
        if let Some(parent) = parent.filter(|parent| knowledge.has_page(*parent)) {
            parents.insert(*id, parent);
        }
    }
    // Each circle is told once, at its first topic, and cut there.
    for id in ids {
        let mut seen = vec![*id];
        let mut at = *id;
        while let Some(up) = parents.get(&at).copied() {
            if up == *id {
                let titles: Vec<&str> = seen.iter().map(|id| knowledge.entry(*id).title.as_str()).collect();
                findings.push(catalogue::parent_loop(knowledge.entry(*id).at.clone(), &titles.join(" → ")));
                parents.remove(id);
                break;
            }
            if seen.contains(&up) {
                break;
            }
            seen.push(up);
            at = up;
        }
    }
    parents
}

fn ancestors(id: EntryId, parents: &ById<EntryId>) -> impl Iterator<Item = EntryId> {
    std::iter::successors(parents.get(&id).copied(), |id| parents.get(id).copied())
}

/// The topics above one as far as lists lead: what stands below a topic that is in no list is not counted above that.
fn ancestors_in_lists(knowledge: &Knowledge, id: EntryId, parents: &ById<EntryId>) -> impl Iterator<Item = EntryId> {
    let up = |id: &EntryId| parents.get(id).copied().filter(|_| knowledge.is_listed(*id));
    std::iter::successors(up(&id), move |id| up(id))
}

fn count(knowledge: &Knowledge, parents: &ById<EntryId>, facts: &mut ById<TopicFacts>) {
    for kind in COUNTED {
        for id in knowledge.listed(kind) {
            // Distinct: an entry about a topic and one below it counts once for the upper one.
            let mut counted: Vec<EntryId> = Vec::new();
            for topic in knowledge.said(id).topics.iter() {
                facts.get_mut(topic).expect("topics of entries are topics").entries.push(id);
                for at in std::iter::once(*topic).chain(ancestors_in_lists(knowledge, *topic, parents)) {
                    if !counted.contains(&at) {
                        counted.push(at);
                    }
                }
            }
            for topic in counted {
                *facts.get_mut(&topic).expect("ancestors are topics").counts.entry(kind).or_insert(0) += 1;
            }
        }
    }
}

/// Some topics and every topic above them as far as lists lead, each once.
pub fn with_all_above(knowledge: &Knowledge, topics: &[EntryId]) -> Vec<EntryId> {
    let mut found = Vec::new();
    for topic in topics {
        let mut at = Some(*topic);
        while let Some(id) = at.filter(|id| !found.contains(id)) {
            found.push(id);
            at = knowledge.topic(id).and_then(|facts| facts.parent).filter(|_| knowledge.is_listed(id));
        }
    }
    found
}

/// The topic above one, as far as it stands in lists: below others a new tree begins.
pub fn listed_parent(knowledge: &Knowledge, id: EntryId) -> Option<EntryId> {
    knowledge.topic(id).and_then(|facts| facts.parent).filter(|parent| knowledge.is_listed(*parent))
}

/// The listed topics of each dimension in reading order, each followed by what is below it, and how deep it stands (from
/// 0). The dimension with the most trees comes first: it is the one people look for.
pub fn trees(knowledge: &Knowledge) -> Vec<(String, Vec<(EntryId, u8)>)> {
    let mut roots: Vec<EntryId> = knowledge.listed(Kind::Topic).filter(|id| listed_parent(knowledge, *id).is_none()).collect();
    roots.sort_by_cached_key(|id| order(knowledge, *id));
    let mut dimensions: Vec<(String, Vec<EntryId>)> = Vec::new();
    for id in roots {
        let dimension = knowledge.entry(id).topic().map_or_else(String::new, |topic| topic.dimension().to_owned());
        match dimensions.iter_mut().find(|(known, _)| *known == dimension) {
            Some((_, ids)) => ids.push(id),
            None => dimensions.push((dimension, vec![id])),
        }
    }
    dimensions.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
    dimensions.into_iter().map(|(dimension, ids)| (dimension, ids.into_iter().flat_map(|id| tree(knowledge, id)).collect())).collect()
}

fn tree(knowledge: &Knowledge, root: EntryId) -> Vec<(EntryId, u8)> {
    let mut lines = Vec::new();
    let mut open = vec![(root, 0_u8)];
    while let Some((id, depth)) = open.pop() {
        lines.push((id, depth));
        open.extend(
            knowledge.topic(id).map_or(&[][..], |facts| &facts.children).iter().rev().map(|child| (*child, depth.saturating_add(1))),
        );
    }
    lines
}

/// A topic and every topic below it.
pub fn with_all_below(knowledge: &Knowledge, topic: EntryId) -> std::collections::HashSet<EntryId> {
    let mut open = vec![topic];
    let mut found = std::collections::HashSet::new();
    while let Some(at) = open.pop() {
        if found.insert(at) {
            open.extend(knowledge.topic(at).map_or(&[][..], |facts| &facts.children));
        }
    }
    found
}

/// Listed entries about a topic and all below it, each once, of one kind; newest first.
pub fn entries_below(knowledge: &Knowledge, topic: EntryId, kind: Kind) -> Vec<EntryId> {
    let mut found = Vec::new();
    let mut open = vec![topic];
    let mut seen = std::collections::HashSet::new();
    while let Some(at) = open.pop() {
        let Some(facts) = knowledge.topic(at) else { continue };
        found.extend(facts.entries.iter().copied().filter(|id| knowledge.kind(*id) == kind && seen.insert(*id)));
        open.extend(&facts.children);
    }
    knowledge.newest_first(&mut found);
    found
}
