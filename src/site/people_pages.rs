//! The views of those who take part: voices, organizations, people and communities.

use super::calendars::Scope;
use super::entry_page::{contact_url, text, texts};
use super::lists::{Sub, TOPICS};
use super::pages::Page;
use super::views::{CommunityView, Missing, OrganizationView, PersonView, Role, Success, VoiceView};
use crate::entries::Origin;
use crate::entries::front_matter::{Community, Organization, Person, Voice};
use crate::kinds::Kind;
use crate::knowledge::EntryId;
use crate::knowledge::references::Part;

/// How many of its people are named beside an organization; the list below has the rest.
const PEOPLE: usize = 24;

impl Page<'_> {
    pub fn voice_view(&self, id: EntryId, voice: &Voice) -> VoiceView {
        let (k, desk) = (self.k(), &self.desk);
        let missing = k.absent_from(id).into_iter().take(TOPICS).map(|stage| Missing {
            path: Some(desk.entry_path(stage)),
            what: desk.t.say("say.missing.voice-in", &[("title", &k.entry(stage).title)]),
            ..self.missing("no-voice")
        });
        VoiceView {
            definition: text(&voice.definition),
            parent: voice.parent.as_ref().and_then(|parent| desk.linked(id, parent)),
            children: desk.links_to(k.referring(id, Part::Parent)),
            expected_in: desk.links_to(k.expecting(id).into_iter().take(TOPICS)),
            all_expected: self.way_to_all(id, Sub::Expected),
            reach_how: voice.reach.as_ref().and_then(|reach| text(&reach.how)),
            counts: Vec::new(),
            listings: self.kind_listings(id),
            commitments: self.commitments_by(id),
            all_commitments: self.commitments_link(),
            missing: missing.collect(),
        }
    }

    pub fn organization_view(&self, id: EntryId, organization: &Organization) -> OrganizationView {
        let (k, desk) = (self.k(), &self.desk);
        OrganizationView {
            what: text(&organization.what),
            place: organization.place.as_ref().map(|place| desk.place(place)),
            url: text(&organization.url),
            synonyms: texts(&organization.synonyms),
            people: k.referring(id, Part::WorksAt).take(PEOPLE).map(|person| desk.name(person)).collect(),
            listings: self.kind_listings(id),
            commitments: self.commitments_by(id),
            all_commitments: self.commitments_link(),
            declared: k.entry(id).origin == Origin::File,
        }
    }

    pub fn person_view(&self, id: EntryId, person: &Person) -> PersonView {
        let (k, desk) = (self.k(), &self.desk);
        let entry = k.entry(id);
        PersonView {
            organization: person.organization.as_ref().and_then(|organization| desk.named(id, organization)),
            role: text(&person.role),
            place: person.place.as_ref().map(|place| desk.place(place)),
            url: text(&person.url),
            expertise: desk.links_to(k.targets(id, &person.expertise)),
            offers: texts(&person.offers),
            contact: text(&person.contact),
            contact_url: person.contact.as_ref().and_then(|contact| contact_url(contact)),
            photo: person.photo.as_ref().and_then(|photo| self.site.file_path(&entry.at.file, photo)),
            left_on: person.left_on.as_ref().filter(|left| left.value <= k.today).map(|left| desk.date(left.value)),
            successor: person.successor.as_ref().and_then(|successor| desk.named(id, successor)),
            listings: self.kind_listings(id),
            commitments: self.commitments_by(id),
            all_commitments: self.commitments_link(),
            declared: entry.origin == Origin::File,
        }
    }

    pub fn community_view(&self, id: EntryId, community: &Community) -> CommunityView {
        let (k, desk) = (self.k(), &self.desk);
        let kinds = [Kind::Session, Kind::Practice, Kind::CaseStudy, Kind::Question, Kind::Resource];
        let all: Vec<EntryId> =
            kinds.into_iter().flat_map(|kind| k.listed(kind)).filter(|entry| k.said(*entry).communities.contains(&id)).collect();
        let heard: Vec<EntryId> = k.listed(Kind::Voice).filter(|voice| k.heard(id, *voice).speaks > 0).collect();
        let expected = k.expected_in(id);
        let missing = expected.iter().filter(|voice| !heard.contains(voice)).map(|voice| Missing {
            path: Some(desk.entry_path(*voice)),
            what: desk.t.say("say.missing.voice-here", &[("title", &k.entry(*voice).title)]),
            ..self.missing("no-voice")
        });
        CommunityView {
            purpose: text(&community.purpose),
            parent: community.parent.as_ref().and_then(|parent| desk.linked(id, parent)),
            children: desk.links_to(k.referring(id, Part::Parent)),
            started: community.started.as_ref().map(|started| desk.date(started.value)),
            ends: community.ends.as_ref().map(|ends| desk.date(ends.value)),
            join_url: community.join.as_ref().and_then(|join| text(&join.url)),
            eligibility: community.join.as_ref().and_then(|join| text(&join.eligibility)),
            contact: text(&community.contact),
            contact_url: community.contact.as_ref().and_then(|contact| contact_url(contact)),
            roles: self.roles(id, community),
            success: self.success(id, community),
            voices_missing: missing.collect(),
            voices_present: desk.links_to(heard),
            coming: self.soon(Scope::Entry(id)),
            calendar: self.calendar_link(Scope::Entry(id)),
            subscribe: self.subscription(Scope::Entry(id)),
            counts: kinds
                .into_iter()
                .map(|kind| (kind, all.iter().filter(|entry| k.kind(**entry) == kind).count()))
                .filter(|(_, count)| *count > 0)
                .map(|(kind, count)| desk.count(kind, count, Some(format!("{}#fm-part-{}", desk.entry_path(id), kind.folder()))))
                .collect(),
            listings: self.kind_listings(id),
        }
    }

    fn roles(&self, id: EntryId, community: &Community) -> Vec<Role> {
        let role = |role: &crate::entries::front_matter::community::Role| {
            let who = role.person.as_ref().or(role.organization.as_ref())?;
            Some(Role { name: self.desk.named(id, who)?, role: text(&role.role)?, decides: texts(&role.decides) })
        };
        community.roles.iter().filter_map(role).collect()
    }

    fn success(&self, id: EntryId, community: &Community) -> Vec<Success> {
        community.success.iter().filter_map(|success| self.success_line(id, success)).collect()
    }

    /// One measure of a community.
    pub fn success_line(&self, id: EntryId, success: &crate::entries::front_matter::community::Success) -> Option<Success> {
        let evidence = self.evidence(&success.evidence);
        Some(Success {
            audience: success.audience.as_ref().and_then(|audience| self.desk.all_listed(id, std::slice::from_ref(audience)).pop()),
            everyone: success.audience.is_none(),
            measure: text(&success.measure)?,
            target: text(&success.target),
            due: success.due.as_ref().map(|due| self.desk.date(due.value)),
            status: text(&success.status),
            evidence: evidence.text,
            evidence_url: evidence.url,
            evidence_path: evidence.path,
            overdue: success.status.is_none() && success.due.as_ref().is_some_and(|due| due.value < self.k().today),
            community: None,
        })
    }
}
