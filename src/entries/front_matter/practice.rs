//! A practice: a way of working that the community recommends or tries, with the evidence for it.

use super::Text;
use crate::fields::{Fields, Ref};
use crate::findings::At;
use crate::kinds::Kind;
use crate::words;

words! {
    /// What it takes to do it.
    Effort { Low = "low", Medium = "medium", High = "high" }
}

/// The highest evidence grade: a review, or repeated evaluations.
pub const BEST_GRADE: i64 = 4;

#[derive(Debug, Clone, Default)]
pub struct Practice {
    pub problem: Option<Text>,
    pub context: Option<Text>,
    pub when_not: Vec<Text>,
    pub effort: Option<At<Effort>>,
    pub synonyms: Vec<Text>,
    pub replaces: Vec<Ref>,
    pub contradicts: Vec<Ref>,
    pub evidence: Vec<Evidence>,
}

/// One claim for a practice and what stands behind it.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub claim: Option<Text>,
    /// 0 opinion, 1 one organization's experience, 2 several with results, 3 an evaluation with comparison, 4 a review or
    /// repeated evaluations.
    pub grade: Option<At<i64>>,
    pub source: Option<Text>,
    pub note: Option<Text>,
}

impl Practice {
    pub fn read(f: &mut Fields) -> Practice {
        Practice {
            problem: f.text("problem", "The problem it solves."),
            context: f.text("context", "Where it works."),
            when_not: f.texts("when_not", "When not to use it."),
            effort: f.word("effort", "What it takes to do it."),
            synonyms: f.texts("synonyms", "Other names people use for it."),
            replaces: f.references("replaces", Kind::Practice, "Practices whose place it takes."),
            contradicts: f.references("contradicts", Kind::Practice, "Practices that advise otherwise."),
            evidence: f.tables("evidence", "Claims for it and what stands behind them.", |f| {
                let claim = f.text("claim", "What is claimed.");
                let evidence = Evidence {
                    claim: f.required(claim),
                    grade: f.integer("grade", 0, BEST_GRADE, "0 opinion, 1 one organization's experience, 2 several with results, 3 an evaluation with comparison, 4 a review or repeated evaluations."),
                    source: f.text("source", "Where it comes from: a sentence, an address or `folder/id`."),
                    note: f.text("note", "What else to know."),
                };
                f.required_key("grade", evidence.grade.is_some());
                evidence
            }),
        }
    }

    /// The grade of the best evidence; 0 where there is none.
    pub fn grade(&self) -> u8 {
        self.evidence.iter().filter_map(|evidence| evidence.grade.as_ref()).map(|grade| grade.value).max().unwrap_or(0) as u8
    }
}
