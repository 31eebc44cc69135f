//! A community: the people who meet, what for, and how they would know that it works.

use super::Text;
use crate::fields::{Fields, Ref};
use crate::findings::At;
use crate::kinds::Kind;
use crate::time::Date;

#[derive(Debug, Clone, Default)]
pub struct Community {
    pub purpose: Option<Text>,
    pub parent: Option<Ref>,
    pub started: Option<At<Date>>,
    pub ends: Option<At<Date>>,
    pub join: Option<Joining>,
    pub contact: Option<Text>,
    pub expected_voices: Vec<Ref>,
    pub roles: Vec<Role>,
    pub success: Vec<Success>,
}

#[derive(Debug, Clone)]
pub struct Joining {
    pub url: Option<Text>,
    pub eligibility: Option<Text>,
}

#[derive(Debug, Clone)]
pub struct Role {
    pub person: Option<Ref>,
    pub organization: Option<Ref>,
    pub role: Option<Text>,
    pub decides: Vec<Text>,
}

/// One measure by which an audience would know that the community works.
#[derive(Debug, Clone)]
pub struct Success {
    pub audience: Option<Ref>,
    pub measure: Option<Text>,
    pub target: Option<Text>,
    pub due: Option<At<Date>>,
    pub status: Option<Text>,
    pub evidence: Option<Text>,
}

impl Community {
    pub fn read(f: &mut Fields) -> Community {
        Community {
            purpose: f.text("purpose", "What it is for."),
            parent: f.reference("parent", Kind::Community, "The wider community it belongs to."),
            started: f.date("started", "The day it began."),
            ends: f.date("ends", "The day it ends, if it does."),
            join: f.table("join", "How to become a member.", |f| Joining {
                url: f.link("url", "Where to join."),
                eligibility: f.text("eligibility", "Who may join."),
            }),
            contact: f.text("contact", "Whom to ask; printed, so name a role or a shared address."),
            expected_voices: f.references("expected_voices", Kind::Voice, "Voices that should be heard in it."),
            roles: f.tables("roles", "Who does what.", |f| {
                let role = Role {
                    person: f.reference("person", Kind::Person, "The person."),
                    organization: f.reference("organization", Kind::Organization, "The organization."),
                    role: f.text("role", "What they do."),
                    decides: f.texts("decides", "What they decide."),
                };
                f.required_key("role", role.role.is_some());
                role
            }),
            success: f.tables("success", "How each audience would know that it works.", |f| {
                let success = Success {
                    audience: f.reference("audience", Kind::Voice, "Whose view of success this is."),
                    measure: f.text("measure", "What is measured."),
                    target: f.figure("target", "What is aimed for."),
                    due: f.date("due", "By when."),
                    status: f.text("status", "Where it stands, in a word or two."),
                    evidence: f.text("evidence", "What shows it: a sentence, an address or `folder/id`."),
                };
                f.required_key("measure", success.measure.is_some());
                success
            }),
        }
    }
}
