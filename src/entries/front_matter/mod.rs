//! The front matter of every kind: what is common to all, and one file for the fields of each kind.

pub mod case_study;
pub mod community;
pub mod organization;
pub mod page;
pub mod person;
pub mod practice;
pub mod question;
pub mod resource;
pub mod series;
pub mod session;
pub mod topic;
pub mod voice;

use crate::fields::{Described, Fields, Ref, describe};
use crate::findings::{At, catalogue};
use crate::kinds::Kind;
use crate::time::{Date, Interval};
use crate::words;

pub use case_study::CaseStudy;
pub use community::Community;
pub use organization::Organization;
pub use page::Page;
pub use person::Person;
pub use practice::Practice;
pub use question::Question;
pub use resource::Resource;
pub use series::Series;
pub use session::Session;
pub use topic::Topic;
pub use voice::Voice;

/// A text as its author wrote it, with its place.
pub type Text = At<String>;

words! {
    /// Who may see an entry.
    Visibility {
        Public = "public",
        /// A page that is in no list, feed, calendar, search, count or gap.
        Unlisted = "unlisted",
        /// As if absent from a public build, but its id still resolves.
        Internal = "internal",
    }
}

/// The fields that every kind has.
#[derive(Debug, Clone, Default)]
pub struct Common {
    pub title: Option<Text>,
    pub id: Option<Text>,
    pub summary: Option<Text>,
    pub date: Option<At<Date>>,
    pub updated: Option<At<Date>>,
    pub topics: Vec<Ref>,
    pub communities: Vec<Ref>,
    /// Whose experience it carries.
    pub voices: Vec<Ref>,
    /// Whom it is for: ids of voices.
    pub audiences: Vec<Ref>,
    pub places: Vec<Text>,
    pub authors: Vec<Ref>,
    pub organizations: Vec<Ref>,
    /// `folder/id`.
    pub related: Vec<Ref>,
    pub aliases: Vec<Text>,
    pub draft: bool,
    pub archived: bool,
    pub superseded_by: Option<Ref>,
    pub visibility: Option<At<Visibility>>,
    pub language: Option<Text>,
    pub review: Option<Review>,
    pub cells: Vec<Cell>,
}

/// How often an entry is looked at again, by whom, and what came of it so far.
#[derive(Debug, Clone, Default)]
pub struct Review {
    pub every: Option<At<Interval>>,
    pub owner: Option<Ref>,
    pub log: Vec<Reviewed>,
}

#[derive(Debug, Clone)]
pub struct Reviewed {
    pub on: Option<At<Date>>,
    pub by: Option<Ref>,
    pub outcome: Option<Text>,
    pub checked: Vec<Text>,
}

/// A placement on a gap map that the author made by hand.
#[derive(Debug, Clone)]
pub struct Cell {
    pub map: Option<Text>,
    pub row: Option<Text>,
    pub col: Option<Text>,
}

impl Common {
    fn read(f: &mut Fields) -> Common {
        Common {
            title: f.text("title", "What it is called; also its heading."),
            id: f.text("id", "Its id, where the file's name is not to be it."),
            summary: f.text("summary", "One or two sentences for lists, feeds and search."),
            date: f.date("date", "The day it was written or took place."),
            updated: f.date("updated", "The day its content last changed."),
            topics: f.references("topics", Kind::Topic, "Topics it is about: ids or synonyms."),
            communities: f.references("communities", Kind::Community, "Communities it belongs to."),
            voices: f.references("voices", Kind::Voice, "Stakeholder groups whose experience it carries."),
            audiences: f.references("audiences", Kind::Voice, "Stakeholder groups it is for."),
            places: f.texts("places", "Places it is about: codes or names."),
            authors: f.references("authors", Kind::Person, "People who wrote it."),
            organizations: f.references("organizations", Kind::Organization, "Organizations it comes from or is about."),
            related: f.any_references("related", "Entries worth reading beside it, as `folder/id`."),
            aliases: f.texts("aliases", "Old addresses that should lead here, such as `/2019/opening-call/`."),
            draft: f.flag("draft", "Not finished: left out of a public build.").is_some_and(|flag| flag.value),
            archived: f.flag("archived", "Kept for the record, no longer current.").is_some_and(|flag| flag.value),
            superseded_by: f.any_reference("superseded_by", "The entry that takes its place: an id of the same kind, or `folder/id`."),
            visibility: f.word("visibility", "Who may see it: everybody, those who have its address, or staff."),
            language: f.text("language", "The language it is written in, where that is not the site's (BCP 47)."),
            review: f.table("review", "How often it is looked at again, and what came of it.", Review::read),
            cells: f.tables("cells", "Placements on a gap map, made by hand.", |f| {
                let map = f.text("map", "The map's id.");
                let row = f.text("row", "The row's id.");
                let col = f.text("col", "The column's id.");
                Cell { map: f.required(map), row: f.required(row), col: f.required(col) }
            }),
        }
    }

    pub fn visibility(&self) -> Visibility {
        self.visibility.as_ref().map_or(Visibility::Public, |at| at.value)
    }
}

impl Review {
    fn read(f: &mut Fields) -> Review {
        Review {
            every: f.interval("every", "How often, such as \"12 months\"."),
            owner: f.reference("owner", Kind::Person, "The person who sees to it."),
            log: f.tables("log", "Each review so far.", |f| {
                let on = f.date("on", "The day of the review.");
                let reviewed = Reviewed {
                    on: f.required(on),
                    by: f.reference("by", Kind::Person, "Who reviewed it."),
                    outcome: f.text("outcome", "What came of it, such as \"confirmed\" or \"revised\"."),
                    checked: f.texts("checked", "What was looked at, such as [\"links\", \"figures\"]."),
                };
                if reviewed.checked.is_empty() && reviewed.on.is_some() {
                    f.tell(catalogue::reviewed_nothing(f.place(f.whole())));
                }
                reviewed
            }),
        }
    }
}

/// The fields of one kind.
#[derive(Debug, Clone)]
pub enum Own {
    Session(Box<Session>),
    Practice(Box<Practice>),
    CaseStudy(Box<CaseStudy>),
    Series(Box<Series>),
    Topic(Box<Topic>),
    Question(Box<Question>),
    Resource(Box<Resource>),
    Voice(Box<Voice>),
    Organization(Box<Organization>),
    Person(Box<Person>),
    Community(Box<Community>),
    Page(Box<Page>),
}

/// Reads the front matter of one kind: its own fields after the common ones.
pub fn read(kind: Kind, f: &mut Fields) -> (Common, Own) {
    let common = Common::read(f);
    let own = match kind {
        Kind::Session => Own::Session(Box::new(Session::read(f))),
        Kind::Practice => Own::Practice(Box::new(Practice::read(f))),
        Kind::CaseStudy => Own::CaseStudy(Box::new(CaseStudy::read(f))),
        Kind::Series => Own::Series(Box::new(Series::read(f))),
        Kind::Topic => Own::Topic(Box::new(Topic::read(f))),
        Kind::Question => Own::Question(Box::new(Question::read(f))),
        Kind::Resource => Own::Resource(Box::new(Resource::read(f))),
        Kind::Voice => Own::Voice(Box::new(Voice::read(f))),
        Kind::Organization => Own::Organization(Box::new(Organization::read(f))),
        Kind::Person => Own::Person(Box::new(Person::read(f))),
        Kind::Community => Own::Community(Box::new(Community::read(f))),
        Kind::Page => Own::Page(Box::new(Page::read(f))),
    };
    (common, own)
}

/// Every key a kind takes, with its shape and meaning.
pub fn keys(kind: Kind) -> Vec<Described> {
    let mut keys = describe(|f| read(kind, f));
    if let Some(title) = keys.iter_mut().find(|key| key.key == "title") {
        title.required = true;
    }
    keys
}
