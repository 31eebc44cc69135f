//! The search index, and how a query finds entries in it.

pub mod numbers;
pub mod text;
pub mod query;
