//! A voice: a stakeholder group whose experience counts.

use super::Text;
use crate::fields::{Fields, Ref};
use crate::kinds::Kind;

#[derive(Debug, Clone, Default)]
pub struct Voice {
    pub definition: Option<Text>,
    pub parent: Option<Ref>,
    /// Communities and topics in which it should be heard, as ids or `folder/id`.
    pub expected_in: Vec<Ref>,
    pub reach: Option<Reach>,
}

#[derive(Debug, Clone)]
pub struct Reach {
    pub how: Option<Text>,
    /// Left out of every output: it may name people who did not agree to it.
    pub contact: Option<Text>,
}

impl Voice {
    pub fn read(f: &mut Fields) -> Voice {
        Voice {
            definition: f.text("definition", "Who is meant."),
            parent: f.reference("parent", Kind::Voice, "The wider group it belongs to."),
            expected_in: f.any_references("expected_in", "Communities and topics in which it should be heard."),
            reach: f.table("reach", "How to reach people of this group.", |f| Reach {
                how: f.text("how", "How to reach them, in a sentence."),
                contact: f.text("contact", "For staff; left out of the site."),
            }),
        }
    }
}
