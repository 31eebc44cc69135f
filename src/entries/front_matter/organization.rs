//! An organization: an agency, coalition or other body that takes part or is written about.

use super::Text;
use crate::fields::Fields;

#[derive(Debug, Clone, Default)]
pub struct Organization {
    pub what: Option<Text>,
    pub place: Option<Text>,
    pub url: Option<Text>,
    pub synonyms: Vec<Text>,
}

impl Organization {
    pub fn read(f: &mut Fields) -> Organization {
        Organization {
            what: f.text("kind", "What it is, such as \"health department\"."),
            place: f.text("place", "Where it is."),
            url: f.link("url", "Its own site."),
            synonyms: f.texts("synonyms", "Other names, accepted wherever it is."),
        }
    }
}
