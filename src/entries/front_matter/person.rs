//! A person: somebody who takes part, with what they know and offer, as far as they agreed to have it told.

use super::Text;
use crate::fields::{Fields, Ref};
use crate::findings::{At, catalogue};
use crate::kinds::Kind;
use crate::time::Date;

#[derive(Debug, Clone, Default)]
pub struct Person {
    pub what: Option<Text>,
    pub place: Option<Text>,
    pub url: Option<Text>,
    pub synonyms: Vec<Text>,
    pub organization: Option<Ref>,
    pub role: Option<Text>,
    /// Topics they know about.
    pub expertise: Vec<Ref>,
    pub offers: Vec<Text>,
    /// None unless the person agreed.
    pub contact: Option<Text>,
    /// None unless the person agreed.
    pub photo: Option<Text>,
    pub consent_on: Option<At<Date>>,
    pub left_on: Option<At<Date>>,
    pub successor: Option<Ref>,
}

impl Person {
    pub fn read(f: &mut Fields) -> Person {
        let mut person = Person {
            what: f.text("kind", "What they are to the community, such as \"staff\"."),
            place: f.text("place", "Where they work."),
            url: f.link("url", "Their own page."),
            synonyms: f.texts("synonyms", "Other spellings of their name."),
            organization: f.reference("organization", Kind::Organization, "Where they work."),
            role: f.text("role", "What they do there."),
            expertise: f.references("expertise", Kind::Topic, "Topics they know about."),
            offers: f.texts("offers", "What others may ask of them."),
            contact: f.text("contact", "How to reach them; left out without `consent_on`."),
            photo: f.text("photo", "A picture beside this file; left out without `consent_on`."),
            consent_on: f.date("consent_on", "The day they agreed to have contact and photo shown."),
            left_on: f.date("left_on", "The day they left."),
            successor: f.reference("successor", Kind::Person, "Who took their place."),
        };
        if person.consent_on.is_none() {
            // Dropped here, where it is read, so that no later stage can print it by mistake.
            for (key, field) in [("contact", &mut person.contact), ("photo", &mut person.photo)] {
                if let Some(text) = field.take() {
                    f.tell(catalogue::contact_without_consent(f.place(text.span), key));
                }
            }
        }
        person
    }
}
