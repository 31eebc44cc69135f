//! Folkmoot compiles a folder of session notes, case studies and practices into a searchable static site.
//!
//! Five nouns, five folders, five verbs; ARCHITECTURE.md tells the whole story.

pub mod config;
pub mod entries;
pub mod fields;
pub mod findings;
pub mod kinds;
pub mod knowledge;
pub mod theme;
pub mod sources;
pub mod time;
pub mod site;
pub mod output;
pub mod pipeline;
pub mod serve;
