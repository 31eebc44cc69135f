//! Folkmoot compiles a folder of session notes, case studies and practices into a searchable static site.
//!
//! The modules stand in reading order: each may use only those above it. ARCHITECTURE.md tells the whole story.

pub mod kinds;
pub mod later;
pub mod sheets;
pub mod time;
pub mod findings;
pub mod sources;
pub mod fields;
pub mod config;
pub mod entries;
pub mod eppi;
pub mod knowledge;
pub mod search;
pub mod theme;
pub mod site;
pub mod output;
pub mod pipeline;
pub mod serve;
pub mod cli;
