//! What search is told of an entry: what a result shows, and what its words are found in.

use crate::entries::body::{Body, RawHtml};
use crate::words;
use std::borrow::Cow;

/// An entry as search sees it.
#[derive(Debug)]
pub struct Document<'a> {
    /// From the root of the site, as links to it are written.
    pub path: String,
    pub title: &'a str,
    /// The number of its kind.
    pub kind: u32,
    /// As 2026-03-11, or empty.
    pub date: String,
    /// A word in the site's language, or empty.
    pub state: String,
    /// The title of a session's series, or empty.
    pub series: String,
    pub summary: &'a str,
    /// The language it is written in (BCP 47).
    pub language: &'a str,
    /// What stands in its fields besides title and summary.
    pub texts: Vec<(Field, Cow<'a, str>)>,
    pub body: &'a Body,
    pub raw: RawHtml,
    /// What links without a text of their own show, by their number.
    pub link_texts: Vec<Option<&'a str>>,
    pub chapters: Vec<Chapter<'a>>,
}

/// A moment of a recording.
#[derive(Debug)]
pub struct Chapter<'a> {
    pub anchor: String,
    pub title: &'a str,
    /// As it is shown: `1:02:10`.
    pub at: String,
}

words! {
    /// Where a word stands in an entry.
    Field {
        Title = "title",
        /// Other names of it.
        Synonym = "synonym",
        Summary = "summary",
        /// The title of a section or a chapter.
        Heading = "heading",
        /// Names and synonyms of its topics and practices, its series.
        About = "about",
        /// People and organizations.
        Who = "who",
        /// Texts of its own fields: takeaways, decisions, lessons, results.
        Part = "part",
        Body = "body",
    }
}

impl Field {
    /// How much more a word counts here than in the text.
    pub(super) fn weight(self) -> f32 {
        match self {
            Field::Title => 9.0,
            Field::Synonym => 7.0,
            Field::Heading => 3.5,
            Field::Summary => 2.5,
            Field::About => 2.5,
            Field::Who => 3.0,
            Field::Part => 1.5,
            Field::Body => 1.0,
        }
    }

    /// How many times a word must stand in a section's text to say as much about where it belongs.
    pub(super) fn votes(self) -> u32 {
        match self {
            Field::Title | Field::Synonym | Field::Who => 1_000,
            Field::Heading => 8,
            Field::Summary | Field::About => 2,
            Field::Part | Field::Body => 1,
        }
    }
}
