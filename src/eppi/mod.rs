//! Maps of EPPI-Mapper: read from the JSON report of EPPI-Reviewer or from a published map, and written as such a report.
//!
//! The report is an object with two lists. `CodeSets` holds trees of *attributes*: codes that a reference can be given.
//! `References` holds the references, each with the numbers of its codes. Nothing in a report says which attributes are
//! the rows of a map and which its columns: whoever makes a map in EPPI-Mapper chooses them there, and a reference then
//! stands in every cell whose row and column are among its codes. A map that was published is a page, and carries what
//! was chosen in it.
//!
//! The form was taken from what the programs write: the `ToJSON` of EPPI-Reviewer (EPPI-Centre/ER4), a report
//! (infoqualitylab/Empirical-Retraction-Lit, `eppi_export_162.json`) and a published map of EPPI-Mapper 1.2.5
//! (centreforhomelessnessimpact/egm).

mod choose;
mod page;
mod read;
mod write;

use crate::findings::Span;

pub use choose::{Candidate, Choice, Chosen, Group, Left, Unclear};
pub use read::read;
pub use write::write;

/// A map of evidence, as both programs understand it: what stands at its sides, and references with their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EvidenceMap {
    pub title: String,
    pub rows: Axis,
    pub columns: Axis,
    /// What the contents of cells are divided or filtered by. EPPI-Mapper divides its bubbles by one such axis.
    pub segments: Vec<Axis>,
    pub references: Vec<Reference>,
}

/// One side of a map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Axis {
    pub title: String,
    pub items: Vec<Item>,
}

impl Axis {
    /// How many items there are, on all levels.
    pub fn codes(&self) -> usize {
        fn count(items: &[Item]) -> usize {
            items.iter().map(|item| 1 + count(&item.children)).sum()
        }
        count(&self.items)
    }
}

/// A row, a column or a segment, with what is below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What references name it by: no two items of an axis may have the same, nor two of all segments.
    pub id: String,
    pub title: String,
    /// What it means; empty where nobody has said.
    pub definition: String,
    pub children: Vec<Item>,
}

/// A reference, with its places on the map. What is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// What its program knows it by; for people who compare the two.
    pub id: String,
    pub title: String,
    /// As it was written: mostly four digits, but also `2019a` or `in press`.
    pub year: String,
    pub authors: Vec<String>,
    pub url: String,
    /// Without `https://doi.org/` before it.
    pub doi: String,
    /// Paragraphs end with line ends of any kind.
    pub abstract_text: String,
    /// What it is, in the words of EPPI-Reviewer: `Journal, Article`, `Report`.
    pub kind: String,
    pub publisher: String,
    /// The journal or book that it is part of.
    pub part_of: String,
    pub volume: String,
    pub issue: String,
    pub pages: String,
    /// Ids of rows, of columns and of segments. It stands in every cell of one of its rows and one of its columns.
    pub rows: Vec<String>,
    pub columns: Vec<String>,
    pub segments: Vec<String>,
}

/// What a file holds, before anybody has said which codes are the rows and which the columns.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub code_sets: Vec<CodeSet>,
    pub references: Vec<Coded>,
    /// What the file itself says about rows, columns and segments: only a published map does.
    pub stated: Option<Stated>,
}

/// A tree of codes.
#[derive(Debug, Clone, Default)]
pub struct CodeSet {
    pub id: String,
    pub name: String,
    pub attributes: Vec<Attribute>,
}

/// A code, with those below it.
#[derive(Debug, Clone, Default)]
pub struct Attribute {
    /// Empty where it has none: then no reference can have it.
    pub id: String,
    pub name: String,
    pub description: String,
    pub children: Vec<Attribute>,
    /// Where its id stands in the file, else where it begins.
    pub span: Span,
}

/// A reference with its codes.
#[derive(Debug, Clone, Default)]
pub struct Coded {
    /// Its places on a map are not known yet.
    pub reference: Reference,
    /// Ids of attributes, each once, in the order of the file.
    pub codes: Vec<String>,
    pub standing: Standing,
    /// How many codes have a note beside them.
    pub notes: usize,
    /// How many outcomes are recorded.
    pub outcomes: usize,
}

/// What EPPI-Reviewer says of a reference (`ItemStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Included, excluded or not said: people choose what goes into a report.
    #[default]
    Kept,
    /// Deleted, or a copy of another.
    Gone,
}

/// The axes of a published map.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    pub rows: Axis,
    pub columns: Axis,
    pub segments: Vec<Axis>,
}
