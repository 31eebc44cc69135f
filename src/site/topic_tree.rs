//! The tree of topics with what there is about each, for people at a terminal and for programs.

use super::Site;
use super::pages::dimension_name;
use crate::entries::Origin;
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::knowledge::topics::{self, COUNTED};
use serde::Serialize;
use std::collections::BTreeMap;

/// How much there is about one topic and below it.
#[derive(Debug, Clone, Serialize)]
pub struct TopicCounts {
    pub id: String,
    pub title: String,
    /// The dimension of the tree it stands in.
    pub dimension: String,
    /// The id of the topic it stands below.
    pub parent: Option<String>,
    /// From the root of its tree (0).
    pub depth: u8,
    /// Whether it has a file, or is only named by others.
    pub declared: bool,
    /// Distinct listed entries, by the word for their kind.
    pub counts: BTreeMap<&'static str, usize>,
    pub total: usize,
    /// The dimension in words, in the language of the site.
    #[serde(skip)]
    pub heading: String,
}

impl Site {
    /// All listed topics, one dimension after the other, each topic before those below it.
    pub fn topic_tree(&self) -> Vec<TopicCounts> {
        let desk = self.desk();
        let mut found = Vec::new();
        for (dimension, lines) in topics::trees(&self.knowledge) {
            let heading = dimension_name(&desk, &dimension);
            found.extend(lines.into_iter().map(|(id, depth)| self.topic_counts(id, depth, (&dimension, &heading))));
        }
        found
    }

    fn topic_counts(&self, id: EntryId, depth: u8, (dimension, heading): (&str, &str)) -> TopicCounts {
        let k = &self.knowledge;
        let (entry, facts) = (k.entry(id), k.topic(id));
        let count = |kind: Kind| facts.map_or(0, |facts| facts.count(kind));
        TopicCounts {
            id: entry.id.clone(),
            title: entry.title.clone(),
            dimension: dimension.to_owned(),
            parent: topics::listed_parent(k, id).map(|parent| k.entry(parent).id.clone()),
            depth,
            declared: entry.origin == Origin::File,
            counts: COUNTED.into_iter().map(|kind| (kind.word(), count(kind))).collect(),
            total: facts.map_or(0, |facts| facts.total()),
            heading: heading.to_owned(),
        }
    }
}
