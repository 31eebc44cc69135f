//! A topic: a term of the community's controlled vocabulary.

use super::Text;
use crate::fields::{Fields, Ref};
use crate::findings::At;
use crate::kinds::Kind;

/// The dimension of a topic that names none.
pub const DEFAULT_DIMENSION: &str = "topic";

/// The highest priority a community can give a topic.
pub const TOP_PRIORITY: i64 = 3;

#[derive(Debug, Clone, Default)]
pub struct Topic {
    pub parent: Option<Ref>,
    pub dimension: Option<Text>,
    pub definition: Option<Text>,
    /// What it is not about.
    pub not: Option<Text>,
    pub synonyms: Vec<Text>,
    pub order: Option<At<i64>>,
    pub steward: Option<Ref>,
    /// A curated reading order, as `folder/id`.
    pub essentials: Vec<Ref>,
    pub priority: Option<At<i64>>,
    pub required_voices: Vec<Ref>,
    pub law: Vec<Law>,
}

#[derive(Debug, Clone)]
pub struct Law {
    pub title: Option<Text>,
    pub url: Option<Text>,
}

impl Topic {
    pub fn read(f: &mut Fields) -> Topic {
        Topic {
            parent: f.reference("parent", Kind::Topic, "The wider topic it belongs to."),
            dimension: f.text("dimension", "Which vocabulary it belongs to, such as \"policy-area\"."),
            definition: f.text("definition", "What it means here."),
            not: f.text("not", "What it is not about."),
            synonyms: f.texts("synonyms", "Other names, accepted wherever the topic is."),
            order: f.integer("order", i64::MIN, i64::MAX, "Its place among its neighbours, lowest first."),
            steward: f.reference("steward", Kind::Person, "The person who looks after it."),
            essentials: f.any_references("essentials", "What to read first, in order, as `folder/id`."),
            priority: f.integer("priority", 0, TOP_PRIORITY, "How much it matters to the community, 0 to 3."),
            required_voices: f.references("required_voices", Kind::Voice, "Voices without which it is not covered."),
            law: f.tables("law", "Statutes and regulations.", |f| {
                let title = f.text("title", "What it is called.");
                Law { title: f.required(title), url: f.link("url", "Where it stands.") }
            }),
        }
    }

    pub fn dimension(&self) -> &str {
        self.dimension.as_ref().map_or(DEFAULT_DIMENSION, |text| text.as_str())
    }
}
