//! The search index, and how a query finds entries in it. The guide's page "How search works" has all the rules.

pub mod document;
pub mod index;
pub mod numbers;
pub mod query;
pub mod text;

mod buckets;
mod collect;
mod places;
mod reading;
mod runs;
mod shelf;
mod stems;

pub use document::{Chapter, Document, Field};
pub use index::Index;

/// What an index depends on besides the entries' texts.
#[derive(Debug)]
pub struct Setting {
    pub entries: usize,
    /// The site's language (BCP 47).
    pub language: String,
    /// Words for kinds, by their numbers.
    pub kinds: Vec<&'static str>,
    pub facets: Vec<Facet>,
    pub gaps: Vec<KnownGap>,
    /// Where a question can be asked: an address with `{query}` in it, or empty.
    pub ask: String,
    /// Words for the page, as they are.
    pub texts: serde_json::Value,
}

/// A group of values by which results can be narrowed.
#[derive(Debug)]
pub struct Facet {
    pub name: &'static str,
    pub values: Vec<FacetValue>,
    /// For each entry the numbers of its values, those above them included.
    pub of: Vec<Vec<u32>>,
}

/// A value; those below another stand behind it.
#[derive(Debug)]
pub struct FacetValue {
    pub id: String,
    pub title: String,
    /// How many values are above it.
    pub depth: usize,
}

/// Something of which a map, or a link that leads nowhere, says that nothing is known.
#[derive(Debug)]
pub struct KnownGap {
    pub title: String,
    pub path: String,
    pub names: Vec<String>,
}

/// Sizes that follow from how many entries there are.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Of buckets of neighbours.
    buckets: u16,
}
