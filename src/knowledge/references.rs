//! Every reference an entry makes in its front matter: what it names and as what.

use crate::entries::Entry;
use crate::entries::front_matter::Own;
use crate::fields::Ref;
use crate::kinds::Kind;

/// What a reference may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// An entry of this kind; the folder need not be written.
    Kind(Kind),
    /// An entry of any kind, as `folder/id`; a bare id where only one entry has it, the given kind first.
    Any(Option<Kind>),
    /// One of a few kinds; a bare id where only one of them has it.
    OneOf(&'static [Kind]),
}

impl Wants {
    /// Whether what is wanted can be of one of these kinds.
    pub fn may_be(self, kinds: &[Kind]) -> bool {
        match self {
            Wants::Kind(kind) => kinds.contains(&kind),
            Wants::OneOf(several) => several.iter().any(|kind| kinds.contains(kind)),
            Wants::Any(_) => !kinds.is_empty(),
        }
    }
}

/// Who can promise something.
pub const ACTORS: &[Kind] = &[Kind::Person, Kind::Organization, Kind::Voice];
/// Where a voice can be expected.
pub const STAGES: &[Kind] = &[Kind::Community, Kind::Topic];

/// The part a reference plays: lists and counts are made from these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Topic,
    Community,
    Voice,
    Audience,
    Author,
    Organization,
    Related,
    SupersededBy,
    ReviewOwner,
    Reviewer,
    Series,
    Facilitator,
    Speaker,
    SpeakerOrganization,
    SpeakerVoice,
    AskedIn,
    AskedBy,
    Answer,
    LookedBy,
    Owner,
    Promise,
    Attendance,
    Tried,
    ResultAudience,
    Replaces,
    Contradicts,
    Parent,
    Steward,
    Essential,
    RequiredVoice,
    Curriculum,
    ExpectedIn,
    WorksAt,
    Expertise,
    Successor,
    Role,
    ExpectedVoice,
    SuccessAudience,
}

/// One reference: what was written, what it may lead to, and the part it plays.
pub type Visit<'a, 'v> = &'v mut dyn FnMut(&'a Ref, Wants, Part);

/// Goes through all references of an entry, in the order of the kinds' fields.
pub fn each<'a>(entry: &'a Entry, visit: Visit<'a, '_>) {
    use Wants::{Any, OneOf};
    let kind = Wants::Kind;
    let common = &entry.common;
    all(&common.topics, kind(Kind::Topic), Part::Topic, visit);
    all(&common.communities, kind(Kind::Community), Part::Community, visit);
    all(&common.voices, kind(Kind::Voice), Part::Voice, visit);
    all(&common.audiences, kind(Kind::Voice), Part::Audience, visit);
    all(&common.authors, kind(Kind::Person), Part::Author, visit);
    all(&common.organizations, kind(Kind::Organization), Part::Organization, visit);
    all(&common.related, Any(None), Part::Related, visit);
    all(&common.superseded_by, Any(Some(entry.kind)), Part::SupersededBy, visit);
    if let Some(review) = &common.review {
        all(&review.owner, kind(Kind::Person), Part::ReviewOwner, visit);
        for reviewed in &review.log {
            all(&reviewed.by, kind(Kind::Person), Part::Reviewer, visit);
        }
    }
    match &entry.own {
        Own::Session(session) => {
            all(&session.series, kind(Kind::Series), Part::Series, visit);
            all(&session.facilitators, kind(Kind::Person), Part::Facilitator, visit);
            for speaker in &session.speakers {
                all(&speaker.person, kind(Kind::Person), Part::Speaker, visit);
                all(&speaker.organization, kind(Kind::Organization), Part::SpeakerOrganization, visit);
                all(&speaker.voice, kind(Kind::Voice), Part::SpeakerVoice, visit);
            }
            for commitment in &session.commitments {
                all(&commitment.by, OneOf(ACTORS), Part::Promise, visit);
            }
            for (voice, _) in session.attendance.iter().flat_map(|attendance| &attendance.by_voice) {
                visit(voice, kind(Kind::Voice), Part::Attendance);
            }
        }
        Own::Practice(practice) => {
            all(&practice.replaces, kind(Kind::Practice), Part::Replaces, visit);
            all(&practice.contradicts, kind(Kind::Practice), Part::Contradicts, visit);
        }
        Own::CaseStudy(case_study) => {
            all(&case_study.practices, kind(Kind::Practice), Part::Tried, visit);
            for result in &case_study.results {
                all(&result.audience, kind(Kind::Voice), Part::ResultAudience, visit);
            }
        }
        Own::Series(series) => {
            if let Some(default) = &series.default {
                all(&default.facilitators, kind(Kind::Person), Part::Facilitator, visit);
            }
            all(&series.curriculum, kind(Kind::Topic), Part::Curriculum, visit);
        }
        Own::Topic(topic) => {
            all(&topic.parent, kind(Kind::Topic), Part::Parent, visit);
            all(&topic.steward, kind(Kind::Person), Part::Steward, visit);
            all(&topic.essentials, Any(None), Part::Essential, visit);
            all(&topic.required_voices, kind(Kind::Voice), Part::RequiredVoice, visit);
        }
        Own::Question(question) => {
            all(&question.asked_in, kind(Kind::Session), Part::AskedIn, visit);
            all(&question.asked_by, kind(Kind::Voice), Part::AskedBy, visit);
            all(&question.answers, Any(None), Part::Answer, visit);
            for look in &question.checked {
                all(&look.by, kind(Kind::Person), Part::LookedBy, visit);
            }
            all(&question.owner, kind(Kind::Person), Part::Owner, visit);
        }
        Own::Voice(voice) => {
            all(&voice.parent, kind(Kind::Voice), Part::Parent, visit);
            all(&voice.expected_in, OneOf(STAGES), Part::ExpectedIn, visit);
        }
        Own::Person(person) => {
            all(&person.organization, kind(Kind::Organization), Part::WorksAt, visit);
            all(&person.expertise, kind(Kind::Topic), Part::Expertise, visit);
            all(&person.successor, kind(Kind::Person), Part::Successor, visit);
        }
        Own::Community(community) => {
            all(&community.parent, kind(Kind::Community), Part::Parent, visit);
            all(&community.expected_voices, kind(Kind::Voice), Part::ExpectedVoice, visit);
            for role in &community.roles {
                all(&role.person, kind(Kind::Person), Part::Role, visit);
                all(&role.organization, kind(Kind::Organization), Part::Role, visit);
            }
            for success in &community.success {
                all(&success.audience, kind(Kind::Voice), Part::SuccessAudience, visit);
            }
        }
        Own::Resource(_) | Own::Organization(_) | Own::Page(_) => {}
    }
}

fn all<'a>(references: impl IntoIterator<Item = &'a Ref>, wants: Wants, part: Part, visit: Visit<'a, '_>) {
    for reference in references {
        visit(reference, wants, part);
    }
}
