//! A resource: something made elsewhere that the community finds useful, with its own note on why.

use super::Text;
use crate::fields::Fields;

#[derive(Debug, Clone, Default)]
pub struct Resource {
    pub what: Option<Text>,
    pub url: Option<Text>,
    pub file: Option<Text>,
    pub publisher: Option<Text>,
    pub published: Option<Text>,
    pub languages: Vec<Text>,
    pub access: Option<Text>,
    pub why: Option<Text>,
}

impl Resource {
    pub fn read(f: &mut Fields) -> Resource {
        Resource {
            what: f.text("type", "What it is, such as \"toolkit\" or \"guide\"."),
            url: f.link("url", "Where it lies, if on another site."),
            file: f.text("file", "A file beside this one, or a path under `static/`."),
            publisher: f.text("publisher", "Who published it."),
            published: f.date_text("published", "When it was published: a day, or text such as \"2019\"."),
            languages: f.texts("languages", "The languages it can be had in."),
            access: f.text("access", "What it takes to get it, such as \"free\" or \"membership\"."),
            why: f.text("why", "The community's own note on why it is worth having."),
        }
    }
}
