//! What a community knows of a practice: who tried it, what contradicts it, and how mature it is.

use super::references::Part;
use super::{EntryId, Knowledge};
use crate::words;

words! {
    /// How well a practice is proven; never written by hand.
    Maturity {
        /// No case study.
        Initial = "initial",
        /// At least one case study.
        Documented = "documented",
        /// At least three case studies from three organizations, a current review, and nothing current against it.
        Validated = "validated",
    }
}

/// How many case studies, and how many organizations, make a practice validated.
pub const PROOF: usize = 3;

#[derive(Debug, Clone)]
pub struct PracticeFacts {
    /// Newest first.
    pub case_studies: Vec<EntryId>,
    /// The organizations of its case studies, each once.
    pub organizations: Vec<EntryId>,
    /// Practices that advise otherwise, whichever of the two says so.
    pub contradicted_by: Vec<EntryId>,
    pub maturity: Maturity,
}

/// Reckons a practice's maturity (SPEC section 3).
pub fn reckon(knowledge: &Knowledge, id: EntryId) -> PracticeFacts {
    let mut case_studies: Vec<EntryId> = knowledge.referring(id, Part::Tried).filter(|case| !knowledge.is_retired(*case)).collect();
    knowledge.newest_first(&mut case_studies);
    let mut organizations: Vec<EntryId> = Vec::new();
    for case in &case_studies {
        for organization in knowledge.targets(*case, &knowledge.entry(*case).common.organizations) {
            if knowledge.is_listed(organization) && !organizations.contains(&organization) {
                organizations.push(organization);
            }
        }
    }
    let said = knowledge.entry(id).practice().map(|practice| knowledge.targets(id, &practice.contradicts)).unwrap_or_default();
    let mut contradicted_by = said;
    for other in knowledge.referring(id, Part::Contradicts) {
        if !contradicted_by.contains(&other) {
            contradicted_by.push(other);
        }
    }
    contradicted_by.retain(|other| knowledge.is_listed(*other));
    let stands = |other: &EntryId| knowledge.facts(*other).freshness.is_current() && !knowledge.is_retired(*other);
    let validated = case_studies.len() >= PROOF
        && organizations.len() >= PROOF
        && knowledge.facts(id).freshness.is_current()
        && !knowledge.is_retired(id)
        && !contradicted_by.iter().any(stands);
    let maturity = match case_studies.len() {
        0 => Maturity::Initial,
        _ if validated => Maturity::Validated,
        _ => Maturity::Documented,
    };
    PracticeFacts { case_studies, organizations, contradicted_by, maturity }
}
