//! The kinds of entry a knowledge base is made of, and the words for them.

/// What an entry is. The order is the one in which kinds are listed to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Session,
    Practice,
    CaseStudy,
    Series,
    Topic,
    Question,
    Resource,
    Voice,
    Organization,
    Person,
    Community,
    Page,
}

impl Kind {
    pub const ALL: [Kind; 12] = [
        Kind::Session,
        Kind::Practice,
        Kind::CaseStudy,
        Kind::Series,
        Kind::Topic,
        Kind::Question,
        Kind::Resource,
        Kind::Voice,
        Kind::Organization,
        Kind::Person,
        Kind::Community,
        Kind::Page,
    ];

    /// The word for one entry of this kind, as it is typed on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Session => "session",
            Kind::Practice => "practice",
            Kind::CaseStudy => "case-study",
            Kind::Series => "series",
            Kind::Topic => "topic",
            Kind::Question => "question",
            Kind::Resource => "resource",
            Kind::Voice => "voice",
            Kind::Organization => "organization",
            Kind::Person => "person",
            Kind::Community => "community",
            Kind::Page => "page",
        }
    }

    /// The folder directly under `content/` that holds entries of this kind; also the first part of their addresses.
    pub const fn folder(self) -> &'static str {
        match self {
            Kind::Session => "sessions",
            Kind::Practice => "practices",
            Kind::CaseStudy => "case-studies",
            Kind::Series => "series",
            Kind::Topic => "topics",
            Kind::Question => "questions",
            Kind::Resource => "resources",
            Kind::Voice => "voices",
            Kind::Organization => "organizations",
            Kind::Person => "people",
            Kind::Community => "communities",
            Kind::Page => "pages",
        }
    }

    pub fn from_folder(folder: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.folder() == folder)
    }

    /// Takes the singular (`case-study`) and, since people type it, the folder's name too.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word || kind.folder() == word)
    }

    /// Dated evidence: these record what was, and are never due for review.
    pub const fn is_dated_evidence(self) -> bool {
        matches!(self, Kind::Session | Kind::CaseStudy)
    }
}
